"""What is named together with an entity, by how much more often than by chance."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.analysis.sightings import Lookup, Sighting, Snapshot
from kg.atlas.association import Weight, associate
from kg.index.incidence import LABELS, ROLES
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
    lookup, near = Lookup(snapshot), _Near.of(snapshot, slug, max(min_papers, 1))
    order = near.order(labels)
    found = tuple(
        Companion(
            entity,
            int(near.together[at]),
            round(float(near.strength[at]), 4),
            tuple(_sightings(snapshot, lookup, near.rows, int(near.others[at]))),
        )
        for at, entity in zip(order[:limit], lookup.entities(near.others[order[:limit]]), strict=True)
    )
    return Company(lookup.entity(near.column), found, len(order))


def circles(snapshot: Snapshot, slug: str, *, limit: int = 8) -> dict[Label, Company]:
    """The companions of each type, those without any left out; without sentences, so at once. Raises NotFoundError."""
    lookup, near = Lookup(snapshot), _Near.of(snapshot, slug, 1)
    orders = {label: near.order([label]) for label in Label}
    lookup.entities(near.others[np.concatenate([order[:limit] for order in orders.values()])])
    return {
        label: Company(
            lookup.entity(near.column),
            tuple(
                Companion(entity, int(near.together[at]), round(float(near.strength[at]), 4), ())
                for at, entity in zip(order[:limit], lookup.entities(near.others[order[:limit]]), strict=True)
            ),
            len(order),
        )
        for label, order in orders.items()
        if len(order)
    }


class _Near(NamedTuple):
    """The specific entities that papers name together with one, in how many of its papers, and how strongly."""

    column: int
    rows: NDArray[np.int32]
    others: NDArray[np.int64]
    labels: NDArray[np.uint8]
    together: NDArray[np.int64]
    strength: NDArray[np.float64]

    @classmethod
    def of(cls, snapshot: Snapshot, slug: str, least: int) -> "_Near":
        incidence = snapshot.incidence
        column, counts = incidence.column(slug), incidence.counts
        rows = np.asarray(incidence.papers_of(column)[0])
        together = np.bincount(incidence.by_paper[rows].indices, minlength=len(counts))
        kept = ~np.asarray(incidence.generic) & (together >= least)
        kept[column] = False
        others = np.flatnonzero(kept)
        shared = together[others]
        strength = associate(Weight.NPMI, shared, counts[column], counts[others], len(incidence.papers))
        return cls(column, rows, others, np.asarray(incidence.labels)[others], shared, strength)

    def order(self, labels: Collection[Label]) -> NDArray[np.int64]:
        """Positions of those of these types, the strongest first."""
        of_type = np.flatnonzero(np.isin(self.labels, [LABELS.index(label) for label in labels]))
        keys = (self.others[of_type], -self.together[of_type], -self.strength[of_type])
        return np.asarray(of_type[np.lexsort(keys)])


def _sightings(snapshot: Snapshot, lookup: Lookup, rows: NDArray[np.int32], column: int) -> list[Sighting]:
    there, surely, roles = snapshot.incidence.papers_of(column)
    at = np.flatnonzero(np.isin(there, rows))
    best = at[np.lexsort((there[at], -surely[at], roles[at] == ROLES.index(None)))[:PAPERS_SHOWN]]
    return [lookup.sighting(int(row), column) for row in there[best]]
