from rdflib import Literal, URIRef
from rdflib.namespace import SKOS

from kg.graph.change import Change
from kg.graph.touched import Touched
from kg.iri import Iris
from kg.model import Entity, Field, Label, Paper
from kg.vocab import KG

IRIS = Iris("http://127.0.0.1:8000/")
P, E, F = IRIS.paper("p"), IRIS.entity("e"), IRIS.entity("f")
MENTION, GRAPH = IRIS.mention("p", Field.TITLE, 0, 3), IRIS.paper_graph("p")


def touched(change: Change) -> tuple[set[str], set[str]]:
    found = Touched()
    found.note(change, IRIS)
    return found.papers, found.entities


def test_papers_and_entities_that_a_change_names() -> None:
    change = Change(
        frozenset(), frozenset(), papers=(Paper("q", "Q"),), entities=(Entity("e", "e", Label.METHOD),), gone=("f",)
    )
    assert touched(change) == ({"q"}, {"e", "f"})


def test_mentions_and_roles_touch_their_papers_and_the_hierarchy_the_narrow_one() -> None:
    moved = Change(frozenset({(MENTION, KG.refersTo, E, GRAPH)}), frozenset({(MENTION, KG.refersTo, F, GRAPH)}))
    assert touched(moved) == ({"p"}, set())
    assert touched(Change(frozenset(), frozenset({(P, KG.uses, E, GRAPH)}))) == ({"p"}, set())
    broader = (E, SKOS.broader, F, IRIS.hierarchy_graph)
    assert touched(Change(frozenset({broader}), frozenset())) == (set(), {"e"})


def test_what_the_matrix_does_not_hold_touches_nothing() -> None:
    statement = URIRef("http://127.0.0.1:8000/id/statement/s")
    change = Change(
        frozenset({(P, KG.usesMethod, E, GRAPH), (P, KG.mentions, E, GRAPH)}),
        frozenset({(statement, KG.confidence, Literal("0.5"), IRIS.statements_graph)}),
    )
    assert touched(change) == (set(), set())
