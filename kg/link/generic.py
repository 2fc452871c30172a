"""The generic terms: entities that stay in the graph but link no two papers."""

from pathlib import Path

from rdflib.namespace import SKOS

from kg.iri import mint_slug
from kg.link.normal_form import normal_form
from kg.resources import load_graph


def load_generic(path: Path) -> frozenset[str]:
    """Slugs of all preferred and alternative names in a SKOS file; raises OntologyError."""
    graph = load_graph(path)
    names = {str(o) for p in (SKOS.prefLabel, SKOS.altLabel) for o in graph.objects(None, p)}
    return frozenset(mint_slug(normal_form(name)) for name in names)
