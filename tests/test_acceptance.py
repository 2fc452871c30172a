"""The main job on the user's own page, through the commands a user types."""

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.analysis.related import Wanted, related
from kg.graph.shapes import violations
from kg.resources import load_graph, ontology_dir
from kg.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "hf_papers_page.txt"
BASE = "http://127.0.0.1:8000/"
NTK = "Neural Tangent Kernel: Convergence and Generalization in Neural Networks"

GENERIC = {"neural network", "deep neural network", "artificial neural network", "network", "dnn", "nn"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PAGE.exists(), reason=f"the pasted papers page is not here ({PAGE})"),
]


def kg(*args: object) -> str:
    done = subprocess.run([sys.executable, "-m", "kg.cli", *map(str, args)], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "data"
    report = json.loads(kg("ingest", PAGE, "--data", path, "--json"))
    assert (report["received"], report["new"], report["rejected"]) == (47, 47, 0)
    return path


def test_a_second_run_changes_nothing(data: Path) -> None:
    before = kg("export", "--format", "nquads", "--data", data)
    report = json.loads(kg("ingest", PAGE, "--data", data, "--json"))
    assert (report["unchanged"], report["new"], report["replaced"]) == (47, 0, 0)
    assert kg("export", "--format", "nquads", "--data", data) == before


def test_a_query_counts_the_papers(data: Path) -> None:
    query = "PREFIX kg: <https://w3id.org/paperkg/ns#> SELECT (COUNT(?p) AS ?n) WHERE { ?p a kg:Paper }"
    assert kg("query", query, "--format", "csv", "--data", data).split() == ["n", "47"]


def test_every_offset_is_true_of_the_page_itself(data: Path) -> None:
    lines = [line.strip() for line in PAGE.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = dict(zip(lines[5::2], lines[6::2], strict=True))
    reader = Workspace(data, BASE).reader()
    seen = 0
    for paper_id in reader.catalogue.paper_ids():
        title = reader.catalogue.paper(paper_id).title
        for linked in reader.catalogue.mentions(paper_id):
            m = linked.mention
            source = title if m.field == "title" else texts[title]
            assert source[m.start : m.end] == m.text
            assert m.text in m.sentence
            seen += 1
    reader.close()
    assert seen > 1000


def test_all_that_was_written_fits_the_shapes(data: Path) -> None:
    reader = Workspace(data, BASE).reader()
    own = set(reader.store.quads(reader.iris.ontology_graph))
    quads = [quad for quad in reader.store.quads() if quad not in own]
    assert violations(quads, load_graph(ontology_dir() / "shapes.ttl")) == []
    reader.close()


def test_papers_on_infinite_width_find_each_other(data: Path) -> None:
    found = json.loads(kg("related", NTK, "--data", data, "--json"))
    assert "Feature Learning in Infinite-Width Neural Networks" in [each["title"] for each in found[:3]]
    back = json.loads(kg("related", "Feature Learning in Infinite-Width", "--data", data, "--json"))
    assert NTK in [each["title"] for each in back[:3]]


def test_no_link_rests_on_neural_networks(data: Path) -> None:
    reader = Workspace(data, BASE).reader()
    reasons = 0
    for paper_id in reader.catalogue.paper_ids():
        for each in related(reader, paper_id, Wanted(limit=46)):
            for shared in each.shared:
                name = shared.entity.name.lower().replace("-", " ").removesuffix("s")
                assert name not in GENERIC, (paper_id, each.title)
                reasons += 1
    reader.close()
    assert reasons > 200


@pytest.mark.browser
def test_the_map_draws_with_the_network_cut_off(data: Path, tmp_path: Path, browser: "Browser") -> None:
    out = tmp_path / "n.html"
    kg("network", "--out", out, "--data", data)
    context = browser.new_context(offline=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(out.as_uri())
    page.locator("html[data-ready=true]").wait_for()
    assert page.locator("canvas").first.is_visible()
    assert faults == []
    context.close()
