"""A survey of the graph -> its description in VoID, DCAT and Dublin Core."""

import re
from collections.abc import Mapping, Sequence

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, VOID, XSD
from rdflib.term import Node

from kg.iri import Iris
from kg.query.survey import Survey
from kg.vocab import NS

TITLE = "Research papers, what they mention, and the evidence"
_DESCRIPTION = (
    "Papers by title and abstract, the methods, datasets, tasks, metrics and concepts that they mention, what they "
    "do with them, and of every such edge the sentence that shows it, with the version of what read it."
)
_RIGHTS = (
    "Titles and abstracts are their authors'; whoever runs this service says what may be done with the data. "
    "The vocabulary is under CC BY 4.0, the software under Apache-2.0."
)
_NAMESPACE = re.compile(r".*[#/]")


def void(found: Survey, iris: Iris, site: str, formats: Sequence[str]) -> Graph:
    """The description of the dataset of ``iris`` that is served at ``site``, an address that ends in a slash.

    ``formats`` are IRIs of the forms that things are described in.
    """
    graph = Graph()
    graph.bind("void", VOID)
    graph.bind("dcat", DCAT)
    document = URIRef(f"{iris.base}.well-known/void")
    dataset, endpoint = URIRef(f"{document}#dataset"), URIRef(f"{site}sparql")
    _say(graph, document, {RDF.type: [VOID.DatasetDescription], FOAF.primaryTopic: [dataset]})
    _say(
        graph,
        dataset,
        {
            RDF.type: [VOID.Dataset, DCAT.Dataset],
            DCTERMS.title: [Literal(TITLE, lang="en")],
            DCTERMS.description: [Literal(_DESCRIPTION, lang="en")],
            DCTERMS.rights: [Literal(_RIGHTS, lang="en")],
            DCTERMS.modified: [Literal(found.modified.isoformat(), datatype=XSD.dateTime)],
            DCTERMS.conformsTo: [URIRef(NS.removesuffix("#"))],
            OWL.versionInfo: [Literal(found.snapshot)],
            DCAT.landingPage: [URIRef(site)],
            VOID.sparqlEndpoint: [endpoint],
            VOID.uriSpace: [Literal(f"{iris.base}id/")],
            VOID.feature: [URIRef(each) for each in formats],
            VOID.vocabulary: sorted({_vocabulary(str(each)) for each, _ in (*found.classes, *found.properties)}),
            VOID.exampleResource: found.samples,
            DCAT.distribution: [_service(graph, dataset, endpoint)],
            RDFS.seeAlso: [URIRef(f"{site}sparql/examples"), URIRef(f"{site}ns")],
        },
    )
    _count(graph, dataset, found)
    return graph


def _count(graph: Graph, dataset: URIRef, found: Survey) -> None:
    counts = {
        VOID.triples: found.triples,
        VOID.entities: found.things,
        VOID.distinctSubjects: found.subjects,
        VOID.distinctObjects: found.objects,
        VOID.classes: len(found.classes),
        VOID.properties: len(found.properties),
    }
    _say(graph, dataset, {p: [Literal(n)] for p, n in counts.items() if n is not None})
    for kind, number in found.classes:
        part = BNode()
        _say(graph, part, {VOID["class"]: [kind], VOID.entities: [Literal(number)]})
        graph.add((dataset, VOID.classPartition, part))
    for kind, number in found.properties:
        part = BNode()
        _say(graph, part, {VOID.property: [kind], VOID.triples: [Literal(number)]})
        graph.add((dataset, VOID.propertyPartition, part))


def _service(graph: Graph, dataset: URIRef, endpoint: URIRef) -> BNode:
    """The SPARQL endpoint as DCAT has it: a distribution that a service gives access to, described where it is."""
    distribution, service = BNode(), BNode()
    _say(
        graph,
        distribution,
        {RDF.type: [DCAT.Distribution], DCAT.accessURL: [endpoint], DCAT.accessService: [service]},
    )
    _say(
        graph,
        service,
        {
            RDF.type: [DCAT.DataService],
            DCTERMS.title: [Literal("SPARQL 1.1 endpoint", lang="en")],
            DCAT.endpointURL: [endpoint],
            DCAT.endpointDescription: [endpoint],
            DCAT.servesDataset: [dataset],
        },
    )
    return distribution


def _say(graph: Graph, subject: URIRef | BNode, said: Mapping[URIRef, Sequence[Node]]) -> None:
    for predicate, values in said.items():
        for value in values:
            graph.add((subject, predicate, value))


def _vocabulary(term: str) -> URIRef:
    namespace = _NAMESPACE.match(term)
    return URIRef(namespace[0] if namespace else term)
