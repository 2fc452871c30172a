"""Triples in Oxigraph's memory for as long as a few questions take."""

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib.term import Node

from kg.oxigraph_terms import n_quads, to_ox


class Scratch:
    """Triples under SPARQL 1.1; for queries of ours alone, since nothing ends one that takes too long."""

    def __init__(self, triples: Iterable[tuple[Node, Node, Node]]) -> None:
        """Copy them; raises ValueError where an IRI is none."""
        self._store = ox.Store()
        self._store.bulk_load("".join(n_quads(triples)).encode(), format=ox.RdfFormat.N_TRIPLES)

    def holds(self, query: str, **bindings: Node) -> bool:
        """Whether a SELECT query has a solution; a bound variable must stand in its SELECT clause.

        Raises SyntaxError or ValueError for what is no query.
        """
        found = self._store.query(query, substitutions={ox.Variable(name): to_ox(n) for name, n in bindings.items()})
        if not isinstance(found, ox.QuerySolutions):
            raise SyntaxError("expected a SELECT query")
        return next(found, None) is not None
