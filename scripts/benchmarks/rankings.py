"""The ways to find the papers related to one that scripts/bench related sets side by side, over one open snapshot."""

import heapq
from collections import defaultdict
from collections.abc import Callable
from typing import TypeAlias

import networkx as nx
import numpy as np
from scipy.sparse import hstack, vstack

from kg.analysis.ranking import ranking_query
from kg.analysis.related import Related, Wanted, related
from kg.workspace import Reader

LIMIT = 10
Ranking: TypeAlias = Callable[[int], object]
"""Takes the row of a paper and does all the work that an answer is."""


def ours(reader: Reader) -> Callable[[int], list[Related]]:
    """What the service runs: reasons, names, titles and sentences of both papers included."""
    papers, wanted = reader.incidence.papers, Wanted(limit=LIMIT)

    def rank(row: int) -> list[Related]:
        found = related(reader, papers[row], wanted)
        for each in found:
            _ = each.here, each.there
        return found

    return rank


def scipy(reader: Reader) -> Ranking:
    """The limit: one sparse product of the same weights and the rows of its largest sums, without a word of why.

    It counts what both papers name once more for what that is a kind of, which ours does not, and no words.
    """
    weights = reader.weights
    turned = vstack([weights.by_entity, weights.kin]).tocsr()
    parts = weights.by_entity.T.multiply(weights.rarity), weights.kin.T.multiply(weights.kin_rarity)
    weighted = hstack(parts).tocsr()
    weighted.eliminate_zeros()

    def rank(row: int) -> list[int]:
        found = weighted[row] @ turned
        best = found.data.argpartition(-LIMIT - 1)[-LIMIT - 1 :] if found.nnz > LIMIT else np.arange(found.nnz)
        rows: list[int] = found.indices[best[np.argsort(-found.data[best])]].tolist()
        return rows

    return rank


def sparql(reader: Reader) -> Ranking:
    """The same question, kinds of one thing included but no words, in SPARQL on pyoxigraph."""
    papers, wanted = reader.incidence.papers, Wanted(limit=LIMIT)

    def rank(row: int) -> list[object]:
        return list(reader.store.select(ranking_query(reader.weights, reader.iris, papers[row], wanted, {})))

    return rank


def networkx(reader: Reader) -> Ranking:
    """A walk over a bipartite graph that has the same weights on its edges: from paper to entity to paper."""
    weights, graph = reader.weights, nx.Graph()
    cells = weights.by_entity.tocoo()
    counting = weights.rarity[cells.row] > 0
    edges = zip(cells.row[counting].tolist(), cells.col[counting].tolist(), cells.data[counting].tolist(), strict=True)
    graph.add_nodes_from(range(cells.shape[1]))
    graph.add_weighted_edges_from((("entity", entity), paper, strength) for entity, paper, strength in edges)
    rarity = weights.rarity.tolist()

    def rank(row: int) -> list[int]:
        sums: dict[int, float] = defaultdict(float)
        for entity, edge in graph[row].items():
            factor = rarity[entity[1]] * edge["weight"]
            for paper, other in graph[entity].items():
                sums[paper] += factor * other["weight"]
        sums.pop(row, None)
        return heapq.nlargest(LIMIT, sums, key=sums.__getitem__)

    return rank


RANKINGS: dict[str, Callable[[Reader], Ranking]] = {each.__name__: each for each in (ours, scipy, sparql, networkx)}
