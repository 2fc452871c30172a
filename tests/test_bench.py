"""scripts/bench: what it prints, and that its contenders read the same."""

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
READER = ("--extractor", "tests.wayward:Wayward")


def bench(*args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "bench"), *map(str, args)]
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


def test_suggestions_are_timed_over_a_graph_that_is_there(data_folder: Path) -> None:
    done = bench("search", "--data", data_folder, "--texts", 5, "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    assert (made["benchmark"], made["papers"], made["entities"]) == ("search", 16, 8)
    for name in ("suggest", "suggest_whole", "suggest_slips", "search"):
        assert 0 < made[f"{name}_p50_ms"] <= made[f"{name}_p95_ms"] <= made[f"{name}_p99_ms"]


def test_a_corpus_of_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text('{"title": "No abstract"}')
    done = bench("extract", "--corpus", tmp_path / "papers.jsonl")
    assert done.returncode == 1
    assert "holds no papers with abstracts" in done.stderr


def test_the_help_lists_what_is_measured() -> None:
    listed = " ".join(bench("--help").stdout.split())
    assert "extract How many abstracts a second the extractor reads" in listed
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
