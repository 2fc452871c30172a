"""Gaps: methods that no paper names together with a task although papers do so with their siblings.

How surprising a gap is, is how many papers there should be: a method of ``n`` papers has ``n`` times the share of its
siblings' papers that name the task, where a sibling counts by how alike it is (see ``kg.analysis.siblings``). Where
siblings have few papers, that share is drawn towards the task's share of all papers. What a kind of the method was
tried on, or the method on a kind of the task, is no gap.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.analysis.siblings import Columns, Usage
from kg.analysis.sightings import Lookup, Sighting, Snapshot
from kg.errors import NotFoundError
from kg.index.incidence import LABELS, Incidence
from kg.model import Entity, Label

STRENGTH = 10.0
"""As so many papers counts what is known of a task before siblings are looked at."""
MIN_TRIED = 2
"""At least so many siblings must have been tried."""
MIN_LIFT = 1.5
"""How much more often than all papers those on siblings must name the task."""
MIN_PAPERS = 5
TRIALS_SHOWN = 3
# Methods that are looked at more closely for one task: those whose papers read most like papers on it.
_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Trial:
    """A sibling that was tried: in how many papers, and of one of them the sentences on the sibling and the task.

    ``likeness`` to the method is above 0; ``same_kind`` if both are direct kinds of one broader method.
    """

    sibling: Entity
    likeness: float
    same_kind: bool
    papers: int
    method: Sighting
    task: Sighting


@dataclass(frozen=True, slots=True)
class Gap:
    """A method and a task that no paper names together.

    There should be ``expected`` such papers: the method's, times ``rate``, the share of siblings' papers that name the
    task; ``base`` is its share of all papers. That there is none has the probability ``chance`` (Poisson). Of
    ``siblings`` that were looked at ``tried`` were tried, in ``papers`` papers, each counted once a sibling; ``trials``
    are those in most papers.
    """

    method: Entity
    task: Entity
    expected: float
    chance: float
    rate: float
    base: float
    siblings: int
    tried: int
    papers: int
    trials: tuple[Trial, ...]


def gaps_of_task(snapshot: Snapshot, slug: str, *, min_papers: int = MIN_PAPERS, limit: int = 20) -> list[Gap]:
    """Methods in at least ``min_papers`` papers that were never tried on a task, the most surprising first.

    Raises NotFoundError for what is no task.
    """
    incidence = snapshot.incidence
    task, usage = _column(incidence, slug, Label.TASK), Usage.of(incidence)
    counts = incidence.counts[usage.methods]
    hopeful = usage.likeness(task) * np.sqrt(counts)
    hopeful[(counts < min_papers) | np.isin(usage.methods, _tried(usage, task))] = 0
    best = np.lexsort((usage.methods, -hopeful.round(9)))[:_CANDIDATES]
    candidates = usage.methods[best[hopeful[best] > 0]]
    together, tasks = _together(incidence, incidence.papers_of(task)[0]), np.array([task])
    rows = (row for each in candidates for row in _rows(usage, int(each), tasks, lambda kin: together[kin][:, None]))
    return _told(snapshot, usage, list(rows), limit)


def gaps_of_method(snapshot: Snapshot, slug: str, *, min_papers: int = MIN_PAPERS, limit: int = 20) -> list[Gap]:
    """Tasks in at least ``min_papers`` papers that a method was never tried on, the most surprising first.

    Raises NotFoundError for what is no method.
    """
    incidence = snapshot.incidence
    method, usage = _column(incidence, slug, Label.METHOD), Usage.of(incidence)
    open_to = incidence.having([Label.TASK]) & ~np.asarray(incidence.generic) & (incidence.counts >= min_papers)
    open_to[_tried(usage, method)] = False
    tasks = np.flatnonzero(open_to)

    def used_for(siblings: Columns) -> NDArray[np.int64]:
        return np.array([_together(incidence, incidence.papers_of(int(each))[0])[tasks] for each in siblings])

    return _told(snapshot, usage, list(_rows(usage, method, tasks, used_for)), limit)


def _column(incidence: Incidence, slug: str, label: Label) -> int:
    column = incidence.column(slug)
    if LABELS[incidence.labels[column]] is not label:
        raise NotFoundError(label.value.lower(), slug)
    return column


def _tried(usage: Usage, column: int) -> Columns:
    """What papers name together with an entity or a kind of it, and all that this is a kind of."""
    kinds = usage.kinship.with_narrower(np.array([column]))
    rows = np.concatenate([usage.incidence.papers_of(int(kind))[0] for kind in kinds])
    return usage.kinship.with_broader(np.flatnonzero(_together(usage.incidence, np.unique(rows))))


def _together(incidence: Incidence, rows: NDArray[np.integer]) -> NDArray[np.int64]:
    """How many of these papers name each entity."""
    return np.bincount(incidence.by_paper[rows].indices, minlength=len(incidence.entities))


class _Row(NamedTuple):
    """A possible gap, in columns of the matrix; the most surprising sorts first."""

    unexpected: float
    method: int
    task: int
    rate: float
    base: float
    siblings: Columns
    likeness: NDArray[np.float64]
    papers: Columns
    """Of each sibling those that name the task."""


def _rows(
    usage: Usage, method: int, tasks: Columns, used_for: Callable[[Columns], NDArray[np.int64]]
) -> Iterator[_Row]:
    """The tasks that enough siblings of a method are used for: ``used_for`` gives papers, siblings x tasks."""
    incidence = usage.incidence
    siblings, likeness = usage.siblings(method)
    if not len(siblings):
        return
    together = used_for(siblings)
    weights = likeness / likeness.mean()
    base = incidence.counts[tasks] / len(incidence.papers)
    rate = (weights @ together + STRENGTH * base) / (weights @ incidence.counts[siblings] + STRENGTH)
    for at in np.flatnonzero(((together > 0).sum(axis=0) >= MIN_TRIED) & (rate >= MIN_LIFT * base)):
        expected = round(float(incidence.counts[method] * rate[at]), 3)
        yield _Row(
            -expected, method, int(tasks[at]), float(rate[at]), float(base[at]), siblings, likeness, together[:, at]
        )


def _told(snapshot: Snapshot, usage: Usage, rows: list[_Row], limit: int) -> list[Gap]:
    lookup = Lookup(snapshot)
    return [
        Gap(
            lookup.entity(row.method),
            lookup.entity(row.task),
            -row.unexpected,
            round(math.exp(row.unexpected), 6),
            round(row.rate, 6),
            round(row.base, 6),
            len(row.siblings),
            int((row.papers > 0).sum()),
            int(row.papers.sum()),
            tuple(_trials(usage, lookup, row)),
        )
        for row in sorted(rows, key=lambda row: row[:3])[:limit]
    ]


def _trials(usage: Usage, lookup: Lookup, row: _Row) -> Iterator[Trial]:
    """The siblings that share most papers with the task, each with the paper that does most with both and surest."""
    beside, rows = usage.kinship.beside(row.method), usage.incidence.papers_of(row.task)
    for at in np.lexsort((row.siblings, -row.papers))[:TRIALS_SHOWN]:
        if row.papers[at]:
            sibling = int(row.siblings[at])
            there = usage.incidence.papers_of(sibling)
            both, here, of_task = np.intersect1d(there[0], rows[0], assume_unique=True, return_indices=True)
            silent = (there[2][here] == 0).astype(int) + (rows[2][of_task] == 0)
            paper = int(both[np.lexsort((both, -there[1][here] * rows[1][of_task], silent))[0]])
            yield Trial(
                lookup.entity(sibling),
                round(float(row.likeness[at]), 4),
                sibling in beside,
                int(row.papers[at]),
                lookup.sighting(paper, sibling),
                lookup.sighting(paper, row.task),
            )
