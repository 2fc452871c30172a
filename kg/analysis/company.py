"""What is named together with an entity, by how much more often than by chance."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.analysis.sightings import Lookup, Sighting, Snapshot
from kg.atlas.association import Weight, associate
from kg.index.incidence import ROLES
from kg.model import Entity, Label

PAPERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Companion:
    """An entity that ``papers`` papers name together with another; ``association`` in [0, 1] is 0 for chance.

    ``sightings`` are of the papers that do most with it and name both most surely.
    """

    entity: Entity
    papers: int
    association: float
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """The strongest of ``total`` companions of an entity."""

    entity: Entity
    companions: tuple[Companion, ...]
    total: int


def company(
    snapshot: Snapshot, slug: str, labels: Collection[Label], *, min_papers: int = 1, limit: int = 20
) -> Company:
    """The entities of these types named with another in ``min_papers`` papers and more, the most strongly first.

    Generic ones are left out. Raises NotFoundError.
    """
    incidence, lookup = snapshot.incidence, Lookup(snapshot)
    column, counts = incidence.column(slug), incidence.counts
    rows = np.asarray(incidence.papers_of(column)[0])
    together = np.bincount(incidence.by_paper[rows].indices, minlength=len(counts))
    kept = incidence.having(labels) & ~np.asarray(incidence.generic) & (together >= max(min_papers, 1))
    kept[column] = False
    others = np.flatnonzero(kept)
    strength = associate(Weight.NPMI, together[others], counts[column], counts[others], len(incidence.papers))
    order = np.lexsort((others, -together[others], -strength))[:limit]
    found = tuple(
        Companion(
            entity,
            int(together[others[at]]),
            round(float(strength[at]), 4),
            tuple(_sightings(snapshot, lookup, rows, int(others[at]))),
        )
        for at, entity in zip(order, lookup.entities(others[order]), strict=True)
    )
    return Company(lookup.entity(column), found, len(others))


def _sightings(snapshot: Snapshot, lookup: Lookup, rows: NDArray[np.int32], column: int) -> list[Sighting]:
    there, surely, roles = snapshot.incidence.papers_of(column)
    at = np.flatnonzero(np.isin(there, rows))
    best = at[np.lexsort((there[at], -surely[at], roles[at] == ROLES.index(None)))[:PAPERS_SHOWN]]
    return [lookup.sighting(int(row), column) for row in there[best]]
