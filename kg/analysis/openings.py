"""Three questions that this very graph answers well, with the beginnings of their answers: a place to start from."""

from dataclasses import dataclass

import numpy as np

from kg.analysis.company import Companion, company
from kg.analysis.related import Related, Snapshot, Wanted, related
from kg.analysis.sightings import Lookup, Sighting, Titled
from kg.index.incidence import ROLES
from kg.model import Entity, Label, Role

SHOWN = 3
_SEEDS = 12
"""Papers among which the pair is looked for that shares most."""


@dataclass(frozen=True, slots=True)
class Users:
    """Which papers use this method? ``total`` do; some of the newest, each with its sentence."""

    entity: Entity
    total: int
    papers: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class Partners:
    """What goes with this dataset? The methods that are named together with it most strongly."""

    entity: Entity
    companions: tuple[Companion, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Why are these two papers linked? They share most among those that were looked at."""

    here: Titled
    there: Related


@dataclass(frozen=True, slots=True)
class Openings:
    """The three; None where the graph has nothing of the kind."""

    users: Users | None
    partners: Partners | None
    pair: Pair | None


def openings(snapshot: Snapshot) -> Openings:
    """Choose and answer them. What too many papers name to tell anything of two is not asked about."""
    users = _users(snapshot)
    return Openings(users, _partners(snapshot), _pair(snapshot, users))


def _users(snapshot: Snapshot) -> Users | None:
    """Of the method that most papers use, or else name."""
    incidence = snapshot.incidence
    using = incidence.roles_by_entity == ROLES.index(Role.USES)
    owners = np.repeat(np.arange(len(incidence.entities)), np.diff(incidence.by_entity.indptr))
    uses = np.bincount(owners[using], minlength=len(incidence.entities))
    found = _foremost(snapshot, Label.METHOD, uses + incidence.counts / (len(incidence.papers) + 1))
    if found is None:
        return None
    rows, surely, roles = incidence.papers_of(found)
    kept = roles == ROLES.index(Role.USES) if uses[found] else np.ones(len(rows), dtype=np.bool_)
    rows, surely = rows[kept], surely[kept]
    order = np.lexsort((rows, -surely, -incidence.years[rows]))[:SHOWN]
    lookup = Lookup(snapshot)
    papers = tuple(lookup.sighting(int(row), found) for row in rows[order])
    return Users(lookup.entity(found), len(rows), papers)


def _partners(snapshot: Snapshot) -> Partners | None:
    """Of the dataset that most papers name and that recurs with methods."""
    found = _foremost(snapshot, Label.DATASET, snapshot.incidence.counts)
    if found is None:
        return None
    slug = snapshot.incidence.entities[found]
    often = company(snapshot, slug, [Label.METHOD], min_papers=2, limit=SHOWN)
    met = often if often.companions else company(snapshot, slug, [Label.METHOD], limit=SHOWN)
    return Partners(met.entity, met.companions) if met.companions else None


def _pair(snapshot: Snapshot, users: Users | None) -> Pair | None:
    """The two that share most, of those that use the method and papers spread over the corpus."""
    papers = snapshot.incidence.papers
    step = max(1, len(papers) // _SEEDS)
    seeds = [each.paper.id for each in users.papers] if users else []
    seeds += papers[::step][:_SEEDS]
    found = [(each, near) for each in dict.fromkeys(seeds) for near in related(snapshot, each, Wanted(limit=1))]
    if not found:
        return None
    seed, best = max(found, key=lambda pair: (len(pair[1].shared) > 1, pair[1].score, pair[0]))
    return Pair(Lookup(snapshot).paper(snapshot.incidence.row(seed)), best)


def _foremost(snapshot: Snapshot, label: Label, worth: np.ndarray[tuple[int], np.dtype[np.number]]) -> int | None:
    """The telling entity of a type that is worth most."""
    telling = snapshot.incidence.having([label]) & (snapshot.weights.rarity > 0) & (worth > 0)
    columns = np.flatnonzero(telling)
    return int(columns[np.lexsort((columns, -worth[columns]))[0]]) if len(columns) else None
