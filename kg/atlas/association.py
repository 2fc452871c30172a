"""How much more often than by chance two things meet; not how often, or all would be linked to what is everywhere."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy


class Weight(StrEnum):
    """The measures of association, by the names that clients give them."""

    NPMI = "npmi"
    LOG_LIKELIHOOD = "loglikelihood"


def associate(weight: Weight, shared: ArrayLike, left: ArrayLike, right: ArrayLike, total: int) -> NDArray[np.float64]:
    """The association of pairs: ``shared`` papers name both, ``left`` and ``right`` one each, of ``total`` in all.

    It is 0 for pairs that meet no more often than by chance.
    """
    both, one, other = (np.asarray(each, dtype=np.float64) for each in (shared, left, right))
    match weight:
        case Weight.NPMI:
            return _normal(both, one, other, total)
        case Weight.LOG_LIKELIHOOD:
            return _likelihood(both, one, other, total)


def _normal(
    shared: NDArray[np.float64], left: NDArray[np.float64], right: NDArray[np.float64], total: int
) -> NDArray[np.float64]:
    """Normalised pointwise mutual information (Bouma 2009), ``ln(p(ab) / p(a)p(b)) / -ln p(ab)``, in [0, 1].

    Times the discount of Pantel & Lin (2002) for little data, ``n(ab) / (n(ab) + 1) * m / (m + 1)`` with
    ``m = min(n(a), n(b))``: without it the pairs that were seen once, together, would all have the highest weight.
    """
    together = np.maximum(shared, 1) / max(total, 1)
    information = np.log(together * total**2 / np.maximum(left * right, 1)) if total else np.zeros_like(shared)
    surprise = -np.log(together)
    normal = np.divide(information, surprise, out=np.ones_like(information), where=surprise > 0)
    least = np.minimum(left, right)
    discount = shared / (shared + 1) * least / (least + 1)
    return np.asarray((normal.clip(0, 1) * discount).round(4), dtype=np.float64)


def _likelihood(
    shared: NDArray[np.float64], left: NDArray[np.float64], right: NDArray[np.float64], total: int
) -> NDArray[np.float64]:
    """The log-likelihood ratio (Dunning 1993): 0 and more without an upper end, in favour of what was seen often."""
    cells = (shared, left - shared, right - shared, total - left - right + shared)
    margins = (left, right, total - left, total - right)
    ratio = 2 * (_sum(cells) - _sum(margins) + xlogy(total, total))
    return np.asarray(np.where(shared * total > left * right, ratio, 0).clip(0).round(4), dtype=np.float64)


def _sum(counts: tuple[NDArray[np.float64], ...]) -> NDArray[np.float64]:
    return np.asarray(sum(xlogy(count, count) for count in counts), dtype=np.float64)
