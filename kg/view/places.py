"""Places for newcomers in a drawing whose nodes stay where they are."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Point = tuple[float, float]
Points = NDArray[np.float64]

_TRIED = 800
"""Places around where a newcomer should be that are looked at, from the inside to the outside."""

_ROOM = 1.1
"""What a newcomer keeps of distance to all others, as a part of what is usual between neighbours."""


def fitted_in(known: Mapping[str, Point], wishes: Iterable[tuple[str, Sequence[str]]]) -> dict[str, Point]:
    """A place for each newcomer, as near as there is room to the middle of the nodes that it is ``wished`` beside.

    Those are named by importance, the first counts for as much as all others together; a newcomer before is one of
    them. Without any it comes to the middle of the drawing. The same drawing gives the same places.
    """
    places, found = dict(known), {}
    room, around = _spacing(known), _spiral()
    for newcomer, beside in wishes:
        taken = np.array([*places.values()]).reshape(-1, 2)
        at = _middle([places[each] for each in beside if each in places]) + around * room
        distance = cKDTree(taken).query(at)[0] if len(taken) else np.full(len(at), np.inf)
        best = int(np.argmax(distance >= room)) if (distance >= room).any() else int(np.argmax(distance))
        x, y = at[best].round(4).tolist()
        places[newcomer] = found[newcomer] = (x, y)
    return found


def _spacing(known: Mapping[str, Point]) -> float:
    if len(known) < 2:
        return 0.2
    points = np.array([*known.values()])
    usual = float(np.median(cKDTree(points).query(points, k=2)[0][:, 1]))
    return max(usual * _ROOM, 0.01)


def _spiral() -> Points:
    """Evenly spread points around the origin, the nearest first, about one apart."""
    rank = np.arange(1, _TRIED + 1) - 0.5
    turn = rank * np.pi * (3 - np.sqrt(5))
    spread: Points = np.stack([np.cos(turn), np.sin(turn)], axis=1) * np.sqrt(rank)[:, None] * 0.6
    return spread


def _middle(points: Sequence[Point]) -> Points:
    if not points:
        return np.zeros(2)
    first, others = np.array(points[0]), np.array(points[1:] or points[:1])
    return np.asarray((first + others.mean(axis=0)) / 2)
