"""Graphs to measure on: that of the first N papers of a corpus, built once and kept beside the extractions.

The graph depends on its papers alone, so a larger one begins as a copy of the largest that is finished, and one that
was cut off goes on where it stopped.
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rdflib import Graph

from benchmarks.corpus import Extractions, cache_folder, sample
from kg.build import BuildReport, Parts, build, default_parts
from kg.errors import StoreError
from kg.index.search import SearchIndex
from kg.model import Extraction, Paper
from kg.resources import demo_corpus
from kg.settings import load_settings
from kg.sources import read_papers
from kg.workspace import FORMAT, Workspace

BATCH = 1000
_NEVER_COPIED = shutil.ignore_patterns("snapshots", "current", "*-wal", "*-shm")


def graph_of(papers: int, corpus: Path | None = None) -> Path:
    """The data folder, as of ``KG_DATA``, with the graph of ``papers`` papers of a corpus, or of all that it has.

    Which papers those are depends on the corpus alone, and a smaller number is a part of a larger one. Without a corpus
    it is the demo. What was made before is used again; copy it before you write to it. It is not validated: the shapes
    are held against what the very same code writes in the tests and in every ingest.
    """
    corpus, parts = corpus or demo_corpus(), default_parts()
    place = _folder(corpus, parts)
    folder = place / _name(papers)
    if not _finished(folder).exists():
        chosen = sample(read_papers([corpus]), papers)
        if not folder.exists():
            _begin(folder, place)
        report = _build(chosen, parts, folder)
        _finished(folder).write_text(json.dumps(report.as_dict()) + "\n", encoding="utf-8")
    else:
        _bring_level(folder)
    return folder


def _folder(corpus: Path, parts: Parts) -> Path:
    """Where graphs of this corpus lie that were read, linked and laid out as now."""
    text = hashlib.sha256(corpus.read_bytes()).hexdigest()
    key = json.dumps([text, parts.run.id, FORMAT, load_settings().base])
    return cache_folder() / f"graphs-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _name(papers: int) -> str:
    return f"{papers:06d}"


def _finished(folder: Path) -> Path:
    return folder.with_suffix(".json")


def _begin(folder: Path, place: Path) -> None:
    """A copy of the largest finished graph that is smaller, where there is one."""
    smaller = [int(each.stem) for each in place.glob("*.json") if int(each.stem) < int(folder.name)]
    if smaller:
        beside = folder.with_suffix(".copy")
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(place / _name(max(smaller)), beside, ignore=_NEVER_COPIED)
        beside.rename(folder)


def _bring_level(folder: Path) -> None:
    """Make the index anew, where it was made by code that kept another."""
    try:
        index = SearchIndex(folder / "search.sqlite", read_only=True)
        stale = index.stale
        index.close()
    except StoreError:  # it has other tables
        stale = True
    if stale:
        with Workspace(folder, load_settings().base).writer():
            pass


def _build(papers: list[Paper], parts: Parts, folder: Path) -> BuildReport:
    def progress(report: BuildReport) -> None:
        done = report.new + report.unchanged
        print(f"\r{done:,} of {len(papers):,} papers, {report.seconds:.0f} s ", end="", file=sys.stderr, flush=True)

    reader = _ReadBefore(parts.extractor.name, parts.extractor.version, iter(Extractions(papers, parts.extractor)))
    with Workspace(folder, load_settings().base).writer() as writer:
        report = build(
            papers, replace(parts, extractor=reader, shapes=Graph()), writer, batch_size=BATCH, progress=progress
        )
    print(file=sys.stderr)
    return report


@dataclass(frozen=True, slots=True)
class _ReadBefore:
    """An ``Extractor`` that hands out what another found, in the order of the sample."""

    name: str
    version: str
    found: Iterator[Extraction]

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for paper in papers:
            yield next(each for each in self.found if each.paper == paper)
