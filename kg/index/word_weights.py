"""What each term counts when papers are compared: how rare it is, and how much each of the two papers dwells on it.

Two papers score the sum over the terms of both of ``factor * strength here * strength there``, as over entities. Common
words count too, each of them little: what they say together is how alike two papers are as a whole.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kg.index.terms import COLUMNS
from kg.index.weights import COMMON, rarity
from kg.index.wording import Wording

WORDING = 2.0
"""How much words count beside entities, in a large corpus."""
HALF = 2000
"""Of so many papers words count half as much; of few, what seems rare is so by chance."""
PHRASE = 0.3
"""How much a phrase counts beside a word: its words count too."""
RARE = 0.01
"""Terms that no more than this share of the papers use may bring papers together that share nothing else."""
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class WordWeights:
    """Made once a snapshot, by ``of``.

    ``factors`` and ``users`` have a number for each column of ``wording``: what it counts, and how many papers use it.
    A paper that counts a term ``n`` times uses it as strongly as ``n / (n + damping)``, by the ``damping`` of the
    paper: its number of words beside that of the mean. ``papers``, from ``begins`` of its column on, use a rare term,
    as strongly as ``strengths`` says.
    """

    wording: Wording
    factors: NDArray[np.float64]
    users: NDArray[np.int32]
    damping: NDArray[np.float64]
    papers: NDArray[np.int32]
    strengths: NDArray[np.float32]
    begins: NDArray[np.int32]

    @classmethod
    def of(cls, wording: Wording) -> "WordWeights":
        """Weigh the terms of all papers."""
        users = np.zeros(COLUMNS, dtype=np.int32)
        for at in range(0, len(wording.columns), _AT_ONCE):  # counting all at once would take as much memory again
            users += np.bincount(wording.columns[at : at + _AT_ONCE], minlength=COLUMNS).astype(np.int32)
        damping = _damping(wording)
        factors, used = np.zeros(COLUMNS), np.flatnonzero(users)
        weight = WORDING * wording.rows / (wording.rows + HALF)
        factors[used] = weight * rarity(users[used], wording.rows, common=1.0) * np.where(used % 2, PHRASE, 1.0)
        rare = (users > 1) & (users <= RARE * wording.rows)
        by_term = _turned(wording, damping, rare)
        return cls(wording, factors, users, damping, by_term.indices, by_term.data, by_term.indptr)

    def rare(self, columns: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of these terms may bring papers together."""
        return np.asarray(self.begins[columns + 1] > self.begins[columns])

    def telling(self, columns: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of these terms are no more common than an entity may be that counts."""
        return rarity(self.users[columns], self.wording.rows, COMMON) > 0


def _damping(wording: Wording) -> NDArray[np.float64]:
    words = np.where(wording.columns % 2, np.uint8(0), wording.counts)
    until = np.concatenate([[0], np.cumsum(words, dtype=np.int64)])
    lengths = np.diff(until[wording.begins])
    found: NDArray[np.float64] = lengths / (lengths.mean() if lengths.any() else 1.0)
    return found


def _turned(wording: Wording, damping: NDArray[np.float64], rare: NDArray[np.bool_]) -> csr_matrix:
    """Rare terms x papers."""
    kept = rare[wording.columns]
    rows = np.repeat(np.arange(wording.rows, dtype=np.int32), np.diff(wording.begins))[kept]
    counts = wording.counts[kept].astype(np.float32)
    strengths = counts / (counts + damping[rows].astype(np.float32))
    begins = np.concatenate([[0], np.cumsum(kept, dtype=np.int32)])[wording.begins]
    cells = (strengths, wording.columns[kept], begins.astype(np.int32))
    return csr_matrix(cells, shape=(wording.rows, COLUMNS), copy=False).T.tocsr()
