"""What is known of two mentions besides their vectors, and how well they fit as head and tail of a relation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from kg.model import Label

Floats = NDArray[np.float32]
WordRange = tuple[int, int]
"""Numbers of the first and of the last word of a mention."""

_LABELS = list(Label)
_NEAR, _CLOSE = 10, 4
HEAD_FACTS = len(_LABELS) + 3
TAIL_FACTS = len(_LABELS)


def facts(heads: Sequence[tuple[WordRange, Label]], tails: Sequence[tuple[WordRange, Label]]) -> tuple[Floats, Floats]:
    """(pairs, HEAD_FACTS) and (pairs, TAIL_FACTS): both labels, which stands first, whether few words are between."""
    between = np.array([tail[0] - head[1] for (head, _), (tail, _) in zip(heads, tails, strict=True)])
    order = np.stack([between > 0, np.abs(between) < _CLOSE, np.abs(between) < _NEAR], axis=1)
    return np.hstack([_one_hot([label for _, label in heads]), order]).astype(np.float32), _one_hot(
        [label for _, label in tails]
    )


def _one_hot(labels: Sequence[Label]) -> Floats:
    return np.array([[label is each for each in _LABELS] for label in labels], dtype=np.float32)


@dataclass(frozen=True)
class PairScorer:
    """``weight`` is (kinds, head, tail): a bilinear form of what is known of each side, with a one at its end."""

    weight: Floats

    def log_probabilities(self, heads: Floats, tails: Floats) -> Floats:
        """(pairs, kinds) of (pairs, width) of each side, its vectors and then its facts."""
        one = np.ones((len(heads), 1), np.float32)
        left, right = np.hstack([heads, one]), np.hstack([tails, one])
        # A matrix product a kind: einsum over all three takes ten times as long.
        logits = (np.matmul(left, self.weight) * right).sum(axis=2).T
        shifted = logits - logits.max(axis=1, keepdims=True)
        return cast("Floats", shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
