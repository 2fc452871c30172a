from dataclasses import replace
from datetime import UTC, datetime

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, SKOS, VOID

from kg.iri import Iris
from kg.query.survey import Survey
from kg.view.void import void
from kg.vocab import KG

BASE, SITE = "https://ids.example/kg/", "http://localhost:9/"
FOUND = Survey(
    snapshot="00000007",
    modified=datetime(2026, 11, 29, 12, tzinfo=UTC),
    triples=9,
    things=3,
    subjects=4,
    objects=5,
    classes=((KG.Paper, 2), (OWL.Class, 1)),
    properties=((RDF.type, 3), (SKOS.prefLabel, 6)),
    samples=(URIRef(f"{BASE}id/paper/a"),),
)
GRAPH = void(FOUND, Iris(BASE), SITE, ["http://www.w3.org/ns/formats/Turtle"])
DATASET = URIRef(f"{BASE}.well-known/void#dataset")


def test_the_document_is_about_one_dataset() -> None:
    [document] = GRAPH.subjects(RDF.type, VOID.DatasetDescription)
    assert GRAPH.value(document, FOAF.primaryTopic) == DATASET
    assert set(GRAPH.subjects(RDF.type, VOID.Dataset)) == {DATASET}
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.rights, VOID.exampleResource, VOID.feature):
        assert (DATASET, predicate, None) in GRAPH
    assert GRAPH.value(DATASET, OWL.versionInfo) == Literal("00000007")
    assert GRAPH.value(DATASET, DCTERMS.modified).toPython() == FOUND.modified


def test_ids_are_below_their_base_and_services_where_they_were_asked() -> None:
    assert GRAPH.value(DATASET, VOID.uriSpace) == Literal(f"{BASE}id/")
    assert GRAPH.value(DATASET, VOID.sparqlEndpoint) == URIRef(f"{SITE}sparql")
    [service] = GRAPH.subjects(RDF.type, DCAT.DataService)
    assert GRAPH.value(service, DCAT.endpointURL) == URIRef(f"{SITE}sparql")
    assert GRAPH.value(service, DCAT.servesDataset) == DATASET


def test_counts_of_all_and_of_each_part_are_those_of_the_survey() -> None:
    numbers = {
        VOID.triples: 9,
        VOID.entities: 3,
        VOID.distinctSubjects: 4,
        VOID.distinctObjects: 5,
        VOID.classes: 2,
        VOID.properties: 2,
    }
    assert {p: GRAPH.value(DATASET, p).toPython() for p in numbers} == numbers
    classes = {GRAPH.value(p, VOID["class"]): GRAPH.value(p, VOID.entities) for p in parts(VOID.classPartition)}
    properties = {GRAPH.value(p, VOID.property): GRAPH.value(p, VOID.triples) for p in parts(VOID.propertyPartition)}
    assert classes == {kind: Literal(number) for kind, number in FOUND.classes}
    assert properties == {kind: Literal(number) for kind, number in FOUND.properties}
    namespaces = {str(each) for each in GRAPH.objects(DATASET, VOID.vocabulary)}
    assert namespaces == {"https://w3id.org/paperkg/ns#", str(OWL), str(RDF), str(SKOS)}


def parts(predicate: URIRef) -> list[object]:
    return list(GRAPH.objects(DATASET, predicate))


def test_what_was_not_counted_is_not_said() -> None:
    graph = void(replace(FOUND, objects=None, samples=()), Iris(BASE), SITE, [])
    assert (DATASET, VOID.distinctObjects, None) not in graph
    assert (DATASET, VOID.exampleResource, None) not in graph
