import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import rispy

from kg.model import Label

COUNT = "SELECT (COUNT(?p) AS ?papers) WHERE { ?p a <https://w3id.org/paperkg/ns#Paper> }"
PAGE = (
    """Sign in

Neural tangent kernels at work

"""
    + "We train convolutional neural networks with stochastic gradient descent (SGD) on ImageNet. " * 4
    + """

Attention for graphs

"""
    + "Graph attention networks reach a high accuracy on Cora by stochastic gradient descent. " * 5
    + "\n"
)


def kg(*args: object, data: Path | None = None, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KG_")}  # noqa: TID251 - a clean child
    if data:
        environment["KG_DATA"] = str(data)
    return subprocess.run(
        [sys.executable, "-m", "kg.cli", *map(str, args)],
        capture_output=True,
        text=True,
        input=stdin,
        env=environment,
        check=False,
    )


def good(*args: object, data: Path | None = None, stdin: str | None = None) -> str:
    done = kg(*args, data=data, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_ingest_reports_and_does_nothing_twice(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    data = tmp_path / "data"
    first = json.loads(good("ingest", page, "--data", data, "--json"))
    keys = "received new replaced unchanged rejected mentions entities quads seconds rejections"
    assert list(first) == keys.split()
    assert (first["received"], first["new"], first["rejected"]) == (2, 2, 0)
    assert first["mentions"] > 4
    dump = good("export", "--format", "nquads", data=data)
    second = json.loads(good("ingest", "-", "--data", data, "--json", stdin=PAGE))
    assert (second["unchanged"], second["new"], second["quads"]) == (2, 0, 0)
    assert good("export", "--format", "nquads", data=data) == dump
    assert "stochastic gradient descent" in good("search", "SGD", data=data)


@pytest.mark.slow
def test_bad_records_are_named_and_good_ones_kept(tmp_path: Path) -> None:
    papers = tmp_path / "p.jsonl"
    papers.write_text('{"title": "Dropout for all", "abstract": "It uses dropout."}\n{"abstract": "x"}\nnonsense\n')
    done = kg("ingest", papers, data=tmp_path / "d")
    assert done.returncode == 0
    assert "1 new" in done.stdout
    assert "2 rejected" in done.stdout
    assert f"{papers}:2: has no title" in done.stderr
    assert f"{papers}:3: is not JSON" in done.stderr
    only_bad = tmp_path / "bad.jsonl"
    only_bad.write_text('{"abstract": "x"}\n')
    assert kg("ingest", only_bad, data=tmp_path / "d").returncode == 1


@pytest.mark.slow
def test_extract_prints_mentions_with_right_offsets() -> None:
    text = "Batch sizes\n\nWe train a ResNet with stochastic gradient descent (SGD) on CIFAR-10."
    record = json.loads(good("extract", "-", stdin=text))
    assert list(record) == ["title", "abstract", "mentions", "relations", "aliases", "system"]
    assert record["title"] == "Batch sizes"
    assert ["stochastic gradient descent", "SGD"] in record["aliases"]
    found = {m["text"]: m["label"] for m in record["mentions"]}
    assert found["CIFAR-10"] == "Dataset"
    assert found["SGD"] == found["stochastic gradient descent"] == "Method"
    for m in record["mentions"]:
        assert list(m) == ["field", "start", "end", "text", "label", "score", "role", "role_score"]
        assert record[m["field"]][m["start"] : m["end"]] == m["text"]
        assert m["label"] in set(Label)


@pytest.mark.parametrize("form", ["table", "json", "csv", "tsv", "xml"])
def test_query_prints_every_table_format(data_folder: Path, form: str) -> None:
    out = good("query", COUNT, "--format", form, data=data_folder)
    match form:
        case "table":
            assert out.split() == ["papers", "16"]
        case "json":
            assert json.loads(out)["results"]["bindings"][0]["papers"]["value"] == "16"
        case "csv" | "tsv":
            assert out.splitlines()[1].startswith(("16", '"16"'))
        case "xml":
            assert "16" in "".join(ET.fromstring(out).itertext())  # noqa: S314 - our own output


def test_query_reads_files_and_prints_graphs(data_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("CONSTRUCT { ?p a ?t } WHERE { ?p a ?t . FILTER(?t = <https://w3id.org/paperkg/ns#Paper>) }")
    out = good("query", f"@{file}", data=data_folder)
    assert len(list(ox.parse(out, ox.RdfFormat.TURTLE))) == 16
    assert good("query", "@-", data=data_folder, stdin="ASK {}").strip() == "yes"
    assert good("query", "ASK {}", "--format", "csv", data=data_folder).strip() == "true"
    shortened = good("query", "SELECT ?t { ?x a ?t } LIMIT 1", data=data_folder)
    assert "kg:" in shortened or "owl:" in shortened or "rdf" in shortened


def test_query_errors_are_one_line(data_folder: Path, tmp_path: Path) -> None:
    for args, words in (
        (["query", "SELECT"], "error"),
        (["query", "SELECT * { SERVICE <http://x> {} }"], "SERVICE"),
        (["query", "INSERT DATA {}"], "INSERT"),
        (["query", f"@{tmp_path}/none.rq"], "none.rq"),
        (["query", COUNT, "--format", "turtle"], "turtle"),
    ):
        done = kg(*args, data=data_folder)
        assert done.returncode == 1, args
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_search_and_stats(data_folder: Path) -> None:
    found = json.loads(good("search", "attent", "--json", data=data_folder))
    assert found["entities"][0]["slug"] == "attention"
    assert "Nothing is called" in good("search", "zzz", data=data_folder)
    slip = good("search", "atention", data=data_folder)
    assert "this is for: attention" in slip
    assert "Attention for translation" in slip
    assert json.loads(good("search", "attention", "--type", "Dataset", "--json", data=data_folder))["papers"] == []
    cited = good("search", "attention", "--year-from", "2003", "--format", "bibtex", data=data_folder)
    assert "{lovelace2003images," in cited
    assert "{lovelace2002attention," not in cited
    stats = json.loads(good("stats", "--json", data=data_folder))
    assert (stats["Paper"], stats["Mention"], stats["Edge"]) == (16, 43, 40)
    assert "neural network" in good("stats", data=data_folder)


def test_network_writes_every_format(data_folder: Path, tmp_path: Path) -> None:
    for ending in ("html", "graphml", "gexf", "json"):
        out = tmp_path / f"n.{ending}"
        assert "entities" in good("network", "--out", out, data=data_folder)
        assert out.stat().st_size > 500
    focused = tmp_path / "f.json"
    good("network", "--out", focused, "--focus", "Tangent Kernel", data=data_folder)
    assert json.loads(focused.read_text())["graph"]["focus"] == "tangent-kernel"
    narrow = ("--query", "translation", "--type", "Method", "--year-from", "2001", "--weight", "loglikelihood")
    good("network", "--out", focused, *narrow, data=data_folder)
    made = json.loads(focused.read_text())
    assert [node["name"].lower() for node in made["nodes"]] == ["attention"]
    assert made["graph"]["title"] == "Concept map: papers on “translation”, from 2001"
    assert "no venue" in kg("network", "--out", focused, "--venue", "NIPS", data=data_folder).stderr
    wrong = kg("network", "--out", tmp_path / "n.pdf", data=data_folder)
    assert wrong.returncode == 1
    assert ".graphml" in wrong.stderr
    nobody = kg("network", "--out", tmp_path / "n.html", "--focus", "tangent", data=data_folder)
    assert "did you mean tangent kernel" in nobody.stderr


@pytest.mark.parametrize(
    ("form", "syntax"),
    [
        ("trig", ox.RdfFormat.TRIG),
        ("nquads", ox.RdfFormat.N_QUADS),
        ("turtle", ox.RdfFormat.TURTLE),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_export_in_every_format(data_folder: Path, tmp_path: Path, form: str, syntax: ox.RdfFormat) -> None:
    out = tmp_path / "graph"
    good("export", "--format", form, "--out", out, data=data_folder)
    triples = (
        {quad.triple for quad in ox.parse(out.read_bytes(), syntax)}
        if form != "turtle"
        else set(ox.parse(out.read_bytes(), syntax))
    )
    assert len(triples) > 800


def test_all_papers_are_exported_for_reference_managers(data_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "papers.ris"
    good("export", "--format", "ris", "--out", out, data=data_folder)
    assert {each["id"] for each in rispy.load(out)} == {"ntk", "features", "mt", "vision"} | {
        f"other{i}" for i in range(12)
    }


def test_commands_without_a_graph_say_what_to_do(tmp_path: Path) -> None:
    for args in (["stats"], ["related", "x"], ["query", COUNT], ["export"], ["network", "--out", tmp_path / "n.html"]):
        done = kg(*args, data=tmp_path / "none")
        assert done.returncode == 1
        assert "kg ingest" in done.stderr
    assert not (tmp_path / "none").exists()


def test_help_has_examples_everywhere() -> None:
    commands = "ingest extract evaluate query related link search network export stats serve".split()
    overview = good("--help")
    for command in commands:
        assert command in overview
        text = good(command, "--help")
        assert f"kg {command}" in text, command
        assert "Examples" in text, command


def test_wrong_use_is_exit_code_2(tmp_path: Path) -> None:
    assert kg("ingest", data=tmp_path).returncode == 2
    assert kg("related", data=tmp_path).returncode == 2
    assert kg("nonsense").returncode == 2
    missing = kg("ingest", tmp_path / "none.txt", data=tmp_path)
    assert missing.returncode == 1
    assert "no such file" in missing.stderr


def test_wrong_settings_are_named(tmp_path: Path) -> None:
    environment = {**os.environ, "KG_PORT": "many", "KG_DATA": str(tmp_path)}  # noqa: TID251 - a child's environment
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "stats"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 1
    assert "KG_PORT" in done.stderr
