"""How long pages take: the server alone, and until a browser shows something of them.

    scripts/bench pages
    scripts/bench pages --papers 10000 --corpus papers.jsonl.gz --json | tail -1 | jq .slowest
    scripts/bench pages --data kg-data --only map --loads 50

Every page is asked for over one connection, in turns with /health/live, the least that the server can do: a ratio to
that is of one run and one machine. Then Chromium, where there is one, opens each with no cache and says when it
painted the first content. The addresses are those that the tests walk through, with things of the graph in them.
Milliseconds of the clock: nothing else should run meanwhile.
"""

import argparse
import http.client
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import machine, servers
from benchmarks.graphs import graph_of
from kg.settings import load_settings
from kg.workspace import Workspace
from tests.chromium import chromium, find_chromium
from tests.pages.addresses import Address, addresses, choose

LEAST = "/health/live"
_EVERYTHING = 10**9
_PAINTED = """() => new Promise((resolve) => new PerformanceObserver((list) => {
  const found = list.getEntriesByName("first-contentful-paint")[0];
  if (found) resolve(found.startTime);
}).observe({ type: "paint", buffered: true }))"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--data", type=Path, help="folder of a graph that is there, instead of one that is made")
    parser.add_argument("--papers", type=int, help="how many papers (all)")
    parser.add_argument("--corpus", type=Path, help="JSON lines, packed or not; else the demo")
    parser.add_argument("--loads", type=int, default=20, help="how often the server is asked for each page (20)")
    parser.add_argument("--paints", type=int, default=5, help="how often the browser opens each page (5)")
    parser.add_argument("--only", action="append", metavar="NAME", help="only the page of this name")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")


def run(args: argparse.Namespace) -> int:
    """Measure and print the table."""
    about = machine.describe(os.cpu_count() or 1)
    folder = args.data or graph_of(args.papers or _EVERYTHING, args.corpus)
    reader = Workspace(folder, load_settings().base).reader()
    papers, found = len(reader.incidence.papers), addresses(choose(reader))
    reader.close()
    pages = [address for name, address in found.items() if not args.only or name in args.only]
    try:
        with servers.paperkg(folder) as server:
            health, results = _ask(server.port, pages, args.loads)
            painted = _paint(server.port, pages, args.paints)
    except machine.SkippedError as error:
        sys.exit(f"error: {error}")
    for name, times in painted.items():
        results[name] |= times
    print(f"{papers:,} papers, {about['cores']} cores of {about['cpu']}, load {about['load']} at the start")
    print("\n".join(_table(health, results)))
    if args.json:
        slowest = max(results, key=lambda name: results[name]["p50_ms"])
        headline = {"papers": papers, "health_p50_ms": health, "slowest": slowest}
        print(json.dumps({"benchmark": "pages", **about, **headline, "results": results}))
    return 0


def _ask(port: int, pages: list[Address], loads: int) -> tuple[float, dict[str, dict[str, Any]]]:
    """The median for the least that the server can do, and for each page how long it takes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    least: list[float] = []
    results = {}
    for address in pages:
        print(f"\rasking: {address.name:20}", end="", file=sys.stderr, flush=True)
        status, size, first = _load(connection, address.path)
        times = []
        for _ in range(loads):
            least.append(_load(connection, LEAST)[2])
            times.append(_load(connection, address.path)[2])
        results[address.name] = {
            "path": address.path,
            "status": status,
            "bytes": size,
            "first_load_ms": round(first, 2),
            **_percentiles("", times),
        }
    connection.close()
    print(file=sys.stderr)
    health = round(float(np.median(least)), 3)
    for each in results.values():
        each["ratio_to_health"] = round(each["p50_ms"] / health, 1)
    return health, results


def _load(connection: http.client.HTTPConnection, path: str) -> tuple[int, int, float]:
    """Status, bytes and milliseconds of one answer, read to its end."""
    started = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html"})
    answer = connection.getresponse()
    size = len(answer.read())
    return answer.status, size, (time.perf_counter() - started) * 1000


def _paint(port: int, pages: list[Address], paints: int) -> dict[str, dict[str, Any]]:
    """When a browser that is running, with nothing of the site in its cache, first painted something of each page."""
    path = find_chromium()
    if path is None or not paints:
        return {}
    results = {}
    with chromium(path) as browser:
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.goto(f"http://127.0.0.1:{port}{pages[0].path}")  # what a browser does once
        for address in pages:
            print(f"\rpainting: {address.name:20}", end="", file=sys.stderr, flush=True)
            times = []
            for _ in range(paints):
                page.goto(f"http://127.0.0.1:{port}{address.path}")
                times.append(page.evaluate(_PAINTED))
            results[address.name] = _percentiles("paint_", times)
    print(file=sys.stderr)
    return results


def _percentiles(prefix: str, times: list[float]) -> dict[str, float]:
    return {f"{prefix}p{p}_ms": round(float(np.percentile(times, p)), 2) for p in (50, 95)}


def _table(health: float, results: dict[str, dict[str, Any]]) -> list[str]:
    lines = [f"{'':18}{'server p50':>12}{'p95 ms':>9}{'x health':>10}{'kB':>8}{'painted p50':>13}{'p95 ms':>9}"]
    lines.append(f"{'health':18}{health:>12.2f}")
    for name, each in results.items():
        painted = [each.get(f"paint_p{p}_ms") for p in (50, 95)]
        shown = [f"{value:.0f}" if value is not None else "-" for value in painted]
        status = f"  ({each['status']})" if each["status"] != 200 else ""
        lines.append(
            f"{name:18}{each['p50_ms']:>12.2f}{each['p95_ms']:>9.2f}{each['ratio_to_health']:>10}"
            f"{each['bytes'] / 1000:>8.1f}{shown[0]:>13}{shown[1]:>9}{status}"
        )
    return lines
