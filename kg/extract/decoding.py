"""Scores of tags, word by word, to the best legal sequence of them, and to spans."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.extract.tags import TAGS

FORBIDDEN = -1e6
Floats = NDArray[np.float32] | NDArray[np.float64]


def legal_transitions(tags: Sequence[str]) -> tuple[Floats, Floats]:
    """Start penalties (tags,) and transition penalties (tags, tags): an I tag only after its own B or I."""
    start = np.zeros(len(tags))
    step = np.zeros((len(tags), len(tags)))
    for after, tag in enumerate(tags):
        if tag.startswith("I-"):
            start[after] = FORBIDDEN
            for before, previous in enumerate(tags):
                if previous[2:] != tag[2:]:
                    step[before, after] = FORBIDDEN
    return start, step


_START, _STEP = legal_transitions(TAGS)


def viterbi(log_probs: Floats, start: Floats = _START, step: Floats = _STEP) -> list[int]:
    """The most probable legal tag sequence of (words, tags) log probabilities (Viterbi 1967)."""
    if not len(log_probs):
        return []
    likely = log_probs.argmax(axis=1)
    # Without transition scores the likeliest tags are the answer wherever they are legal as they stand.
    if start[likely[0]] == 0 and not step[likely[:-1], likely[1:]].any():
        return [int(tag) for tag in likely]
    best = log_probs[0] + start
    rows = np.arange(log_probs.shape[1])
    pointers = []
    for row in log_probs[1:]:
        scores = best[:, None] + step
        pointer = scores.argmax(axis=0)
        pointers.append(pointer)
        best = scores[pointer, rows] + row
    path = [int(best.argmax())]
    for pointer in reversed(pointers):
        path.append(int(pointer[path[-1]]))
    return path[::-1]


def log_softmax(logits: Floats) -> Floats:
    """Row-wise logarithm of the softmax, without overflow."""
    if not logits.size:
        return logits
    shifted = logits - logits.max(axis=1, keepdims=True)
    normalised: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return normalised


def tagged_ranges(path: Sequence[int], tags: Sequence[str] = TAGS) -> Iterator[tuple[int, int, str]]:
    """First word, the one behind the last, and label of each span of a legal sequence."""
    begin = 0
    for at in range(1, len(path) + 1):
        if at == len(path) or not tags[path[at]].startswith("I-"):
            if tags[path[begin]] != "O":
                yield begin, at, tags[path[begin]][2:]
            begin = at
