"""Graphs that benchmarks run on: made once, gone on with, and the same in whatever steps they grew."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from kg.build import BuildReport
from kg.index.search import SearchIndex
from kg.sources import read_papers
from kg.workspace import Workspace
from tests.corpus import BASE, TEXTS, corpus_parts

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def graphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    monkeypatch.setenv("KG_BENCH_CACHE", str(tmp_path / "cache"))
    from benchmarks import graphs

    monkeypatch.setattr(graphs, "default_parts", corpus_parts)
    monkeypatch.setattr(graphs, "BATCH", 2)
    return graphs


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "papers.jsonl"
    records = ({"id": name, "title": title, "abstract": abstract} for name, (title, abstract) in TEXTS.items())
    path.write_text("\n".join(map(json.dumps, records)))
    return path


def content(folder: Path) -> set[object]:
    reader = Workspace(folder, BASE).reader()
    found = set(reader.store.quads())
    reader.close()
    return found


def report(folder: Path) -> dict[str, int]:
    return dict(json.loads(folder.with_suffix(".json").read_text()))


def test_a_larger_graph_begins_as_a_copy_of_a_smaller_one(graphs: ModuleType, corpus: Path, tmp_path: Path) -> None:
    small = graphs.graph_of(5, corpus)
    assert report(small)["new"] == 5
    large = graphs.graph_of(12, corpus)
    assert (report(large)["new"], report(large)["unchanged"]) == (7, 5)
    direct = Workspace(tmp_path / "direct", BASE)
    with direct.writer() as writer:
        papers = graphs.sample(read_papers([corpus]), 12)
        graphs.build(papers, corpus_parts(), writer)
    assert content(large) == content(direct.path)
    assert report(graphs.graph_of(99, corpus))["received"] == len(TEXTS)


def test_what_was_made_is_used_again_with_its_index_level(
    graphs: ModuleType, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = graphs.graph_of(3, corpus)
    index = SearchIndex(folder / "search.sqlite")
    index.mark(clean=False)
    index.close()
    monkeypatch.setattr(graphs, "build", None)
    assert graphs.graph_of(3, corpus) == folder
    index = SearchIndex(folder / "search.sqlite", read_only=True)
    assert not index.stale
    index.close()


def test_an_index_with_other_tables_is_made_anew(graphs: ModuleType, corpus: Path) -> None:
    folder = graphs.graph_of(5, corpus)
    with closing(sqlite3.connect(folder / "search.sqlite")) as db:
        db.execute("PRAGMA user_version = 1")
    assert graphs.graph_of(5, corpus) == folder
    reader = Workspace(folder, BASE).reader()
    assert reader.index.counts()["Paper"] == 5
    reader.close()


def test_what_was_cut_off_goes_on(graphs: ModuleType, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = graphs.build

    def cut_off(*args: object, **named: object) -> BuildReport:
        def stop(report: BuildReport) -> None:
            if report.new:
                raise KeyboardInterrupt

        return build(*args, **(named | {"progress": stop}))

    monkeypatch.setattr(graphs, "build", cut_off)
    with pytest.raises(KeyboardInterrupt):
        graphs.graph_of(6, corpus)
    monkeypatch.setattr(graphs, "build", build)
    folder = graphs.graph_of(6, corpus)
    assert (report(folder)["new"], report(folder)["unchanged"]) == (4, 2)
