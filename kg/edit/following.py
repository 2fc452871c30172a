"""A change that a client makes -> what the search index must learn of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rdflib import URIRef

from kg.errors import KgError
from kg.graph.touched import MENTION_FACTS
from kg.query.bulk import papers_with
from kg.query.catalogue import Catalogue
from kg.workspace import LiveWriter


class Following:
    """Watches one change. ``touched`` are IRIs of the named graphs that it may change, None for any.

    The papers and entities of which those graphs, and the unnamed one, say something else afterwards, of themselves or
    of mentions, are copied anew; where any graph may have changed, the whole index is.
    """

    def __init__(self, writer: LiveWriter, touched: Sequence[str] | None) -> None:
        """Look at the graphs as they are; the change comes after that."""
        self._writer = writer
        self._graphs = None if touched is None else [None, *map(URIRef, touched)]
        self._papers, self._entities = str(writer.iris.paper("")), str(writer.iris.entity(""))
        self._before = self._said()
        self._committed = False

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """Around the change: the index is behind until ``follow``, unless the change fails and leaves all as it was."""
        index = self._writer.index
        behind = index.stale
        index.mark(clean=False)
        try:
            yield
        except KgError:
            index.mark(clean=not behind)
            raise
        self._writer.store.flush()
        self._committed = True

    def follow(self) -> None:
        """Bring the index along, if there was a change."""
        if not self._committed:
            return
        if self._graphs is None:
            self._writer.rebuild()
            return
        changed = {name for name, _ in self._before ^ self._said()}
        if changed:
            iris = self._writer.iris
            papers = {iris.paper_id(each) for each in changed if each.startswith(self._papers)}
            mentions = (each for each in changed if not each.startswith((self._papers, self._entities)))
            papers |= papers_with(Catalogue(self._writer.store, iris), mentions)
            slugs = {iris.slug(each) for each in changed if each.startswith(self._entities)}
            self._writer.refresh(sorted(papers), sorted(slugs))

    def _said(self) -> frozenset[tuple[str, int]]:
        under = (self._papers, self._entities)
        graphs = self._graphs or ()
        return frozenset[tuple[str, int]]().union(
            *(self._writer.store.says(graph, under, MENTION_FACTS) for graph in graphs)
        )
