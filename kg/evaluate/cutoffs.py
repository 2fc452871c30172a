"""What would be left of roles and relations above a score, and how much of that would be right."""

from typing import NamedTuple

from kg.evaluate.counts import Counts, total
from kg.evaluate.facts import Facts, Matching, count_facts

STEPS = 20
PRECISION = 0.8
"""An edge is written only above a cutoff that has at least this precision."""


class Cutoff(NamedTuple):
    """A score, and the counts of what scores as much or more."""

    score: float
    counts: Counts


def cutoffs(facts: Facts, matching: Matching = Matching.NAMES, steps: int = STEPS) -> dict[str, list[Cutoff]]:
    """Kind and ``micro`` to the cutoffs, evenly from 0 to just under 1.

    Counted by names, since an edge of a graph joins names.
    """
    table: dict[str, list[Cutoff]] = {}
    for step in range(steps):
        for kind, counts in count_facts(facts, matching, step / steps).items():
            table.setdefault(kind, []).append(Cutoff(step / steps, total(counts)))
    return table


def lowest(table: list[Cutoff], precision: float = PRECISION, least: int = 1) -> Cutoff | None:
    """The first cutoff with that precision, which so has most recall; None without one, or if fewer are found there."""
    return next((each for each in table if each.counts.found >= least and each.counts.precision >= precision), None)
