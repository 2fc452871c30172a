"""``--extractor`` and ``KG_EXTRACTOR`` at the commands that read papers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = "SELECT ?version ?config WHERE { ?run kg:modelVersion ?version ; kg:configSha256 ?config }"
PREFIX = "PREFIX kg: <https://w3id.org/paperkg/ns#> "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text("from tests.wayward import Wayward", encoding="utf-8")
    titles = ["A graph", "double graph", "raise it", "Another graph"]
    lines = [json.dumps({"title": title, "id": str(i)}) for i, title in enumerate(titles)]
    (tmp_path / "papers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def kg(folder: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("KG_")}  # noqa: TID251 - a clean child
    root = str(Path(__file__).parents[3])
    return subprocess.run(
        [sys.executable, "-P", "-m", "kg.cli", *args],
        cwd=folder,
        env={**inherited, **environment, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )


def test_extract_prints_the_good_and_names_the_bad(folder: Path) -> None:
    done = kg(folder, "extract", "papers.jsonl", "--extractor", "mine:Wayward")
    assert done.returncode == 1
    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == ["A graph", "Another graph"]
    errors = done.stderr.splitlines()
    assert len(errors) == 2
    assert "paper 1: wayward, paper 'double graph', mention 2 of 2: 'graph' at title[7:12] overlaps" in errors[0]
    assert "paper 2: wayward failed on paper 'raise it': ValueError: not this one" in errors[1]


def test_extract_prints_roles_and_relations(folder: Path) -> None:
    (folder / "papers.jsonl").write_text(json.dumps({"title": "relate graph and graph"}), encoding="utf-8")
    record = json.loads(kg(folder, "extract", "papers.jsonl", "--extractor", "mine:Wayward").stdout)
    assert [(m["role"], m["role_score"]) for m in record["mentions"]] == [("uses", 0.765)] * 2
    assert record["relations"] == [{"head": 0, "tail": 1, "kind": "partOf", "score": 0.877, "rule": "found-it"}]


def test_ingest_keeps_the_good_and_states_what_read_them(folder: Path) -> None:
    first = kg(folder, "ingest", "papers.jsonl", "--json", KG_EXTRACTOR="mine:Wayward")
    report = json.loads(first.stdout)
    assert (report["new"], report["rejected"]) == (2, 2)
    assert {rejection["where"] for rejection in report["rejections"]} == {"paper 1", "paper 2"}
    again = kg(folder, "ingest", "papers.jsonl", "--json", "--extractor", "mine:Wayward")
    assert json.loads(again.stdout)["unchanged"] == 2
    other = kg(folder, "ingest", "papers.jsonl", "--json", "--extractor", "mine:Wayward?word=Another")
    assert json.loads(other.stdout)["replaced"] == 2
    rows = kg(folder, "query", PREFIX + RUN, "--format", "csv").stdout.split()[1:]
    versions, configurations = zip(*(row.split(",") for row in rows), strict=True)
    assert len(set(versions)) == len(set(configurations)) == len(rows) >= 1
    assert any(version.startswith("1+") for version in versions)


def test_evaluate_scores_the_one_that_is_named(folder: Path) -> None:
    mention = {"field": "title", "start": 2, "end": 7, "text": "graph", "label": "Method"}
    gold = folder / "gold.jsonl"
    gold.write_text(json.dumps({"title": "A graph", "abstract": "", "mentions": [mention]}), encoding="utf-8")
    done = kg(folder, "evaluate", "gold.jsonl", "--extractor", "mine:Wayward", "--json")
    report = json.loads(done.stdout)
    assert report["extractor"] == {"name": "wayward", "version": "1"}
    assert report["scores"]["exact"]["micro"]["f1"] == 1.0


@pytest.mark.parametrize("command", ["extract", "ingest", "evaluate"])
def test_a_wrong_name_is_one_line(folder: Path, command: str) -> None:
    (folder / "gold.jsonl").write_text(json.dumps({"title": "T", "abstract": "", "mentions": []}), encoding="utf-8")
    done = kg(folder, command, "gold.jsonl", "--extractor", "mine:Wayword")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == ["error: module mine has no 'Wayword'; did you mean Wayward?"]
