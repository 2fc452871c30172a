"""Changes on their way: the graph first, then its indexes, and a note of what the next snapshot must bring along."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TypeVar

from kg.graph.change import Change
from kg.graph.touched import Touched
from kg.index.search import SearchIndex
from kg.iri import Iris
from kg.protocols import Store
from kg.query import bulk
from kg.query.catalogue import Catalogue
from kg.store.oxigraph import OxigraphStore

T = TypeVar("T")


@dataclass(slots=True)
class Writer:
    """The live store and the index, opened to write; made by ``Workspace.writer``.

    ``touched`` is what changed since, for the matrix of the next snapshot.
    """

    store: Store
    index: SearchIndex
    iris: Iris
    touched: Touched = field(default_factory=Touched)

    def commit(self, change: Change) -> None:
        """Apply to the graph as one update and make it durable; then bring the index along."""
        self.index.mark(clean=False)
        self.touched.note(change, self.iris)
        self.store.apply(change.removed, change.added)
        self.store.flush()
        self.index.put_papers(change.papers)
        self.index.put_entities(change.entities, change.gone)


@dataclass(slots=True)
class LiveWriter(Writer):
    """A writer over the folder itself, which takes changes in SPARQL and RDF too; see ``kg.edit``."""

    store: OxigraphStore

    def refresh(self, paper_ids: Collection[str], slugs: Collection[str]) -> None:
        """Copy into the index what the graph says of these papers and entities; those it does not describe go."""
        self.touched.papers.update(paper_ids)
        self.touched.entities.update(slugs)
        catalogue = Catalogue(self.store, self.iris)
        papers, entities = set(paper_ids), set(slugs)
        self.index.put_papers(_taken(bulk.papers(catalogue, paper_ids), papers, attrgetter("id")))
        self.index.put_papers((), papers)
        self.index.put_entities(_taken(bulk.entities(catalogue, slugs), entities, attrgetter("slug")))
        self.index.put_entities((), entities)

    def rebuild(self) -> None:
        """Make the index anew from the graph, and with the next snapshot the matrix."""
        self.index.mark(clean=False)
        self.touched.everything = True
        self.index.clear()
        catalogue = Catalogue(self.store, self.iris)
        self.index.put_papers(bulk.papers(catalogue, sorted(catalogue.paper_ids())))
        self.index.put_entities(bulk.entities(catalogue))


def _taken(items: Iterable[T], of: set[str], key: Callable[[T], str]) -> Iterator[T]:
    """The items, each taken out of the set of keys: what the set holds in the end is missing."""
    for item in items:
        of.discard(key(item))
        yield item
