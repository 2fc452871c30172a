"""The papers in the orders that lists of them have, and what the search index numbers them as beside their rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.index.search import SearchIndex


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Made once a snapshot, by ``of``.

    ``numbers`` has the number of each row of the matrix in the search index of the same snapshot, ``rows`` the row of
    each such number, and ``by_title`` all rows in the order of titles.
    """

    numbers: NDArray[np.int64]
    rows: NDArray[np.int32]
    by_title: NDArray[np.int32]

    @classmethod
    def of(cls, index: SearchIndex) -> "Shelf":
        """Of all papers of an index; rows of the matrix are in the order of ids."""
        numbers = index.numbers("id")
        rows = np.full(int(numbers.max(initial=0)) + 1, -1, dtype=np.int32)
        rows[numbers] = np.arange(len(numbers), dtype=np.int32)
        return cls(numbers, rows, rows[index.numbers("title COLLATE NOCASE, id")])

    def holding(self, index: SearchIndex, text: str, *, in_title: bool = False) -> NDArray[np.bool_]:
        """Which rows hold all words of a text, the last one as a beginning; ``in_title`` all of them."""
        found = np.zeros(len(self.numbers), dtype=np.bool_)
        found[self.rows[index.holding(text, in_title=in_title)]] = True
        return found
