"""The store on Oxigraph, in memory or on disk."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.term import Node

from kg.errors import BadQueryError, BadRdfError, StoreError, StoreLockedError
from kg.oxigraph_terms import Texts, from_ox, n_quads, to_ox
from kg.prefixes import PREFIXES
from kg.protocols import Quad, Row
from kg.store.redo import Redo

LARGE = 20_000

_RDF_FORMATS = {
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
# What the engine says where the request is wrong, and not the store.
_REFUSALS = ("The graph <", "The custom function")


class OxigraphStore:
    """The ``Store`` protocol over ``pyoxigraph``. One process may have a folder open for writing.

    A change of more than ``LARGE`` quads on disk goes in by the bulk loader, in a fraction of the time: who queries
    meanwhile sees a part of it, but if the process is killed, all of it is there when the folder is opened again. For
    as long it is kept in a folder beside, ``NAME.redo``.
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
            self._redo = Redo(path.with_name(f"{path.name}.redo")) if path and not read_only else None
            if self._redo and self._redo.pending:
                self._redo.perform(self._store)
        except (OSError, RuntimeError, ValueError) as error:
            raise _opening_failed(path, error) from error

    def apply(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """See the protocol."""
        removed, added = list(removed), list(added)
        removal = _data("DELETE", removed) if removed else ""
        try:
            if self._redo and len(removed) + len(added) > LARGE:
                self._redo.write(removal, n_quads(added))
                self._redo.perform(self._store)
            else:
                self._store.update(f"{removal} ;\n{_data('INSERT', added)}" if removal else _data("INSERT", added))
        except (OSError, RuntimeError, SyntaxError) as error:
            raise StoreError(f"the store refused a write: {error}") from error

    def select(self, query: str, /, **bindings: Node) -> Iterator[Row]:
        """See the protocol."""
        for solution, names in self._solutions(query, bindings):
            yield {name: from_ox(term) for name in names if (term := solution[name]) is not None}

    def texts(self, query: str, /, **bindings: Node) -> Iterator[Mapping[str, str]]:
        """See the protocol."""
        for solution, names in self._solutions(query, bindings):
            yield {name: term.value for name in names if (term := solution[name]) is not None}

    def _solutions(self, query: str, bindings: Mapping[str, Node]) -> Iterator[tuple[Any, list[str]]]:
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
            yield solution, names

    def quads(self, graph: URIRef | None = None, subject: URIRef | None = None) -> Iterator[Quad]:
        """See the protocol."""
        about, where = (ox.NamedNode(node) if node else None for node in (subject, graph))
        for quad in self._store.quads_for_pattern(about, None, None, where):
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

    def update(self, text: str, *, base: str | None = None) -> None:
        """Run SPARQL Update as one atomic change, all operations of it or none; raises BadQueryError.

        The default graph of its patterns is the unnamed graph, not the union that ``select`` sees.
        """
        try:
            self._store.update(text, base_iri=base)
        except (SyntaxError, ValueError) as error:
            raise BadQueryError(str(error)) from error
        except (OSError, RuntimeError) as error:
            if str(error).startswith(_REFUSALS):
                raise BadQueryError(str(error)) from error
            raise StoreError(f"the store refused a write: {error}") from error

    def put(self, graph: URIRef | None, data: bytes, form: str, *, base: str, merge: bool) -> None:
        """Make a graph (None is the unnamed one) hold a document, beside what it holds (``merge``) or instead.

        One atomic change; a graph that was not there is made, even for an empty document. Raises BadRdfError.
        """
        try:
            found = ox.parse(
                data, format=_RDF_FORMATS[form], base_iri=base, without_named_graphs=True, rename_blank_nodes=True
            )
            statements = "\n".join(f"{quad.triple} ." for quad in found)
        except (SyntaxError, ValueError) as error:
            raise BadRdfError(f"the document cannot be read as {form}: {error}") from error
        if graph is None:
            make, data_of = ([] if merge else ["CLEAR DEFAULT"]), "{}"
        else:
            name = _graph_name(graph)
            make = [f"CREATE SILENT GRAPH {name}"] if merge else [f"DROP SILENT GRAPH {name}", f"CREATE GRAPH {name}"]
            data_of = f"GRAPH {name} {{{{\n{{}}\n}}}}"
        self.update(" ;\n".join([*make, "INSERT DATA {\n" + data_of.format(statements) + "\n}"]))

    def drop(self, graph: URIRef | None) -> None:
        """Remove a graph with all that it says."""
        self.update("CLEAR DEFAULT" if graph is None else f"DROP SILENT GRAPH {_graph_name(graph)}")

    def has_graph(self, graph: URIRef) -> bool:
        """Whether there is such a named graph, be it empty."""
        return self._store.contains_named_graph(_graph_name(graph))

    def says(self, graph: URIRef | None, under: tuple[str, ...]) -> frozenset[tuple[str, int]]:
        """Subjects of a graph whose IRIs begin so, each with the hash of one statement about it.

        The difference of two such sets holds the subjects of which something changed in between.
        """
        found = self._store.quads_for_pattern(None, None, None, _graph_name(graph) if graph else ox.DefaultGraph())
        return frozenset(
            (quad.subject.value, hash(quad))
            for quad in found
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(under)
        )

    def stated(self, graph: URIRef | None, properties: Collection[URIRef]) -> frozenset[tuple[str, str, int]]:
        """IRIs that a graph states one of these properties of, with the value and the hash of the statement."""
        name = _graph_name(graph) if graph else ox.DefaultGraph()
        return frozenset(
            (quad.subject.value, str(getattr(quad.object, "value", "")), hash(quad))
            for each in properties
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(each), None, name)
            if isinstance(quad.subject, ox.NamedNode)
        )

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


def _graph_name(graph: URIRef) -> ox.NamedNode:
    """Raises BadQueryError for an IRI that is none."""
    try:
        return ox.NamedNode(graph)
    except ValueError as error:
        raise BadQueryError(f"no graph can be named {str(graph)[:200]!r}: {error}") from error


def _opening_failed(path: Path | None, error: Exception) -> StoreError:
    text = str(error)
    if "lock" in text.lower():
        return StoreLockedError(f"{path} is in use by another process; wait for it, or stop it")
    return StoreError(f"{path} cannot be opened: {text}")


def _data(verb: str, quads: Iterable[Quad]) -> str:
    """``INSERT DATA`` or ``DELETE DATA`` of typed terms; Oxigraph writes and escapes each."""
    texts, graphs = Texts(), defaultdict[URIRef, list[str]](list)
    for s, p, o, g in quads:
        graphs[g].append(f"{texts[s]} {texts[p]} {texts[o]} .")
    blocks = (f"GRAPH {texts[graph]} {{\n" + "\n".join(lines) + "\n}" for graph, lines in graphs.items())
    return f"{verb} DATA {{\n" + "\n".join(blocks) + "\n}"
