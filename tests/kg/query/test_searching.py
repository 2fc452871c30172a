from collections.abc import Iterator

import pytest
from rdflib import Literal, URIRef

from kg.build import build
from kg.index.hits import Suggestion
from kg.model import Label
from kg.query import searching
from kg.query.catalogue import Catalogue
from kg.query.things import defined_as
from kg.sources import make_paper
from kg.vocab import KG
from kg.writer import Writer
from tests.corpus import TEXTS, corpus_parts, make_writer


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """Papers that define TK, and RT twice over, without ever using them."""
    made = make_writer(tmp_path_factory.mktemp("index"))
    papers = [make_paper(*TEXTS[name], identifier=name) for name in ("ntk", "features", "mt")]
    build(papers, corpus_parts(), made)
    for number, (short, long) in enumerate([("tk", "tangent-kernel"), ("rt", "rare-trick"), ("rt", "attention")]):
        node, graph = URIRef(f"http://127.0.0.1:8000/id/definition/{number}"), made.iris.paper_graph("ntk")
        said = [(KG.abbreviationKey, Literal(short)), (KG.longFormKey, Literal(long))]
        made.store.apply([], [(node, predicate, value, graph) for predicate, value in said])
    yield made
    made.index.close()


@pytest.fixture
def catalogue(writer: Writer) -> Catalogue:
    return Catalogue(writer.store, writer.iris)


def found(catalogue: Catalogue, writer: Writer, text: str, **asked: object) -> list[str]:
    return [each.slug for each in searching.search(catalogue, writer.index, text, **asked).entities]


def test_what_is_only_defined_is_found(catalogue: Catalogue, writer: Writer) -> None:
    assert defined_as(catalogue, "rt") == {"rare-trick", "attention"}
    assert found(catalogue, writer, "TKs") == ["tangent-kernel"]
    assert found(catalogue, writer, "rt", limit=1) in (["attention"], ["rare-trick"])
    assert found(catalogue, writer, "tk", labels=[Label.METHOD]) == []
    assert found(catalogue, writer, "?") == found(catalogue, writer, "qq") == []


def test_names_go_before_definitions(catalogue: Catalogue, writer: Writer) -> None:
    node, graph = URIRef("http://127.0.0.1:8000/id/definition/x"), writer.iris.paper_graph("mt")
    said = [(KG.abbreviationKey, Literal("attention")), (KG.longFormKey, Literal("rare-trick"))]
    writer.store.apply([], [(node, predicate, value, graph) for predicate, value in said])
    assert found(catalogue, writer, "Attention") == ["attention"]


def test_what_is_defined_is_suggested(catalogue: Catalogue, writer: Writer) -> None:
    [first, *_] = searching.suggest(catalogue, writer.index, "tk").items
    assert first == Suggestion("tangent-kernel", "tangent kernel", Label.CONCEPT, "tangent kernel", ())
    assert [each.id for each in searching.suggest(catalogue, writer.index, "tang").items] == ["tangent-kernel", "ntk"]
