"""Paths between papers and entities: from a paper to what it names, on to another paper that names it, and so on.

A path costs what it takes to walk it by chance, as minus the logarithm: from an entity to one of its papers, from a
paper to one of its entities, each equally likely. So a common entity is an expensive way whatever its name, and two
rare ones in a row are a cheaper one. Of all paths through one middle only the cheapest counts, for the others are
variants of it.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.analysis.sightings import Lookup, Sighting, Snapshot, Titled
from kg.errors import AmbiguousError, NotFoundError
from kg.index.incidence import Incidence
from kg.iri import Kind
from kg.model import Entity, Label

MAX_HOPS = 8
MAX_SHARE = 0.05
"""An entity in more of the papers than this is on no way: half a field is behind it."""
MIN_CORPUS = 100
NAMED_ONLY = 0.5
"""How likely a paper is about an entity that it only names, beside one that it does something with."""
# So many ends are followed from each side, the cheapest; and so many middles are looked at.
_BEAM = 2000
_MIDDLES = 2000


class End(NamedTuple):
    """Where a path begins or ends: a paper's id or an entity's slug."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path, in whichever direction it is walked: a paper names an entity."""

    entity: Entity
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Way:
    """A path: papers and entities in turns, and the hops between them; ``cost`` is in nats, less is better."""

    cost: float
    nodes: tuple[Titled | Entity, ...]
    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The paths between two ends, the cheapest first; without any, ``reason`` says why."""

    start: Titled | Entity
    goal: Titled | Entity
    ways: tuple[Way, ...]
    reason: str = ""


def find_end(incidence: Incidence, text: str) -> End:
    """What ``paper:ID``, ``entity:SLUG`` or either without its prefix means.

    Raises NotFoundError, and AmbiguousError for what is both.
    """
    kind, colon, rest = text.partition(":")
    known = {Kind.PAPER: incidence.papers, Kind.ENTITY: incidence.entities}
    if colon and kind in (Kind.PAPER, Kind.ENTITY):
        if known[Kind(kind)].find(rest) is None:
            raise NotFoundError(kind, rest)
        return End(Kind(kind), rest)
    found = [End(kind, text) for kind, names in known.items() if names.find(text) is not None]
    if not found:
        raise NotFoundError("paper or entity", text)
    if len(found) > 1:
        raise AmbiguousError("thing", text, [f"{each.kind}:{each.name}" for each in found])
    return found[0]


def find_ways(
    snapshot: Snapshot,
    start: End,
    goal: End,
    *,
    k: int = 3,
    max_hops: int = 6,
    labels: Collection[Label] = tuple(Label),
) -> Ways:
    """The ``k`` cheapest paths of at most ``max_hops`` hops that differ in at least half of what lies between.

    Neither half of a path makes a detour: it comes to its middle in as few hops as can be. ``labels`` are the types
    that entities between the ends may have. Generic ones, those in over ``MAX_SHARE`` of the papers and those of one
    paper lie on no path. Raises NotFoundError.
    """
    incidence, lookup = snapshot.incidence, Lookup(snapshot)
    ends = [_node(incidence, end) for end in (start, goal)]
    named = [_named(lookup, incidence, node) for node in ends]
    if ends[0] == ends[1]:
        return Ways(named[0], named[1], (), "both ends are the same")
    walk = _Walk.over(incidence, labels, ends)
    depth = math.ceil(max_hops / 2)
    sides = [walk.levels(node, depth) for node in ends]
    ways = [
        Way(
            round(cost, 4),
            tuple(_named(lookup, incidence, node) for node in nodes),
            tuple(_hops(lookup, incidence, nodes)),
        )
        for cost, nodes in _different(_through_middles(sides[0], sides[1], max_hops), k)
    ]
    reason = "" if ways else _reason(named, sides, max_hops, labels)
    return Ways(named[0], named[1], tuple(ways), reason)


def _node(incidence: Incidence, end: End) -> int:
    """Papers are numbered by their rows, entities by their columns after all papers."""
    if end.kind is Kind.PAPER:
        return incidence.row(end.name)
    return len(incidence.papers) + incidence.column(end.name)


def _named(lookup: Lookup, incidence: Incidence, node: int) -> Titled | Entity:
    papers = len(incidence.papers)
    return lookup.paper(node) if node < papers else lookup.entity(node - papers)


def _hops(lookup: Lookup, incidence: Incidence, nodes: Sequence[int]) -> Iterator[Hop]:
    for one, other in pairwise(nodes):
        row, column = min(one, other), max(one, other) - len(incidence.papers)
        yield Hop(lookup.entity(column), lookup.sighting(row, column))


class _Level(NamedTuple):
    """What is reached by a number of hops and by no fewer: nodes in order, at what cost, and from where."""

    nodes: NDArray[np.int64]
    costs: NDArray[np.float64]
    before: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Walk:
    """The matrix as a graph: the ends of each hop, and which entities may lie between."""

    incidence: Incidence
    open: NDArray[np.bool_]
    paper_costs: NDArray[np.float64]
    entity_costs: NDArray[np.float64]

    @classmethod
    def over(cls, incidence: Incidence, labels: Collection[Label], ends: Sequence[int]) -> "_Walk":
        papers, counts = len(incidence.papers), incidence.counts
        passable = incidence.having(labels) & ~np.asarray(incidence.generic) & (counts > 1)
        if papers >= MIN_CORPUS:
            passable &= counts <= papers * MAX_SHARE
        passable[[end - papers for end in ends if end >= papers]] = True
        sizes = np.diff(incidence.by_paper.indptr)
        # A node between is entered and left: half of its cost falls on either hop.
        return cls(incidence, passable, np.log(np.maximum(sizes, 1)) / 2, np.log(np.maximum(counts, 1)) / 2)

    def levels(self, node: int, depth: int) -> list[_Level]:
        """What is reached from a node by 0, 1, ... ``depth`` hops."""
        found = [_Level(np.array([node]), np.zeros(1), np.array([-1]))]
        while len(found) <= depth:
            seen = np.concatenate([level.nodes for level in found])
            found.append(self._next(found[-1], seen))
        return found

    def _next(self, level: _Level, seen: NDArray[np.int64]) -> _Level:
        papers = len(self.incidence.papers)
        to_entities = bool(len(level.nodes)) and level.nodes[0] < papers
        matrix = self.incidence.by_paper if to_entities else self.incidence.by_entity
        roles = self.incidence.roles if to_entities else self.incidence.roles_by_entity
        from_there = level.nodes if to_entities else level.nodes - papers
        cells, origin = _cells(matrix, from_there)
        others = matrix.indices[cells].astype(np.int64)
        here, there = self.paper_costs, self.entity_costs
        if not to_entities:
            here, there = there, here
        sure = np.asarray(matrix.data[cells], dtype=np.float64) * np.where(roles[cells] == 0, NAMED_ONLY, 1.0)
        costs = level.costs[origin] + here[from_there[origin]] + there[others] - np.log(sure)
        kept = self.open[others] if to_entities else np.ones(len(others), dtype=np.bool_)
        nodes = others + papers if to_entities else others
        kept &= ~np.isin(nodes, seen)
        return _cheapest(nodes[kept], costs[kept], level.nodes[origin[kept]])


def _cells(matrix: Any, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # noqa: ANN401 - csr
    """Positions of all cells of these rows, and of each the position of its row among ``rows``."""
    begins, sizes = matrix.indptr[rows], np.diff(matrix.indptr)[rows]
    origin = np.repeat(np.arange(len(rows)), sizes)
    first = np.cumsum(sizes) - sizes
    return np.arange(len(origin)) - first[origin] + begins[origin], origin


def _cheapest(nodes: NDArray[np.int64], costs: NDArray[np.float64], before: NDArray[np.int64]) -> _Level:
    """Each node once, by its cheapest way, and the cheapest nodes alone."""
    order = np.lexsort((before, costs, nodes))
    first = order[np.unique(nodes[order], return_index=True)[1]]
    first = first[np.argsort(costs[first], kind="stable")[:_BEAM]]
    first = first[np.argsort(nodes[first])]
    return _Level(nodes[first], costs[first], before[first])


def _through_middles(start: list[_Level], goal: list[_Level], max_hops: int) -> Iterator[tuple[float, list[int]]]:
    """Of each node that both sides reach the cheapest path through it, the cheapest first."""
    found: list[tuple[float, int, int, int]] = []
    for hops in range(1, max_hops + 1):
        there = hops // 2
        here = hops - there
        middles, at, other = np.intersect1d(
            start[here].nodes, goal[there].nodes, assume_unique=True, return_indices=True
        )
        costs = start[here].costs[at] + goal[there].costs[other]
        found += [(float(cost), here, there, int(node)) for cost, node in zip(costs, middles, strict=True)]
    found.sort()
    for cost, here, there, node in found[:_MIDDLES]:
        yield cost, [*reversed(_back(start, here, node)), *_back(goal, there, node)[1:]]


def _back(levels: list[_Level], at: int, node: int) -> list[int]:
    """From a node of a level to the one that all began with."""
    nodes = [node]
    for level in levels[at:0:-1]:
        nodes.append(int(level.before[np.searchsorted(level.nodes, nodes[-1])]))
    return nodes


def _different(found: Iterable[tuple[float, list[int]]], k: int) -> list[tuple[float, list[int]]]:
    """The first ``k`` that go through nothing twice, and of whose inner nodes none before has over half."""
    kept: list[tuple[float, list[int]]] = []
    for cost, nodes in found:
        inner = set(nodes[1:-1])
        old = any(len(inner & set(other)) * 2 > len(inner) for _, other in kept)
        if len(set(nodes)) == len(nodes) and not old:
            kept.append((cost, nodes))
        if len(kept) >= k:
            break
    return kept


def _reason(
    named: Sequence[Titled | Entity], sides: Sequence[list[_Level]], max_hops: int, labels: Collection[Label]
) -> str:
    what = "entity" if set(labels) == set(Label) else " or ".join(label.value.lower() for label in labels)
    for end, levels in zip(named, sides, strict=True):
        if isinstance(end, Titled) and not len(levels[1].nodes):
            return f"{end.title!r} names no {what} that is specific and in another paper"
    return f"no path of at most {max_hops} hops over a specific {what} joins them"
