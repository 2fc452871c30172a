"""Entities and the papers that mention them → Network: scored, cut to a readable size, laid out."""

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.errors import NotFoundError
from kg.model import MAX_NODES, Edge, Entity, Evidence, Label, Network, Node
from kg.view.layout import arrange, communities

MAX_EGO = 150
"""Nor one around a single entity: past this it is a fan of spokes."""

RECURRING = 2
"""Papers from which on an entity recurs. One that does not says only what its paper says."""

MIN_MAP = 150
"""Entities of a single paper fill up a drawing only while fewer than this many recur."""

STRONGEST = 8
"""Links that every entity keeps, besides the spanning forest that holds the picture together."""

SECOND_HOP = 40
"""Where an entity has fewer neighbours than this, theirs are drawn too, up to this many in all."""

EVIDENCE = 3
"""Sentences an entity brings along."""


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Every two entities (as positions, ``left < right``) that share papers; sorted."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    papers: NDArray[np.int64]
    weight: NDArray[np.float64]

    def where(self, mask: NDArray[np.bool_]) -> "_Pairs":
        """The pairs that the mask picks."""
        return _Pairs(self.left[mask], self.right[mask], self.papers[mask], self.weight[mask])

    def within(self, kept: NDArray[np.bool_]) -> "_Pairs":
        """The pairs with both ends kept."""
        return self.where(kept[self.left] & kept[self.right])

    def partners(self, position: int) -> dict[int, float]:
        """The entities that one shares papers with, and how strongly."""
        own = self.where((self.left == position) | (self.right == position))
        return dict(zip((own.left + own.right - position).tolist(), own.weight.tolist(), strict=True))

    def degrees(self, size: int) -> NDArray[np.int64]:
        """The number of partners of each of ``size`` entities."""
        return np.bincount(np.concatenate([self.left, self.right]), minlength=size)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The positions that are drawn, most important first, and what they were cut from."""

    chosen: list[int]
    pairs: _Pairs
    total: int
    size: int
    centre: int | None = None


def cooccurrence(  # noqa: PLR0913 - the filters of one drawing; each is keyword-only and has a default
    entities: Mapping[str, Entity],
    papers: Mapping[str, Collection[str]],
    *,
    limit: int = 500,
    at_least: int = MIN_MAP,
    focus: str | None = None,
    min_papers: int = 1,
    labels: Collection[Label] = tuple(Label),
    evidence: Mapping[str, Sequence[Evidence]] = {},
    title: str = "Entities that share papers",
) -> Network:
    """The network of entities that occur in the same papers, or the part of it around ``focus``.

    ``papers`` maps a paper to the slugs it mentions. Generic entities, and those that ``labels`` or
    ``min_papers`` leave out, are not counted at all, except for ``focus`` itself. An edge counts the
    papers that two entities share; its weight is ``association``. What is drawn is what matters most:
    entities by their papers, then by the weight of their links to recurring entities; links by weight.
    Up to ``limit`` entities are drawn; those of one paper only as far as to have ``at_least`` that many.
    ``total_nodes``, ``total_edges`` and the degree of a node count what there was before that cut. The
    result depends on what the arguments hold, never on their order.
    """
    if focus is not None and focus not in entities:
        raise NotFoundError("entity", focus, difflib.get_close_matches(focus, entities, n=3))
    wanted = {slug for slug, e in entities.items() if e.label in labels and not e.generic} | {focus}
    counts = Counter(slug for slugs in papers.values() for slug in set(slugs) & wanted)
    slugs = sorted(slug for slug, n in counts.items() if n >= min_papers or slug == focus)
    count = np.array([counts[slug] for slug in slugs], dtype=np.int64)
    focus = focus if focus in counts else None
    drawn = _choose(slugs, count, _pairs(slugs, papers, count), (at_least, limit), focus)
    nodes, edges, clusters = _arranged(entities, slugs, count, drawn, evidence)
    return Network(title, nodes, edges, drawn.total, len(drawn.pairs.left), clusters, focus)


def _arranged(
    entities: Mapping[str, Entity],
    slugs: Sequence[str],
    count: NDArray[np.int64],
    drawn: _Drawn,
    evidence: Mapping[str, Sequence[Evidence]],
) -> tuple[tuple[Node, ...], tuple[Edge, ...], dict[int, str]]:
    """What is drawn, linked, grouped and in place."""
    graph = _backbone(drawn)
    groups = communities(graph)
    most = max((int(count[position]) for position in drawn.chosen), default=1)
    places = arrange(graph, groups, {position: (count[position] / most) ** 0.6 for position in drawn.chosen})
    cluster = {position: number for number, group in enumerate(groups) for position in group}
    degree = drawn.pairs.degrees(len(slugs))
    nodes = tuple(
        Node(
            id=(slug := slugs[position]),
            name=entities[slug].name,
            label=entities[slug].label,
            papers=int(count[position]),
            degree=int(degree[position]),
            x=places[position][0],
            y=places[position][1],
            cluster=cluster[position],
            evidence=tuple(evidence.get(slug, ())[:EVIDENCE]),
        )
        for position in drawn.chosen
    )
    links = sorted((min(a, b), max(a, b), data) for a, b, data in graph.edges(data=True))
    edges = tuple(Edge(slugs[a], slugs[b], papers=data["papers"], weight=data["weight"]) for a, b, data in links)
    leaders = [[position for position in drawn.chosen if cluster[position] == n][:2] for n in range(len(groups))]
    names = {n: " · ".join(entities[slugs[position]].name for position in top) for n, top in enumerate(leaders)}
    return nodes, edges, names


def association(
    shared: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64], total: int
) -> NDArray[np.float64]:
    """How much more often than by chance two entities meet, in [0, 1].

    Normalised pointwise mutual information (Bouma 2009), ``ln(p(ab) / p(a)p(b)) / -ln p(ab)``, with
    what is rarer than chance at 0, times the discount of Pantel & Lin (2002) for little data,
    ``n(ab) / (n(ab) + 1) * m / (m + 1)`` with ``m = min(n(a), n(b))``: without it the pairs that
    were seen once, together, would all have the highest weight.
    """
    together = shared / total
    information = np.log(shared * total / (left * right))
    surprise = -np.log(together)
    normal = np.divide(information, surprise, out=np.ones_like(information), where=surprise > 0)
    least = np.minimum(left, right)
    discount = shared / (shared + 1) * least / (least + 1)
    return np.asarray((normal.clip(0, 1) * discount).round(4), dtype=np.float64)


def _pairs(slugs: Sequence[str], papers: Mapping[str, Collection[str]], count: NDArray[np.int64]) -> _Pairs:
    """Counted as numbers ``left * size + right``, so that a large collection needs little memory."""
    size = len(slugs)
    position = {slug: number for number, slug in enumerate(slugs)}
    members = [sorted(position[slug] for slug in set(found) if slug in position) for found in papers.values()]
    codes = np.fromiter((a * size + b for row in members for a, b in combinations(row, 2)), dtype=np.int64)
    distinct, shared = np.unique(codes, return_counts=True)
    left, right = np.divmod(distinct, max(size, 1))
    total = sum(1 for row in members if row)
    return _Pairs(left, right, shared, association(shared, count[left], count[right], total))


def _ranks(pairs: _Pairs, count: NDArray[np.int64]) -> list[int]:
    """All positions, the most important first."""
    recurs = count >= RECURRING
    strength = np.zeros(len(count))
    np.add.at(strength, pairs.left, pairs.weight * recurs[pairs.right])
    np.add.at(strength, pairs.right, pairs.weight * recurs[pairs.left])
    keys = zip((-count).tolist(), (-strength.round(6)).tolist(), range(len(count)), strict=True)
    return [position for *_, position in sorted(keys)]


def _choose(
    slugs: Sequence[str], count: NDArray[np.int64], pairs: _Pairs, bounds: tuple[int, int], focus: str | None
) -> _Drawn:
    """What is drawn of all entities, or of those around ``focus``."""
    ranks = _ranks(pairs, count)
    at_least, limit = bounds[0], max(0, min(bounds[1], MAX_NODES))
    if focus is None:
        enough = max(at_least, int((count >= RECURRING).sum()))
        return _Drawn(ranks[: min(limit, enough)], pairs, len(slugs), len(slugs))
    near = _around(slugs.index(focus), pairs, ranks)
    inside = np.zeros(len(slugs), dtype=np.bool_)
    inside[near] = True
    return _Drawn(near[: min(limit, MAX_EGO)], pairs.within(inside), len(near), len(slugs), near[0])


def _around(centre: int, pairs: _Pairs, ranks: Iterable[int]) -> list[int]:
    """``centre``, what it shares papers with, strongest first, and, if that is little, their partners."""
    rank = {position: number for number, position in enumerate(ranks)}
    near = pairs.partners(centre)
    around = [centre, *sorted(near, key=lambda p: (-near[p], rank[p]))]
    if len(near) >= SECOND_HOP:
        return around
    reached: dict[int, float] = {}
    for position, weight in near.items():
        for other, onward in pairs.partners(position).items():
            reached[other] = reached.get(other, 0) + weight * onward
    further = sorted(reached.keys() - set(around), key=lambda p: (-round(reached[p], 6), rank[p]))
    return around + further[: SECOND_HOP - len(near)]


def _backbone(drawn: _Drawn) -> "nx.Graph[int]":
    """The links worth drawing: a maximum spanning forest, everyone's strongest, and all of the focus."""
    inside = np.zeros(drawn.size, dtype=np.bool_)
    inside[drawn.chosen] = True
    pairs = drawn.pairs.within(inside)
    full: nx.Graph[int] = nx.Graph()
    full.add_nodes_from(sorted(drawn.chosen))
    rows = zip(pairs.left.tolist(), pairs.right.tolist(), pairs.papers.tolist(), pairs.weight.tolist(), strict=True)
    full.add_edges_from((a, b, {"papers": papers, "weight": weight}) for a, b, papers, weight in rows)
    kept = nx.maximum_spanning_tree(full)
    for node in full:
        links = sorted(full[node], key=lambda n: (-full[node][n]["weight"], -full[node][n]["papers"], n))
        strongest = links if node == drawn.centre else links[:STRONGEST]
        kept.add_edges_from((node, other, full[node][other]) for other in strongest)
    return kept
