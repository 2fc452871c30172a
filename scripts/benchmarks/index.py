"""What the indexes beside a graph cost: to make anew, to bring along with some more papers, to open, on the disk.

    scripts/bench index
    scripts/bench index --papers 20000 --corpus papers.jsonl.gz --json | tail -1 | jq .ratio
    scripts/bench index --synthetic 1000000

The graph of the first N papers of a corpus is built once and kept; a copy of it is measured. One paper in a hundred is
taken out with what only such papers name, and put back: that is the update, up to the snapshot that readers see, but
without the time that the graph itself takes. The rebuild makes all of the graph alone, and must give the same files.
--synthetic measures the matrix alone, of papers that chance made: as many as you like.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import graphs, machine
from kg.index import files
from kg.index.incidence import EntityFact, Incidence, PaperFact, assemble, renewed
from kg.model import Field, Label, Place, Role
from kg.settings import load_settings
from kg.workspace import Workspace

_NAMED = 18
_PLACE = Place(Field.ABSTRACT, 10, 20, 0, 80)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--papers", type=int, default=50, help="papers in the graph (50)")
    parser.add_argument("--corpus", type=Path, help="a file of papers (the demo)")
    parser.add_argument("--synthetic", type=int, metavar="N", help="the matrix of N made-up papers instead")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    about = machine.describe(os.cpu_count() or 1)
    found = _synthetic(args.synthetic) if args.synthetic else _real(graphs.graph_of(args.papers, args.corpus))
    print(f"{found['papers']:,} papers, {about['cores']} cores of {about['cpu']}, load {about['load']} at the start")
    for name in ("update", "rebuild", "open"):
        print(f"{name:<10}{found[f'{name}_s']:10.3f} s{found[f'{name}_peak_mb']:10.0f} MB at most")
    print(f"{'ratio':<10}{found['ratio']:10.1%} of a rebuild, to add {found['added']:,} papers")
    print(f"{'the same':<10}{'yes' if found['same'] else 'NO':>10}")
    print("\n".join(f"{size / 1e6:12.1f} MB  {name}" for name, size in found["bytes"].items()))
    if args.json:
        print(json.dumps({"benchmark": "index", **about, **found}))
    return 0 if found["same"] else 1


@contextmanager
def _timed(into: dict[str, Any], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    into[f"{name}_s"] = time.perf_counter() - started
    into[f"{name}_peak_mb"] = machine.peak_memory()


def _real(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        workspace = Workspace(Path(shutil.copytree(folder, Path(place) / "graph")), load_settings().base)
        with _timed(found, "open"):
            reader = workspace.reader()
        with closing(reader):
            matrix = reader.incidence
            chance = np.random.default_rng(1)
            rows = chance.permutation(len(matrix.papers))[: max(1, len(matrix.papers) // 100)]
            papers, slugs = [matrix.papers[row] for row in rows], _only_named_by(matrix, rows)
            found |= {"papers": len(matrix.papers), "added": len(papers), "cells": matrix.by_paper.nnz}
            named = {matrix.entities[at] for row in rows for at in matrix.entities_of(row)[0]}
        _update(workspace, papers, sorted(named), slugs, found)
        updated = _files(workspace)
        with _timed(found, "rebuild"):
            workspace.rebuild()
        found["same"] = {name: file.read_bytes() for name, file in updated.items()} == {
            name: file.read_bytes() for name, file in _files(workspace).items()
        }
        with closing(workspace.reader()) as reader:
            sizes = {"search.sqlite": (reader.path / "search.sqlite").stat().st_size}
        found["bytes"] = sizes | {name: file.stat().st_size for name, file in updated.items()}
    return found | {"ratio": found["update_s"] / found["rebuild_s"]}


def _update(workspace: Workspace, papers: list[str], named: list[str], own: set[str], found: dict[str, Any]) -> None:
    """Take papers out, and put them back under the clock."""
    with workspace.writer() as writer:
        store, iris = writer.store, writer.iris
        quads = [quad for each in papers for quad in store.quads(iris.paper_graph(each))]
        nodes = {iris.entity(slug) for slug in own}
        quads += [quad for quad in store.quads(iris.entities_graph) if quad[0] in nodes]
        writer.index.mark(clean=False)
        store.apply(quads, [])
        writer.refresh(papers, named)
    with workspace.writer() as writer:
        writer.index.mark(clean=False)
        writer.store.apply([], quads)
        writer.store.flush()
        started = time.perf_counter()
        writer.refresh(papers, named)
    found["update_s"], found["update_peak_mb"] = time.perf_counter() - started, machine.peak_memory()


def _only_named_by(matrix: Incidence, rows: np.ndarray) -> set[str]:
    """Entities that no other paper names."""
    columns, times = np.unique(matrix.by_paper[rows].indices, return_counts=True)
    return {matrix.entities[at] for at in columns[times == matrix.counts[columns]]}


def _files(workspace: Workspace) -> dict[str, Path]:
    with closing(workspace.reader()) as reader:
        found = [file for part in ("incidence", "wording") for file in sorted((reader.path / part).iterdir())]
        return {str(file.relative_to(reader.path)): file for file in found}


def _synthetic(papers: int) -> dict[str, Any]:
    found: dict[str, Any] = {"papers": papers, "added": max(1, papers // 100)}
    entities = [EntityFact(f"entity-{n:09d}", list(Label)[n % 5], n % 1000 == 0) for n in range(max(_NAMED, papers))]
    pairs = [(fact.slug, f"entity-{n // 7:09d}") for n, fact in enumerate(entities) if n > 7]
    with tempfile.TemporaryDirectory() as place:
        print("making the smaller matrix", file=sys.stderr)
        files.save(assemble(_made_up(0, papers - found["added"], entities), entities, pairs), Path(place) / "old")
        with _timed(found, "open"):
            old = files.load(Path(place) / "old")
        with _timed(found, "update"):
            more = list(_made_up(papers - found["added"], papers, entities))
            files.save(renewed(old, more, [], []), Path(place) / "updated")
        with _timed(found, "rebuild"):
            files.save(assemble(_made_up(0, papers, entities), entities, pairs), Path(place) / "rebuilt")
        names = sorted(file.name for file in (Path(place) / "updated").iterdir())
        both = [[(Path(place) / which / name).read_bytes() for name in names] for which in ("updated", "rebuilt")]
        found["same"], found["bytes"] = both[0] == both[1], dict(zip(names, map(len, both[0]), strict=True))
        found["cells"] = files.load(Path(place) / "updated").by_paper.nnz
    return found | {"ratio": found["update_s"] / found["rebuild_s"]}


def _made_up(begin: int, end: int, entities: list[EntityFact]) -> Iterator[PaperFact]:
    """Papers by number; few entities are named by many of them, and most by few."""
    roles = [None, *Role]
    for number in range(begin, end):
        chance = random.Random(number)  # noqa: S311 - no secret
        named = {entities[int(len(entities) * chance.random() ** 4)].slug for _ in range(_NAMED)}
        told = [(slug, 0.5 + number % 50 / 100, roles[len(slug) % 7]) for slug in named]
        yield PaperFact(
            f"paper-{number:09d}", 1990 + number % 35, f"Venue {number % 97}", told, dict.fromkeys(named, _PLACE)
        )
