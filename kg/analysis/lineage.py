"""What an entity is a kind of, and what is a kind of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.analysis.sightings import Lookup, Snapshot
from kg.index.incidence import Incidence
from kg.model import Entity

STEPS = 4
"""As many steps up are told."""
KINDS = 60
"""As many kinds at most, those in most papers."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """``above`` has a tuple for each step up, the nearest first; ``kinds`` are the foremost of ``total``."""

    above: tuple[tuple[Entity, ...], ...]
    kinds: tuple[Entity, ...]
    total: int

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.above or self.kinds)


def lineage(snapshot: Snapshot, slug: str) -> Lineage:
    """Of one entity, each other one once, those in most papers first; raises NotFoundError."""
    incidence, lookup = snapshot.incidence, Lookup(snapshot)
    column = incidence.column(slug)
    above = list(_steps_up(incidence, column))
    kinds = _by_papers(incidence, _narrower(incidence, column) - {column}.union(*above))
    return Lineage(
        tuple(lookup.entities(_by_papers(incidence, step)) for step in above),
        lookup.entities(kinds[:KINDS]),
        len(kinds),
    )


def _steps_up(incidence: Incidence, column: int) -> Iterator[set[int]]:
    """The hierarchy is made by many hands: it may join again further up, and lead in circles."""
    seen, last = {column}, {column}
    for _ in range(STEPS):
        last = {broad for each in last for broad in _broader(incidence, each)} - seen
        if not last:
            return
        seen |= last
        yield last


def _broader(incidence: Incidence, column: int) -> list[int]:
    matrix = incidence.broader
    found: list[int] = matrix.indices[matrix.indptr[column] : matrix.indptr[column + 1]].tolist()
    return found


def _narrower(incidence: Incidence, column: int) -> set[int]:
    matrix = incidence.broader
    cells = np.flatnonzero(matrix.indices == column)
    return set((np.searchsorted(matrix.indptr, cells, side="right") - 1).tolist())


def _by_papers(incidence: Incidence, columns: set[int]) -> list[int]:
    counts = {each: int(np.diff(incidence.by_entity.indptr[each : each + 2])[0]) for each in columns}
    return sorted(columns, key=lambda each: (-counts[each], each))
