"""The pass after the batches: names to where all papers say they belong, then the hierarchy of entities."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib.namespace import SKOS

from kg.consolidate.papers import Consolidator
from kg.consolidate.resolution import Resolution
from kg.graph.change import Change
from kg.graph.triples import LABELS
from kg.iri import Iris
from kg.link.hierarchy import Pair, by_heads, hierarchy
from kg.model import Entity
from kg.protocols import Embedder, Store
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
            yield self.consolidator.relink(moves)
        change = self._hierarchy_change()
        if change.removed or change.added:
            yield change

    def _hierarchy_change(self) -> Change:
        graph = self.iris.hierarchy_graph
        wanted = frozenset(
            (self.iris.entity(narrow), SKOS.broader, self.iris.entity(broad), graph)
            for narrow, broad in self._hierarchy()
        )
        found = frozenset(self.store.quads(graph))
        return Change(found - wanted, wanted - found)

    def _hierarchy(self) -> set[Pair]:
        entities = {}
        for row in library.run(self.store, "all_entities"):
            slug = self.iris.slug(row["entity"])
            papers = int(str(row["count"]))
            entities[slug] = Entity(slug, "", LABELS[row["type"]], papers=papers, generic="generic" in row)
        said = {
            (self.iris.slug(row["narrow"]), self.iris.slug(row["broad"])): int(str(row["papers"]))
            for row in library.run(self.store, "hyponymies")
        }
        return hierarchy(entities, said, by_heads(entities))
