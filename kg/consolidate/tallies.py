"""What the mentions in the store count for, entity by entity; of what many papers mention it is kept in mind."""

from collections.abc import Mapping
from decimal import Decimal

from rdflib.term import Node

from kg.graph.entities import Tally
from kg.graph.terms import LABELS
from kg.iri import Iris
from kg.protocols import Store
from kg.query import library

# Reading a tally again takes as long as it counts mentions, so what is counted little is not worth its memory.
HUB = 8
MOST = 50_000


class Tallies:
    """Tallies of one store, which nobody else changes meanwhile."""

    def __init__(self, store: Store, iris: Iris) -> None:
        """Nothing is read before it is asked for."""
        self._store = store
        self._iris = iris
        self._kept: dict[str, Tally] = {}

    def take(self, slug: str, papers: int) -> Tally:
        """That of an entity of so many papers, to do with it what one likes: it is not kept any longer."""
        tally = self._kept.pop(slug, None)
        if tally is None:
            tally = Tally(papers=papers)
            if papers:
                self._read(slug, tally)
        return tally

    def keep(self, tallies: Mapping[str, Tally]) -> None:
        """Keep in mind what now stands in the store; nobody changes these tallies any more."""
        for slug, tally in tallies.items():
            if tally.papers >= HUB and len(self._kept) < MOST:
                self._kept[slug] = tally

    def _read(self, slug: str, tally: Tally) -> None:
        for row in library.run(self._store, "entity_mentions", entity=self._iris.entity(slug)):
            mentions = int(str(row["mentions"]))
            tally.add(LABELS[row["label"]], str(row["exact"]), thousandths(row["score"]), mentions)


def thousandths(score: Node) -> int:
    """A score of three places, or a sum of such, as an integer."""
    return int(Decimal(str(score)) * 1000)
