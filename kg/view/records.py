"""Papers, entities and drawings → RDF, as the graph itself says it."""

from collections.abc import Iterable

from rdflib import Graph, Literal
from rdflib.namespace import RDF, SKOS

from kg.graph.terms import CLASSES
from kg.graph.triples import entity_quads, record_facts
from kg.iri import Iris
from kg.model import Entity, Network, Paper
from kg.prefixes import PREFIXES


def papers_graph(papers: Iterable[Paper], iris: Iris) -> Graph:
    """The records of papers, without what was found in them."""
    graph = _empty()
    for paper in papers:
        for predicate, value in record_facts(paper):
            graph.add((iris.paper(paper.id), predicate, value))
    return graph


def entities_graph(entities: Iterable[Entity], iris: Iris) -> Graph:
    """Names, types and counts of entities."""
    graph = _empty()
    for entity in entities:
        for subject, predicate, value, _ in entity_quads(entity, iris):
            graph.add((subject, predicate, value))
    return graph


def network_graph(network: Network, iris: Iris) -> Graph:
    """The entities of a drawing; those that share papers are ``skos:related``, whose two directions mean the same."""
    graph = _empty()
    for node in network.nodes:
        graph.add((iris.entity(node.id), RDF.type, CLASSES[node.label]))
        graph.add((iris.entity(node.id), SKOS.prefLabel, Literal(node.name)))
    for edge in network.edges:
        graph.add((iris.entity(edge.source), SKOS.related, iris.entity(edge.target)))
    return graph


def _empty() -> Graph:
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph
