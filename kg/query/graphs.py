"""What a request and not its text says of a query or an update: graphs (SPARQL 1.1 Protocol, 2.1.4) and base."""

from typing import NamedTuple


class GraphSet(NamedTuple):
    """IRIs of the graphs merged into the default graph, and of those that GRAPH may name.

    With both empty the query, or else the service, decides. Relative IRIs in the text start from ``base``; where it is
    empty they are an error.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    base: str = ""


SERVICE_CHOICE = GraphSet()

UNNAMED = "urn:x-arq:DefaultGraph"
"""Names the unnamed graph alone, without those that the union adds; Jena's name for it."""
