"""A graph and the communities in it → a place for every node, the same on every run."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from kg.atlas.communities import FLOOR

N = TypeVar("N", bound=Hashable)
Points = NDArray[np.float64]

_GAP = 2.8
"""Free space between communities, where a node takes a disc of 0.75 and more."""

_MAIN = 80
"""Communities that are placed by their links; the rest are single nodes."""

_SWEEPS = 100

_DENSE = 160
"""Points up to which all distances are cheaper than a tree of them."""


@dataclass(frozen=True, slots=True)
class Layout(Generic[N]):
    """Places in [-1, 1] x [-1, 1] of nodes and of the centres of their communities, by the place of the group.

    ``frame`` is the corner and the size, in units in which a node takes about one, of what that square shows.
    """

    places: dict[N, tuple[float, float]]
    centres: list[tuple[float, float]]
    frame: tuple[float, float, float, float]


@dataclass(slots=True, eq=False)
class _Plan:
    """What is known of the nodes by their numbers, which follow the groups."""

    member: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    pull: Points
    room: Points
    radii: Points


def arrange(
    graph: "nx.Graph[N]",
    groups: Sequence[Sequence[N]],
    sizes: Mapping[N, float],
    before: Mapping[N, tuple[float, float]] | None = None,
) -> Layout[N]:
    """A place for every node; ``sizes``, in [0, 1], say how much room each takes.

    Each community gets a disc with room for its nodes. The discs are packed, linked ones side by side; then the nodes
    settle inside theirs, each drawn to its neighbours wherever they are and kept apart from the others. So communities
    stay visible, small components take no more room than their nodes, and no two marks cover each other. Where
    communities lie towards each other follows ``before``, the places of some nodes in another drawing.
    """
    order, plan = _plan(graph, groups, sizes)
    if not order:
        return Layout({}, [], (0.0, 0.0, 0.0, 0.0))
    centres = _pack(plan, _hints(order, plan.member, before or {}))
    rank = np.concatenate([np.arange(int(size)) for size in np.bincount(plan.member)]).astype(np.float64)
    start = centres[plan.member] + _sunflower(rank)
    sweeps = 25 if len(order) <= _DENSE else 80
    points = _settle(plan, centres, start, sweeps, np.ones(len(order)))
    return _framed(order, points, centres, (*points.min(axis=0), *np.ptp(points, axis=0)))


def extend(
    graph: "nx.Graph[N]", groups: Sequence[Sequence[N]], sizes: Mapping[N, float], before: Layout[N]
) -> Layout[N]:
    """A place for every node where most have one: these stay, as far as newcomers leave them room.

    The centres of ``before`` are those of the same groups, NaN for a group that is new.
    """
    order, plan = _plan(graph, groups, sizes)
    corner, span = np.array(before.frame[:2]), np.array(before.frame[2:])
    centres = (np.array(before.centres).reshape(-1, 2) + 1) / 2 * span + corner
    known = np.array([node in before.places for node in order])
    points = np.array([before.places.get(node, (np.nan, np.nan)) for node in order])
    points = (points + 1) / 2 * span + corner
    lost = np.isnan(centres[:, 0])
    centres[lost] = corner + span * (0.5 + 0.6 * _sunflower(np.arange(lost.sum()) + 1.0) / max(lost.sum(), 1))
    for _ in range(60):
        centres += _part(centres, plan.radii + _GAP / 2)
    points = np.where(known[:, None], points, _beside(plan, points, known, centres))
    points = _settle(plan, centres, points, 20, np.where(known, 0.0, 1.0))
    low, high = np.minimum(points.min(axis=0), corner), np.maximum(points.max(axis=0), corner + span)
    return _framed(order, points, centres, (*low, *(high - low)))


def _plan(graph: "nx.Graph[N]", groups: Sequence[Sequence[N]], sizes: Mapping[N, float]) -> tuple[list[N], _Plan]:
    order = [node for group in groups for node in group]
    index = {node: number for number, node in enumerate(order)}
    member = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    links = np.array([(index[a], index[b]) for a, b in graph.edges], dtype=np.int64).reshape(-1, 2)
    pull = np.array([data["weight"] for *_, data in graph.edges(data=True)], dtype=np.float64) + FLOOR
    room = np.array([0.75 + 1.2 * sizes[node] for node in order])
    radii = np.sqrt(np.bincount(member, weights=room**2, minlength=len(groups))) * 1.2
    return order, _Plan(member, links[:, 0], links[:, 1], pull, room, radii)


def _framed(order: Sequence[N], points: Points, centres: Points, frame: tuple[float, float, float, float]) -> Layout[N]:
    """Drawn into the square; where all lie on one line, that is its middle."""
    corner, span = np.array(frame[:2]), np.array(frame[2:])
    inside = (_scaled(each, corner, span).round(4).tolist() for each in (points, centres))
    places, middles = ([(x, y) for x, y in each] for each in inside)
    return Layout(dict(zip(order, places, strict=True)), middles, tuple(float(each) for each in frame))  # type: ignore[arg-type]


def _scaled(points: Points, corner: Points, span: Points) -> Points:
    flat = span <= 0
    return np.asarray(np.where(flat, 0, (points - corner) / np.where(flat, 1, span) * 2 - 1), dtype=np.float64)


def _hints(order: Sequence[N], member: NDArray[np.int64], before: Mapping[N, tuple[float, float]]) -> Points:
    """The middle of the places of each group in another drawing, NaN where it knows none of them."""
    known = np.array([node in before for node in order])
    places = np.array([before.get(node, (0.0, 0.0)) for node in order])
    size = int(member.max()) + 1
    count = np.bincount(member, weights=known, minlength=size)
    sums = np.stack([np.bincount(member, weights=axis, minlength=size) for axis in places.T], axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(sums / count[:, None], dtype=np.float64)


def _affinity(plan: _Plan) -> Points:
    """How strongly every two communities are linked, symmetric, at most 1."""
    size = len(plan.radii)
    table = np.zeros((size, size))
    np.add.at(table, (plan.member[plan.left], plan.member[plan.right]), plan.pull)
    table += table.T
    np.fill_diagonal(table, 0)
    return np.asarray(table / max(table.max(), 1e-9), dtype=np.float64)


def _pack(plan: _Plan, hints: Points) -> Points:
    """Centres of discs that do not overlap, close to those they are linked to."""
    size, reach = len(plan.radii), plan.radii + _GAP / 2
    span = float(np.sqrt((reach**2).sum()))
    centres: Points = _sunflower(np.arange(size) + 0.5) * span / np.sqrt(size)
    centres = np.where(np.isnan(hints), centres, hints * span + centres * 0.05)
    main = min(size, _MAIN)
    if main > 1:
        affinity = _affinity(plan)[:main, :main]
        wish = (reach[:main, None] + reach[:main]) * (1 + 1.5 * (1 - np.sqrt(affinity)))
        centres[:main] = _to_distances(centres[:main], wish)
    for sweep in range(_SWEEPS):
        if sweep < _SWEEPS * 0.7:  # towards the middle, the more the farther out: fills a square, not a circle
            centres -= centres * (0.04 * (np.abs(centres) / span) ** 2 + 0.004)
        centres += _part(centres, reach)
    return centres


def _to_distances(points: Points, wish: Points) -> Points:
    """The points moved so that their distances come close to those wished for, near ones first of all.

    By majorization (SMACOF, de Leeuw 1977); their middle ends up at the origin.
    """
    weight = wish**-2.0
    np.fill_diagonal(weight, 0)
    laplacian = np.diag(weight.sum(axis=1)) - weight
    back = np.linalg.pinv(laplacian)
    for _ in range(80):
        distance = np.sqrt(((points[:, None] - points) ** 2).sum(axis=2))
        np.fill_diagonal(distance, 1)
        ratio = weight * wish / np.maximum(distance, 1e-6)
        np.fill_diagonal(ratio, 0)
        points = back @ ((np.diag(ratio.sum(axis=1)) - ratio) @ points)
    return points


def _sunflower(rank: NDArray[np.floating]) -> Points:
    """Evenly spread points, the nth at distance sqrt(n)."""
    turn = rank * np.pi * (3 - np.sqrt(5))
    spread: Points = np.stack([np.cos(turn), np.sin(turn)], axis=1) * np.sqrt(rank)[:, None]
    return spread


def _beside(plan: _Plan, points: Points, known: NDArray[np.bool_], centres: Points) -> Points:
    """Where newcomers start: between their neighbours that have a place, or where their community is."""
    own = plan.member[plan.left] == plan.member[plan.right]
    goal, total = np.zeros((len(points), 2)), np.zeros(len(points))
    for here, there in ((plan.left, plan.right), (plan.right, plan.left)):
        pull = plan.pull * (own & known[there])
        total += np.bincount(here, weights=pull, minlength=len(points))
        goal += _summed(here, pull[:, None] * np.nan_to_num(points[there]), len(points))
    middle = goal / np.maximum(total, 1e-9)[:, None]
    nudge = _sunflower(np.arange(len(points)) % 7 + 1.0) * 0.1
    return np.asarray(np.where(total[:, None] > 0, middle, centres[plan.member]) + nudge, dtype=np.float64)


def _settle(plan: _Plan, centres: Points, points: Points, sweeps: int, loose: Points) -> Points:
    """Places inside the discs: towards the neighbours, if a node is ``loose``, and away from whoever is too close."""
    count, home, room = len(points), centres[plan.member], plan.radii[plan.member]
    inner = np.where(plan.member[plan.left] == plan.member[plan.right], plan.pull, plan.pull * 0.25)
    total = np.bincount(plan.left, weights=inner, minlength=count) + np.bincount(
        plan.right, weights=inner, minlength=count
    )
    ends, others = np.concatenate([plan.left, plan.right]), np.concatenate([plan.right, plan.left])
    both = np.concatenate([inner, inner])[:, None]
    for sweep in range(sweeps):
        goal = _summed(ends, both * points[others], count) / np.maximum(total, 1e-9)[:, None]
        pull = 0.25 * (1 - sweep / sweeps) * loose[:, None]
        points = points + pull * np.where(total[:, None] > 1e-6, goal - points, 0)
        for _ in range(2):
            points = points + _part(points, plan.room * 1.1) * loose[:, None]
        points = _inside(points, home, room)
    for _ in range(20 if count <= _DENSE else 40):
        points = _inside(points + _part(points, plan.room), home, room * 1.04)
    return points


def _inside(points: Points, home: Points, radius: Points) -> Points:
    """The points, those outside their disc moved to its rim."""
    offset = points - home
    distance = np.sqrt((offset**2).sum(axis=1))
    inside: Points = home + offset * np.minimum(1, radius / np.maximum(distance, 1e-9))[:, None]
    return inside


def _part(points: Points, room: Points) -> Points:
    """The step that takes points as far apart as the room of both."""
    if len(points) <= _DENSE:
        distance = cdist(points, points)
        short = np.maximum(room[:, None] + room - distance, 0) / np.maximum(distance, 1e-6) * 0.35
        np.fill_diagonal(short, 0)
        return np.asarray(points * short.sum(axis=1)[:, None] - short @ points, dtype=np.float64)
    near = cKDTree(points).query_pairs(2 * float(room.max()), output_type="ndarray")
    left, right = near[:, 0], near[:, 1]
    apart = points[left] - points[right]
    distance = np.sqrt((apart**2).sum(axis=1))
    short = np.clip(room[left] + room[right] - distance, 0, None) / np.maximum(distance, 1e-6) * 0.35
    step = apart * short[:, None]
    return _summed(left, step, len(points)) - _summed(right, step, len(points))


def _summed(ends: NDArray[np.int64], vectors: Points, size: int) -> Points:
    """The sums of vectors by their ends; ``np.add.at`` takes ten times as long."""
    sums: Points = np.stack([np.bincount(ends, weights=axis, minlength=size) for axis in vectors.T], axis=1)
    return sums
