"""What each further wish would leave of the papers that a reader has chosen so far: facets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.analysis.selection import Chosen, series
from kg.analysis.sightings import Lookup
from kg.model import Entity, Label, Role

OFTEN = 8
"""Entities of each type, and venues, that are offered to choose by."""


class Count(NamedTuple):
    """How many papers there would be with this value."""

    value: str
    papers: int


class Named(NamedTuple):
    """How many papers there would be that name an entity."""

    entity: Entity
    papers: int


class InYear(NamedTuple):
    """How many papers there would be of one year."""

    year: int
    papers: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What each value would leave, given all other wishes: ``years`` without gaps, ``undated`` papers apart.

    ``entities`` are those that most of the papers name, by type, without the chosen ones; ``of_venues`` counts all
    venues, of which ``venues`` are the most frequent. Roles are counted where there is something to have one.
    """

    years: tuple[InYear, ...]
    undated: int
    venues: tuple[Count, ...]
    of_venues: int
    roles: Mapping[Role, int]
    entities: Mapping[Label, tuple[Named, ...]]


def facets(chosen: Chosen) -> Facets:
    """Count what could be chosen next."""
    dated = np.bincount(chosen.incidence.years[chosen.fitting("years")], minlength=1)
    known = np.flatnonzero(dated[1:]) + 1
    years = range(int(known[0]), len(dated)) if len(known) else ()
    venues = _venues(chosen)
    return Facets(
        tuple(InYear(year, int(dated[year])) for year in years),
        int(dated[0]),
        tuple(venues[:OFTEN]),
        len(venues),
        _roles(chosen),
        _entities(chosen),
    )


def _venues(chosen: Chosen) -> list[Count]:
    names, venues = chosen.incidence.venue_names, chosen.incidence.venues[chosen.fitting("venue")]
    counts = np.bincount(venues[venues >= 0], minlength=len(names)).tolist()
    found: dict[str, int] = {}
    for name, papers in zip(names, counts, strict=True):
        if papers:
            found[series(name)] = found.get(series(name), 0) + papers
    return [Count(*each) for each in sorted(found.items(), key=lambda each: (-each[1], each[0]))]


def _roles(chosen: Chosen) -> dict[Role, int]:
    if not chosen.selection.entities and chosen.selection.label is None:
        return {}
    others = chosen.fitting("naming")
    counts = {role: int(np.count_nonzero(chosen.doing(role) & others)) for role in Role}
    return {role: papers for role, papers in counts.items() if papers}


def _entities(chosen: Chosen) -> dict[Label, tuple[Named, ...]]:
    incidence = chosen.incidence
    counts = incidence.counts
    if chosen.asked:
        inside = np.repeat(chosen.rows, np.diff(incidence.by_paper.indptr))
        counts = np.bincount(incidence.by_paper.indices[inside], minlength=len(counts))
    kept = (counts > 0) & ~np.asarray(incidence.generic)
    kept[[incidence.column(slug) for slug in chosen.selection.entities]] = False
    lookup = Lookup(chosen.snapshot)
    best = {label: _most(counts, kept & incidence.having([label])) for label in Label}
    lookup.entities(column for columns in best.values() for column in columns)
    return {
        label: tuple(map(Named, lookup.entities(columns), counts[columns].tolist()))
        for label, columns in best.items()
        if columns
    }


def _most(counts: NDArray[np.integer], kept: NDArray[np.bool_]) -> list[int]:
    """The columns with the highest counts, by these and then in their order."""
    columns = np.flatnonzero(kept)
    own = counts[columns]
    if len(columns) > OFTEN:
        least = np.partition(own, -OFTEN)[-OFTEN]
        columns, own = columns[own >= least], own[own >= least]
    found: list[int] = columns[np.lexsort((columns, -own))][:OFTEN].tolist()
    return found
