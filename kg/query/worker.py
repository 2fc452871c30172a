"""Framed SPARQL queries -> framed answers, over one read-only snapshot, without a network.

Run as ``python -m kg.query.worker SNAPSHOT MEMORY MAX_ROWS MAX_BYTES PREFIXES`` by ``kg.query.pool``, which kills it
when a query takes too long. Each request names its snapshot, so that a newer one needs no new process. The
engine can be neither interrupted nor given a memory limit, and some queries end the process it runs in; hence a
process of its own. ``kg.process.child`` says what holds it in; ``SERVICE`` fails for want of sockets on Linux,
and outside of it ``kg.query.guard`` alone stands before it.
"""

import json
import os
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple
from xml.parsers import expat

import pyoxigraph as ox

from kg.errors import BadQueryError
from kg.process.child import Child
from kg.process.frames import Verdict
from kg.query.complaints import complaint
from kg.query.graphs import UNNAMED
from kg.query.results import (
    OUT_OF_MEMORY,
    XSD,
    Document,
    Kind,
    ResultFormat,
    Term,
    pack,
    write_boolean,
    write_solutions,
)

_GRAPH_FORMATS = {
    ResultFormat.TURTLE: ox.RdfFormat.TURTLE,
    ResultFormat.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    ResultFormat.RDFXML: ox.RdfFormat.RDF_XML,
    ResultFormat.JSONLD: ox.RdfFormat.JSON_LD,
    ResultFormat.TRIG: ox.RdfFormat.TRIG,
    ResultFormat.NQUADS: ox.RdfFormat.N_QUADS,
}

_WITH_PREFIXES = frozenset({ResultFormat.TURTLE, ResultFormat.TRIG, ResultFormat.RDFXML})


class Style(NamedTuple):
    """How much of an answer is written, and the prefixes that Turtle and its kin may use."""

    max_rows: int
    max_bytes: int
    prefixes: dict[str, str]


def main() -> None:
    """Serve until stdin ends."""
    snapshot, memory, max_rows, max_bytes, prefixes = sys.argv[1:6]
    child = Child(network=False)
    snapshots = Snapshots(Style(int(max_rows), int(max_bytes), json.loads(prefixes)))
    try:
        snapshots.open(snapshot)
    except (OSError, RuntimeError) as error:
        child.refuse(str(error))
    child.serve(snapshots.answer, int(memory))


class Snapshots:
    """The snapshot that was asked last, kept open."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._path = ""
        self._store: ox.Store | None = None

    def open(self, path: str) -> ox.Store:
        """The store at ``path``; raises OSError or RuntimeError."""
        if self._store is None or path != self._path:
            self._store = None  # the one before is closed first
            self._store, self._path = ox.Store.read_only(path), path
        return self._store

    def answer(self, request: bytes) -> tuple[Verdict, bytes]:
        """One request: the path of a snapshot, a zero byte, and what ``answer`` takes."""
        path, _, query = request.partition(b"\0")
        try:
            store = self.open(os.fsdecode(path))
        except (OSError, RuntimeError) as error:
            return Verdict.FAILED, f"the graph could not be opened: {error}".encode()
        return answer(store, query, self._style)


def answer(store: ox.Store, request: bytes, style: Style) -> tuple[Verdict, bytes]:
    """One request, as ``kg.query.pool`` encodes it, to the frame that answers it."""
    query, name, own_dataset, *graphs = json.loads(request)
    try:
        results = store.query(query, **_dataset(own_dataset, *graphs))
        return Verdict.ANSWER, pack(_write(results, ResultFormat(name), style))
    except SyntaxError as error:
        return Verdict.REFUSED, str(complaint(str(error))).encode()
    except BadQueryError as error:
        return Verdict.REFUSED, str(error).encode()
    except MemoryError:
        return Verdict.NO_MEMORY, OUT_OF_MEMORY.encode()
    except (OSError, RuntimeError, ValueError) as error:
        if str(error).startswith("The custom function"):
            return Verdict.REFUSED, str(error).encode()
        return Verdict.FAILED, f"the graph could not be read: {error}".encode()


def _dataset(own_dataset: bool, default: list[str], named: list[str], base: str) -> dict[str, Any]:
    if not default and not named:
        # With the union as default graph the engine would ignore FROM.
        return {"base_iri": base or None, "use_default_graph_as_union": not own_dataset}
    try:
        return {
            "base_iri": base or None,
            "default_graph": [ox.DefaultGraph() if iri == UNNAMED else ox.NamedNode(iri) for iri in default],
            "named_graphs": [ox.NamedNode(iri) for iri in named],
        }
    except ValueError as error:
        raise BadQueryError(f"a graph must be named by an IRI: {error}") from error


def _write(
    results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    result_format: ResultFormat,
    style: Style,
) -> Document:
    match results:
        case ox.QueryBoolean():
            return write_boolean(result_format, bool(results))
        case ox.QuerySolutions():
            names = [variable.value for variable in results.variables]
            rows = ([_term(term) for term in solution] for solution in results)
            return write_solutions(result_format, names, rows, max_rows=style.max_rows, max_bytes=style.max_bytes)
    return _write_graph(results, result_format, style)


def _write_graph(results: Iterator[ox.Triple], result_format: ResultFormat, style: Style) -> Document:
    triples = list(islice(results, style.max_rows + 1))
    keep = min(len(triples), style.max_rows)
    body = _serialized(triples[:keep], result_format, style)
    while keep and len(body) > style.max_bytes:
        keep = min(keep - 1, keep * style.max_bytes * 9 // (len(body) * 10))
        body = _serialized(triples[:keep], result_format, style)
    if result_format is ResultFormat.RDFXML:
        _require_xml(body)
    return Document(body, keep < len(triples), keep)


def _serialized(triples: list[ox.Triple], result_format: ResultFormat, style: Style) -> bytes:
    prefixes = style.prefixes if result_format in _WITH_PREFIXES else None
    return ox.serialize(triples, format=_GRAPH_FORMATS[result_format], prefixes=prefixes) or b""


def _require_xml(body: bytes) -> None:
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(body, True)
    except expat.ExpatError as error:
        raise BadQueryError(
            "this graph has a property or a character that RDF/XML cannot express; ask for turtle or jsonld"
        ) from error


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Term | None:
    match term:
        case ox.NamedNode():
            return Term(Kind.IRI, term.value)
        case ox.Literal():
            if term.language:
                direction = term.direction
                return Term(Kind.LITERAL, term.value, None, term.language, direction.value if direction else None)
            datatype = term.datatype.value
            return Term(Kind.LITERAL, term.value, None if datatype == f"{XSD}string" else datatype)
        case ox.BlankNode():
            return Term(Kind.BLANK, term.value)
        case ox.Triple():
            parts = (_term(part) for part in (term.subject, term.predicate, term.object))
            return Term(Kind.TRIPLE, "", parts=tuple(part for part in parts if part is not None))
    return None


if __name__ == "__main__":
    main()
