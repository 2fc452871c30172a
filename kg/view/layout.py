"""A graph → the communities in it and a place for every node, the same on every run."""

from collections.abc import Mapping, Sequence

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

_SEED = 7
_GAP = 2.8
"""Free space between communities, where a node takes a disc of 0.75 and more."""

_FLOOR = 0.02
"""Added to every weight here: a link that is no more frequent than chance still is one."""

_MAIN = 80
"""Communities that are placed by their links; more would take long, and the rest are single nodes."""

Points = NDArray[np.float64]


def communities(graph: "nx.Graph[int]") -> list[list[int]]:
    """Groups of nodes that link mostly among themselves (Louvain), largest first."""
    pulls: nx.Graph[int] = nx.Graph()
    pulls.add_nodes_from(graph)
    pulls.add_weighted_edges_from((a, b, data["weight"] + _FLOOR) for a, b, data in graph.edges(data=True))
    found = nx.community.louvain_communities(pulls, weight="weight", seed=_SEED)
    return sorted((sorted(group) for group in found), key=lambda group: (-len(group), group[0]))


def arrange(
    graph: "nx.Graph[int]", groups: Sequence[Sequence[int]], sizes: Mapping[int, float]
) -> dict[int, tuple[float, float]]:
    """A place in [-1, 1] x [-1, 1] for every node; ``sizes``, in [0, 1], say how much room each takes.

    Each community gets a disc with room for its nodes. The discs are packed, linked ones side by side;
    then the nodes settle inside theirs, each drawn to its neighbours wherever they are and kept apart
    from the others. So communities stay visible, small components take no more room than their nodes,
    and no two marks cover each other.
    """
    if not graph:
        return {}
    order = [node for group in groups for node in group]
    index = {node: number for number, node in enumerate(order)}
    member = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    links = np.array([(index[a], index[b]) for a, b in graph.edges], dtype=np.int64).reshape(-1, 2)
    weights = np.array([data["weight"] for *_, data in graph.edges(data=True)], dtype=np.float64) + _FLOOR
    room = np.array([0.75 + 1.2 * sizes[node] for node in order])
    radii = np.sqrt(np.bincount(member, weights=room**2)) * 1.2
    centres = _pack(radii, _between(member, links, weights, len(groups)))
    points = _settle(member, links, weights, centres, radii, room)
    rounded = _box(points).round(4)
    return {node: (float(x), float(y)) for node, (x, y) in zip(order, rounded, strict=True)}


def _between(member: NDArray[np.int64], links: NDArray[np.int64], weights: Points, size: int) -> Points:
    """How strongly every two communities are linked, symmetric, at most 1."""
    table = np.zeros((size, size))
    np.add.at(table, (member[links[:, 0]], member[links[:, 1]]), weights)
    table += table.T
    np.fill_diagonal(table, 0)
    return np.asarray(table / max(table.max(), 1e-9), dtype=np.float64)


def _pack(radii: Points, affinity: Points) -> Points:
    """Centres of discs that do not overlap, close to those they are linked to."""
    size, reach = len(radii), radii + _GAP / 2
    span = float(np.sqrt((reach**2).sum()))
    centres: Points = _sunflower(np.arange(size) + 0.5) * span / np.sqrt(size)
    main = min(size, _MAIN)
    if main > 1:
        wish = (reach[:main, None] + reach[:main]) * (1 + 1.5 * (1 - np.sqrt(affinity[:main, :main])))
        distances = {a: {b: float(wish[a, b]) for b in range(main)} for a in range(main)}
        everyone: nx.Graph[int] = nx.complete_graph(main)
        found = nx.kamada_kawai_layout(everyone, dist=distances, pos=nx.circular_layout(everyone))
        inner = float(np.sqrt((reach[:main] ** 2).sum()))
        centres[:main] = np.array([found[number] for number in range(main)]) * inner
    sweeps = 500 if size <= 200 else 150
    for sweep in range(sweeps):
        if sweep < sweeps * 0.7:  # towards the middle, the more the farther out: fills a square, not a circle
            centres -= centres * (0.04 * (np.abs(centres) / span) ** 2 + 0.004)
        centres += _part(centres, reach)
    return centres


def _sunflower(rank: NDArray[np.floating]) -> Points:
    """Evenly spread points, the nth at distance sqrt(n)."""
    turn = rank * np.pi * (3 - np.sqrt(5))
    spread: Points = np.stack([np.cos(turn), np.sin(turn)], axis=1) * np.sqrt(rank)[:, None]
    return spread


def _settle(
    member: NDArray[np.int64],
    links: NDArray[np.int64],
    weights: Points,
    centres: Points,
    radii: Points,
    own: Points,
) -> Points:
    """Places inside the discs: towards the neighbours, away from whoever is too close."""
    count = len(member)
    home, room = centres[member], radii[member]
    rank = np.concatenate([np.arange(int(size)) for size in np.bincount(member)]).astype(np.float64)
    points: Points = home + _sunflower(rank)
    a, b = links[:, 0], links[:, 1]
    inner = np.where(member[a] == member[b], weights, weights * 0.25)[:, None]
    total = np.full((count, 1), 1e-9)
    np.add.at(total, a, inner)
    np.add.at(total, b, inner)
    sweeps = 160 if count <= 600 else 80
    for sweep in range(sweeps):
        goal = np.zeros((count, 2))
        np.add.at(goal, a, inner * points[b])
        np.add.at(goal, b, inner * points[a])
        pull = 0.25 * (1 - sweep / sweeps)
        points += pull * np.where(total > 1e-6, goal / total - points, 0)
        for _ in range(2):
            points += _part(points, own * 1.1)
        points = _inside(points, home, room)
    for _ in range(60):
        points = _inside(points + _part(points, own), home, room * 1.04)
    return points


def _inside(points: Points, home: Points, radius: Points) -> Points:
    """The points, those outside their disc moved to its rim."""
    offset = points - home
    distance = np.sqrt((offset**2).sum(axis=1))
    inside: Points = home + offset * np.minimum(1, radius / np.maximum(distance, 1e-9))[:, None]
    return inside


def _part(points: Points, room: Points) -> Points:
    """The step that takes points as far apart as the room of both."""
    pairs = cKDTree(points).query_pairs(2 * float(room.max()), output_type="ndarray")
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    delta = points[pairs[:, 0]] - points[pairs[:, 1]]
    distance = np.sqrt((delta**2).sum(axis=1))
    least = room[pairs[:, 0]] + room[pairs[:, 1]]
    step = delta * (np.clip(least - distance, 0, None) / np.maximum(distance, 1e-6) * 0.35)[:, None]
    moved: Points = np.zeros_like(points)
    np.add.at(moved, pairs[:, 0], step)
    np.add.at(moved, pairs[:, 1], -step)
    return moved


def _box(points: Points) -> Points:
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high > low, high - low, 1)
    return np.asarray(np.where(high > low, (points - low) / span * 2 - 1, 0), dtype=np.float64)
