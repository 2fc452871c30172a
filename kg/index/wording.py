"""How often each paper uses each term, as a sparse matrix beside that of entities: rows in the same order."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kg.index.terms import COLUMNS, counted


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """Cells row by row: ``begins`` says where a row begins, and at its end how many cells there are.

    ``columns`` are those of ``kg.index.terms``, in order, and ``counts`` are what ``counted`` says of them.
    """

    columns: NDArray[np.int32]
    counts: NDArray[np.uint8]
    begins: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]]) -> "Wording":
        """Of papers given as title and abstract."""
        columns, counts, begins = array("i"), array("B"), array("i", [0])
        for title, abstract in texts:
            for column, count in counted(title, abstract):
                columns.append(column)
                counts.append(count)
            begins.append(len(columns))
        return cls(
            np.array(columns, dtype=np.int32), np.array(counts, dtype=np.uint8), np.array(begins, dtype=np.int32)
        )

    @property
    def rows(self) -> int:
        """Number of papers."""
        return len(self.begins) - 1

    @property
    def matrix(self) -> csr_matrix:
        """The counts as scipy has it, over the same arrays."""
        return csr_matrix((self.counts, self.columns, self.begins), shape=(self.rows, COLUMNS), copy=False)

    def row(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """Columns and counts of a paper; views of the arrays, not copies."""
        cells = slice(self.begins[row], self.begins[row + 1])
        return self.columns[cells], self.counts[cells]

    def renewed(self, kept: NDArray[np.bool_], told: NDArray[np.bool_], texts: Iterable[tuple[str, str]]) -> "Wording":
        """The matrix after a change: ``kept`` of the old rows stay in their order, between those that are told anew.

        ``told`` says which of the new rows these are, and ``texts`` are theirs, in order.
        """
        new = self.of(texts)
        source = np.zeros(len(told), dtype=np.int64)
        source[~told] = np.flatnonzero(kept)
        source[told] = self.rows + np.arange(new.rows)
        both = Wording(
            np.concatenate([self.columns, new.columns]),
            np.concatenate([self.counts, new.counts]),
            np.concatenate([self.begins, self.begins[-1] + new.begins[1:]]),
        )
        return both.picked(source)

    def picked(self, rows: NDArray[np.int64]) -> "Wording":
        """These rows in this order, copied in as few stretches as there are."""
        cuts = np.flatnonzero(np.diff(rows) != 1) + 1
        stretches = [
            slice(self.begins[each[0]], self.begins[each[-1] + 1]) for each in np.split(rows, cuts) if len(each)
        ]
        lengths = np.diff(self.begins)[rows]
        return Wording(
            np.concatenate([self.columns[:0], *(self.columns[each] for each in stretches)]),
            np.concatenate([self.counts[:0], *(self.counts[each] for each in stretches)]),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        )
