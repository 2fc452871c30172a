"""The pass after the batches: names to where all papers say they belong, then the hierarchy and the statements."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import URIRef
from rdflib.namespace import SKOS

from kg.consolidate.papers import Consolidator
from kg.consolidate.resolution import Resolution
from kg.graph.change import Change
from kg.graph.statements import Stated, statement_quads
from kg.graph.terms import KINDS, LABELS
from kg.iri import Iris
from kg.link.hierarchy import by_heads, hierarchy
from kg.model import Entity
from kg.protocols import Embedder, Quad, Store
from kg.query import library


@dataclass(frozen=True, slots=True)
class Naming:
    """What must happen in a store for its names to stand where they belong; nothing, where they do."""

    store: Store
    iris: Iris
    consolidator: Consolidator
    generic: frozenset[str]
    embedder: Embedder | None = None

    def changes(self) -> Iterator[Change]:
        """One change after another; each is to be applied before the next is asked for.

        Whatever is applied leaves a whole graph, so whoever stops between two of them can begin anew.
        """
        resolution = Resolution(self.store, self.iris, self.generic, self.embedder)
        for moves in resolution.moves():
            change = self.consolidator.relink(moves)
            yield change
            self.consolidator.applied(change)
        entities = self._entities()
        yield from self._renewed(self.iris.hierarchy_graph, self._hierarchy(entities))
        types = {slug: entity.label for slug, entity in entities.items()}
        yield from self._renewed(self.iris.statements_graph, statement_quads(self._stated(), types, self.iris))

    def _renewed(self, graph: URIRef, quads: Iterable[Quad]) -> Iterator[Change]:
        """The change to a derived graph, where there is any."""
        wanted, found = frozenset(quads), frozenset(self.store.quads(graph))
        if wanted != found:
            yield Change(found - wanted, wanted - found)

    def _entities(self) -> dict[str, Entity]:
        entities = {}
        for row in library.run(self.store, "all_entities"):
            slug = self.iris.slug(row["entity"])
            papers = int(str(row["count"]))
            entities[slug] = Entity(slug, "", LABELS[row["type"]], papers=papers, generic="generic" in row)
        return entities

    def _hierarchy(self, entities: Mapping[str, Entity]) -> Iterator[Quad]:
        said = {
            (self.iris.slug(row["narrow"]), self.iris.slug(row["broad"])): int(str(row["papers"]))
            for row in library.run(self.store, "hyponymies")
        }
        for narrow, broad in hierarchy(entities, said, by_heads(entities)):
            yield self.iris.entity(narrow), SKOS.broader, self.iris.entity(broad), self.iris.hierarchy_graph

    def _stated(self) -> Iterator[Stated]:
        for row in library.run(self.store, "relations"):
            yield Stated(
                self.iris.slug(row["subject"]),
                KINDS[row["kind"]],
                self.iris.slug(row["object"]),
                str(row["paper"]),
                float(str(row["score"])),
                URIRef(str(row["mention"])),
            )
