"""What links two given papers, side by side: all that they share, what counts nothing too, and what is said between."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kg.analysis.related import Shared, Snapshot, Told
from kg.analysis.sharing import Side, shares
from kg.analysis.sightings import Lookup, Titled
from kg.model import Entity
from kg.query.catalogue import Catalogue, Statement

STATEMENTS = 10


class Described(Snapshot, Protocol):
    """What is needed of a reader."""

    @property
    def catalogue(self) -> Catalogue:
        """What the graph says."""


@dataclass(frozen=True, slots=True)
class PaperLink:
    """Two papers of ``corpus``: ``score`` is the sum of the weights of ``shared``, which are 0 for hubs.

    ``statements`` relate an entity that only one of them names to one that only the other names.
    """

    here: Titled
    there: Titled
    corpus: int
    score: float
    shared: tuple[Shared, ...]
    statements: tuple[Statement, ...]

    @property
    def only_common(self) -> bool:
        """Whether they share something, but nothing that counts."""
        return bool(self.shared) and not self.score


def link(snapshot: Described, here_id: str, there_id: str) -> PaperLink:
    """Explain a pair; raises NotFoundError for the first id that is no paper's."""
    weights, incidence = snapshot.weights, snapshot.incidence
    here, there = (Side.of(weights, incidence.row(paper_id)) for paper_id in (here_id, there_id))
    found = list(shares(weights, here, there))
    told = Told.of(snapshot, here, [(there, found)])
    shared = told.shared(here, there, found)
    statements = snapshot.catalogue.statements_between(here_id, there_id, limit=STATEMENTS)
    return PaperLink(
        told.end(here),
        told.end(there),
        len(incidence.papers),
        sum(each.weight for each in shared),
        shared,
        tuple(statements),
    )


@dataclass(frozen=True, slots=True)
class Alone:
    """What one of two papers names and the other does not: the most telling ``entities`` of ``total`` specific ones."""

    entities: tuple[Entity, ...]
    total: int


def apart(snapshot: Snapshot, here_id: str, there_id: str, *, limit: int = 12) -> tuple[Alone, Alone]:
    """What only the first of two papers names, and what only the second does; raises NotFoundError as ``link`` does."""
    incidence = snapshot.incidence
    here, there = incidence.row(here_id), incidence.row(there_id)
    return _alone(snapshot, here, there, limit), _alone(snapshot, there, here, limit)


def _alone(snapshot: Snapshot, row: int, other: int, limit: int) -> Alone:
    """By how much each would weigh if it were shared, which what is in most papers would not."""
    weights, incidence = snapshot.weights, snapshot.incidence
    side, named = Side.of(weights, row), incidence.entities_of(other)[0]
    columns = np.array([each for each in side.columns if not incidence.generic[each]], dtype=np.int64)
    columns = columns[~np.isin(columns, named)]
    weight = np.array([float(weights.rarity[each]) * side.strengths[each] for each in columns.tolist()])
    best = columns[np.lexsort((columns, -weight))][:limit]
    return Alone(Lookup(snapshot).entities(best.tolist()), len(columns))
