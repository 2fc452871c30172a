"""The store in rdflib's memory: slow, simple, and the reference that the other is held against."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from pyparsing.exceptions import ParseException
from rdflib import Dataset, URIRef
from rdflib.term import Identifier, Node

from kg.errors import BadQueryError
from kg.protocols import Quad, Row


class MemoryStore:
    """The ``Store`` protocol over ``rdflib.Dataset``. Never give it a query that a stranger wrote."""

    def __init__(self) -> None:
        self._dataset = Dataset(default_union=True)
        self._lock = threading.RLock()

    def apply(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """See the protocol; other readers wait while it runs."""
        removed, added = list(removed), list(added)
        with self._lock:
            for s, p, o, g in removed:
                self._dataset.graph(g).remove((s, p, o))
            for s, p, o, g in added:
                self._dataset.graph(g).add((s, p, o))

    def select(self, query: str, /, **bindings: Node) -> Iterator[Row]:
        """See the protocol."""
        with self._lock:
            try:
                result = self._dataset.query(query, initBindings=cast("dict[str, Identifier]", bindings))
                found = ({str(name): term for name, term in row.items() if term is not None} for row in result.bindings)
                rows = list(found)
            except ParseException as error:
                raise BadQueryError(f"line {error.lineno}, column {error.column}: {error.msg}") from error
        return iter(rows)

    def texts(self, query: str, /, **bindings: Node) -> Iterator[Mapping[str, str]]:
        """See the protocol."""
        for row in self.select(query, **bindings):
            yield {name: str(term) for name, term in row.items()}

    def quads(self, graph: URIRef | None = None, subject: URIRef | None = None) -> Iterator[Quad]:
        """See the protocol."""
        with self._lock:
            pattern = (subject, None, None, self._dataset.graph(graph) if graph else None)
            found = list(self._dataset.quads(pattern))
        for s, p, o, g in found:
            if isinstance(g, URIRef):
                yield s, p, o, g

    def flush(self) -> None:
        """Nothing to do: memory does not survive a power loss."""

    def close(self) -> None:
        """Forget everything."""
        self._dataset = Dataset(default_union=True)
