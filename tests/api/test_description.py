import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from kg.query.results import ResultFormat
from tests.corpus import BASE

SD = "http://www.w3.org/ns/sparql-service-description#"
TYPES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def described(client: TestClient, accept: str, **parameters: str) -> dict[str, set[str]]:
    answer = client.get("/sparql", params=parameters, headers={"Accept": accept})
    assert answer.status_code == 200
    media = answer.headers["content-type"].partition(";")[0]
    quads = list(ox.parse(answer.content, TYPES[media]))
    of_service = [q for q in quads if q.subject == ox.NamedNode(f"{BASE}sparql")]
    found: dict[str, set[str]] = {}
    for quad in of_service:
        found.setdefault(quad.predicate.value.removeprefix(SD), set()).add(str(quad.object.value))
    return found


@pytest.mark.parametrize("media", TYPES)
def test_programs_get_a_service_description(client: TestClient, media: str) -> None:
    found = described(client, media)
    assert found["endpoint"] == {f"{BASE}sparql"}
    assert f"{SD}SPARQL11Query" in found["supportedLanguage"]
    assert f"{SD}UnionDefaultGraph" in found["feature"]


def test_every_format_of_answers_is_told(client: TestClient) -> None:
    assert len(described(client, "*/*")["resultFormat"]) == len(ResultFormat)


def test_the_default_is_turtle_and_a_format_can_be_named(client: TestClient) -> None:
    assert client.get("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"
    named = client.get("/sparql?format=ntriples", headers={"Accept": "text/html"})
    assert named.headers["content-type"] == "application/n-triples"
    assert "Accept" in named.headers["vary"]


@pytest.mark.parametrize(("accept", "query"), [("image/png", ""), ("*/*", "?format=csv")])
def test_other_formats_are_406(client: TestClient, accept: str, query: str) -> None:
    answer = client.get(f"/sparql{query}", headers={"Accept": accept})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


def test_it_needs_no_graph(empty: TestClient) -> None:
    assert empty.get("/sparql").status_code == 200
