"""Where our own data files are, in a checkout or in an installed wheel."""

from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from kg.errors import OntologyError
from kg.oxigraph_terms import from_ox

PACKAGE = Path(__file__).resolve().parent


def ontology_dir() -> Path:
    """The folder with ``kg.ttl``, ``shapes.ttl``, ``generic.ttl`` and ``queries/``."""
    installed = PACKAGE / "_ontology"
    return installed if installed.is_dir() else PACKAGE.parent / "ontology"


def sparql_dir() -> Path:
    """The folder of the named ``.rq`` queries that the library runs."""
    return PACKAGE / "query" / "sparql"


def demo_corpus() -> Path:
    """The demo papers, as JSON lines."""
    return PACKAGE / "demo" / "papers.jsonl"


def model_dir() -> Path:
    """The trained spaCy pipeline."""
    return PACKAGE / "extract" / "model"


def load_graph(path: Path) -> Graph:
    """A Turtle file as a graph; raises OntologyError that names it. Oxigraph's parser is the quicker one."""
    graph = Graph()
    try:
        triples = ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        for triple in triples:
            graph.add((from_ox(triple.subject), from_ox(triple.predicate), from_ox(triple.object)))
    except (OSError, SyntaxError) as error:
        raise OntologyError(f"{path}: cannot be read: {error}") from error
    for prefix, namespace in triples.prefixes.items():
        graph.bind(prefix, namespace)
    return graph
