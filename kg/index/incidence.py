"""Which paper names which entity, as a sparse matrix beside the graph: a copy of it, made for ranking and counting.

Rows are papers and columns are entities, both in the order of their ids, so that equal graphs give equal files. What
is stored of a cell is how surely the paper names the entity and what it does with it. The files are mapped into memory,
not read: opening costs milliseconds whatever their size, and processes share the pages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kg.errors import NotFoundError
from kg.index.cells import WIDTH, Cells, Told, compressed, moved_pairs
from kg.index.names import Names, Renewed
from kg.model import Field, Label, Place, Role

T = TypeVar("T", bound=np.generic)

LABELS = tuple(Label)
ROLES: tuple[Role | None, ...] = (None, *Role)
"""What a role's number in the arrays means; 0 is an entity that the paper only names."""
FIELDS = tuple(Field)
_NOWHERE = (0,) * WIDTH


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


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """The matrix and what is known of its rows and columns.

    ``by_paper`` is papers x entities, ``by_entity`` the same turned over; their data are confidences in (0, 1], and
    ``roles`` and ``roles_by_entity`` stand beside these, cell by cell, as numbers of ``ROLES``. ``labels`` are numbers
    of ``LABELS``; ``years`` are 0 where none is known and ``venues`` positions in ``venue_names``, -1 for none.
    ``broader`` is entities x entities: 1 where the column is directly broader than the row. ``places`` has a row for
    each cell of ``by_paper``: a ``Place``, its field a number of ``FIELDS``; zeros where the graph tells of none.
    ``counts`` says how many papers name each entity.
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
    counts: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", np.diff(self.by_entity.indptr).astype(np.int64))

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
        wanted = np.zeros(len(LABELS), dtype=np.bool_)
        wanted[[LABELS.index(label) for label in labels]] = True
        return np.asarray(wanted[self.labels])

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
    return renewed(None, papers, entities, broader)


def renewed(
    old: Incidence | None,
    papers: Iterable[PaperFact],
    entities: Iterable[EntityFact],
    broader: Iterable[tuple[str, str]],
    gone_papers: Iterable[str] = (),
    gone_entities: Iterable[str] = (),
) -> Incidence:
    """A matrix after a change: these facts in place of what it held of the same papers and entities.

    All cells of such papers are told anew, and all pairs of which such an entity is the narrow one; papers that name
    an entity which was not there before must be among them. What was gone and is told of, is there. The result is the
    same as if all were told at once; the cost is that of a copy, and of the facts.
    """
    old = old or _empty()
    kinds = {each.slug: each for each in entities}
    columns = old.entities.renewed(kinds, gone_entities)
    told, facts = _read(papers, _Columns(old.entities, columns))
    rows = old.papers.renewed([fact.id for fact in facts], gone_papers)
    at = np.array([rows.numbers[fact.id] for fact in facts], dtype=np.int32)
    venue_names, venues = _venues(old, facts, rows, at)
    described = [columns.numbers[slug] for slug in kinds]
    cells = _kept(old, rows, columns, at).joined(told._replace(rows=at[told.rows]))
    shape = len(rows.names), len(columns.names)
    by_paper, order = compressed(cells.rows, cells.columns, shape)
    turned, turned_order = compressed(cells.columns, cells.rows, shape[::-1])
    return Incidence(
        rows.names,
        columns.names,
        _spread(old.years, rows, at, [fact.year or 0 for fact in facts]),
        venues,
        venue_names,
        _spread(old.labels, columns, described, [LABELS.index(kind.label) for kind in kinds.values()]),
        _spread(old.generic, columns, described, [kind.generic for kind in kinds.values()]),
        by_paper(cells.confidences[order]),
        cells.roles[order],
        cells.places[order],
        turned(cells.confidences[turned_order]),
        cells.roles[turned_order],
        _broader(old, columns, described, broader),
    )


class _Columns(dict[str, int | None]):
    """The column of a slug, looked up once."""

    def __init__(self, old: Names, columns: Renewed) -> None:
        super().__init__(columns.numbers)
        self._old, self._moved = old, columns.moved

    def __missing__(self, slug: str) -> int | None:
        at = self._old.find(slug)
        found = None if at is None or self._moved[at] < 0 else int(self._moved[at])
        self[slug] = found
        return found


def _read(papers: Iterable[PaperFact], column: Mapping[str, int | None]) -> tuple[Cells, list[PaperFact]]:
    """The cells of papers as numbers, their rows as the papers come; and the papers without them."""
    told, facts = Told(), list[PaperFact]()
    for fact in papers:
        for slug, confidence, role in fact.named:
            if (number := column[slug]) is not None:
                place = fact.places.get(slug)
                where = (FIELDS.index(place.field), *place[1:]) if place else _NOWHERE
                told.add(len(facts), number, confidence, ROLES.index(role), where)
        facts.append(fact._replace(named=(), places={}))
    return told.cells, facts


def _kept(old: Incidence, rows: Renewed, columns: Renewed, told: NDArray[np.int32]) -> Cells:
    """The old cells where they are now, without those of rows that are told anew."""
    moved = rows.moved.copy()
    moved[np.isin(moved, told)] = -1
    return Cells.of(old.by_paper, old.roles, old.places).moved(moved, columns.moved)


def _broader(old: Incidence, columns: Renewed, told: Sequence[int], pairs: Iterable[tuple[str, str]]) -> csr_matrix:
    column = _Columns(old.entities, columns)
    found = {(column[narrow], column[broad]) for narrow, broad in pairs}
    new = np.array([pair for pair in found if None not in pair], dtype=np.int32).reshape(-1, 2)
    moved = columns.moved.copy()
    moved[np.isin(moved, told)] = -1
    both = np.concatenate([moved_pairs(old.broader, moved, columns.moved), new])
    size = len(columns.names)
    matrix, _ = compressed(both[:, 0], both[:, 1], (size, size))
    return matrix(np.ones(len(both), dtype=np.float32))


def _spread(
    old: NDArray[T], names: Renewed, told: Sequence[int] | NDArray[np.int32], values: Sequence[object]
) -> NDArray[T]:
    """A value for each name: the old ones moved, with those that are told over them."""
    made = np.zeros(len(names.names), dtype=old.dtype)
    kept = names.moved >= 0
    made[names.moved[kept]] = old[kept]
    made[np.asarray(told, dtype=np.int32)] = np.array(values, dtype=old.dtype)
    return made


def _venues(
    old: Incidence, facts: Sequence[PaperFact], rows: Renewed, told: NDArray[np.int32]
) -> tuple[Names, NDArray[np.int32]]:
    """Names of the venues of all papers, no others, and which of them is each paper's."""
    kept = rows.moved >= 0
    kept[kept] = ~np.isin(rows.moved[kept], told)
    used = np.unique(old.venues[kept])
    names = Names.of([*(old.venue_names[at] for at in used[used >= 0].tolist()), *(f.venue for f in facts if f.venue)])
    number = {name: at for at, name in enumerate(names)}
    again = np.array([number.get(name, -1) for name in old.venue_names] + [-1], dtype=np.int32)
    return names, _spread(again[old.venues], rows, told, [number[f.venue] if f.venue else -1 for f in facts])


def _empty() -> Incidence:
    """No papers and no entities; its arrays say of what types all others are."""
    none = np.zeros(0, dtype=np.int32)
    make, _ = compressed(none, none, (0, 0))
    matrix, bytes_ = make(none.astype(np.float32)), none.astype(np.uint8)
    return Incidence(
        Names.of(()),
        Names.of(()),
        none.astype(np.int16),
        none,
        Names.of(()),
        bytes_,
        none.astype(np.bool_),
        matrix,
        bytes_,
        none.reshape(0, len(_NOWHERE)),
        matrix,
        bytes_,
        matrix,
    )
