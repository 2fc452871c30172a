from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF, VOID

from api.app import create_app
from api.surveyor import Surveyor
from kg.workspace import Reader
from tests.api.conftest import settings

# rdflib's own JSON-LD parser makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

FORMS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
}


@pytest.fixture(scope="module")
def site(data_folder: Path) -> Iterator[TestClient]:
    app = create_app(settings(data_folder))
    app.state.service.surveyor = Surveyor(timeout=60, wait=60)
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def test_every_form_says_the_same_of_the_graph(site: TestClient, reader: Reader) -> None:
    graphs = []
    for media, form in FORMS.items():
        answer = site.get("/.well-known/void", headers={"Accept": media})
        assert answer.headers["content-type"].partition(";")[0] == media
        assert answer.headers["vary"] == "Accept, Origin"
        graphs.append(Graph().parse(data=answer.content, format=form))
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    [dataset] = graphs[0].subjects(RDF.type, VOID.Dataset)
    quads = list(reader.store.quads())
    assert graphs[0].value(dataset, VOID.triples) == Literal(len(quads))
    parts = {
        graphs[0].value(part, VOID.property): graphs[0].value(part, VOID.triples).toPython()
        for part in graphs[0].objects(dataset, VOID.propertyPartition)
    }
    assert parts == Counter(p for _, p, _, _ in quads)
    modified = graphs[0].value(dataset, DCTERMS.modified).toPython()
    assert modified == parsedate_to_datetime(answer.headers["last-modified"])


def test_examples_lead_somewhere_and_the_endpoint_is_where_it_was_asked(site: TestClient) -> None:
    graph = Graph().parse(data=site.get("/.well-known/void").content, format="turtle")
    [dataset] = graph.subjects(RDF.type, VOID.Dataset)
    samples = [str(each) for each in graph.objects(dataset, VOID.exampleResource)]
    assert len(samples) == 3
    for sample in samples:
        path = sample.removeprefix("http://127.0.0.1:8000")
        assert site.get(path, headers={"Accept": "text/turtle"}).status_code == 303
    assert graph.value(dataset, VOID.sparqlEndpoint) == URIRef("http://testserver/sparql")


def test_what_cannot_be_given_is_refused(site: TestClient, empty: TestClient) -> None:
    assert site.get("/.well-known/void", headers={"Accept": "image/png"}).status_code == 406
    assert empty.get("/.well-known/void").status_code == 503


def test_a_graph_that_is_still_counted_says_when_to_come_again(data_folder: Path) -> None:
    app = create_app(settings(data_folder))
    app.state.service.surveyor = Surveyor(timeout=60, wait=0)
    with TestClient(app) as site:
        answer = site.get("/.well-known/void")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["reason"] == "busy"
