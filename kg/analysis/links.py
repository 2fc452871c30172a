"""What links two given papers, side by side: all that they share, what counts nothing too, and what is said between."""

from dataclasses import dataclass
from typing import Protocol

from kg.analysis.related import Shared, Snapshot, Told
from kg.analysis.sharing import Side, shares
from kg.analysis.sightings import Titled
from kg.analysis.wording import SharedWords, Words
from kg.query.catalogue import Catalogue, Statement

STATEMENTS = 10


class Described(Snapshot, Protocol):
    """What is needed of a reader."""

    @property
    def catalogue(self) -> Catalogue:
        """What the graph says."""


@dataclass(frozen=True, slots=True)
class PaperLink:
    """Two papers of ``corpus``: ``score`` is the sum of the weights of ``shared``, 0 for hubs, and of ``wording``.

    ``statements`` relate an entity that only one of them names to one that only the other names.
    """

    here: Titled
    there: Titled
    corpus: int
    score: float
    shared: tuple[Shared, ...]
    wording: SharedWords | None
    statements: tuple[Statement, ...]

    @property
    def only_common(self) -> bool:
        """Whether they share things, but none that counts."""
        return bool(self.shared) and not any(each.weight for each in self.shared)


def link(snapshot: Described, here_id: str, there_id: str) -> PaperLink:
    """Explain a pair; raises NotFoundError for the first id that is no paper's."""
    weights, incidence = snapshot.weights, snapshot.incidence
    here, there = (Side.of(weights, incidence.row(paper_id)) for paper_id in (here_id, there_id))
    found = list(shares(weights, here, there))
    told = Told.of(snapshot, here, [(there, found)], Words.of(snapshot.word_weights, here.row))
    shared, (wording,) = told.shared(here, there, found), told.wording(here, [(there, found)])
    statements = snapshot.catalogue.statements_between(here_id, there_id, limit=STATEMENTS)
    return PaperLink(
        told.end(here),
        told.end(there),
        len(incidence.papers),
        sum(each.weight for each in shared) + (wording.weight if wording else 0.0),
        shared,
        wording,
        tuple(statements),
    )
