"""How far a score would move with other papers: the bootstrap with papers as the unit of resampling.

Percentile intervals after Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; the paired
comparison of two extractors on the same papers after Koehn, Statistical Significance Tests for Machine Translation
Evaluation (EMNLP 2004).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kg.evaluate.counts import Counts

Floats: TypeAlias = NDArray[np.float64]

LEVEL = 0.95


class Sampling(NamedTuple):
    """How often to resample, and from which seed."""

    draws: int = 1_000
    seed: int = 0


STANDARD = Sampling()


class Estimate(NamedTuple):
    """A number and its 95% interval."""

    value: float
    low: float
    high: float


class Score(NamedTuple):
    """Precision, recall and F1, each in [0, 1]."""

    precision: Estimate
    recall: Estimate
    f1: Estimate


class Difference(NamedTuple):
    """F1 of one extractor minus F1 of another; ``better`` is the share of draws in which the first leads."""

    f1: Estimate
    better: float


@dataclass(frozen=True)
class Bootstrap:
    """Draws of as many papers as there are, with replacement; the same seed gives the same draws."""

    papers: int
    sampling: Sampling = STANDARD

    @cached_property
    def _times(self) -> Floats:
        """How often each draw holds each paper."""
        draws, seed = self.sampling
        if not self.papers:
            return np.zeros((draws, 0))
        even = np.full(self.papers, 1 / self.papers)
        return np.random.default_rng(seed).multinomial(self.papers, even, size=draws).astype(np.float64)

    def score(self, counts: Sequence[Counts]) -> Score:
        """The score of the papers together, of which ``counts`` holds one each."""
        return self.macro([counts])

    def macro(self, rows: Sequence[Sequence[Counts]]) -> Score:
        """The mean of the scores of several rows of counts; a row counts where something is found or wanted in it."""
        used = [counts for counts in rows if any(c.found or c.wanted for c in counts)]
        if not used:
            return Score(*[Estimate(0.0, 0.0, 0.0)] * 3)
        values = np.mean([_scores(_sums(counts)) for counts in used], axis=0)
        drawn = np.stack([_scores(self._times @ _table(counts)) for counts in used])
        return Score(*(_estimate(values[i], _nanmean(drawn[:, :, i])) for i in range(3)))

    def difference(self, ours: Sequence[Counts], theirs: Sequence[Counts]) -> Difference:
        """The first minus the second, both over the same draws."""
        value = _f1(_sums(ours)) - _f1(_sums(theirs))
        drawn = _f1(self._times @ _table(ours)) - _f1(self._times @ _table(theirs))
        return Difference(_estimate(float(value), drawn), float(np.mean(drawn > 0)))


def _table(counts: Sequence[Counts]) -> Floats:
    return np.array(counts, dtype=np.float64).reshape(-1, len(Counts._fields))


def _sums(counts: Sequence[Counts]) -> Floats:
    return np.asarray(_table(counts).sum(axis=0))


def _scores(sums: Floats) -> Floats:
    """As ``Counts`` has them, for sums of counts along the last axis; NaN where nothing is found and nothing wanted."""
    found, wanted, found_right, wanted_right = np.moveaxis(sums, -1, 0)
    precision, recall = _divided(found_right, found), _divided(wanted_right, wanted)
    scores = np.stack([precision, recall, _divided(2 * precision * recall, precision + recall)], axis=-1)
    return np.where((found + wanted > 0)[..., np.newaxis], scores, np.nan)


def _divided(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _f1(sums: Floats) -> Floats:
    return np.asarray(np.nan_to_num(_scores(sums)[..., 2]))


def _nanmean(drawn: Floats) -> Floats:
    """The mean over the rows; draws that score no row are dropped."""
    scored = ~np.isnan(drawn)
    some = scored.any(axis=0)
    return np.asarray(np.nansum(drawn[:, some], axis=0) / scored[:, some].sum(axis=0))


def _estimate(value: float, drawn: Floats) -> Estimate:
    if not drawn.size:
        return Estimate(float(value), float(value), float(value))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(value), float(low), float(high))
