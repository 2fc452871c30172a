"""How fast neighbourhoods and the map of concepts are made, beside a bare sparse product, SPARQL and networkx.

    scripts/bench graph
    scripts/bench graph --papers 20000 --corpus papers.jsonl.gz --json | tail -1 | jq .hub_p50_ms

All answer for the same entities in one process over one snapshot: `ours` weighs what shares papers with an entity and
links what it found, `drawn` lays that out too, and the others only count; `scipy` is one product of the same matrix,
the limit. Hubs are the entities in most papers, whatever they are; the others are random, of a thousandth of the papers
(mid) and of two or three (rare). The map is drawn from nothing, and again when 1 % of the papers have come. With more
papers than a thousand the same is measured for 1,000 and 10,000 of them, to see how each grows.
"""

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks import machine
from benchmarks.graphs import graph_of
from benchmarks.neighbours import MOST, NEIGHBOURS, ours
from kg.analysis.cooccurrence import Choice
from kg.atlas.atlas import Atlas, save
from kg.atlas.drawing import draw
from kg.index.incidence import Incidence
from kg.model import Label
from kg.settings import load_settings
from kg.workspace import Reader, Workspace

NAMES = {
    "ours": "paperkg, weighed and linked",
    "drawn": "the same, laid out",
    "scipy": "bare scipy product",
    "networkx": "networkx, a bipartite walk",
    "sparql": "SPARQL on pyoxigraph",
}
GROWTH = (1_000, 10_000)
HUBS, ENTITIES = 10, 30
_EVERYTHING = 10**9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--papers", type=int, help="how many papers (all)")
    parser.add_argument("--corpus", type=Path, help="JSON lines, packed or not; else the demo")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is asked for the same entity (5)")
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
    print(f"{found['papers']:,} papers, {about['cores']} cores of {about['cpu']}, load {about['load']} at the start")
    for each in sizes.values():
        print("\n".join(["", *_table(each)]))
    if args.json:
        source = str(args.corpus) if args.corpus else "demo"
        growth = {str(papers): each for papers, each in sizes.items()}
        print(json.dumps({"benchmark": "graph", "corpus": source, **about, **_headline(found), "growth": growth}))
    return 0


def _measure(args: argparse.Namespace, number: int) -> dict[str, Any]:
    print(f"measuring: {number:,} papers" if number < _EVERYTHING else "measuring: all papers", file=sys.stderr)
    reader = Workspace(graph_of(number, args.corpus), load_settings().base).reader()
    kinds = _kinds(reader.incidence)
    results: dict[str, Any] = {}
    for name, make in NEIGHBOURS.items():
        if name in args.without:
            results[name] = {"skipped": "as asked"}
            continue
        before, ask = machine.peak_memory(), make(reader)
        timed = {kind: _timed(ask, slugs, args) for kind, slugs in kinds.items()}
        results[name] = {**timed, "memory_mb": round(machine.peak_memory() - before, 1)}
    found = {
        "papers": len(reader.incidence.papers),
        "entities": len(reader.incidence.entities),
        "cells": int(reader.incidence.by_paper.nnz),
        "index_mb": round(sum(file.stat().st_size for file in (reader.path / "incidence").iterdir()) / 1e6, 2),
        "results": results,
        "filtered": {} if "ours" in args.without else _filtered(reader, kinds["hub"], args),
        "map": _map(reader),
        "peak_mb": machine.peak_memory(),
    }
    reader.close()
    return found


def _kinds(incidence: Incidence) -> dict[str, list[str]]:
    """Entities that are asked for."""
    counts = incidence.counts
    middle = max(4, len(incidence.papers) // 1000)
    chosen = {
        "hub": np.argsort(-counts, kind="stable")[:HUBS],
        "mid": np.flatnonzero((counts >= middle) & (counts <= 2 * middle)),
        "rare": np.flatnonzero((counts >= 2) & (counts <= 3)),
    }
    rng = np.random.default_rng(len(counts))
    some = {kind: rng.permutation(columns)[:ENTITIES] for kind, columns in chosen.items()}
    return {kind: [incidence.entities[column] for column in columns.tolist()] for kind, columns in some.items()}


def _timed(ask: Callable[[str], Any], slugs: list[str], args: argparse.Namespace) -> dict[str, Any]:
    if not slugs:
        return {"skipped": "there are no such entities"}
    ask(slugs[0])
    gc.collect()
    times = []
    end = time.perf_counter() + args.seconds
    for slug in slugs * args.rounds:
        started = time.perf_counter()
        ask(slug)
        done = time.perf_counter()
        times.append(done - started)
        if done > end:
            break
    p50, p95, p99 = (1000 * np.percentile(times, [50, 95, 99])).round(3).tolist()
    return {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "asked": len(times)}


def _filtered(reader: Reader, hubs: list[str], args: argparse.Namespace) -> dict[str, Any]:
    """Hubs once more, each time with another filter."""
    years = np.asarray(reader.incidence.years)
    half = int(np.median(years[years > 0])) if (years > 0).any() else 1
    venues = np.asarray(reader.incidence.venues)
    choices = {"type": Choice(labels=(Label.DATASET,), limit=MOST), "support": Choice(min_papers=3, limit=MOST)}
    choices["years"] = Choice(year_from=half, limit=MOST)
    if (venues >= 0).any():
        largest = int(np.bincount(venues[venues >= 0]).argmax())
        choices["venue"] = Choice(venue=reader.incidence.venue_names[largest], limit=MOST)
    return {name: _timed(ours(reader, choice), hubs, args) for name, choice in choices.items()}


def _map(reader: Reader) -> dict[str, Any]:
    """Seconds that a map takes, and how far things move on it, in parts of its width, when 1 % of the papers come."""
    incidence = reader.incidence
    seconds, atlas = _seconds(lambda: draw(incidence))
    _, before = _seconds(lambda: draw(_without(incidence, 0.01)))
    again, after = _seconds(lambda: draw(incidence, before))
    _, settled = _seconds(lambda: draw(incidence, after))
    moved, stayed = _moved(before, after)
    file = reader.path / "atlas.json"
    if not file.exists():
        save(atlas, file)
    return {
        "entities": len(atlas.places),
        "communities": len(atlas.communities),
        "links": len(atlas.links[2]),
        "mb": round(file.stat().st_size / 1e6, 2),
        "seconds": round(seconds, 2),
        "one_percent_seconds": round(again, 2),
        "one_percent_moved_p50": round(float(np.median(moved)), 4),
        "one_percent_moved_p95": round(float(np.quantile(moved, 0.95)), 4),
        "one_percent_same_community": round(float(np.mean(stayed)), 4),
        "same": settled == after,
    }


def _seconds(make: Callable[[], Atlas]) -> tuple[float, Atlas]:
    started = time.perf_counter()
    made = make()
    return time.perf_counter() - started, made


def _without(incidence: Incidence, share: float) -> Incidence:
    """The matrix as it was before a share of the papers came: they name nothing."""
    gone = np.random.default_rng(1).random(len(incidence.papers)) < share
    turned = incidence.by_entity
    kept = ~gone[turned.indices]
    rows = np.repeat(np.arange(turned.shape[0]), np.diff(turned.indptr))[kept]
    cells = turned.data[kept], (rows, turned.indices[kept])
    return replace(incidence, by_entity=csr_matrix(cells, shape=turned.shape))


def _moved(before: Atlas, after: Atlas) -> tuple[list[float], list[bool]]:
    old = {place.slug: place for place in before.places}
    both = [(old[place.slug], place) for place in after.places if place.slug in old]
    return (
        [float(np.hypot(a.x - b.x, a.y - b.y) / 2) for a, b in both],
        [a.community == b.community for a, b in both],
    )


def _headline(found: dict[str, Any]) -> dict[str, Any]:
    """What one looks for first, at the largest size."""
    flat = {name: found[name] for name in ("papers", "entities", "cells", "index_mb", "peak_mb")}
    for name, result in found["results"].items():
        hub = result.get("hub", result)
        prefix = "hub" if name == "ours" else f"{name}_hub"
        flat |= {f"{prefix}_{each}": hub.get(each) for each in ("p50_ms", "p95_ms", "p99_ms")}
    return flat | {f"map_{name}": value for name, value in found["map"].items()}


def _table(found: dict[str, Any]) -> list[str]:
    lines = [f"{found['papers']:,} papers, {found['entities']:,} entities, {found['cells']:,} cells"]
    lines.append(f"{'p50 / p95 / p99 in ms':30}" + "".join(f"{kind:>30}" for kind in ("hub", "mid", "rare")))
    for name, result in found["results"].items():
        if "skipped" in result:
            lines.append(f"{NAMES[name]:30}skipped: {result['skipped']}")
        else:
            lines.append(f"{NAMES[name]:30}" + "".join(f"{_cell(result[kind]):>30}" for kind in ("hub", "mid", "rare")))
    lines += [f"{f'ours, by {name}':30}{_cell(result):>30}" for name, result in found["filtered"].items()]
    drawn = found["map"]
    size = f"{drawn['entities']:,} entities in {drawn['communities']} communities"
    speed = f"{drawn['seconds']} s from nothing, {drawn['one_percent_seconds']} s when 1 % came"
    moved = f"half of it by {drawn['one_percent_moved_p50']:.2%} of the width at most"
    stayed = f"{drawn['one_percent_same_community']:.1%} stays in its community"
    return [*lines, f"map of {size}: {speed}", f"what moves then: {moved}; {stayed}"]


def _cell(result: dict[str, Any]) -> str:
    if "skipped" in result:
        return "-"
    return " / ".join(f"{result[each]:.1f}" for each in ("p50_ms", "p95_ms", "p99_ms"))
