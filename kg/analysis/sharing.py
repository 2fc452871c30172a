"""What two papers share: the same entities, and kinds of one thing, each with its weight in their score."""

from bisect import bisect_left
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
    """One paper: the columns of its entities from cell ``begin`` of ``by_paper`` on, how strongly it names each, and
    the things that have kinds which it reaches, with the columns that it reaches them by, the strongest first.
    """  # noqa: D205 - one sentence

    row: int
    begin: int
    columns: list[int]
    strengths: dict[int, float]
    reaches: dict[int, list[int]]

    @classmethod
    def of(cls, weights: Weights, row: int, beside: "Side | None" = None) -> "Side":
        """Of the paper in a row; of what it reaches only what another does too, if there is one ``beside``."""
        named = weights.incidence.by_paper
        (begin, first), (end, last) = weights.begins[row : row + 2].tolist()
        columns = named.indices[begin:end].tolist()
        strengths = dict(zip(columns, weights.strengths[begin:end].tolist(), strict=True))
        reaches: dict[int, list[int]] = {}
        for parent, column in weights.reaches[first:last].tolist():
            if beside is None or parent in beside.reaches:
                reaches.setdefault(parent, []).append(column)
        for own in reaches.values():
            if len(own) > 1:
                own.sort(key=lambda column: (-strengths[column], column))
        return cls(row, begin, columns, strengths, reaches)

    def cell(self, column: int) -> int:
        """Where in ``by_paper`` it names an entity."""
        return self.begin + bisect_left(self.columns, column)


def shares(weights: Weights, here: Side, there: Side) -> Iterator[Share]:
    """All that two papers share, in no order, of weight 0 too.

    A thing whose kinds both name is shared only where these differ: what is named by both counts once.
    """
    for column in here.strengths.keys() & there.strengths.keys():
        weight = weights.rarity[column] * here.strengths[column] * there.strengths[column]
        yield Share(column, float(weight), (column,), (column,))
    for parent in here.reaches.keys() & there.reaches.keys():
        mine, theirs = here.reaches[parent], there.reaches[parent]
        if not any(column in theirs for column in mine):
            weight = weights.kin_rarity[parent] * here.strengths[mine[0]] * there.strengths[theirs[0]]
            yield Share(parent, float(weight), tuple(mine), tuple(theirs))


def scores(
    weights: Weights, side: Side, labels: frozenset[int], least: int = 1
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows of all papers that share at least so many things that count with one, and their scores.

    It is the sum of the weights of ``shares``, for all papers at once. Only entities of these ``labels`` count, which
    are numbers as the matrix has them.
    """
    size = weights.by_entity.shape[1]
    rows: list[NDArray[np.int32]] = []
    parts: list[NDArray[np.float64]] = []
    for _, factor, found, strengths in _lines(weights, weights.by_entity, weights.rarity, side.strengths, labels):
        rows.append(found)
        parts.append(strengths * factor)
    same = np.zeros(size, dtype=np.bool_)  # all false again after each use
    met, counting = _kin(weights, side, labels, same)
    if len(met):
        rows.append(met)
        parts.append(counting)
    if not rows:
        return np.zeros(0, np.int64), np.zeros(0)
    everyone = np.concatenate(rows)
    summed = np.asarray(np.bincount(everyone, np.concatenate(parts), size), dtype=np.float64)
    if least > 1:
        same[np.flatnonzero(np.bincount(everyone, minlength=size) >= least)] = True
    else:
        same[everyone] = True
    same[side.row] = False
    papers = np.flatnonzero(same)
    return papers, summed[papers]


def _kin(
    weights: Weights, side: Side, labels: frozenset[int], same: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Rows of papers that meet one only a step up, and what this counts; ``same`` is for notes."""
    strongest = {parent: side.strengths[own[0]] for parent, own in side.reaches.items()}
    rows, parts, named = [], [], []
    for parent, factor, found, strengths in _lines(weights, weights.kin, weights.kin_rarity, strongest, labels):
        naming = [_line(weights.by_entity, column) for column in side.reaches[parent]]
        for papers in naming:
            same[papers] = True
        named.append(same[found])
        for papers in naming:
            same[papers] = False
        rows.append(found)
        parts.append(strengths * factor)
    if not rows:
        return np.zeros(0, np.int32), np.zeros(0)
    differ = np.flatnonzero(~np.concatenate(named))
    return np.concatenate(rows)[differ], np.concatenate(parts)[differ]


def _lines(
    weights: Weights,
    matrix: csr_matrix,
    rarity: NDArray[np.float64],
    strengths: dict[int, float],
    labels: frozenset[int],
) -> Iterator[tuple[int, float, NDArray[np.int32], NDArray[np.float64]]]:
    """Of the entities that count: the column, rarity times strength, the rows of a matrix's line, and its numbers."""
    columns = np.fromiter(strengths, np.int64, len(strengths))
    factors = rarity[columns] * np.fromiter(strengths.values(), np.float64, len(strengths))
    counting = np.flatnonzero(factors)
    kinds = weights.incidence.labels[columns[counting]].tolist()
    begins, ends = (matrix.indptr[columns[counting] + step].tolist() for step in (0, 1))
    found = zip(columns[counting].tolist(), factors[counting].tolist(), kinds, begins, ends, strict=True)
    for column, factor, kind, begin, end in found:
        if kind in labels:
            yield column, factor, matrix.indices[begin:end], matrix.data[begin:end]


def _line(matrix: csr_matrix, line: int) -> NDArray[np.int32]:
    begin, end = matrix.indptr[line : line + 2].tolist()
    cells: NDArray[np.int32] = matrix.indices[begin:end]
    return cells
