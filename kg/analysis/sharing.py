"""What two papers share: the same entities, and kinds of one thing, each with its weight in their score."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kg.index.weights import Weights


@dataclass(frozen=True, slots=True)
class Share:
    """One thing, by its column: the columns by which each paper names it or kinds of it, the strongest first."""

    column: int
    weight: float
    here: tuple[int, ...]
    there: tuple[int, ...]

    @property
    def through_parent(self) -> bool:
        """Whether at least one of the two names only a kind of it."""
        return self.here != (self.column,) or self.there != (self.column,)


@dataclass(frozen=True, slots=True)
class Side:
    """One paper: where in ``by_paper`` it names its entities, how strongly, and what it reaches by which of them.

    Things that have kinds are reached by naming them or a kind; of several the strongest comes first.
    """

    row: int
    cells: dict[int, int]
    strengths: dict[int, float]
    reaches: dict[int, tuple[int, ...]]

    @classmethod
    def of(cls, weights: Weights, row: int) -> "Side":
        """Of the paper in a row."""
        named, broader = weights.incidence.by_paper, weights.incidence.broader
        begin, end = named.indptr[row : row + 2].tolist()
        found = named.indices[begin:end]
        columns = found.tolist()
        strengths = dict(zip(columns, weights.strengths[begin:end].tolist(), strict=True))
        up = zip(broader.indptr[found].tolist(), broader.indptr[found + 1].tolist(), strict=True)
        parents = {
            column: [*broader.indices[first:last].tolist(), *([column] if kin else [])]
            for column, kin, (first, last) in zip(columns, weights.kin_papers[found].tolist(), up, strict=True)
            if kin or first < last
        }
        reaches: dict[int, list[int]] = {}
        for column in sorted(parents, key=lambda each: (-strengths[each], each)):
            for parent in parents[column]:
                reaches.setdefault(parent, []).append(column)
        cells = dict(zip(columns, range(begin, end), strict=True))
        return cls(row, cells, strengths, {parent: tuple(own) for parent, own in reaches.items()})


def shares(weights: Weights, here: Side, there: Side) -> Iterator[Share]:
    """All that two papers share, in no order, of weight 0 too.

    A thing whose kinds both name is shared only where these differ: what is named by both counts once.
    """
    for column in here.strengths.keys() & there.strengths.keys():
        weight = weights.rarity[column] * here.strengths[column] * there.strengths[column]
        yield Share(column, float(weight), (column,), (column,))
    for parent in here.reaches.keys() & there.reaches.keys():
        mine, theirs = here.reaches[parent], there.reaches[parent]
        if not set(mine) & set(theirs):
            weight = weights.kin_rarity[parent] * here.strengths[mine[0]] * there.strengths[theirs[0]]
            yield Share(parent, float(weight), mine, theirs)


def scores(
    weights: Weights, side: Side, labels: frozenset[int]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Rows of all papers that share something that counts with one, their scores, and how many such things.

    It is the sum of the weights of ``shares``, for all papers at once. Only entities of these ``labels`` count, which
    are numbers as the matrix has them.
    """
    size, kinds = weights.by_entity.shape[1], weights.incidence.labels
    rows: list[NDArray[np.int32]] = []
    parts: list[NDArray[np.float64]] = []
    for column, strength in side.strengths.items():
        if kinds[column] in labels and (factor := weights.rarity[column] * strength):
            found, strengths = _line(weights.by_entity, column)
            rows.append(found)
            parts.append(strengths * factor)
    same = np.zeros(size, dtype=np.bool_)
    for parent, own in side.reaches.items():
        if kinds[parent] in labels and (factor := weights.kin_rarity[parent] * side.strengths[own[0]]):
            found, strengths = _line(weights.kin, parent)
            for column in own:
                same[_line(weights.by_entity, column)[0]] = True
            differ = ~same[found]
            same[:] = False
            rows.append(found[differ])
            parts.append(strengths[differ] * factor)
    if not rows:
        return np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64)
    everyone = np.concatenate(rows)
    summed = np.asarray(np.bincount(everyone, np.concatenate(parts), size), dtype=np.float64)
    counted = np.bincount(everyone, minlength=size)
    summed[side.row] = 0
    papers = np.flatnonzero(summed)
    return papers, summed[papers], counted[papers]


def _line(matrix: csr_matrix, line: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    cells = slice(matrix.indptr[line], matrix.indptr[line + 1])
    return matrix.indices[cells], matrix.data[cells]
