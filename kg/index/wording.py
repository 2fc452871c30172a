"""How often each paper uses each term, as a sparse matrix beside that of entities: rows in the same order."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.index.terms import counted

FIELDS: Mapping[str, Any] = {"columns": np.int32, "counts": np.uint8, "places": np.uint16}
"""What there is of each cell."""


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """Cells row by row: ``begins`` says where a row begins, and at its end how many cells there are.

    ``columns`` are those of ``kg.index.terms``, in order; ``counts`` and ``places`` are what ``counted`` says of them.
    """

    columns: NDArray[np.int32]
    counts: NDArray[np.uint8]
    places: NDArray[np.uint16]
    begins: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]]) -> "Wording":
        """Of papers given as title and abstract."""
        columns, counts, places, begins = array("i"), array("B"), array("H"), array("q", [0])
        for title, abstract in texts:
            for column, count, place in counted(title, abstract):
                columns.append(column)
                counts.append(count)
                places.append(place)
            begins.append(len(columns))
        cells = {
            name: np.array(each, FIELDS[name]) for name, each in zip(FIELDS, (columns, counts, places), strict=True)
        }
        return cls(**cells, begins=np.array(begins, dtype=np.int64))

    @property
    def rows(self) -> int:
        """Number of papers."""
        return len(self.begins) - 1

    def row(self, row: int) -> list[tuple[int, int, int]]:
        """The cells of a paper, as ``counted`` gives them."""
        cells = slice(*self.begins[row : row + 2].tolist())
        return list(zip(*(getattr(self, name)[cells].tolist() for name in FIELDS), strict=True))

    def renewed(self, kept: NDArray[np.bool_], told: NDArray[np.bool_], texts: Iterable[tuple[str, str]]) -> "Wording":
        """The matrix after a change: ``kept`` of the old rows stay in their order, between those that are told anew.

        ``told`` says which of the new rows these are, and ``texts`` are theirs, in order.
        """
        new = self.of(texts)
        source = np.zeros(len(told), dtype=np.int64)
        source[~told] = np.flatnonzero(kept)
        source[told] = self.rows + np.arange(new.rows)
        cells = {name: np.concatenate([getattr(self, name), getattr(new, name)]) for name in FIELDS}
        begins = np.concatenate([self.begins, self.begins[-1] + new.begins[1:]])
        return Wording(**cells, begins=begins).picked(source)

    def picked(self, rows: NDArray[np.int64]) -> "Wording":
        """These rows in this order, copied in as few stretches as there are."""
        cuts = np.flatnonzero(np.diff(rows) != 1) + 1
        stretches = [
            slice(self.begins[each[0]], self.begins[each[-1] + 1]) for each in np.split(rows, cuts) if len(each)
        ]
        lengths = np.diff(self.begins)[rows]
        arrays = {name: getattr(self, name) for name in FIELDS}
        cells = {name: np.concatenate([a[:0], *(a[each] for each in stretches)]) for name, a in arrays.items()}
        return Wording(**cells, begins=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))
