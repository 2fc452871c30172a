"""Where our own data files are, in a checkout or in an installed wheel."""

from pathlib import Path

from rdflib import Graph

from kg.errors import OntologyError

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
    """A Turtle file as a graph; raises OntologyError that names it."""
    try:
        return Graph().parse(data=path.read_text(encoding="utf-8"), format="turtle")
    except (OSError, ValueError, SyntaxError, IndexError) as error:  # the last, where a file ends in mid-sentence
        raise OntologyError(f"{path}: cannot be read: {error}") from error
