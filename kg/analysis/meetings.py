"""Where an entity is named, and where two are named together: the papers, with the sentences of each."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.analysis.sightings import Lookup, Sighting, Snapshot
from kg.atlas.association import Weight, associate
from kg.atlas.pairs import Scope
from kg.index.incidence import ROLES
from kg.model import Entity


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two entities: how many of ``total`` papers name each of them, and both.

    ``expected`` papers would name both if they had nothing to do with each other; ``weight`` is the association.
    ``places`` are papers that name both, those that do so most surely first.
    """

    left: Entity
    right: Entity
    counts: tuple[int, int]
    papers: int
    total: int
    expected: float
    weight: float
    places: tuple[tuple[Sighting, Sighting], ...]


def meeting(snapshot: Snapshot, ends: tuple[str, str], scope: Scope, weight: Weight, *, limit: int = 8) -> Meeting:
    """What two entities share in the papers of ``scope``; raises NotFoundError."""
    incidence, lookup = snapshot.incidence, Lookup(snapshot)
    columns = [incidence.column(slug) for slug in ends]
    named = [_inside(scope, column) for column in columns]
    rows, left, right = np.intersect1d(named[0][0], named[1][0], assume_unique=True, return_indices=True)
    surely = named[0][1][left] * named[1][1][right]
    counts = len(named[0][0]), len(named[1][0])
    strength = associate(weight, len(rows), *counts, scope.total)
    shown = rows[np.lexsort((rows, -incidence.years[rows], -surely.round(2)))[:limit]].tolist()
    return Meeting(
        lookup.entity(columns[0]),
        lookup.entity(columns[1]),
        counts,
        len(rows),
        scope.total,
        round(counts[0] * counts[1] / max(scope.total, 1), 2),
        round(float(strength), 4),
        tuple((lookup.sighting(row, columns[0]), lookup.sighting(row, columns[1])) for row in shown),
    )


def sightings(snapshot: Snapshot, slug: str, scope: Scope, *, limit: int = 5) -> tuple[Sighting, ...]:
    """Papers of ``scope`` that name an entity: those that do something with it first, then by how surely they do.

    Raises NotFoundError.
    """
    incidence, lookup = snapshot.incidence, Lookup(snapshot)
    column = incidence.column(slug)
    rows, surely, idle = _inside(scope, column)
    best = np.lexsort((rows, -incidence.years[rows], -surely.round(2), idle))[:limit]
    return tuple(lookup.sighting(int(row), column) for row in rows[best])


def _inside(scope: Scope, column: int) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.bool_]]:
    """The papers that name an entity, how surely, and whether they do no more than that."""
    rows, surely, roles = scope.incidence.papers_of(column)
    kept = np.ones(len(rows), dtype=np.bool_) if scope.rows is None else scope.rows[rows]
    return np.asarray(rows)[kept], np.asarray(surely)[kept], np.asarray(roles)[kept] == ROLES.index(None)


def quoted(*sightings: Sighting) -> list[list[tuple[str, bool]]]:
    """The sentences of one paper, each once, cut into plain pieces and those that name one of the entities."""
    spans: dict[str, set[tuple[int, int]]] = {}
    for evidence in (each.evidence for each in sightings):
        if evidence:
            spans.setdefault(evidence.sentence, set()).add((evidence.start, evidence.end))
    return [_cut(sentence, sorted(places)) for sentence, places in spans.items()]


def _cut(sentence: str, places: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    inside = {at for start, end in places for at in range(start, end)}
    edges = sorted({0, len(sentence), *(edge for place in places for edge in place)})
    return [(sentence[a:b], a in inside) for a, b in pairwise(edges)]
