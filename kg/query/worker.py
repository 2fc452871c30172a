"""Framed SPARQL queries on stdin -> framed answers on stdout, over one read-only snapshot, without a network.

Run as ``python -m kg.query.worker SNAPSHOT MEMORY MAX_ROWS MAX_BYTES`` by ``kg.query.pool``, which kills it
when a query takes too long. The engine can be neither interrupted nor given a memory limit, and some queries
end the process it runs in; hence a process of its own.

What holds it in, and where: no sockets (seccomp, Linux on x86-64 and arm64; ``SERVICE`` then fails), address
space limited to what it uses when idle plus MEMORY (Linux; elsewhere the limit counts from zero or is not
enforced), no core files (POSIX), death with the parent (stdin, everywhere; on Linux also by the kernel).
A system that lacks one goes on without it, so outside Linux ``kg.query.guard`` alone stands before SERVICE.
"""

import contextlib
import ctypes
import json
import os
import platform
import re
import signal
import struct
import sys
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple
from xml.parsers import expat

import pyoxigraph as ox

from kg.errors import BadQueryError
from kg.query.results import (
    FRAME,
    OUT_OF_MEMORY,
    XSD,
    Document,
    Kind,
    ResultFormat,
    Term,
    Verdict,
    pack,
    write_boolean,
    write_solutions,
)

REQUEST = struct.Struct(">I")
_CHARACTER_CLASS = re.compile(r"(?:, )?\[(?:'[^,]*?'|_)\](?=,|$)", re.DOTALL)
_STACK = 64 * 1024 * 1024
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_EACCES_ERRNO, _ALLOW, _KILL = 0x0005_0000 | 13, 0x7FFF_0000, 0x8000_0000
# machine -> (AUDIT_ARCH, number of socket(2)); io_uring_setup(2), which could open one too, is 425 on both.
_SYSTEM_CALLS = {"x86_64": (0xC000_003E, 41), "aarch64": (0xC000_00B7, 198)}
_IO_URING_SETUP = 425
_GRAPH_FORMATS = {
    ResultFormat.TURTLE: ox.RdfFormat.TURTLE,
    ResultFormat.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    ResultFormat.RDFXML: ox.RdfFormat.RDF_XML,
    ResultFormat.JSONLD: ox.RdfFormat.JSON_LD,
}


class Limits(NamedTuple):
    """How much of an answer is written."""

    max_rows: int
    max_bytes: int


def main() -> None:
    """Serve until stdin ends."""
    snapshot, memory, max_rows, max_bytes = sys.argv[1:5]
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)  # meant for the parent, which may want to finish running queries
    if sys.platform == "linux":
        _die_with_parent()
        _deny_network()  # before the store starts threads: the filter binds this thread and its children
    try:
        store = ox.Store.read_only(snapshot)
    except (OSError, RuntimeError) as error:
        _send(Verdict.FAILED, str(error).encode())
        sys.exit(1)
    requests: SimpleQueue[bytes] = SimpleQueue()
    threading.stack_size(_STACK)
    limits = Limits(int(max_rows), int(max_bytes))
    threading.Thread(target=_serve, args=(store, requests, limits, int(memory)), daemon=True).start()
    _read(requests)


def _read(requests: "SimpleQueue[bytes]") -> None:
    """Feed the thread that evaluates; being free while it works, this one sees the parent go away."""
    stdin = sys.stdin.buffer
    while len(head := stdin.read(REQUEST.size)) == REQUEST.size:
        requests.put(stdin.read(REQUEST.unpack(head)[0]))
    os._exit(0)


def _serve(store: ox.Store, requests: "SimpleQueue[bytes]", limits: Limits, memory: int) -> None:
    try:
        _limit_memory(memory)
        _send(Verdict.READY)
        while True:
            _send(*answer(store, requests.get(), limits))
    finally:  # a panic of the engine, or a bug: the pool must see the process end
        os._exit(1)


def answer(store: ox.Store, request: bytes, limits: Limits) -> tuple[Verdict, bytes]:
    """One request, as ``kg.query.pool`` encodes it, to the frame that answers it."""
    query, name, own_dataset = json.loads(request)
    try:
        # With the union as default graph the engine would ignore FROM.
        results = store.query(query, use_default_graph_as_union=not own_dataset)
        return Verdict.ANSWER, pack(_write(results, ResultFormat(name), limits))
    except SyntaxError as error:
        return Verdict.BAD_QUERY, _CHARACTER_CLASS.sub("", str(error)).encode()
    except BadQueryError as error:
        return Verdict.BAD_QUERY, str(error).encode()
    except MemoryError:
        return Verdict.NO_MEMORY, OUT_OF_MEMORY.encode()
    except (OSError, RuntimeError, ValueError) as error:
        if str(error).startswith("The custom function"):
            return Verdict.BAD_QUERY, str(error).encode()
        return Verdict.FAILED, f"the graph could not be read: {error}".encode()


def _write(
    results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    result_format: ResultFormat,
    limits: Limits,
) -> Document:
    match results:
        case ox.QueryBoolean():
            return write_boolean(result_format, bool(results))
        case ox.QuerySolutions():
            names = [variable.value for variable in results.variables]
            rows = ([_term(term) for term in solution] for solution in results)
            return write_solutions(result_format, names, rows, max_rows=limits.max_rows, max_bytes=limits.max_bytes)
    return _write_graph(results, result_format, limits)


def _write_graph(results: Iterator[ox.Triple], result_format: ResultFormat, limits: Limits) -> Document:
    triples = list(islice(results, limits.max_rows + 1))
    keep = min(len(triples), limits.max_rows)
    body = ox.serialize(triples[:keep], format=_GRAPH_FORMATS[result_format]) or b""
    while keep and len(body) > limits.max_bytes:
        keep = min(keep - 1, keep * limits.max_bytes * 9 // (len(body) * 10))
        body = ox.serialize(triples[:keep], format=_GRAPH_FORMATS[result_format]) or b""
    if result_format is ResultFormat.RDFXML:
        _require_xml(body)
    return Document(body, keep < len(triples), keep)


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


def _send(verdict: Verdict, payload: bytes = b"") -> None:
    stdout = sys.stdout.buffer
    stdout.write(FRAME.pack(verdict.value, len(payload)))
    stdout.write(payload)
    stdout.flush()


def _limit_memory(memory: int) -> None:
    try:
        import resource  # POSIX only
    except ImportError:
        return
    used = 0
    with contextlib.suppress(OSError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, used + memory)):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is set already, or none can be
            resource.setrlimit(limit, (value, value))


def _die_with_parent() -> None:
    """Tied to the thread that started us, not the process: the pool starts workers from a lasting one."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _deny_network() -> None:
    """Make socket(2) fail with EACCES; where the kernel or the machine knows no such filter, do nothing."""
    if platform.machine() not in _SYSTEM_CALLS or sys.maxsize < 2**32:
        return
    arch, socket_call = _SYSTEM_CALLS[platform.machine()]
    # (operation, jump if true, jump if false, operand); 0x20 load, 0x15 jump if equal, 0x06 return
    program = [
        (0x20, 0, 0, 4),
        (0x15, 1, 0, arch),
        (0x06, 0, 0, _KILL),
        (0x20, 0, 0, 0),
        (0x15, 1, 0, socket_call),
        (0x15, 0, 1, _IO_URING_SETUP),
        (0x06, 0, 0, _EACCES_ERRNO),
        (0x06, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    # struct sock_fprog: a count, padding, a pointer to the instructions
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    with contextlib.suppress(OSError, AttributeError):
        prctl = ctypes.CDLL(None).prctl
        if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0)


if __name__ == "__main__":
    main()
