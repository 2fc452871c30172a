"""How fast related papers are found and explained, beside a bare sparse product, SPARQL and networkx.

    scripts/bench related
    scripts/bench related --papers 20000 --corpus papers.jsonl.gz --json | tail -1 | jq .ratio_to_scipy

All answer for the same random papers in one process over one snapshot: `ours` is what the service runs, with the
reasons and a sentence of both papers; `scipy` is one product of the same weights, the limit. Each is first asked for
other papers, untimed. `http` is ours again through a server of its own. With more papers than a thousand the same is
measured for 1,000 and 10,000 of them, to see how each grows. Graphs are kept outside the repository: the first run
makes them. Memory is what a process holds more than before.

It also looks at the first ten papers related to 200 random ones: whether any is explained only by what over 5 % of all
papers name.
"""

import argparse
import gc
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import machine, servers
from benchmarks.graphs import graph_of
from benchmarks.load import ask
from benchmarks.rankings import RANKINGS, ours
from kg.index.wording import FIELDS
from kg.settings import load_settings
from kg.workspace import Reader, Workspace

NAMES = {
    "ours": "paperkg, with its reasons",
    "http": "paperkg over HTTP",
    "scipy": "bare scipy product",
    "sparql": "SPARQL on pyoxigraph",
    "networkx": "networkx, a bipartite walk",
}
GROWTH = (1_000, 10_000)
WARM_SECONDS = 3.0
RULE_PAPERS, RULE_SHARE = 200, 0.05
_EVERYTHING = 10**9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--papers", type=int, help="how many papers (all)")
    parser.add_argument("--corpus", type=Path, help="JSON lines, packed or not; else the demo")
    parser.add_argument("--asked", type=int, default=500, help="for how many random papers each is asked (500)")
    parser.add_argument("--seconds", type=float, default=20.0, help="after so many seconds one is asked no more (20)")
    parser.add_argument("--without", action="append", choices=tuple(NAMES), default=[], help="leave one out")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")


def run(args: argparse.Namespace) -> int:
    """Measure all sizes and print the table."""
    about = machine.describe(os.cpu_count() or 1)
    wanted = args.papers or _EVERYTHING
    sizes = {}
    for number in [*(each for each in GROWTH if args.corpus and each < wanted), wanted]:
        found = _measure(args, number)
        sizes[found["papers"]] = found
    last = found
    print(f"{last['papers']:,} papers, {about['cores']} cores of {about['cpu']}, load {about['load']} at the start")
    for papers, each in sizes.items():
        print("\n".join(["", *_table(papers, each)]))
    if args.json:
        source = str(args.corpus) if args.corpus else "demo"
        growth = {str(papers): each["results"] for papers, each in sizes.items()}
        print(json.dumps({"benchmark": "related", "corpus": source, **about, **_headline(last), "growth": growth}))
    return 0


def _measure(args: argparse.Namespace, number: int) -> dict[str, Any]:
    print(f"measuring: {number:,} papers" if number < _EVERYTHING else "measuring: all papers", file=sys.stderr)
    folder = graph_of(number, args.corpus)
    gc.collect()
    memory, started = machine.memory(), time.perf_counter()
    reader = Workspace(folder, load_settings().base).reader()
    opened = time.perf_counter()
    _ = reader.weights, reader.word_weights
    weighed = time.perf_counter()
    opened_mb = round(machine.memory() - memory, 1)
    papers = len(reader.incidence.papers)
    drawn = np.random.default_rng(papers).permutation(papers)[: 2 * args.asked].tolist()
    rows, others = drawn[: args.asked], drawn[args.asked :] or drawn
    results: dict[str, Any] = {}
    for name in ("ours", "scipy", "networkx", "sparql"):
        if name in args.without:
            results[name] = {"skipped": "as asked"}
            continue
        memory, rank = machine.memory(), RANKINGS[name](reader)
        measured = _timed(rank, rows, others, args.seconds)
        results[name] = {**measured, "memory_mb": round(max(0.0, machine.memory() - memory), 1)}
    results["http"] = {"skipped": "as asked"} if "http" in args.without else _over_http(folder, reader, rows, args)
    found = {
        "papers": papers,
        "entities": len(reader.incidence.entities),
        "cells": int(reader.incidence.by_paper.nnz),
        "index_mb": _megabytes(reader.path / "incidence"),
        "words_mb": round(sum(getattr(reader.wording, name).nbytes for name in (*FIELDS, "begins")) / 1e6, 3),
        "weights_mb": _weights(reader),
        "open_ms": round(1000 * (opened - started), 1),
        "weigh_ms": round(1000 * (weighed - opened), 1),
        "opened_mb": opened_mb,
        "rule": _rule(reader),
        "results": {name: results[name] for name in NAMES},
    }
    reader.close()
    return found


def _timed(rank: Any, rows: list[int], others: list[int], seconds: float) -> dict[str, Any]:  # noqa: ANN401 - of benchmarks.rankings
    end = time.perf_counter() + WARM_SECONDS
    for row in others:
        rank(row)
        if time.perf_counter() > end:
            break
    gc.collect()
    times = []
    end = time.perf_counter() + seconds
    for row in rows:
        started = time.perf_counter()
        rank(row)
        done = time.perf_counter()
        times.append(done - started)
        if done > end:
            break
    p50, p95, p99 = (1000 * np.percentile(times, [50, 95, 99])).round(3).tolist()
    return {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "asked": len(times)}


def _over_http(folder: Path, reader: Reader, rows: list[int], args: argparse.Namespace) -> dict[str, Any]:
    paths = [f"/v1/papers/{reader.incidence.papers[row]}/related?limit=10" for row in rows]
    requests = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" for path in paths]
    try:
        with servers.paperkg(folder) as server:
            ask(server.port, requests[::-1], 1, WARM_SECONDS)
            found = ask(server.port, requests, 1, min(args.seconds, 10.0))
    except machine.SkippedError as skipped:
        return {"skipped": str(skipped)}
    return {
        **{name: found[name] for name in ("p50_ms", "p95_ms", "p99_ms")},
        "asked": found["requests"],
        "failures": found["failures"],
    }


def _rule(reader: Reader) -> dict[str, int]:
    """How many of the first ten of random papers share nothing that 5 % of all papers or fewer name."""
    incidence, rank = reader.incidence, ours(reader)
    papers = len(incidence.papers)
    rows = np.random.default_rng(0).permutation(papers)[:RULE_PAPERS].tolist()
    found = [each for row in rows for each in rank(row)]
    common = sum(all(shared.entity.papers > RULE_SHARE * papers for shared in each.shared) for each in found)
    return {"papers": len(rows), "results": len(found), "only_common": common}


def _megabytes(folder: Path) -> float:
    return round(sum(file.stat().st_size for file in folder.iterdir()) / 1e6, 3)


def _weights(reader: Reader) -> float:
    weights = reader.weights
    own = [weights.rarity, weights.kin_rarity, weights.kin_papers, weights.strengths, weights.by_entity.data]
    kin = [weights.kin.data, weights.kin.indices, weights.kin.indptr]
    return round(sum(array.nbytes for array in [*own, *kin]) / 1e6, 3)


def _headline(last: dict[str, Any]) -> dict[str, Any]:
    """What the last line says first: of the largest graph."""
    results = last["results"]
    mine, limit = results["ours"], results["scipy"]
    ratio = round(mine["p50_ms"] / limit["p50_ms"], 2) if "p50_ms" in mine and "p50_ms" in limit else None
    medians = {f"{name}_p50_ms": results[name].get("p50_ms") for name in ("scipy", "sparql", "networkx", "http")}
    measured = {name: mine.get(name) for name in ("p50_ms", "p95_ms", "p99_ms", "memory_mb")}
    return {**{n: v for n, v in last.items() if n != "results"}, **measured, **medians, "ratio_to_scipy": ratio}


def _table(papers: int, found: dict[str, Any]) -> list[str]:
    rule = found["rule"]
    sizes = f"matrix {found['index_mb']} MB, that of words {found['words_mb']} MB, weights {found['weights_mb']} MB"
    times = f"opened in {found['open_ms']} ms and {found['opened_mb']} MB, weighed in {found['weigh_ms']} ms"
    lines = [
        f"{papers:,} papers, {found['entities']:,} entities, {found['cells']:,} cells: {sizes}, {times}",
        f"{'':28}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}{'asked':>8}{'memory MB':>11}",
    ]
    for name, result in found["results"].items():
        if reason := result.get("skipped"):
            lines.append(f"{NAMES[name]:28}skipped: {reason}")
            continue
        cells = "".join(f"{result[each]:>10.2f}" for each in ("p50_ms", "p95_ms", "p99_ms"))
        memory = f"{result['memory_mb']:>11.1f}" if "memory_mb" in result else ""
        lines.append(f"{NAMES[name]:28}{cells}{result['asked']:>8,}{memory}")
    lines.append(
        f"of {rule['results']:,} papers related to {rule['papers']} random ones {rule['only_common']} are explained "
        f"only by what over {RULE_SHARE:.0%} of all papers name"
    )
    return lines
