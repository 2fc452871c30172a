"""Mentions that move take their edges along, and nothing else changes."""

import pytest

from kg.graph.relink import relinked, with_edges
from kg.graph.triples import Run, paper_quads
from kg.iri import Iris
from kg.model import Field, Label, Link, LinkedPaper, Mention, Paper, Role, Target
from kg.vocab import KG

IRIS = Iris("http://127.0.0.1:8000/")
RUN = Run("fake", "1", "linker.1", "1.0.0")
TEXT = "SGD and Adam."
LONG = "stochastic-gradient-descent"


def quads(slug: str, rule: str, score: float, proposed: str) -> set:
    links = (
        Link(Mention(Field.ABSTRACT, 0, 3, "SGD", Label.METHOD, 0.9, TEXT, 0, role=Role.COMPARES), slug, rule, score),
        Link(Mention(Field.ABSTRACT, 8, 12, "Adam", Label.METHOD, 0.9, TEXT, 0), "adam"),
    )
    linked = LinkedPaper(Paper("p", "P", TEXT), links, frozenset({proposed}))
    return set(paper_quads(linked, {slug: Label.METHOD, "adam": Label.METHOD}, RUN, IRIS))


def move(graph: set, target: Target) -> set:
    moved = relinked(graph, {"sgd": target}, IRIS, lambda text, slug: "name" if text.lower() == slug else "definition")
    return with_edges(moved, "p", {"sgd", LONG}, dict.fromkeys(("sgd", LONG), Label.METHOD), IRIS)


def without_surface(graph: set) -> set:
    return {quad for quad in graph if quad[1] != KG.surface}


@pytest.mark.parametrize("proposed", ["", "sgd", "adam"])
def test_a_mention_moves_with_its_edges_and_comes_back(proposed: str) -> None:
    before = quads("sgd", "name", 1.0, proposed)
    after = move(before, Target(LONG, "sense", 0.9))
    there = quads(LONG, "sense", 0.9, LONG if proposed == "sgd" else proposed)
    assert without_surface(after) == without_surface(there)
    assert {quad for quad in after if quad[1] == KG.surface} == {quad for quad in before if quad[1] == KG.surface}
    assert move(after, Target("sgd")) == before


def test_what_does_not_move_is_left_alone() -> None:
    before = quads("sgd", "name", 1.0, "")
    assert relinked(before, {"other": Target("x", "sense", 0.9)}, IRIS, lambda *_: "name") == before
