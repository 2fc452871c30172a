"""The SPARQL endpoints that scripts/bench sparql sets side by side, each over the same triples."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from benchmarks.machine import SkippedError

BASE = "http://example.org/"
_START_SECONDS = 180.0


class Data(NamedTuple):
    """The same triples as a folder of ours, as a store of Oxigraph and as a file."""

    workspace: Path
    store: Path
    file: Path


class Server(NamedTuple):
    """Where it listens, and for queries at which path."""

    port: int
    path: str


def write_data(folder: Path, subjects: int) -> Data:
    """So many subjects with five triples each."""
    import pyoxigraph as ox

    from kg.settings import load_settings
    from kg.workspace import Workspace

    workspace = Workspace(folder / "kg", load_settings().base)
    with workspace.writer():
        pass
    triples = [
        ox.Quad(ox.NamedNode(f"{BASE}{n}"), ox.NamedNode(f"{BASE}p{p}"), ox.Literal(f"value {n} {p}"))
        for n in range(subjects)
        for p in range(5)
    ]
    store = ox.Store(str(folder / "store"))
    store.bulk_extend(triples)
    store.backup(str(folder / "checkpoint"))
    store.dump(str(folder / "data.nt"), ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    del store
    # The index stays empty: only /sparql is asked.
    graph = workspace.path / "snapshots" / str(workspace.generation()) / "graph"
    _replace(graph, folder / "checkpoint")
    return Data(workspace.path, folder / "store", folder / "data.nt")


def _replace(folder: Path, other: Path) -> None:
    folder.rename(folder.with_name("empty"))
    other.rename(folder)


@contextmanager
def oxigraph(data: Data) -> Iterator[Server]:
    """Its own server, from PyPI."""
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        raise SkippedError("the package oxigraph is not installed")
    port = _free_port()
    command = [str(program), "serve-read-only", "--location", str(data.store), "--bind", f"127.0.0.1:{port}"]
    with _running(command, port):
        yield _asked(Server(port, "/query"))


@contextmanager
def paperkg(workspace: Path) -> Iterator[Server]:
    """Ours over a data folder, as ``kg serve`` runs it."""
    port = _free_port()
    command = [sys.executable, "-m", "kg.cli", "serve", "--port", str(port), "--data", str(workspace)]
    with _running(command, port):
        yield _asked(Server(port, "/sparql"))


@contextmanager
def rdflib_endpoint(data: Data, python: str | None) -> Iterator[Server]:
    """A FastAPI application over rdflib."""
    packages = data.file.parent / "rdflib-endpoint"
    extra: dict[str, str] = {}
    if python is None:
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(packages), "rdflib-endpoint[cli]"]
        done = subprocess.run(install, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if done.returncode:
            raise SkippedError(f"rdflib-endpoint cannot be installed: {(done.stderr.splitlines() or ['?'])[-1][:80]}")
        extra = {"PYTHONPATH": str(packages)}
    port = _free_port()
    script = "from rdflib_endpoint.__main__ import cli; cli()"
    command = [python or sys.executable, "-c", script, "serve", "--port", str(port), str(data.file)]
    with _running(command, port, extra):
        yield _asked(Server(port, "/"))


@contextmanager
def _running(command: list[str], port: int, extra: Mapping[str, str] | None = None) -> Iterator[None]:
    environment = {**os.environ, **(extra or {})}  # noqa: TID251 - of a child
    process = subprocess.Popen(  # noqa: S603 - one of the above
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        _wait(process, port, Path(command[0]).name)
        yield
    finally:
        process.terminate()
        process.wait(_START_SECONDS)


def _wait(process: "subprocess.Popen[bytes]", port: int, name: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SkippedError(f"{name} ended at its start with status {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SkippedError(f"{name} did not start within {_START_SECONDS:g} s")


def _asked(server: Server) -> Server:
    """The server once it answers: what it only does with its first query is not measured."""
    address = f"http://127.0.0.1:{server.port}{server.path}?query=ASK%7B%7D"
    try:
        with urlopen(address, timeout=_START_SECONDS) as answer:
            answer.read()
    except OSError as error:
        raise SkippedError(f"the server does not answer: {error}") from error
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
