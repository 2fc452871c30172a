"""The generic terms: entities that stay in the graph but link no two papers."""

from pathlib import Path

from rdflib import Graph
from rdflib.namespace import SKOS

from kg.errors import OntologyError
from kg.iri import mint_slug
from kg.link.normal_form import normal_form


def load_generic(path: Path) -> frozenset[str]:
    """Slugs of all preferred and alternative names in a SKOS file; raises OntologyError."""
    graph = Graph()
    try:
        graph.parse(data=path.read_text(encoding="utf-8"), format="turtle")
    except (OSError, ValueError, SyntaxError, IndexError) as error:  # the last, where a file ends in mid-sentence
        raise OntologyError(f"{path}: cannot be read: {error}") from error
    names = {str(o) for p in (SKOS.prefLabel, SKOS.altLabel) for o in graph.objects(None, p)}
    return frozenset(mint_slug(normal_form(name)) for name in names)
