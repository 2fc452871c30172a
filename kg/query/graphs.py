"""The graphs that a query looks at, where its request and not its text says so (SPARQL 1.1 Protocol, section 2.1.4)."""

from typing import NamedTuple


class GraphSet(NamedTuple):
    """IRIs of the graphs merged into the default graph, and of those that GRAPH may name.

    With both empty the query, or else the service, decides.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


SERVICE_CHOICE = GraphSet()
