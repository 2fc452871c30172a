"""The matrix as a graph that is walked from both ends at once, by numbers; see ``kg.analysis.paths``.

What a path costs is what it takes to walk it by chance, as minus the logarithm: from an entity to one of its papers,
from a paper to one of its entities, each equally likely. So a common entity is an expensive way whatever its name, and
two rare ones in a row are a cheaper one. Of all paths through one middle only the cheapest counts, for the others are
variants of it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.index.incidence import Incidence
from kg.model import Label

MAX_SHARE = 0.05
"""An entity in more of the papers than this is on no way: half a field is behind it."""
MIN_CORPUS = 100
NAMED_ONLY = 0.5
"""How likely a paper is about an entity that it only names, beside one that it does something with."""
# So many ends are followed from each side, the cheapest; and so many middles are looked at.
_BEAM = 2000
_MIDDLES = 2000


class Level(NamedTuple):
    """What is reached by a number of hops and by no fewer: nodes in order, at what cost, and from where."""

    nodes: NDArray[np.int64]
    costs: NDArray[np.float64]
    before: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Walk:
    """The matrix as a graph: papers are numbered by their rows, entities by their columns after all papers.

    ``open`` are the entities that a path may lead over; costs are those of an end of a hop.
    """

    incidence: Incidence
    open: NDArray[np.bool_]
    paper_costs: NDArray[np.float64]
    entity_costs: NDArray[np.float64]

    @classmethod
    def over(cls, incidence: Incidence, labels: Collection[Label], ends: Sequence[int]) -> "Walk":
        """Over entities of these types and whatever lies at the ends."""
        papers, counts = len(incidence.papers), incidence.counts
        passable = incidence.having(labels) & ~np.asarray(incidence.generic) & (counts > 1)
        if papers >= MIN_CORPUS:
            passable &= counts <= papers * MAX_SHARE
        passable[[end - papers for end in ends if end >= papers]] = True
        sizes = np.diff(incidence.by_paper.indptr)
        # A node between is entered and left: half of its cost falls on either hop.
        return cls(incidence, passable, np.log(np.maximum(sizes, 1)) / 2, np.log(np.maximum(counts, 1)) / 2)

    def levels(self, node: int, depth: int) -> list[Level]:
        """What is reached from a node by 0, 1, ... ``depth`` hops."""
        found = [Level(np.array([node]), np.zeros(1), np.array([-1]))]
        while len(found) <= depth:
            seen = np.concatenate([level.nodes for level in found])
            found.append(self._next(found[-1], seen))
        return found

    def _next(self, level: Level, seen: NDArray[np.int64]) -> Level:
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


def _cheapest(nodes: NDArray[np.int64], costs: NDArray[np.float64], before: NDArray[np.int64]) -> Level:
    """Each node once, by its cheapest way, and the cheapest nodes alone."""
    order = np.lexsort((before, costs, nodes))
    first = order[np.unique(nodes[order], return_index=True)[1]]
    first = first[np.argsort(costs[first], kind="stable")[:_BEAM]]
    first = first[np.argsort(nodes[first])]
    return Level(nodes[first], costs[first], before[first])


def through_middles(start: list[Level], goal: list[Level], max_hops: int) -> Iterator[tuple[float, list[int]]]:
    """Costs and nodes of paths: of each node that both sides reach the cheapest through it, the cheapest first."""
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


def _back(levels: list[Level], at: int, node: int) -> list[int]:
    """From a node of a level to the one that all began with."""
    nodes = [node]
    for level in levels[at:0:-1]:
        nodes.append(int(level.before[np.searchsorted(level.nodes, nodes[-1])]))
    return nodes


def different(found: Iterable[tuple[float, list[int]]], k: int) -> list[tuple[float, list[int]]]:
    """The first ``k`` paths that go through nothing twice, and of whose inner nodes none before has over half."""
    kept: list[tuple[float, list[int]]] = []
    for cost, nodes in found:
        inner = set(nodes[1:-1])
        old = any(len(inner & set(other)) * 2 > len(inner) for _, other in kept)
        if len(set(nodes)) == len(nodes) and not old:
            kept.append((cost, nodes))
        if len(kept) >= k:
            break
    return kept
