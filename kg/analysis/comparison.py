"""Papers beside each other: what each does with the entities that they name, those that tell most first.

An entity tells the more of papers the rarer it is and the more of them do something with it. A cell weighs
``ln(N / n)`` times how surely the paper names it, times ``NAMED_ONLY`` if it does no more; a column the sum of its
cells times their number, so that what papers share comes before what one of them has alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from kg.analysis.sightings import Lookup, Sighting, Snapshot, Titled
from kg.model import Entity, Label

NAMED_ONLY = 0.25
COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Column:
    """An entity, its ``weight``, and of each paper what it says of it, None where it does not name it."""

    entity: Entity
    weight: float
    cells: tuple[Sighting | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The most telling of ``total`` columns."""

    papers: tuple[Titled, ...]
    columns: tuple[Column, ...]
    total: int


def compare(
    snapshot: Snapshot, paper_ids: Sequence[str], labels: Collection[Label] = tuple(Label), *, limit: int = COLUMNS
) -> Comparison:
    """These papers, each once, by the entities of these types; generic ones are left out. Raises NotFoundError."""
    incidence, lookup = snapshot.incidence, Lookup(snapshot)
    rows = [incidence.row(each) for each in dict.fromkeys(paper_ids)]
    counts, specific = incidence.counts, incidence.having(labels) & ~np.asarray(incidence.generic)
    weights = dict[int, float]()
    named: list[set[int]] = []
    for row in rows:
        columns, surely, roles = incidence.entities_of(row)
        rarity = np.log(len(incidence.papers) / counts[columns]) * surely * np.where(roles == 0, NAMED_ONLY, 1.0)
        cells = {int(c): float(r) for c, r in zip(columns, rarity, strict=True) if specific[c]}
        named.append(set(cells))
        for column, weight in cells.items():
            weights[column] = weights.get(column, 0.0) + weight
    for column in weights:
        weights[column] *= sum(column in has for has in named)
    best = sorted(weights, key=lambda column: (-round(weights[column], 6), column))[:limit]
    found = tuple(
        Column(
            entity,
            round(weights[column], 4),
            tuple(
                lookup.sighting(row, column) if column in has else None for row, has in zip(rows, named, strict=True)
            ),
        )
        for column, entity in zip(best, lookup.entities(best), strict=True)
    )
    return Comparison(lookup.papers(rows), found, len(weights))
