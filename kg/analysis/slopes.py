"""How surely shares rise or fall with the years, of many at once, and how many of them would do so by chance. Pure."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

PRIOR = 0.3
"""Standard deviation of a slope before anything is seen, in log-odds a year."""
_STEPS = 25
_AT_ONCE = 10_000


def slopes(counts: NDArray[np.int64], totals: NDArray[np.int64], years: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Log-odds a year of each row of ``counts``, and their standard errors: logistic regressions of shares on years.

    ``totals``, each at least 1, are what the counts of a year are shares of. Slopes have a normal prior around 0.
    Variance that the years show beyond what chance allows widens the error, as in quasi-likelihood (McCullagh and
    Nelder 1989, 4.5).
    """
    if len(years) < 2:
        return np.zeros(len(counts)), np.full(len(counts), PRIOR)
    pieces = [_fitted(counts[i : i + _AT_ONCE], totals, years) for i in range(0, max(len(counts), 1), _AT_ONCE)]
    return np.concatenate([slope for slope, _ in pieces]), np.concatenate([error for _, error in pieces])


def _fitted(counts: NDArray[np.int64], totals: NDArray[np.int64], years: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """By Newton's method, all rows side by side."""
    time = years - np.average(years, weights=totals)
    share = (counts.sum(axis=1) + 0.5) / (totals.sum() + 1)
    level, slope = np.log(share / (1 - share)), np.zeros(len(counts))
    for _ in range(_STEPS):
        odds = 1 / (1 + np.exp(-(level[:, None] + slope[:, None] * time)))
        weight = totals * odds * (1 - odds)
        rest = counts - totals * odds
        h00, h01 = weight.sum(axis=1) + 1e-9, (weight * time).sum(axis=1)
        h11 = (weight * time**2).sum(axis=1) + PRIOR**-2
        g0, g1 = rest.sum(axis=1), (rest * time).sum(axis=1) - slope * PRIOR**-2
        determinant = h00 * h11 - h01**2
        level = level + np.clip((h11 * g0 - h01 * g1) / determinant, -1, 1)
        slope = slope + np.clip((h00 * g1 - h01 * g0) / determinant, -1, 1)
    spread = np.maximum((rest**2 / np.maximum(weight, 1e-9)).sum(axis=1) / max(len(years) - 2, 1), 1)
    return slope, np.sqrt(h00 / determinant * spread)


def false_rates(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each the smallest false discovery rate at which it is still among the discoveries."""
    order = np.argsort(chances, kind="stable")
    rates = chances[order] * len(chances) / np.arange(1, len(chances) + 1)
    found = np.empty_like(rates)
    found[order] = np.minimum.accumulate(rates[::-1])[::-1]
    return found
