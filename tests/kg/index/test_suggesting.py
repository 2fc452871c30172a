from collections.abc import Iterator

import pytest

from kg.index.hits import Suggestion
from kg.index.search import SearchIndex
from kg.model import Entity, Label, Paper


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    made = SearchIndex(tmp_path_factory.mktemp("index") / "search.sqlite")
    made.put_entities(
        [
            Entity("gnn", "graph neural network", Label.METHOD, ("GNN", "graph neural net"), 90),
            Entity("pinn", "physics-informed neural network", Label.METHOD, ("PINN",), 20),
            *(Entity(f"g-{i}", f"graph thing {i}", Label.CONCEPT, (), i) for i in range(1, 30)),
            Entity("slip", "grahp", Label.CONCEPT, (), 1),
        ]
    )
    made.put_papers(
        [
            Paper("how", "How powerful are graph neural networks", "Very.", year=2019),
            Paper("deep", "Graph neural networks: a review", "Long.", year=2018),
        ]
    )
    yield made
    made.close()


def test_what_fits_is_an_entity_then_a_paper_each_with_the_place(index: SearchIndex) -> None:
    assert index.suggest("gnn").items == [Suggestion("gnn", "graph neural network", Label.METHOD, "GNN", ((0, 3),))]
    assert index.suggest("graph neural ne").items == [
        Suggestion("gnn", "graph neural network", Label.METHOD, "graph neural network", ((0, 15),)),
        Suggestion("deep", "Graph neural networks: a review", None, "Graph neural networks: a review", ((0, 15),)),
        Suggestion(
            "how",
            "How powerful are graph neural networks",
            None,
            "How powerful are graph neural networks",
            ((17, 22), (23, 29), (30, 32)),
        ),
    ]


def test_papers_keep_a_place_among_many_entities(index: SearchIndex) -> None:
    items = index.suggest("graph", limit=8).items
    assert [each.id for each in items] == ["gnn", *(f"g-{i}" for i in range(29, 24, -1)), "deep", "how"]


def test_slips_are_mended_where_little_is_found(index: SearchIndex) -> None:
    found = index.suggest("grapgh nueral netwrok")
    assert (found.meant, found.items[0].id) == ("graph neural network", "gnn")
    found = index.suggest("grahp")
    assert found.meant == "graph"
    assert [each.id for each in found.items[:2]] == ["slip", "gnn"]
    assert index.suggest("graph").meant is None
    assert index.suggest("zzzz") == ([], None)


def test_a_search_says_what_else_it_looked_for(index: SearchIndex) -> None:
    found = index.search("grapgh nueral")
    assert found.meant == "graph neural"
    assert [each.slug for each in found.entities] == ["gnn"]
    assert {each.id for each in found.papers} == {"how", "deep"}
    assert [each.slug for each in index.search("pinn").entities] == ["pinn"]
    assert index.search("pinn").meant is None
    assert index.search("physics-informed", within=None).papers == []
    assert index.search("graph", labels=()).entities == []
