"""Who says "surely" must be right: held against pySHACL on graphs that are legal, broken and odd."""

from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.namespace import SH, XSD
from rdflib.term import Node

from kg.graph.conformance import surely_conform
from kg.oxigraph_terms import from_ox
from kg.resources import load_graph, ontology_dir
from kg.vocab import KG

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
ILLEGAL = sorted(GOLDEN.glob("illegal-*.trig"))
SHAPES = load_graph(ontology_dir() / "shapes.ttl")
EX = "http://example.org/"
P, Q = URIRef(f"{EX}p"), URIRef(f"{EX}q")

Triples = list[tuple[Node, Node, Node]]


def golden(*names: str) -> Triples:
    found = set()
    for name in names:
        for quad in ox.parse(path=GOLDEN / name, format=ox.RdfFormat.TRIG):
            found.add((from_ox(quad.subject), from_ox(quad.predicate), from_ox(quad.object)))
    return sorted(found)


LEGAL = golden("legal.trig")


def conforms(triples: Triples, shapes: Graph) -> bool:
    data = Graph()
    for triple in triples:
        data.add(triple)
    return bool(pyshacl.validate(data, shacl_graph=shapes, allow_warnings=True)[0])


def test_what_is_legal_surely_is() -> None:
    assert surely_conform(LEGAL, SHAPES)
    assert surely_conform([(*triple, URIRef(f"{EX}graph")) for triple in LEGAL], SHAPES)


@pytest.mark.parametrize("path", ILLEGAL, ids=lambda path: path.stem)
def test_what_is_illegal_never_is(path: Path) -> None:
    assert not surely_conform(golden("legal.trig", path.name), SHAPES)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_nothing_broken_is_sure(data: st.DataObject) -> None:
    """Statements of a legal graph taken away, given another value or another predicate."""
    triples = list(LEGAL)
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(0, len(triples) - 1))
        s, p, o = triples[at]
        other_s, other_p, other_o = data.draw(st.sampled_from(LEGAL))
        changed = [(s, p, other_o), (s, other_p, o), (other_s, p, o), (s, p, Literal("x"))]
        triples[at : at + 1] = data.draw(st.sampled_from([[], *([each] for each in changed), [(s, p, o), changed[0]]]))
    if surely_conform(triples, SHAPES):
        assert conforms(triples, SHAPES)


VALUES = [
    Literal("text"),
    Literal(""),
    Literal("text", lang="en"),
    Literal("10.1000/xyz"),
    Literal("text", datatype=XSD.string),
    *(
        Literal(text, datatype=datatype, normalize=False)
        for text in ("0", "1", "-1", "007", "1.5", "0.1230", "1e3", "+2", "9999", "0000", "٣", " 3", "x", "")
        for datatype in (XSD.integer, XSD.decimal, XSD.gYear, XSD.double)
    ),
    Literal("2026-02-30T00:00:00", datatype=XSD.dateTime, normalize=False),
    Literal("2026-02-03T00:00:00Z", datatype=XSD.dateTime, normalize=False),
    Literal("http://a/ b", datatype=XSD.anyURI, normalize=False),
    Literal("http://a/b", datatype=XSD.anyURI, normalize=False),
    Literal(True),
    URIRef(f"{EX}value"),
    BNode("b"),
]
ONE_VALUE = [
    (SH.datatype, XSD.string),
    (SH.datatype, XSD.integer),
    (SH.datatype, XSD.decimal),
    (SH.datatype, XSD.gYear),
    (SH.datatype, XSD.dateTime),
    (SH.datatype, XSD.anyURI),
    (SH.minLength, Literal(1)),
    (SH.pattern, Literal(r"^-?\d+(\.\d{1,3})?$")),
    (SH.pattern, Literal("t$")),
    (SH.nodeKind, SH.IRI),
    (SH.nodeKind, SH.Literal),
    (SH.minInclusive, Literal(1)),
    (SH.minExclusive, Literal("0.5", datatype=XSD.decimal)),
    (SH.maxInclusive, Literal("1.0", datatype=XSD.decimal)),
    (SH.maxExclusive, Literal(1)),
    (SH.lessThan, Q),
    (SH.lessThanOrEquals, Q),
    (SH.equals, Q),
]


def shape(*constraints: tuple[Node, Node]) -> Graph:
    shapes, node = Graph(), URIRef(f"{EX}Shape")
    for predicate, value in ((SH.targetSubjectsOf, P), (SH.path, P), *constraints):
        shapes.add((node, predicate, value))
    return shapes


@pytest.mark.parametrize(("parameter", "value"), ONE_VALUE)
def test_a_value_that_is_sure_is_right(parameter: Node, value: Node) -> None:
    shapes, about = shape((parameter, value)), dict[URIRef, Triples]()
    compares = parameter in (SH.lessThan, SH.lessThanOrEquals)
    # pySHACL gives up where it is to compare what has no order.
    values = [each for each in VALUES if not compares or isinstance(getattr(each, "value", None), int | Decimal)]
    for number, each in enumerate(values):
        node = URIRef(f"{EX}{number}")
        about[node] = [(node, P, each), (node, Q, Literal(1))]
    data = Graph()
    for triples in about.values():
        for triple in triples:
            data.add(triple)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    wrong = set(report.objects(None, SH.focusNode))
    sure = {node for node, triples in about.items() if surely_conform(triples, shapes)}
    assert sure
    assert sure.isdisjoint(wrong)


@pytest.mark.parametrize(
    "more",
    [
        (SH.severity, SH.Warning),
        (SH.closed, Literal(True)),
        (SH.deactivated, Literal(True)),
        (SH.minCount, Literal(2)),
        (RDF.type, RDFS.Class),
    ],
)
def test_of_shapes_that_say_more_nothing_is_sure(more: tuple[Node, Node]) -> None:
    triples: Triples = [(URIRef(f"{EX}a"), P, Literal("1"))]
    assert surely_conform(triples, shape((SH.minCount, Literal(1))))
    assert not surely_conform(triples, shape((SH.minCount, Literal(1)), more))


def test_with_subclasses_nothing_is_sure() -> None:
    assert not surely_conform([*LEGAL, (KG.Method, RDFS.subClassOf, KG.ResearchEntity)], SHAPES)


def test_a_query_that_cannot_be_asked_is_not_sure() -> None:
    shapes = Graph().parse(
        data="""
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <http://example.org/Shape> sh:targetNode <http://example.org/a> ; sh:sparql [ sh:select "SELECT nothing" ] .
        """
    )
    assert not surely_conform(LEGAL, shapes)
