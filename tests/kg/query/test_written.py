"""The SPARQL that an answer shows gives the numbers of the answer."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from kg.analysis.company import company
from kg.analysis.comparison import compare
from kg.analysis.paths import End, find_ways
from kg.analysis.trends import find_trends, timeline
from kg.graph.terms import ROLES
from kg.iri import Kind
from kg.model import Label, Role
from kg.protocols import Row
from kg.query.written import (
    query_of_company,
    query_of_comparison,
    query_of_path,
    query_of_proposal,
    query_of_timeline,
    query_of_trends,
)
from kg.workspace import Reader, Workspace
from tests.corpus import BASE

SLUGS = {"small": ("neural-network", "attention"), "demo": ("convolutional-neural-network", "cifar-10")}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    data = tmp_path_factory.mktemp("demo") / "data"
    command = [sys.executable, "-m", "kg.cli", "ingest", "--demo", "--data", str(data)]
    subprocess.run(command, check=True, capture_output=True)
    opened = Workspace(data, BASE).reader()
    yield opened
    opened.close()


@pytest.fixture(params=["small", pytest.param("demo", marks=pytest.mark.slow)])
def asked(request: pytest.FixtureRequest) -> tuple[Reader, tuple[str, ...]]:
    return request.getfixturevalue("reader" if request.param == "small" else "demo"), SLUGS[request.param]


def ask(reader: Reader, query: str) -> list[Row]:
    return list(reader.store.select(query))


def test_papers_a_year(asked: tuple[Reader, tuple[str, ...]]) -> None:
    reader, slugs = asked
    for slug in slugs:
        rows = ask(reader, query_of_timeline(reader.iris, slug))
        said = {int(str(row["year"])): int(str(row["papers"])) for row in rows}
        assert said == {y.year: y.papers for y in timeline(reader, slug).years if y.papers}


def test_the_first_proposer(reader: Reader) -> None:
    first = timeline(reader, "rare-trick").first
    assert first
    rows = ask(reader, query_of_proposal(reader.iris, "rare-trick"))
    proposing = [
        (str(row["issued"]), reader.iris.paper_id(row["paper"])) for row in rows if str(row["role"]) == "proposes"
    ]
    assert min(proposing) == (str(first.year), first.papers[0].paper.id)


def test_counts_that_trends_are_made_of(asked: tuple[Reader, tuple[str, ...]]) -> None:
    reader, _ = asked
    labels = [Label.METHOD, Label.DATASET]
    said: dict[str, dict[int, int]] = {}
    for row in ask(reader, query_of_trends(labels)):
        said.setdefault(reader.iris.slug(row["entity"]), {})[int(str(row["year"]))] = int(str(row["papers"]))
    for found in (
        find_trends(reader, labels=labels, min_papers=1, start=1900, end=2100, falling=f) for f in (False, True)
    ):
        assert len(said) == found.considered
        for trend in found.trends:
            assert said[trend.entity.slug] == {y.year: y.papers for y in trend.years if y.papers}


def test_companions(asked: tuple[Reader, tuple[str, ...]]) -> None:
    reader, slugs = asked
    for slug in slugs:
        labels = [Label.METHOD, Label.TASK, Label.DATASET]
        rows = ask(reader, query_of_company(reader.iris, slug, labels))
        said = {reader.iris.slug(row["other"]): int(str(row["papers"])) for row in rows}
        assert said == {c.entity.slug: c.papers for c in company(reader, slug, labels, limit=1000).companions}
        assert said


def test_cells(asked: tuple[Reader, tuple[str, ...]]) -> None:
    reader, _ = asked
    papers = [hit.id for hit in reader.index.papers(limit=5)]
    labels = [Label.METHOD, Label.TASK]
    said: dict[tuple[str, str], tuple[float, Role | None]] = {}
    for row in ask(reader, query_of_comparison(reader.iris, papers, labels)):
        cell = reader.iris.paper_id(row["paper"]), reader.iris.slug(row["entity"])
        said[cell] = float(str(row["confidence"])), ROLES[row["role"]] if "role" in row else None
    found = compare(reader, papers, labels, limit=1000)
    cells = {(cell.paper.id, c.entity.slug): cell for c in found.columns for cell in c.cells if cell}
    assert said.keys() == cells.keys()
    for key, (confidence, role) in said.items():
        assert cells[key].role == role
        assert cells[key].confidence == pytest.approx(confidence, abs=6e-4)


def test_sentences_of_a_path(asked: tuple[Reader, tuple[str, ...]]) -> None:
    reader, slugs = asked
    [way, *_] = find_ways(reader, End(Kind.ENTITY, slugs[0]), End(Kind.ENTITY, slugs[1])).ways
    hops = [(hop.sighting.paper.id, hop.entity.slug, hop.sighting.evidence) for hop in way.hops]
    rows = ask(reader, query_of_path(reader.iris, [paper for paper, _, _ in hops], [slug for _, slug, _ in hops]))
    said = {(reader.iris.paper_id(r["paper"]), reader.iris.slug(r["entity"]), str(r["sentence"])) for r in rows}
    assert {(paper, slug, evidence.sentence) for paper, slug, evidence in hops if evidence} <= said
    assert len(hops) >= 2
