from collections.abc import Iterator

import pytest

from kg.index.hits import Within
from kg.index.search import SearchIndex
from kg.model import Entity, Label, Paper


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    made = SearchIndex(tmp_path_factory.mktemp("index") / "search.sqlite")
    made.put_entities(
        [
            Entity("pinn", "physics-informed neural network", Label.METHOD, ("PINN", "PINNs"), 20),
            Entity("pinnacle", "PINNacle", Label.DATASET, (), 300),
            Entity("resnet-50", "ResNet-50", Label.METHOD, ("Resnet50",), 90),
            Entity("deep-resnet", "deep ResNet 50", Label.METHOD, (), 900),
            Entity("rare", "ResNet-50 variant", Label.METHOD, (), 1),
            Entity("none", "resnet none", Label.CONCEPT, (), 0),
            *(Entity(f"net-{i}", f"network {i}", Label.METHOD, (f"net {i}", f"nets {i}"), i) for i in range(1, 80)),
        ]
    )
    made.put_papers(
        [
            Paper("phrase", "Other words", "Here graph networks stand together.", year=2020, venue="ICLR 2020"),
            Paper("words", "Networks of a graph", "Networks over a graph.", year=2021, venue="ICLR"),
            Paper("title", "Graph networks and more of a title", "Nothing.", year=2022, venue="ICML"),
            Paper("undated", "Graph networks", "Without a year."),
        ]
    )
    yield made
    made.close()


def entities(index: SearchIndex, text: str, **asked: object) -> list[str]:
    return [each.slug for each in index.search_entities(text, **asked)]


def papers(index: SearchIndex, text: str, *within: object) -> list[str]:
    return [each.id for each in index.search_papers(text, within=Within(*within))]


def test_what_is_called_so_comes_before_what_begins_so_and_what_holds_it(index: SearchIndex) -> None:
    assert entities(index, "pinn") == ["pinn", "pinnacle"]
    assert entities(index, "resnet 50") == ["resnet-50", "rare", "deep-resnet"]
    assert entities(index, "Resnet") == ["resnet-50", "rare", "none", "deep-resnet"]
    assert entities(index, "informed physics") == ["pinn"]


def test_common_names_come_first_however_many_are_asked_for(index: SearchIndex) -> None:
    assert entities(index, "network", limit=3) == ["net-79", "net-78", "net-77"]
    every = entities(index, "net", limit=200)
    assert every[:79] == [f"net-{i}" for i in range(79, 0, -1)]
    assert every[79:] == ["pinn"]
    assert entities(index, "net", limit=20)[-1] == "net-60"


def test_types_choose(index: SearchIndex) -> None:
    assert entities(index, "pinn", labels=[Label.DATASET]) == ["pinnacle"]
    assert entities(index, "resnet", labels=[Label.CONCEPT, Label.TASK]) == ["none"]
    assert entities(index, "network", labels=[Label.TASK]) == []


def test_phrases_come_first_those_in_titles_before_others(index: SearchIndex) -> None:
    assert papers(index, "graph networks") == ["undated", "title", "phrase", "words"]


def test_years_and_venues_choose(index: SearchIndex) -> None:
    assert papers(index, "graph networks", 2021) == ["title", "words"]
    assert papers(index, "graph networks", None, 2020) == ["phrase"]
    assert papers(index, "graph networks", 2021, 2021, "iclr") == ["words"]
    assert papers(index, "graph networks", None, None, "iclr") == ["phrase", "words"]
    assert papers(index, "graph networks", None, None, "ICL") == []


def test_where_nothing_is_found_all_words_may_be_beginnings(index: SearchIndex) -> None:
    assert papers(index, "networ grap")[0] in {"undated", "title", "words"}
    assert papers(index, "networ noth of") == ["title"]
