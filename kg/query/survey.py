"""A snapshot -> what there is in it: its size, and how much of each class and property."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from rdflib import Literal, URIRef
from rdflib.term import Node

from kg.errors import QueryError
from kg.index.search import SearchIndex
from kg.iri import Iris
from kg.query import library
from kg.query.catalogue import Catalogue
from kg.query.examples import Ask
from kg.vocab import KG


@dataclass(frozen=True, slots=True)
class Survey:
    """Counts of one snapshot, and a paper, an entity and a mention that are in it.

    ``things`` counts what has a class and an IRI of ours. Where the graph is too large to tell how many different
    subjects or objects it has, those are None.
    """

    snapshot: str
    modified: datetime
    triples: int
    things: int | None
    subjects: int | None
    objects: int | None
    classes: tuple[tuple[Node, int], ...]
    properties: tuple[tuple[Node, int], ...]
    samples: tuple[Node, ...]


def survey(iris: Iris, samples: tuple[Node, ...], snapshot: str, modified: datetime, ask: Ask) -> Survey:
    """Count by ``ask``, which may take long; raises QueryError where not even classes can be counted."""
    properties = _counts("count_properties", "property", "triples", ask)
    return Survey(
        snapshot,
        modified,
        sum(triples for _, triples in properties),
        _number(library.load_query("count_things").filled(base=Literal(f"{iris.base}id/")), ask),
        _number(library.load_query("count_subjects").filled(), ask),
        _number(library.load_query("count_objects").filled(), ask),
        _counts("count_classes", "class", "instances", ask),
        properties,
        samples,
    )


def samples(catalogue: Catalogue, index: SearchIndex) -> tuple[Node, ...]:
    """A paper with a common entity, that entity, and a mention in the paper; nothing of an empty graph."""
    found = next((e for e in index.entities(limit=200) if not e.generic), None)
    if found is None:
        return ()
    entity = catalogue.iris.entity(found.slug)
    papers = (row["paper"] for row in library.run(catalogue.store, "entity_edges", entity=entity))
    return (entity, *(each for paper in islice(papers, 1) for each in (paper, *_mentions(catalogue, paper))))


def _mentions(catalogue: Catalogue, paper: Node) -> Iterator[URIRef]:
    graph = catalogue.iris.paper_graph(catalogue.iris.paper_id(paper))
    return islice((URIRef(str(s)) for s, p, _, _ in catalogue.store.quads(graph) if p == KG.inPaper), 1)


def _counts(name: str, of: str, number: str, ask: Ask) -> tuple[tuple[Node, int], ...]:
    return tuple((row[of], int(str(row[number]))) for row in ask(library.load_query(name).filled()))


def _number(query: str, ask: Ask) -> int | None:
    try:
        return next((int(str(row["number"])) for row in ask(query)), 0)
    except QueryError:
        return None
