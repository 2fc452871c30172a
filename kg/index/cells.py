"""The cells of a sparse matrix as parallel arrays: moved, joined and put in order without a loop over them."""

from array import array
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

WIDTH = 5
"""Numbers in the place of a cell."""


class Told:
    """Cells that are given one by one, at thirty-three bytes each."""

    def __init__(self) -> None:
        self._rows, self._columns, self._places = array("i"), array("i"), array("i")
        self._confidences, self._roles = array("f"), array("B")

    def add(self, row: int, column: int, confidence: float, role: int, place: Sequence[int]) -> None:
        """One cell; each row and column once."""
        self._rows.append(row)
        self._columns.append(column)
        self._confidences.append(confidence)
        self._roles.append(role)
        self._places.extend(place)

    @property
    def cells(self) -> "Cells":
        """All of them as arrays."""
        return Cells(
            np.array(self._rows, dtype=np.int32),
            np.array(self._columns, dtype=np.int32),
            np.array(self._confidences, dtype=np.float32),
            np.array(self._roles, dtype=np.uint8),
            np.array(self._places, dtype=np.int32).reshape(-1, WIDTH),
        )


class Cells(NamedTuple):
    """One entry a cell, in any order."""

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    confidences: NDArray[np.float32]
    roles: NDArray[np.uint8]
    places: NDArray[np.int32]

    @classmethod
    def of(cls, matrix: csr_matrix, roles: NDArray[np.uint8], places: NDArray[np.int32]) -> Self:
        """Those of a matrix, in its order; ``roles`` and ``places`` stand beside them."""
        return cls(_rows(matrix), matrix.indices, matrix.data, roles, places)

    def moved(self, rows: NDArray[np.int32], columns: NDArray[np.int32]) -> Self:
        """These cells where their rows and columns are now; those whose row or column is at -1 are left out."""
        kept = (rows[self.rows] >= 0) & (columns[self.columns] >= 0)
        return self._replace(
            rows=rows[self.rows[kept]],
            columns=columns[self.columns[kept]],
            confidences=self.confidences[kept],
            roles=self.roles[kept],
            places=self.places[kept],
        )

    def joined(self, other: Self) -> Self:
        """All cells of both."""
        return self._replace(
            rows=np.concatenate([self.rows, other.rows]),
            columns=np.concatenate([self.columns, other.columns]),
            confidences=np.concatenate([self.confidences, other.confidences]),
            roles=np.concatenate([self.roles, other.roles]),
            places=np.concatenate([self.places, other.places]),
        )


def moved_pairs(matrix: csr_matrix, rows: NDArray[np.int32], columns: NDArray[np.int32]) -> NDArray[np.int32]:
    """Row and column of each cell, as ``Cells.moved`` has them."""
    pairs = np.column_stack([rows[_rows(matrix)], columns[matrix.indices]])
    return pairs[(pairs >= 0).all(axis=1)]


def compressed(
    rows: NDArray[np.int32], columns: NDArray[np.int32], shape: tuple[int, int]
) -> tuple[Callable[[NDArray[np.float32]], csr_matrix], NDArray[np.int32]]:
    """What makes the matrix of such cells from their data in order, and that order: by row, then by column."""
    numbered = coo_matrix((np.arange(len(rows), dtype=np.int32), (rows, columns)), shape=shape).tocsr()
    numbered.sort_indices()
    indices, begins = numbered.indices.astype(np.int32), numbered.indptr.astype(np.int32)

    def filled(data: NDArray[np.float32]) -> csr_matrix:
        return csr_matrix((data, indices, begins), shape=shape, copy=False)

    return filled, numbered.data


def _rows(matrix: csr_matrix) -> NDArray[np.int32]:
    return np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
