"""The papers that name an entity, some of them chosen, in an order, a page at a time: by counting, not by reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.analysis.sightings import Lookup, Sighting, Snapshot
from kg.index.incidence import ROLES
from kg.model import Role


class Order(StrEnum):
    """Which papers come first; papers without a year come last by year."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TELLING = "telling"
    """Those that do something with the entity, the surest of them first."""


class Doing(StrEnum):
    """What a paper does with an entity, as it is asked for; ``NAMES`` is to do nothing more."""

    PROPOSES = "proposes"
    USES = "uses"
    COMPARES = "compares"
    EVALUATES = "evaluates"
    ADDRESSES = "addresses"
    REPORTS = "reports"
    NAMES = "names"

    @property
    def role(self) -> Role | None:
        """The role that this is."""
        return None if self is Doing.NAMES else Role(self.value)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which of the papers: by what they do, of these years, both included, that name ``beside``, a slug, as well."""

    doing: Doing | None = None
    year_from: int | None = None
    year_to: int | None = None
    beside: str | None = None

    @property
    def all(self) -> bool:
        """Whether that is every one."""
        return self == Chosen()


@dataclass(frozen=True, slots=True)
class Namings:
    """``shown`` are some of ``total`` papers; ``doing`` counts all that name the entity, by what they do with it."""

    shown: tuple[Sighting, ...]
    total: int
    doing: Mapping[Doing, int]


def namings(
    snapshot: Snapshot, slug: str, chosen: Chosen, *, order: Order = Order.NEWEST, start: int = 0, limit: int = 20
) -> Namings:
    """The papers from ``start`` on that name an entity; raises NotFoundError, of ``chosen.beside`` too."""
    lookup, column = Lookup(snapshot), snapshot.incidence.column(slug)
    _, _, roles = snapshot.incidence.papers_of(column)
    rows = _ordered(snapshot, column, chosen, order)
    counts = np.bincount(roles, minlength=len(ROLES)).tolist()
    return Namings(
        tuple(lookup.sighting(row, column) for row in rows[start : start + limit].tolist()),
        len(rows),
        {doing: counts[ROLES.index(doing.role)] for doing in Doing if counts[ROLES.index(doing.role)]},
    )


def paper_ids(snapshot: Snapshot, slug: str, chosen: Chosen, order: Order = Order.NEWEST) -> list[str]:
    """The ids of all of them; raises as ``namings`` does."""
    rows = _ordered(snapshot, snapshot.incidence.column(slug), chosen, order)
    return [snapshot.incidence.papers[row] for row in rows.tolist()]


def _ordered(snapshot: Snapshot, column: int, chosen: Chosen, order: Order) -> NDArray[np.int32]:
    incidence = snapshot.incidence
    rows, surely, roles = incidence.papers_of(column)
    years = incidence.years[rows]
    kept = np.ones(len(rows), dtype=np.bool_)
    if chosen.doing is not None:
        kept &= roles == ROLES.index(chosen.doing.role)
    if chosen.year_from is not None:
        kept &= years >= chosen.year_from
    if chosen.year_to is not None:
        kept &= (years <= chosen.year_to) & (years > 0)
    if chosen.beside is not None:
        kept &= np.isin(rows, incidence.papers_of(incidence.column(chosen.beside))[0])
    rows, surely, silent, years = rows[kept], surely[kept], roles[kept] == 0, years[kept].astype(np.int32)
    undated = np.where(years > 0, years, 1 << 15)
    keys: Mapping[Order, tuple[NDArray[Any], ...]] = {
        Order.NEWEST: (rows, -surely, silent, -years),
        Order.OLDEST: (rows, -surely, silent, undated),
        Order.TELLING: (rows, -years, -surely, silent),
    }
    return np.asarray(rows[np.lexsort(keys[order])])
