"""What the SPARQL endpoint says of itself to programs (SPARQL 1.1 Service Description)."""

from functools import cache
from pathlib import Path
from types import MappingProxyType

from rdflib import Graph

from kg.query.results import ResultFormat

_SOURCE = Path(__file__).with_name("service.ttl")
_SERIALIZERS = {
    ResultFormat.TURTLE: "turtle",
    ResultFormat.NTRIPLES: "nt",
    ResultFormat.RDFXML: "xml",
    ResultFormat.JSONLD: "json-ld",
}

DESCRIPTION_TYPES = MappingProxyType({each.media_type.partition(";")[0]: each for each in _SERIALIZERS})
"""The media types that the description can be had in, the preferred first."""


@cache
def service_description(base: str, result_format: ResultFormat) -> bytes:
    """The description of the endpoint below ``base``, in one of the formats of ``DESCRIPTION_TYPES``."""
    graph = Graph().parse(data=_SOURCE.read_text(encoding="utf-8"), format="turtle", publicID=base)
    return graph.serialize(format=_SERIALIZERS[result_format], encoding="utf-8")
