"""How long suggestions and searches take over a graph that is there.

    scripts/bench search --data kg-data
    scripts/bench search --data kg-data --json | tail -1 | jq .suggest_p95_ms

Names of entities, the often named more often, and titles of papers are typed letter by letter, typed whole, and typed
with two letters exchanged; all in this process, over the newest snapshot, after one round to warm up. Milliseconds of
the clock: nothing else should run meanwhile.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks import machine
from kg.index.search import SearchIndex
from kg.query import searching
from kg.workspace import Workspace

SEED = 1
LONGEST = 30
CANDIDATES = 20_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--data", type=Path, default=Path("kg-data"), help="folder of the graph (kg-data)")
    parser.add_argument("--base", default="http://127.0.0.1:8000/", help="its base IRI")
    parser.add_argument("--texts", type=int, default=500, help="how many texts of each kind (500)")
    parser.add_argument("--cores", type=int, default=2, help="how many cores (2)")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")


def run(args: argparse.Namespace) -> int:
    """Measure and tell."""
    about = machine.describe(args.cores)
    started = time.perf_counter()
    reader = Workspace(args.data, args.base).reader()
    opened = time.perf_counter() - started
    counts = reader.index.counts()
    texts = _texts(reader.index, args.texts)
    suggest = partial(searching.suggest, reader.catalogue, reader.index)
    results = {
        "papers": counts.pop("Paper"),
        "entities": sum(counts.values()),
        "index_mb": round((reader.path / "search.sqlite").stat().st_size / 1e6, 1),
        "open_ms": round(opened * 1000, 1),
        **_timed("suggest", suggest, texts["typing"]),
        **_timed("suggest_whole", suggest, texts["whole"]),
        **_timed("suggest_slips", suggest, texts["slips"]),
        **_timed("search", partial(searching.search, reader.catalogue, reader.index), texts["whole"]),
    }
    reader.close()
    print(f"{about['cores']} cores of {about['cpu']}, load {about['load']} at the start")
    print("\n".join(f"{name:22} {value:>12,}" for name, value in results.items()))
    if args.json:
        print(json.dumps({"benchmark": "search", **about, **results}))
    return 0


def _texts(index: SearchIndex, number: int) -> dict[str, list[str]]:
    chance = random.Random(SEED)  # noqa: S311 - the same texts each time
    entities = index.entities(limit=CANDIDATES)
    names = [each.name for each in chance.choices(entities, weights=[each.papers + 1 for each in entities], k=number)]
    papers = index.papers(limit=CANDIDATES)
    titles = [each.title for each in chance.sample(papers, min(number // 4, len(papers)))]
    whole = [*names, *titles]
    chance.shuffle(whole)
    typing = (text[:end] for text in whole for end in range(1, min(len(text), LONGEST) + 1))
    slips = []
    for text in whole:
        at = chance.randrange(len(text))
        slips.append(text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :])
    return {"typing": list(islice(typing, 10 * number)), "whole": whole, "slips": slips}


def _timed(name: str, ask: Callable[[str], object], texts: Iterable[str]) -> dict[str, float]:
    texts = list(texts)
    times = []
    for text in [*texts[: len(texts) // 10], *texts]:
        started = time.perf_counter()
        ask(text)
        times.append((time.perf_counter() - started) * 1000)
    times = sorted(times[len(texts) // 10 :])
    return {f"{name}_p{p}_ms": round(times[min(len(times) * p // 100, len(times) - 1)], 2) for p in (50, 95, 99)}
