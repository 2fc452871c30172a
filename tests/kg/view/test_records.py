from rdflib import Graph, Literal
from rdflib.namespace import DCTERMS, RDF, SKOS

from kg.iri import Iris
from kg.model import Edge, Entity, Label, Network, Node, Paper
from kg.view.records import entities_graph, network_graph, papers_graph
from kg.vocab import BIBO, KG

IRIS = Iris("http://127.0.0.1:8000/")


def read(graph: Graph) -> Graph:
    """What another program reads in the Turtle of a graph."""
    text = graph.serialize(format="turtle")
    assert "kg:" in text
    return Graph().parse(data=text, format="turtle")


def test_a_paper_is_its_record() -> None:
    title = 'Müller\'s "深度"\n\\alpha @ {x}'
    graph = read(papers_graph([Paper("a", title, "Text.", ("Ada",), 1936, "ACL", doi="10.1/x")], IRIS))
    paper = IRIS.paper("a")
    assert graph.value(paper, RDF.type) == KG.Paper
    assert graph.value(paper, DCTERMS.title) == Literal(title)
    assert graph.value(paper, BIBO.doi) == Literal("10.1/x")
    assert set(graph.subjects()) == {paper}


def test_entities_have_names_and_types() -> None:
    graph = read(entities_graph([Entity("sgd", "SGD", Label.METHOD, ("descent",), 3)], IRIS))
    entity = IRIS.entity("sgd")
    assert (entity, RDF.type, KG.Method) in graph
    assert (entity, SKOS.altLabel, Literal("descent")) in graph
    assert graph.value(entity, KG.paperCount) == Literal(3)


def test_what_is_drawn_as_linked_is_related() -> None:
    nodes = tuple(Node(key, key.upper(), Label.METHOD, 1, 1, 0, 0, 0) for key in "ab")
    graph = read(network_graph(Network("n", nodes, (Edge("a", "b", 2, 0.5),), 2, 1), IRIS))
    assert (IRIS.entity("a"), SKOS.related, IRIS.entity("b")) in graph
    assert (IRIS.entity("b"), SKOS.prefLabel, Literal("B")) in graph
