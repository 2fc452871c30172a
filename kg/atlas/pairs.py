"""Entities that share papers, in pairs: sparse products over the rows that matter, and the links worth drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

from kg.atlas.association import Weight, associate
from kg.index.incidence import Incidence

STRONGEST = 8
"""Links that every entity keeps, besides the spanning forest that holds the picture together."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Scope:
    """The papers that are counted: all, or those that ``rows`` says True for."""

    incidence: Incidence
    rows: NDArray[np.bool_] | None = None

    @cached_property
    def total(self) -> int:
        """How many papers."""
        return len(self.incidence.papers) if self.rows is None else int(self.rows.sum())

    @cached_property
    def counts(self) -> Numbers:
        """How many of them name each entity."""
        if self.rows is None:
            return self.incidence.counts
        named = self.incidence.by_paper[np.flatnonzero(self.rows)].indices
        return np.bincount(named, minlength=len(self.incidence.entities))

    @cached_property
    def _cells(self) -> csr_matrix:
        return _ones(self.incidence.by_paper)

    def naming(self, columns: NDArray[np.integer]) -> csr_matrix:
        """Which papers name each of these entities: entities x all papers, of ones."""
        turned = _ones(self.incidence.by_entity[columns])
        if self.rows is not None:
            turned.data *= self.rows[turned.indices]
            turned.eliminate_zeros()
        return turned

    def shared(self, columns: NDArray[np.integer]) -> csr_matrix:
        """For each of these entities, how many papers it shares with each entity of all: entities x all entities."""
        return self.naming(columns) @ self._cells


def _ones(matrix: csr_matrix) -> csr_matrix:
    cells = np.ones(len(matrix.indices), dtype=np.int32), np.asarray(matrix.indices), np.asarray(matrix.indptr)
    return csr_matrix(cells, shape=matrix.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Every two of ``size`` entities that share papers, as positions among these, ``left < right``; sorted."""

    left: Numbers
    right: Numbers
    papers: Numbers
    weight: NDArray[np.float64]
    size: int

    def __len__(self) -> int:
        """How many pairs."""
        return len(self.left)

    def where(self, kept: NDArray[np.bool_]) -> "Pairs":
        """The pairs that a mask picks."""
        return Pairs(self.left[kept], self.right[kept], self.papers[kept], self.weight[kept], self.size)

    @property
    def degrees(self) -> Numbers:
        """In how many of the pairs each entity is."""
        return np.bincount(np.concatenate([self.left, self.right]), minlength=self.size)

    def graph(self) -> "nx.Graph[int]":
        """All entities and these pairs, with ``papers`` and ``weight``."""
        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(range(self.size))
        rows = zip(*(each.tolist() for each in (self.left, self.right, self.papers, self.weight)), strict=True)
        graph.add_edges_from((a, b, {"papers": papers, "weight": weight}) for a, b, papers, weight in rows)
        return graph


def pairs(scope: Scope, columns: NDArray[np.integer], weight: Weight) -> Pairs:
    """What these entities share in the papers of ``scope``."""
    named = scope.naming(columns)
    shared = (named @ named.T).tocoo()
    upper = shared.row < shared.col
    left, right, papers = (each[upper].astype(np.int64) for each in (shared.row, shared.col, shared.data))
    order = np.lexsort((right, left))
    left, right, papers = left[order], right[order], papers[order]
    count = scope.counts[columns]
    strength = associate(weight, papers, count[left], count[right], scope.total)
    return Pairs(left, right, papers, strength, len(columns))


def backbone(
    found: Pairs, *, strongest: int = STRONGEST, centre: int | None = None, always: Sequence[Sequence[int]] = ()
) -> Pairs:
    """The pairs worth drawing: a maximum spanning forest, the ``strongest`` of each entity, and all of ``centre``.

    Those in ``always``, the smaller end first, are worth it whatever they are.
    """
    size, order = found.size, np.lexsort((found.right, found.left, -found.papers, -found.weight))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    kept = (found.left == centre) | (found.right == centre) if centre is not None else np.zeros(len(rank), np.bool_)
    kept |= np.isin(found.left * size + found.right, [left * size + right for left, right in always])
    costs = coo_matrix((rank + 1.0, (found.left, found.right)), shape=(size, size)).tocsr()
    kept[order[minimum_spanning_tree(costs).data.astype(np.int64) - 1]] = True
    ends, both = np.concatenate([found.left, found.right]), np.concatenate([rank, rank])
    by_end = np.lexsort((both, ends))
    begins = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=size))])
    place = np.arange(len(ends)) - begins[ends[by_end]]
    kept[order[both[by_end][place < strongest]]] = True
    return found.where(kept)


def foremost(most: int, *keys: NDArray[np.generic]) -> Numbers:
    """Where the ``most`` least are by several keys, the last one first as in ``np.lexsort``, without sorting all."""
    first = keys[-1]
    if len(first) <= most:
        return np.lexsort(keys)
    near = np.flatnonzero(first <= np.partition(first, most)[most])
    return near[np.lexsort(tuple(key[near] for key in keys))][:most]
