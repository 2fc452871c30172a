"""What all papers together state: counted, with evidence, and only where the types fit."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from kg.graph.statements import Stated, confidence, fits, statement_quads
from kg.graph.terms import CLASSES, PREDICATES
from kg.iri import Iris
from kg.model import ENDS, Label, RelationKind
from kg.resources import load_graph, ontology_dir
from kg.vocab import KG

IRIS = Iris("http://127.0.0.1:8000/")
ONTOLOGY = load_graph(ontology_dir() / "kg.ttl")
TYPES = {
    "adam": Label.METHOD,
    "sgd": Label.METHOD,
    "mnist": Label.DATASET,
    "vision": Label.TASK,
    "bleu": Label.METRIC,
    "loss": Label.CONCEPT,
}
USED, COMPARED, KIND = RelationKind.USED_FOR, RelationKind.COMPARED_WITH, RelationKind.IS_A


class Found(NamedTuple):
    support: int
    confidence: Decimal
    evidence: int


def stated(subject: str, kind: RelationKind, object_: str, paper: str = "p", score: float = 0.5, at: int = 0) -> Stated:
    return Stated(subject, kind, object_, paper, score, URIRef(f"m:{paper}-{at}"))


def statements(relations: Iterable[Stated]) -> dict[tuple[str, str, str], Found]:
    quads = set(statement_quads(relations, TYPES, IRIS))
    assert {g for _, _, _, g in quads} <= {IRIS.statements_graph}
    found = {}
    for node in {s for s, p, _, _ in quads if p == RDF.type}:
        facts = {p: o for s, p, o, _ in quads if s == node and p != KG.evidence}
        triple = facts[RDF.subject], facts[RDF.predicate], facts[RDF.object]
        assert (*triple, IRIS.statements_graph) in quads
        evidence = sum(s == node and p == KG.evidence for s, p, _, _ in quads)
        name = IRIS.slug(triple[0]), str(triple[1]).rpartition("#")[2], IRIS.slug(triple[2])
        found[name] = Found(int(str(facts[KG.support])), Decimal(str(facts[KG.confidence])), evidence)
    return found


def test_papers_are_counted_once_and_by_their_surest_relation() -> None:
    relations = [
        stated("adam", USED, "vision", "p", 0.5),
        stated("adam", USED, "vision", "p", 0.6, at=9),
        stated("adam", USED, "vision", "q", 0.5),
    ]
    assert statements(relations) == {("adam", "usedFor", "vision"): Found(2, Decimal("0.8"), 3)}


def test_what_has_no_direction_is_stated_once() -> None:
    relations = [stated("sgd", COMPARED, "adam", "p"), stated("adam", COMPARED, "sgd", "q")]
    assert statements(relations) == {("adam", "contrastedWith", "sgd"): Found(2, Decimal("0.75"), 2)}
    assert statements(stated(*each) for each in [("sgd", KIND, "adam"), ("adam", KIND, "sgd")]).keys() == {
        ("adam", "kindOf", "sgd"),
        ("sgd", "kindOf", "adam"),
    }


@pytest.mark.parametrize(
    ("subject", "kind", "object_"),
    [
        ("adam", USED, "sgd"),
        ("mnist", RelationKind.EVALUATED_ON, "mnist"),
        ("vision", RelationKind.EVALUATED_ON, "mnist"),
        ("adam", COMPARED, "vision"),
        ("loss", RelationKind.MEASURED_BY, "bleu"),
        ("adam", KIND, "vision"),
        ("adam", RelationKind.PART_OF, "adam"),
        ("adam", USED, "gone"),
    ],
)
def test_what_does_not_fit_the_types_is_not_stated(subject: str, kind: RelationKind, object_: str) -> None:
    assert statements([stated(subject, kind, object_)]) == {}


def test_nothing_is_certain() -> None:
    assert confidence([1.0]) == confidence([0.99] * 9) == 0.999
    assert confidence([0.001]) == 0.001


@given(st.lists(st.integers(1, 1000).map(lambda n: n / 1000), min_size=1, max_size=5))
def test_the_confidence_does_not_depend_on_order(scores: list[float]) -> None:
    [found] = {confidence(order) for order in permutations(scores)}
    assert max(scores) <= found or found == 0.999


def classes(node: Node | None) -> set[Node]:
    """The five types that a domain or range allows."""
    if node == KG.ResearchEntity:
        return set(CLASSES.values())
    if isinstance(node, BNode):
        union = ONTOLOGY.value(node, OWL.unionOf)
        assert union
        return set(Collection(ONTOLOGY, union))
    assert node
    return {node}


@pytest.mark.parametrize("kind", RelationKind)
def test_ends_are_the_domains_and_ranges_of_the_ontology(kind: RelationKind) -> None:
    for labels, side in zip(ENDS[kind], (RDFS.domain, RDFS.range), strict=True):
        assert {CLASSES[label] for label in labels} == classes(ONTOLOGY.value(PREDICATES[kind], side))
    assert fits(kind, "adam", "sgd", TYPES) == ({Label.METHOD} <= set(ENDS[kind][0]) & set(ENDS[kind][1]))
