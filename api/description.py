"""What the SPARQL endpoint says of itself to programs (SPARQL 1.1 Service Description)."""

from functools import cache
from pathlib import Path

from rdflib import Graph

from api.forms import written
from kg.query.results import ResultFormat

_SOURCE = Path(__file__).with_name("service.ttl")


@cache
def service_description(base: str, result_format: ResultFormat) -> bytes:
    """The description of the endpoint below ``base``, in one of the forms of ``api.forms``."""
    graph = Graph().parse(data=_SOURCE.read_text(encoding="utf-8"), format="turtle", publicID=base)
    return written(graph, result_format)
