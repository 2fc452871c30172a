"""Whether the papers that are called related are so, beside BM25, TF-IDF and plain counts of shared entities.

    scripts/bench quality --corpus papers.jsonl.gz --papers 20000
    scripts/bench quality --corpus papers.jsonl.gz --json | tail -1 | jq .margins

Which papers belong together is known from outside the graph, in two ways: by authors (`follow_ups`: two in common, at
most three years apart) and by systems that titles introduce and other abstracts name (`title_citations`). Papers to ask
for are drawn at random among those that have any. nDCG@10 and recall@50 are means over them; each margin is ours minus
theirs over the same papers, with the 95 % interval of a paired bootstrap. Text baselines read title and abstract.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import machine
from benchmarks.graphs import graph_of
from benchmarks.relevance import Record, Relevance, follow_ups, title_citations
from benchmarks.retrieval import RETRIEVALS, Retrieval
from kg.settings import load_settings
from kg.workspace import Reader, Workspace

NAMES = {
    "ours": "paperkg, min_shared=0",
    "ours_sharing": "paperkg, by default",
    "bm25": "BM25",
    "bm25_distinct": "BM25, each word asked for once",
    "tf_idf": "TF-IDF cosine",
    "shared_counts": "shared entities counted",
}
KINDS = {"follow_ups": follow_ups, "title_citations": title_citations}
MEASURES = ("ndcg_10", "recall_50")
DRAWS = 10_000
_PAGE = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--papers", type=int, help="how many papers (all)")
    parser.add_argument("--corpus", type=Path, help="JSON lines, packed or not, with authors; else the demo")
    parser.add_argument("--asked", type=int, default=3000, help="how many papers to ask for, of each kind (3000)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw and of the bootstrap (0)")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")


def run(args: argparse.Namespace) -> int:
    """Ask all for the same papers and print the table."""
    about = machine.describe(os.cpu_count() or 1)
    reader = Workspace(graph_of(args.papers or 10**9, args.corpus), load_settings().base).reader()
    records = list(_records(reader))
    ways = {name: make(reader, records) for name, make in RETRIEVALS.items()}
    results, margins = {}, {}
    for kind, find in KINDS.items():
        relevance = find(records)
        if not relevance:
            print(f"{kind}: no papers of this corpus belong together so", file=sys.stderr)
            continue
        rows = np.random.default_rng(args.seed).permutation(sorted(relevance))[: args.asked].tolist()
        scores = {name: _scores(way, rows, relevance) for name, way in ways.items()}
        results[kind] = {"asked": len(rows), **{name: _means(found) for name, found in scores.items()}}
        margins[kind] = {n: _margins(scores["ours"], found, args.seed) for n, found in scores.items() if n != "ours"}
    print(f"{len(records):,} papers, {about['cores']} cores of {about['cpu']}")
    for kind, found in results.items():
        print("\n".join(["", *_table(kind, found, margins[kind])]))
    if args.json:
        source = str(args.corpus) if args.corpus else "demo"
        head = {"benchmark": "quality", "papers": len(records), "corpus": source, **about}
        print(json.dumps({**head, "results": results, "margins": margins}))
    reader.close()
    return 0


def _records(reader: Reader) -> Iterator[Record]:
    """All papers in the order of the matrix's rows."""
    papers = reader.incidence.papers
    hits, after = {}, None
    while page := reader.index.papers(after=after, limit=_PAGE):
        hits.update({hit.id: hit for hit in page})
        after = page[-1].title, page[-1].id
    for begin in range(0, len(papers), _PAGE):
        some = papers[begin : begin + _PAGE]
        texts = reader.index.texts(some)
        for paper_id in some:
            hit, (title, abstract) = hits[paper_id], texts[paper_id]
            yield Record(title, abstract, tuple(hit.byline.split("; ")) if hit.byline else (), hit.year)


def _scores(way: Retrieval, rows: Sequence[int], relevance: Relevance) -> NDArray[np.float64]:
    """A row of ``MEASURES`` for each paper asked for."""
    return np.array([_score(way(row), relevance[row]) for row in rows])


def _score(found: Sequence[int], wanted: set[int]) -> tuple[float, float]:
    gain = sum(1 / math.log2(rank + 2) for rank, row in enumerate(found[:10]) if row in wanted)
    best = sum(1 / math.log2(rank + 2) for rank in range(min(10, len(wanted))))
    return gain / best, len(wanted.intersection(found[:50])) / len(wanted)


def _means(scores: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(MEASURES, scores.mean(axis=0).round(4).tolist(), strict=True))


def _margins(mine: NDArray[np.float64], theirs: NDArray[np.float64], seed: int) -> dict[str, dict[str, float]]:
    """Of each measure the mean difference, its interval, and the share of draws in which ours leads."""
    differences = mine - theirs
    even = np.full(len(differences), 1 / len(differences))
    times = np.random.default_rng(seed).multinomial(len(differences), even, size=DRAWS)
    drawn = times @ differences / len(differences)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0).round(4)
    return {
        name: {
            "mean": round(float(differences[:, i].mean()), 4),
            "low": float(low[i]),
            "high": float(high[i]),
            "better": round(float((drawn[:, i] > 0).mean()), 4),
        }
        for i, name in enumerate(MEASURES)
    }


def _table(kind: str, results: dict[str, Any], margins: dict[str, Any]) -> list[str]:
    lines = [f"{kind}, {results['asked']:,} papers asked for".ljust(40) + "nDCG@10  recall@50   ours minus it: nDCG@10"]
    for name, label in NAMES.items():
        found = results[name]
        margin = margins.get(name, {}).get("ndcg_10")
        tail = f"   {margin['mean']:+.4f} [{margin['low']:+.4f}, {margin['high']:+.4f}]" if margin else ""
        lines.append(f"{label:40}{found['ndcg_10']:>7.4f}{found['recall_50']:>11.4f}{tail}")
    return lines
