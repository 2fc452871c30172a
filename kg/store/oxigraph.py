"""The store on Oxigraph, in memory or on disk."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.term import Node

from kg.errors import BadQueryError, StoreError
from kg.oxigraph_terms import from_ox, to_ox
from kg.prefixes import PREFIXES
from kg.protocols import Quad, Row

_RDF_FORMATS = {
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}


class OxigraphStore:
    """The ``Store`` protocol over ``pyoxigraph``. One process may have a folder open for writing.

    A read-only store must be a snapshot (see ``backup``): opening a live folder is undefined behaviour.
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        """Open; raises StoreError where the folder is locked, broken or missing."""
        self._path = path
        try:
            if read_only:
                self._store = ox.Store.read_only(str(path))
            else:
                self._store = ox.Store(str(path)) if path else ox.Store()
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(_opening_failed(path, error)) from error

    def apply(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """See the protocol."""
        removed = list(removed)
        try:
            if removed:
                self._store.update(f"{_data('DELETE', removed)} ;\n{_data('INSERT', added)}")
            else:
                self._store.extend(_to_ox_quad(quad) for quad in added)
        except (OSError, RuntimeError, SyntaxError) as error:
            raise StoreError(f"the store refused a write: {error}") from error

    def select(self, query: str, /, **bindings: Node) -> Iterator[Row]:
        """See the protocol."""
        substitutions: dict[ox.Variable, Any] = {ox.Variable(name): to_ox(term) for name, term in bindings.items()}
        try:
            found = self._store.query(query, substitutions=substitutions, use_default_graph_as_union=True)
        except (SyntaxError, ValueError) as error:
            raise BadQueryError(str(error)) from error
        except (OSError, RuntimeError) as error:
            raise StoreError(f"the store could not answer: {error}") from error
        if not isinstance(found, ox.QuerySolutions):
            raise BadQueryError("expected a SELECT query")
        names = [variable.value for variable in found.variables]
        for solution in found:
            yield {name: from_ox(term) for name in names if (term := solution[name]) is not None}

    def quads(self, graph: URIRef | None = None) -> Iterator[Quad]:
        """See the protocol."""
        for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph) if graph else None):
            if isinstance(quad.graph_name, ox.NamedNode):
                yield (
                    from_ox(quad.subject),
                    from_ox(quad.predicate),
                    from_ox(quad.object),
                    URIRef(quad.graph_name.value),
                )

    def dump(self, form: str, output: BinaryIO) -> None:
        """Write everything as ``trig``, ``nquads``, ``turtle`` (without the graphs) or ``jsonld``.

        Graphs and statements are sorted, so that equal stores give equal bytes.
        """
        if form == "turtle":
            statements: Any = sorted({q.triple for q in self._sorted_quads()}, key=str)
        else:
            statements = self._sorted_quads()
        rdf_format = _RDF_FORMATS[form]
        prefixes = None if rdf_format in (ox.RdfFormat.N_QUADS, ox.RdfFormat.JSON_LD) else dict(PREFIXES)
        ox.serialize(statements, output, rdf_format, prefixes=prefixes)

    def _sorted_quads(self) -> Iterator[ox.Quad]:
        for graph in sorted(self._store.named_graphs(), key=str):
            yield from sorted(self._store.quads_for_pattern(None, None, None, graph), key=str)

    def flush(self) -> None:
        """See the protocol."""
        if self._path:
            self._store.flush()

    def backup(self, target: Path) -> None:
        """A checkpoint of hard links in the new folder ``target``, on the same file system."""
        try:
            self._store.backup(str(target))
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"no snapshot could be made in {target}: {error}") from error

    def close(self) -> None:
        """Release the folder."""
        del self._store


def _opening_failed(path: Path | None, error: Exception) -> str:
    text = str(error)
    if "lock" in text.lower():
        return f"{path} is in use by another process; wait for it, or stop it"
    return f"{path} cannot be opened: {text}"


def _to_ox_quad(quad: Quad) -> ox.Quad:
    s, p, o, g = (to_ox(term) for term in quad)
    return ox.Quad(s, p, o, g)  # type: ignore[arg-type]  # positions are checked by Oxigraph itself


def _data(verb: str, quads: Iterable[Quad]) -> str:
    """``INSERT DATA`` or ``DELETE DATA`` of typed terms; Oxigraph writes and escapes each."""
    graphs: dict[URIRef, list[str]] = defaultdict(list)
    for s, p, o, g in quads:
        graphs[g].append(f"{to_ox(s)} {to_ox(p)} {to_ox(o)} .")
    blocks = (f"GRAPH {to_ox(graph)} {{\n" + "\n".join(lines) + "\n}" for graph, lines in graphs.items())
    return f"{verb} DATA {{\n" + "\n".join(blocks) + "\n}"
