"""Where our own data files are, in a checkout or in an installed wheel."""

from pathlib import Path

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
