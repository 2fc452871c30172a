"""scripts/bench: what it prints, and that its contenders read the same."""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from kg.workspace import Reader

ROOT = Path(__file__).resolve().parent.parent
READER = ("--extractor", "tests.wayward:Wayward")


def bench(*args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "benchmarks"), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.slow
def test_speed_is_measured_side_by_side(tmp_path: Path) -> None:
    corpus = tmp_path / "papers.jsonl"
    records = [{"title": f"Paper {i}", "abstract": "We train a graph network.", "year": 2000 + i} for i in range(9)]
    corpus.write_text("\n".join(map(json.dumps, [*records, {"title": "No abstract"}])))
    done = bench("extract", "--corpus", corpus, "--papers", 20, "--rounds", 1, "--without", "cnn", "--json", *READER)
    assert done.returncode == 0, done.stderr
    *table, last = done.stdout.splitlines()
    made = json.loads(last)
    assert (made["benchmark"], made["papers"], made["corpus"]) == ("extract", 9, str(corpus))
    assert list(made["results"]) == ["pipeline", "forward", "bert", "cnn"]
    pipeline = made["results"]["pipeline"]
    assert pipeline["per_second"] > 0
    assert (pipeline["mentions"], pipeline["extractor"]) == (9, "wayward 1")
    assert 0 < pipeline["peak_mb_quarter"] <= pipeline["peak_mb"]
    assert made["results"]["cnn"] == {"skipped": "as asked"}
    text = "\n".join(table)
    assert table[0].startswith("9 abstracts, ")
    assert "paperkg, the whole pipeline" in text
    assert "spaCy CNN tagger                    skipped: as asked" in text


@pytest.mark.slow
def test_endpoints_are_measured_side_by_side() -> None:
    options = ("--seconds", 0.3, "--concurrency", 2, "--subjects", 50, "--without", "rdflib", "--json")
    done = bench("sparql", *options)
    assert done.returncode == 0, done.stderr
    *table, last = done.stdout.splitlines()
    made = json.loads(last)
    assert (made["benchmark"], list(made["results"])) == ("sparql", ["oxigraph", "paperkg", "again", "rdflib"])
    assert made["results"]["rdflib"] == {"skipped": "as asked"}
    for name in ("oxigraph", "paperkg", "again"):
        measured = made["results"][name]["2"]
        assert measured["failures"] == 0
        assert measured["requests"] > 5
        assert 0 < measured["p50_ms"] <= measured["p99_ms"]
    assert list(made["ratios"]) == ["paperkg/oxigraph", "again/oxigraph"]
    assert table[0].startswith("250 triples, ")
    assert "rdflib-endpoint         skipped: as asked" in table


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Papers of one group on graph attention, a follow-up that names their system, and others."""
    monkeypatch.setenv("KG_BENCH_CACHE", str(tmp_path / "cache"))
    group, rest = ["Ada Lovelace", "Alan Turing"], ["Grace Hopper"]
    texts = [
        (
            "GraphBERT: graph attention networks on Cora",
            "We propose GraphBERT, a graph attention network.",
            group,
            2019,
        ),
        ("Deeper graph attention", "Graph attention networks are trained on Cora and Citeseer.", group, 2020),
        ("Message passing revisited", "We compare GraphBERT with a graph attention network on Cora.", rest, 2021),
        ("Translation by machines", "A recurrent neural network reaches a high BLEU on WMT14.", rest, 2015),
    ]
    records = [{"title": t, "abstract": a, "authors": by, "year": year} for t, a, by, year in texts]
    path = tmp_path / "papers.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    return path


@pytest.mark.slow
def test_related_papers_are_found_side_by_side(corpus: Path) -> None:
    done = bench("related", "--corpus", corpus, "--asked", 4, "--without", "networkx", "--seconds", 1, "--json")
    assert done.returncode == 0, done.stderr
    *table, last = done.stdout.splitlines()
    made = json.loads(last)
    assert (made["benchmark"], made["papers"], made["corpus"]) == ("related", 4, str(corpus))
    results = made["growth"]["4"]
    assert list(results) == ["ours", "http", "scipy", "sparql", "networkx"]
    assert results["networkx"] == {"skipped": "as asked"}
    assert results["http"]["failures"] == 0
    for name in ("ours", "http", "scipy", "sparql"):
        assert 0 < results[name]["p50_ms"] <= results[name]["p95_ms"] <= results[name]["p99_ms"]
    assert (made["p50_ms"], made["http_p50_ms"]) == (results["ours"]["p50_ms"], results["http"]["p50_ms"])
    assert made["ratio_to_scipy"] == pytest.approx(made["p50_ms"] / made["scipy_p50_ms"], abs=0.01)
    assert made["networkx_p50_ms"] is None
    assert made["rule"]["papers"] == 4
    assert made["rule"]["results"] > 0
    assert made["index_mb"] > 0
    assert "networkx, a bipartite walk  skipped: as asked" in table


@pytest.mark.slow
def test_what_is_called_related_is_held_against_authors_and_titles(corpus: Path) -> None:
    done = bench("quality", "--corpus", corpus, "--json")
    assert done.returncode == 0, done.stderr
    *table, last = done.stdout.splitlines()
    made = json.loads(last)
    assert (made["benchmark"], made["papers"]) == ("quality", 4)
    assert made["results"]["follow_ups"]["asked"] == 2
    assert made["results"]["title_citations"]["asked"] == 2
    for kind in ("follow_ups", "title_citations"):
        for name in ("ours", "bm25", "tf_idf", "shared_counts"):
            assert 0 <= made["results"][kind][name]["ndcg_10"] <= 1
        margin = made["margins"][kind]["bm25"]["ndcg_10"]
        assert margin["low"] <= margin["mean"] <= margin["high"]
    assert made["results"]["follow_ups"]["ours"]["recall_50"] == 1
    assert any(line.startswith("TF-IDF cosine") for line in table)


@pytest.fixture
def quality(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from benchmarks import quality

    return quality


def test_gains_fall_with_the_rank_and_recall_counts_all(quality: ModuleType) -> None:
    assert quality._score([5, 6], {5, 6}) == (1.0, 1.0)
    assert quality._score([7, 5], {5}) == (pytest.approx(1 / np.log2(3)), 1.0)
    assert quality._score([*range(10, 20), 5], {5, 6}) == (0.0, 0.5)
    assert quality._score([], {5}) == (0.0, 0.0)


def test_a_margin_is_of_the_same_papers(quality: ModuleType) -> None:
    mine, theirs = np.full((40, 2), 0.6), np.full((40, 2), 0.5)
    theirs[:, 1] = np.arange(40) / 40
    margins = quality._margins(mine, theirs, 0)
    assert margins["ndcg_10"] == {"mean": 0.1, "low": 0.1, "high": 0.1, "better": 1.0}
    assert margins["recall_50"]["low"] < margins["recall_50"]["mean"] < margins["recall_50"]["high"]


def test_papers_belong_together_by_authors_and_by_named_systems(quality: ModuleType) -> None:
    from benchmarks.relevance import Record, follow_ups, title_citations

    papers = [
        Record("CatBERT: cats", "", ("a", "b"), 2019),
        Record("More cats", "It extends CatBERT.", ("b", "a"), 2022),
        Record("More, cats!", "", ("a", "b"), 2022),
        Record("Late cats", "", ("a", "b"), 2026),
        Record("Dogs: an essay", "Unlike Dogs, CatBERT is older.", ("c",), 2018),
    ]
    assert follow_ups(papers) == {0: {1, 2}, 1: {0}, 2: {0}}
    assert title_citations(papers) == {0: {1}, 1: {0}}


@pytest.mark.slow
def test_neighbourhoods_and_the_map_are_measured_side_by_side(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from benchmarks import graph

    monkeypatch.setattr(graph, "graph_of", lambda *_: data_folder)
    parser = argparse.ArgumentParser()
    graph.add_arguments(parser)
    assert graph.run(parser.parse_args(["--rounds", "1", "--without", "drawn", "--json"])) == 0
    *table, last = capsys.readouterr().out.splitlines()
    made = json.loads(last)
    assert (made["benchmark"], made["papers"], made["corpus"]) == ("graph", 16, "demo")
    results = made["growth"]["16"]["results"]
    assert list(results) == ["ours", "drawn", "scipy", "networkx", "sparql"]
    assert results["drawn"] == {"skipped": "as asked"}
    for name in ("ours", "scipy", "networkx", "sparql"):
        assert 0 < results[name]["hub"]["p50_ms"] <= results[name]["hub"]["p99_ms"]
    assert made["hub_p50_ms"] == results["ours"]["hub"]["p50_ms"]
    assert set(made["growth"]["16"]["filtered"]) == {"type", "support", "years"}
    assert (made["map_entities"], made["map_same"]) == (7, True)
    assert "the same, laid out            skipped: as asked" in table


def test_neighbours_are_the_same_by_every_way(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from benchmarks.neighbours import NEIGHBOURS

    for slug in ("attention", "neural-network", "rare-trick"):
        found = {name: make(reader)(slug) for name, make in NEIGHBOURS.items()}
        for name in ("scipy", "networkx", "sparql"):
            assert found[name] == found["scipy"], name
        for name in ("ours", "drawn"):  # which leave out what is generic, and the entity itself
            assert found[name] == {k: n for k, n in found["scipy"].items() if k not in {slug, "neural-network"}}, name


def test_suggestions_are_timed_over_a_graph_that_is_there(data_folder: Path) -> None:
    done = bench("search", "--data", data_folder, "--texts", 5, "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    assert (made["benchmark"], made["papers"], made["entities"]) == ("search", 16, 8)
    for name in ("suggest", "suggest_whole", "suggest_slips", "search"):
        assert 0 < made[f"{name}_p50_ms"] <= made[f"{name}_p95_ms"] <= made[f"{name}_p99_ms"]


@pytest.mark.slow
def test_pages_are_timed_beside_the_least_that_the_server_can_do(data_folder: Path) -> None:
    done = bench("pages", "--data", data_folder, "--only", "papers", "--only", "no-page", "--loads", 2, "--json")
    assert done.returncode == 0, done.stderr
    *table, last = done.stdout.splitlines()
    made = json.loads(last)
    assert (made["benchmark"], made["papers"], list(made["results"])) == ("pages", 16, ["papers", "no-page"])
    assert made["slowest"] in made["results"]
    for page in made["results"].values():
        assert 0 < page["p50_ms"] <= page["p95_ms"]
        assert page["ratio_to_health"] == pytest.approx(page["p50_ms"] / made["health_p50_ms"], abs=0.1)
        assert page["bytes"] > 500
        assert 0 < page.get("paint_p50_ms", 1) <= page.get("paint_p95_ms", 1)
    assert [page["status"] for page in made["results"].values()] == [200, 404]
    assert any(line.endswith("(404)") for line in table)


@pytest.mark.slow
def test_a_matrix_of_made_up_papers_is_brought_along_as_it_would_be_made_anew() -> None:
    done = bench("index", "--synthetic", 300, "--json")
    assert done.returncode == 0, done.stderr
    *table, last = done.stdout.splitlines()
    made = json.loads(last)
    assert (made["benchmark"], made["papers"], made["added"], made["same"]) == ("index", 300, 3, True)
    assert 300 * 10 < made["cells"] <= 300 * 18
    assert made["bytes"]["by_paper.data.npy"] == 128 + 4 * made["cells"]
    assert made["update_s"] > 0
    assert "to add 3 papers" in "\n".join(table)


@pytest.mark.slow
def test_the_indexes_of_a_graph_are_measured_on_a_copy(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from benchmarks import index

    before = {file: file.read_bytes() for file in data_folder.rglob("*.npy")}
    made = index._real(data_folder)
    assert (made["papers"], made["added"], made["same"]) == (16, 1, True)
    assert 0 < made["update_s"] < made["rebuild_s"] * 5
    assert made["bytes"]["search.sqlite"] > 0
    assert {file: file.read_bytes() for file in data_folder.rglob("*.npy")} == before


def test_a_corpus_of_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text('{"title": "No abstract"}')
    done = bench("extract", "--corpus", tmp_path / "papers.jsonl")
    assert done.returncode == 1
    assert "holds no papers with abstracts" in done.stderr


def test_the_help_lists_what_is_measured() -> None:
    listed = " ".join(bench("--help").stdout.split())
    assert "extract How many abstracts a second the extractor reads" in listed
    assert "graph How fast neighbourhoods and the map of concepts are made" in listed
    assert "pages How long pages take" in listed
    assert "quality Whether the papers that are called related are so" in listed
    assert "related How fast related papers are found and explained" in listed
    assert "search How long suggestions and searches take" in listed
    assert "sparql How many small queries a second the SPARQL endpoint answers" in listed


class Session:
    """Stands in for an ONNX session."""

    def __init__(self, model: object, *_: object, **__: object) -> None:
        self.model = model

    def run(self, _: object, feed: dict[str, Any]) -> list[int]:
        return [len(feed)]


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    runtime = ModuleType("onnxruntime")
    runtime.InferenceSession = Session  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "onnxruntime", runtime)
    from benchmarks import inputs

    inputs.record(tmp_path)
    return runtime


def test_what_a_session_reads_is_written_down(recorded: ModuleType, tmp_path: Path) -> None:
    from benchmarks import inputs

    ids, mask = np.array([[1, 2, 3], [4, 5, 0]]), np.array([[1, 1, 1], [1, 1, 0]])
    encoder = recorded.InferenceSession(str(tmp_path / "encoder.onnx"), providers=["CPU"])
    assert encoder.run(["tags"], {"ids": ids, "mask": mask}) == [2]
    encoder.run(["tags"], {"ids": ids[:1, :1], "mask": mask[:1, :1]})
    # Another model of the pipeline is not the encoder.
    recorded.InferenceSession("pairs.onnx").run(None, {"vectors": np.zeros((2, 2), dtype=np.float32)})
    found = inputs.load(tmp_path)
    assert (found.model, found.outputs) == (tmp_path / "encoder.onnx", ["tags"])
    # One text at a time, without its padding, the shortest first.
    assert [feed["ids"].tolist() for feed in found.feeds] == [[[1]], [[4, 5]], [[1, 2, 3]]]
    assert {feed["mask"].dtype for feed in found.feeds} == {np.dtype("int64")}


def test_a_model_of_bytes_is_kept(recorded: ModuleType, tmp_path: Path) -> None:
    from benchmarks import inputs

    recorded.InferenceSession(b"weights").run(None, {"ids": np.array([[1]])})
    assert inputs.load(tmp_path).model.read_bytes() == b"weights"


def test_nothing_read_is_nothing_to_compare_with(recorded: ModuleType, tmp_path: Path) -> None:
    from benchmarks import inputs, machine

    with pytest.raises(machine.SkippedError, match="runs no ONNX model"):
        inputs.load(tmp_path)
