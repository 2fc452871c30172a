"""A change that a client makes -> what the search index must learn of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rdflib import URIRef

from kg.errors import KgError
from kg.graph.touched import MENTION_FACTS
from kg.query.bulk import papers_with
from kg.query.catalogue import Catalogue
from kg.writer import LiveWriter


class Following:
    """Watches one change. ``touched`` are IRIs of the named graphs that it may change, None for any.

    The papers and entities of which those graphs, and the unnamed one, say something else afterwards are copied
    anew, and papers of whose mentions they do get other rows in the matrix; where any graph may have changed, all is
    made anew.
    """

    def __init__(self, writer: LiveWriter, touched: Sequence[str] | None) -> None:
        """Look at the graphs as they are; the change comes after that."""
        self._writer = writer
        self._graphs = None if touched is None else [None, *map(URIRef, touched)]
        self._papers, self._entities = str(writer.iris.paper("")), str(writer.iris.entity(""))
        self._before, self._stated_before = self._said(), self._stated()
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
        iris = self._writer.iris
        subjects = {subject for subject, _ in self._before ^ self._said()}
        if subjects:
            self._writer.refresh(
                sorted(iris.paper_id(each) for each in subjects if each.startswith(self._papers)),
                sorted(iris.slug(each) for each in subjects if each.startswith(self._entities)),
            )
        stated = self._stated_before ^ self._stated()
        catalogue = Catalogue(self._writer.store, iris)
        papers = papers_with(catalogue, {mention for mention, _, _ in stated})
        papers.update(iris.paper_id(value) for _, value, _ in stated if value.startswith(self._papers))
        self._writer.touched.papers.update(papers)

    def _said(self) -> frozenset[tuple[str, int]]:
        under = (self._papers, self._entities)
        graphs = self._graphs or ()
        return frozenset[tuple[str, int]]().union(*(self._writer.store.says(graph, under) for graph in graphs))

    def _stated(self) -> frozenset[tuple[str, str, int]]:
        """What of mentions goes into the matrix."""
        found = (self._writer.store.stated(graph, MENTION_FACTS) for graph in self._graphs or ())
        return frozenset[tuple[str, str, int]]().union(*found)
