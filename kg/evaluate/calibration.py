"""Whether mention scores mean what they say: of the mentions scored 0.8, eight in ten should be right.

Expected calibration error over bins of equal width, after Guo et al., On Calibration of Modern Neural Networks
(ICML 2017).
"""

import math
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from kg.evaluate.evaluation import Evaluation
from kg.evaluate.gold import Span

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Mentions with a score in (low, high]: how many, their mean score, and the share of them that is right.

    The last two are None in an empty bin.
    """

    low: float
    high: float
    mentions: int
    score: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """``error`` in [0, 1] is the mean distance of score and share right, weighted by mentions; None without any."""

    error: float | None
    bins: tuple[Bin, ...]


def calibrate(evaluation: Evaluation, bins: int = BINS) -> Calibration:
    """Right is the exact span with its label."""
    edges = [i / bins for i in range(bins + 1)]
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for paper in evaluation.papers:
        wanted = paper.wanted
        for m in paper.extraction.mentions:
            right = Span(m.field, m.start, m.end, str(m.label)) in wanted
            held[bisect_left(edges, m.score, 1, bins) - 1].append((m.score, right))
    table = tuple(_bin(low, high, each) for (low, high), each in zip(pairwise(edges), held, strict=True))
    number = sum(each.mentions for each in table)
    gaps = [
        each.mentions * abs(each.score - each.right)
        for each in table
        if each.score is not None and each.right is not None
    ]
    return Calibration(math.fsum(gaps) / number if number else None, table)


def _bin(low: float, high: float, held: list[tuple[float, bool]]) -> Bin:
    if not held:
        return Bin(low, high, 0, None, None)
    return Bin(low, high, len(held), fmean(score for score, _ in held), fmean(right for _, right in held))
