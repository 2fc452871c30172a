"""Which paper names which entity, as a sparse matrix beside the graph: a copy of it, made for ranking and counting.

Rows are papers and columns are entities, both in the order of their ids, so that equal graphs give equal files. What
is stored of a cell is how surely the paper names the entity and what it does with it. The files are mapped into memory,
not read: opening costs milliseconds whatever their size, and processes share the pages.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kg.errors import NotFoundError, StoreError
from kg.model import Field, Label, Place, Role

LABELS = tuple(Label)
ROLES: tuple[Role | None, ...] = (None, *Role)
"""What a role's number in the arrays means; 0 is an entity that the paper only names."""
FIELDS = tuple(Field)
_NOWHERE = (0, 0, 0, 0, 0)


class PaperFact(NamedTuple):
    """A row: ``named`` are (slug, confidence in (0, 1], role), each slug once; ``places`` is where each is shown."""

    id: str
    year: int | None
    venue: str | None
    named: Sequence[tuple[str, float, Role | None]]
    places: Mapping[str, Place] = MappingProxyType({})


class EntityFact(NamedTuple):
    """A column."""

    slug: str
    label: Label
    generic: bool


class Names(Sequence[str]):
    """Distinct texts, sorted by their code points: one array of bytes, and where each of them ends."""

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        """Over arrays that were written before; see ``of``."""
        self._text, self._ends = text, ends

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Of these names, sorted."""
        encoded = [name.encode() for name in sorted(set(names))]
        ends = np.cumsum([len(each) for each in encoded], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), ends)

    @property
    def arrays(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """What the constructor takes."""
        return self._text, self._ends

    def __len__(self) -> int:
        """How many there are."""
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """One name, or several."""
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        begin = self._ends[at - 1] if at else 0
        return self._text[begin : self._ends[at]].tobytes().decode()

    def find(self, name: str) -> int | None:
        """The position of a name, or None."""
        at = bisect_left(self, name)
        return at if at < len(self) and self[at] == name else None


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """The matrix and what is known of its rows and columns.

    ``by_paper`` is papers x entities, ``by_entity`` the same turned over; their data are confidences in (0, 1], and
    ``roles`` and ``roles_by_entity`` stand beside these, cell by cell, as numbers of ``ROLES``. ``labels`` are numbers
    of ``LABELS``; ``years`` are 0 where none is known and ``venues`` positions in ``venue_names``, -1 for none.
    ``broader`` is entities x entities: 1 where the column is directly broader than the row. ``places`` has a row for
    each cell of ``by_paper``: a ``Place``, its field a number of ``FIELDS``; zeros where the graph tells of none.
    """

    papers: Names
    entities: Names
    years: NDArray[np.int16]
    venues: NDArray[np.int32]
    venue_names: Names
    labels: NDArray[np.uint8]
    generic: NDArray[np.bool_]
    by_paper: csr_matrix
    roles: NDArray[np.uint8]
    places: NDArray[np.int32]
    by_entity: csr_matrix
    roles_by_entity: NDArray[np.uint8]
    broader: csr_matrix

    @property
    def counts(self) -> NDArray[np.int64]:
        """Number of papers that name each entity."""
        return np.asarray(np.diff(self.by_entity.indptr), dtype=np.int64)

    def row(self, paper_id: str) -> int:
        """The row of a paper; raises NotFoundError."""
        if (found := self.papers.find(paper_id)) is None:
            raise NotFoundError("paper", paper_id)
        return found

    def column(self, slug: str) -> int:
        """The column of an entity; raises NotFoundError."""
        if (found := self.entities.find(slug)) is None:
            raise NotFoundError("entity", slug)
        return found

    def entities_of(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.uint8]]:
        """Columns that a paper names, with confidences and roles; views of the arrays, not copies."""
        cells = slice(self.by_paper.indptr[row], self.by_paper.indptr[row + 1])
        return self.by_paper.indices[cells], self.by_paper.data[cells], self.roles[cells]

    def places_of(self, cells: Sequence[int]) -> list[Place | None]:
        """Where papers show entities best, by the positions of the two in ``by_paper``; None where none is known."""
        found = self.places[cells].tolist()
        return [Place(FIELDS[field], *offsets) if offsets[-1] else None for field, *offsets in found]

    def papers_of(self, column: int) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.uint8]]:
        """Rows that name an entity, with confidences and roles; views of the arrays, not copies."""
        cells = slice(self.by_entity.indptr[column], self.by_entity.indptr[column + 1])
        return self.by_entity.indices[cells], self.by_entity.data[cells], self.roles_by_entity[cells]

    def having(self, labels: Iterable[Label]) -> NDArray[np.bool_]:
        """Which columns are entities of these types."""
        return np.isin(self.labels, [LABELS.index(label) for label in labels])

    def relation(self, *roles: Role | None) -> csr_matrix:
        """Papers x entities with only the cells of these roles."""
        kept = np.isin(self.roles, [ROLES.index(role) for role in roles])
        rows = np.repeat(np.arange(len(self.papers)), np.diff(self.by_paper.indptr))[kept]
        cells = (self.by_paper.data[kept], (rows, self.by_paper.indices[kept]))
        return csr_matrix(cells, shape=self.by_paper.shape)


def assemble(
    papers: Iterable[PaperFact], entities: Iterable[EntityFact], broader: Iterable[tuple[str, str]]
) -> Incidence:
    """The matrix of these facts, whatever their order; ``broader`` are (narrow, broad) slugs.

    What an entity is not told of, a paper does not name: such cells and pairs are left out.
    """
    facts = sorted(papers)
    kinds = sorted(entities)
    names = Names.of(kind.slug for kind in kinds)
    column = {kind.slug: number for number, kind in enumerate(kinds)}
    venues = Names.of(fact.venue for fact in facts if fact.venue)
    cells = [
        (number, column[slug], confidence, ROLES.index(role), *_numbers(fact.places.get(slug)))
        for number, fact in enumerate(facts)
        for slug, confidence, role in fact.named
        if slug in column
    ]
    pairs = sorted({(column[narrow], column[broad]) for narrow, broad in broader if {narrow, broad} <= column.keys()})
    return _matrices(
        Names.of(fact.id for fact in facts),
        names,
        np.array([fact.year or 0 for fact in facts], dtype=np.int16),
        np.array([_position(venues, fact.venue) for fact in facts], dtype=np.int32),
        venues,
        np.array([LABELS.index(kind.label) for kind in kinds], dtype=np.uint8),
        np.array([kind.generic for kind in kinds], dtype=np.bool_),
        np.array(cells, dtype=np.float64).reshape(-1, 4 + len(_NOWHERE)),
        np.array(pairs, dtype=np.int32).reshape(-1, 2),
    )


def _numbers(place: Place | None) -> tuple[int, ...]:
    return (FIELDS.index(place.field), *place[1:]) if place else _NOWHERE


def _position(names: Names, name: str | None) -> int:
    found = names.find(name) if name else None
    return -1 if found is None else found


def _matrices(  # noqa: PLR0913, PLR0917 - the columns of one table
    papers: Names,
    entities: Names,
    years: NDArray[np.int16],
    venues: NDArray[np.int32],
    venue_names: Names,
    labels: NDArray[np.uint8],
    generic: NDArray[np.bool_],
    cells: NDArray[np.float64],
    pairs: NDArray[np.int32],
) -> Incidence:
    shape = len(papers), len(entities)
    rows, columns = cells[:, 0].astype(np.int32), cells[:, 1].astype(np.int32)
    confidence, role = cells[:, 2].astype(np.float32), cells[:, 3].astype(np.uint8)
    by_row, by_column = np.lexsort((columns, rows)), np.lexsort((rows, columns))
    return Incidence(
        papers,
        entities,
        years,
        venues,
        venue_names,
        labels,
        generic,
        _compressed(rows[by_row], columns[by_row], confidence[by_row], shape),
        role[by_row],
        cells[by_row, 4:].astype(np.int32),
        _compressed(columns[by_column], rows[by_column], confidence[by_column], shape[::-1]),
        role[by_column],
        _compressed(pairs[:, 0], pairs[:, 1], np.ones(len(pairs), dtype=np.float32), (shape[1], shape[1])),
    )


def _compressed(
    rows: NDArray[np.int32], columns: NDArray[np.int32], data: NDArray[np.float32], shape: tuple[int, int]
) -> csr_matrix:
    """From cells in order."""
    begins = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))]).astype(np.int32)
    return csr_matrix((data, columns.astype(np.int32), begins), shape=shape, copy=False)


_NAMES = ("papers", "entities", "venue_names")
_ARRAYS = ("years", "venues", "labels", "generic", "roles", "places", "roles_by_entity")
_MATRICES = ("by_paper", "by_entity", "broader")


def save(incidence: Incidence, folder: Path) -> None:
    """Write one ``.npy`` file an array into a new folder; raises StoreError."""
    try:
        folder.mkdir()
        for name, array in _arrays(incidence):
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
    except OSError as error:
        raise StoreError(f"the matrix could not be written to {folder}: {error}") from error


def load(folder: Path) -> Incidence:
    """Map the files of a folder into memory; raises StoreError where they are missing or do not fit together."""

    def array(name: str) -> Any:  # noqa: ANN401 - whatever the file holds
        file = folder / f"{name}.npy"
        try:
            return np.load(file, mmap_mode="r", allow_pickle=False).view(np.ndarray)  # a memmap is slow to slice
        except ValueError:  # nothing cannot be mapped
            return np.load(file, allow_pickle=False)

    try:
        names: dict[str, Any] = {name: Names(array(f"{name}.text"), array(f"{name}.ends")) for name in _NAMES}
        plain: dict[str, Any] = {name: array(name) for name in _ARRAYS}
        papers, entities = len(names["papers"]), len(names["entities"])
        shapes = {"by_paper": (papers, entities), "by_entity": (entities, papers), "broader": (entities, entities)}
        matrices: dict[str, Any] = {
            name: csr_matrix(
                tuple(array(f"{name}.{part}") for part in ("data", "indices", "indptr")), shape=shape, copy=False
            )
            for name, shape in shapes.items()
        }
        return Incidence(**names, **plain, **matrices)
    except (OSError, ValueError, EOFError) as error:
        raise StoreError(f"the matrix in {folder} cannot be opened; run: kg index --rebuild ({error})") from error


def _arrays(incidence: Incidence) -> Iterator[tuple[str, NDArray[np.generic]]]:
    for name in _NAMES:
        text, ends = getattr(incidence, name).arrays
        yield f"{name}.text", text
        yield f"{name}.ends", ends
    for name in _ARRAYS:
        yield name, getattr(incidence, name)
    for name in _MATRICES:
        matrix = getattr(incidence, name)
        for part in ("data", "indices", "indptr"):
            yield f"{name}.{part}", getattr(matrix, part)
