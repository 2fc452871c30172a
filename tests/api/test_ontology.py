"""The ontology is where its namespace says, in every form."""

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.namespace import OWL, RDF, SH

from kg.resources import load_graph, ontology_dir
from kg.vocab import KG, NS

# rdflib's own JSON-LD parser makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
}


@pytest.mark.parametrize("extension", FORMS)
@pytest.mark.parametrize(("path", "name"), [("/ns", "kg"), ("/ns/shapes", "shapes")])
def test_each_form_says_the_same_as_the_file(client: TestClient, path: str, name: str, extension: str) -> None:
    media, form = FORMS[extension]
    wanted = load_graph(ontology_dir() / f"{name}.ttl")
    negotiated = client.get(path, headers={"Accept": media})
    named = client.get(f"{path}.{extension}")
    assert negotiated.headers["vary"] == "Accept, Origin"
    assert negotiated.headers["content-location"] == f"{path}.{extension}"
    for answer in (negotiated, named):
        assert answer.headers["content-type"].partition(";")[0] == media
        assert isomorphic(Graph().parse(data=answer.content, format=form), wanted)


def test_the_page_has_an_anchor_for_every_term_and_leads_to_others(client: TestClient) -> None:
    page = client.get("/ns", headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for name in (name for name in vars(KG) if not name.startswith("_")):
        assert f'id="{name}"' in page.text
    text = " ".join(page.text.split())
    uses = text.partition('id="usesMethod"')[2].partition("</section>")[0]
    for shown in ('href="#Paper"', 'href="#Method"', 'href="#mentions"', "lpwcp:hasMethod", "discusses a method"):
        assert shown in uses
    confidence = text.partition('id="confidence"')[2].partition("</section>")[0]
    assert {f'href="#{each}"' in confidence for each in ("Mention", "Relation", "Statement")} == {True}


def test_the_page_needs_no_graph(empty: TestClient) -> None:
    assert empty.get("/ns", headers={"Accept": "text/html"}).status_code == 200
    described = Graph().parse(data=empty.get("/ns", headers={"Accept": "text/turtle"}).content, format="turtle")
    assert [str(s) for s in described.subjects(RDF.type, OWL.Ontology)] == [NS.removesuffix("#")]
    shapes = Graph().parse(data=empty.get("/ns/shapes").content, format="turtle")
    assert list(shapes.subjects(RDF.type, SH.NodeShape))


def test_what_no_form_fits_is_refused(client: TestClient) -> None:
    assert client.get("/ns", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/ns.pdf").status_code == 404
    assert client.get("/ns/shapes", headers={"Accept": "text/html"}).status_code == 406
