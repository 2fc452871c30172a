"""How many small queries a second the SPARQL endpoint answers over HTTP, beside endpoints without its walls.

    scripts/bench sparql
    scripts/bench sparql --seconds 5 --json | tail -1 | jq .ratios

All serve the same triples and are asked the same in turn: a look-up of one subject. `paperkg` gets no query twice;
`paperkg, asked again` gets one over and over, which its cache answers. oxigraph serve comes from PyPI (`oxigraph`),
rdflib-endpoint from a Python that has it (--rdflib-python), or from a folder that this installs it to. Ratios are of
one run: the clients share the machine with the server, and whatever else runs on it slows all.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import machine, servers
from benchmarks.load import ask

NAMES = {
    "oxigraph": "oxigraph serve",
    "paperkg": "paperkg",
    "again": "paperkg, asked again",
    "rdflib": "rdflib-endpoint",
}
_DISTINCT = 40_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each is asked at each concurrency (3)")
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 32], help="clients at once (1 8 32)")
    parser.add_argument("--subjects", type=int, default=2000, help="subjects in the data, of five triples each (2000)")
    parser.add_argument("--rdflib-python", metavar="PYTHON", help="a Python that has rdflib-endpoint[cli]")
    parser.add_argument("--without", action="append", choices=tuple(NAMES), default=[], help="leave one out")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")


def run(args: argparse.Namespace) -> int:
    """Measure all and print the table."""
    about = machine.describe(os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as folder:
        data = servers.write_data(Path(folder), args.subjects)
        results = {name: _measure(name, args, data) for name in NAMES}
    ratios = _ratios(results, args.concurrency)
    print(f"{args.subjects * 5:,} triples, {about['cores']} cores of {about['cpu']}, load {about['load']} at the start")
    print("\n".join(_table(results, ratios, args.concurrency)))
    if args.json:
        print(json.dumps({"benchmark": "sparql", **about, "results": results, "ratios": ratios}))
    return 0


def _measure(name: str, args: argparse.Namespace, data: servers.Data) -> dict[str, Any]:
    if name in args.without:
        return {"skipped": "as asked"}
    print(f"measuring: {name}", file=sys.stderr)
    try:
        with _server(name, args, data) as server:
            found = {}
            for turn, number in enumerate(args.concurrency):
                numbers = range(1) if name == "again" else range(turn * _DISTINCT, (turn + 1) * _DISTINCT)
                requests = _requests(server.path, numbers, args.subjects)
                found[str(number)] = ask(server.port, requests, number, args.seconds)
            return found
    except machine.SkippedError as skipped:
        return {"skipped": str(skipped)}


@contextmanager
def _server(name: str, args: argparse.Namespace, data: servers.Data) -> Iterator[servers.Server]:
    match name:
        case "oxigraph":
            started = servers.oxigraph(data)
        case "rdflib":
            started = servers.rdflib_endpoint(data, args.rdflib_python)
        case _:
            started = servers.paperkg(data.workspace)
    with started as server:
        yield server


def _requests(path: str, numbers: range, subjects: int) -> list[str]:
    """Whole requests; the number in the comment makes texts differ that ask for the same."""
    texts = [f"SELECT ?p ?o WHERE {{ <{servers.BASE}{n % subjects}> ?p ?o }} #{n}" for n in numbers]
    head = "Host: 127.0.0.1\r\nAccept: application/sparql-results+json"
    return [f"GET {path}?query={quote(text)} HTTP/1.1\r\n{head}\r\n\r\n" for text in texts]


def _ratios(results: dict[str, dict[str, Any]], concurrency: list[int]) -> dict[str, dict[str, float]]:
    """Our speed through theirs, at each concurrency."""
    ratios = {}
    for ours in ("paperkg", "again"):
        for theirs in ("oxigraph", "rdflib"):
            if "skipped" not in results[ours] and "skipped" not in results[theirs]:
                pairs = {str(n): (results[ours][str(n)], results[theirs][str(n)]) for n in concurrency}
                ratios[f"{ours}/{theirs}"] = {
                    n: round(one["per_second"] / other["per_second"], 3) for n, (one, other) in pairs.items()
                }
    return ratios


def _table(
    results: dict[str, dict[str, Any]], ratios: dict[str, dict[str, float]], concurrency: list[int]
) -> list[str]:
    lines = [f"{'':24}" + "".join(f"{f'{n} clients: req/s, p50, p99 ms':>36}" for n in concurrency)]
    for name, result in results.items():
        if reason := result.get("skipped"):
            lines.append(f"{NAMES[name]:24}skipped: {reason}")
            continue
        cells = [result[str(n)] for n in concurrency]
        lines.append(
            f"{NAMES[name]:24}"
            + "".join(f"{c['per_second']:>20,.0f}{c['p50_ms'] or 0:8.2f}{c['p99_ms'] or 0:8.2f}" for c in cells)
        )
        lost = sum(cell["failures"] for cell in cells)
        if lost:
            lines.append(f"{'':24}{lost:,} of its answers were failures")
    lines += [f"{pair:24}" + "".join(f"{each[str(n)]:>36.2f}" for n in concurrency) for pair, each in ratios.items()]
    return lines
