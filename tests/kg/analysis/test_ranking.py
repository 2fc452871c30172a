"""The query gives the ranking of the service: the same papers in the same order, with the same scores."""

import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib.namespace import SKOS

from kg.analysis.ranking import ranking_query, words_of
from kg.analysis.related import Via, Wanted, related
from kg.build import build
from kg.errors import NotFoundError
from kg.graph.change import Change
from kg.iri import mint_slug
from kg.model import Label
from kg.query.guard import check
from kg.sources import make_paper
from kg.store.memory import MemoryStore
from kg.workspace import Reader, Workspace
from tests.corpus import BASE, corpus_parts
from tests.fakes import FakeExtractor

NAMES = [f"trick {letter}" for letter in "abcdefghijklmnopqrst"]
CUES = ["", "propose ", "with ", "against ", "on "]
ALL = Wanted(limit=100)


def same(reader: Reader, paper_id: str, wanted: Wanted) -> int:
    """How many papers both ways give, which must agree in all."""
    found = related(reader, paper_id, wanted)
    query = ranking_query(reader.weights, reader.iris, paper_id, wanted, words_of(found))
    rows = list(reader.store.select(query))
    asked = [(reader.iris.paper_id(row["other"]), str(row["title"]), int(str(row["shared"]))) for row in rows]
    assert [float(str(row["score"])) for row in rows] == pytest.approx([each.score for each in found], abs=1e-6)
    assert asked == [(each.paper_id, each.title, len(each.shared)) for each in found]
    return len(rows)


@pytest.fixture(params=range(3), scope="module")
def random_graph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Forty papers that name tricks, some without a year; some tricks are kinds of others."""
    chance = random.Random(request.param)  # noqa: S311 - no secret
    names = {name: chance.choice([Label.METHOD, Label.TASK]) for name in NAMES}
    papers = [
        make_paper(
            f"Paper {number}",
            " ".join(f"We {chance.choice(CUES)}{name}." for name in chance.sample(NAMES, chance.randint(0, 5))),
            identifier=f"p{number}",
            year=chance.choice([None, 2019, 2020, 2021]),
        )
        for number in range(40)
    ]
    workspace = Workspace(tmp_path_factory.mktemp("random") / "data", BASE)
    with workspace.writer() as writer:
        build(papers, replace(corpus_parts(), extractor=FakeExtractor(names)), writer)
        slugs = sorted(writer.index.entities_of(mint_slug(name) for name in NAMES), key=lambda entity: entity.slug)
        pairs = [sorted(chance.sample([writer.iris.entity(each.slug) for each in slugs], 2)) for _ in range(12)]
        graph = writer.iris.hierarchy_graph
        writer.commit(Change(frozenset(), frozenset((low, SKOS.broader, high, graph) for low, high in pairs)))
    reader = workspace.reader()
    yield reader
    reader.close()


def test_random_graphs_are_ranked_alike(random_graph: Reader) -> None:
    found = [same(random_graph, paper_id, ALL) for paper_id in random_graph.incidence.papers]
    assert sum(found) > 200
    through = [
        shared.through_parent
        for paper_id in random_graph.incidence.papers
        for each in related(random_graph, paper_id, ALL)
        for shared in each.shared
    ]
    assert {True, False} == set(through)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(limit=3),
        Wanted(min_shared=0),
        Wanted(min_shared=2),
        Wanted(Via.METHOD.labels),
        Wanted(year_from=2020),
        Wanted(year_to=2020),
        Wanted(year_from=2020, year_to=2020, min_shared=2),
    ],
    ids=repr,
)
def test_what_is_asked_for_stands_in_the_query(random_graph: Reader, wanted: Wanted) -> None:
    assert sum(same(random_graph, paper_id, wanted) for paper_id in random_graph.incidence.papers) > 0


def test_strangers_may_run_it_and_a_paper_without_links_has_one_too(reader: Reader) -> None:
    assert same(reader, "ntk", ALL) == 2
    assert same(reader, "other1", ALL) == 0
    assert not check(ranking_query(reader.weights, reader.iris, "ntk", ALL, {"features": 1.5})).gives_graph


def test_another_engine_gives_the_same(reader: Reader) -> None:
    query = ranking_query(reader.weights, reader.iris, "ntk", ALL, words_of(related(reader, "ntk", ALL)))
    other = MemoryStore()
    other.apply([], reader.store.quads())
    asked = [
        [(str(row["other"]), float(str(row["score"]))) for row in each.select(query)] for each in (reader.store, other)
    ]
    assert [paper for paper, _ in asked[0]] == [paper for paper, _ in asked[1]]
    assert [score for _, score in asked[0]] == pytest.approx([score for _, score in asked[1]])
    assert len(asked[0]) == 2


def test_an_unknown_paper_is_named(reader: Reader) -> None:
    with pytest.raises(NotFoundError, match="nope"):
        ranking_query(reader.weights, reader.iris, "nope", ALL, {})


@pytest.mark.slow
def test_the_demo_is_ranked_alike(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg.cli", "ingest", "--demo", "--data", str(tmp_path / "data")]
    subprocess.run(command, check=True, capture_output=True)
    reader = Workspace(tmp_path / "data", BASE).reader()
    found = [same(reader, paper_id, Wanted()) for paper_id in reader.incidence.papers]
    reader.close()
    assert sum(found) > 100


def test_the_score_of_one_pair_can_be_asked_for_alone(random_graph: Reader) -> None:
    first = next(f"p{n}" for n in range(40) if related(random_graph, f"p{n}", ALL))
    near = related(random_graph, first, ALL)
    for found in near:
        weights, iris = random_graph.weights, random_graph.iris
        query = ranking_query(weights, iris, first, ALL, words_of(near), beside=found.paper_id)
        [row] = random_graph.store.select(query)
        assert random_graph.iris.paper_id(row["other"]) == found.paper_id
        assert float(str(row["score"])) == pytest.approx(found.score, abs=1e-6)
