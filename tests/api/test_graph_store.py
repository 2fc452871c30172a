import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph

from api.app import create_app
from kg.tokens import Scope, Tokens
from kg.workspace import Workspace
from tests.api.conftest import settings
from tests.corpus import BASE

MINE = "http://example.org/mine"
TURTLE = "<a> <p> 'one' , 'two' ."
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(?g = <http://example.org/mine>) }"


@pytest.fixture
def folder(data_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    """With a token that may update."""
    _, value = Tokens(folder).create({Scope.UPDATE})
    app = create_app(settings(folder, query_rows=2000))
    headers = {"Authorization": f"Bearer {value}"}
    with TestClient(app, raise_server_exceptions=False, headers=headers) as made:
        yield made


@pytest.fixture(scope="module")
def reading(data_folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(settings(data_folder, query_rows=200)), raise_server_exceptions=False) as made:
        yield made


def send(client: TestClient, method: str, body: str = TURTLE, media: str = "text/turtle", **params: str) -> int:
    answer = client.request(
        method, "/graph-store", params=params or {"graph": MINE}, content=body.encode(), headers={"Content-Type": media}
    )
    return int(answer.status_code)


def got(client: TestClient, accept: str = "application/n-triples", **params: str) -> list[str]:
    answer = client.get("/graph-store", params=params or {"graph": MINE}, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return sorted(answer.text.splitlines())


def test_a_graph_is_made_replaced_added_to_and_removed(client: TestClient) -> None:
    assert client.get("/graph-store", params={"graph": MINE}).status_code == 404
    assert send(client, "PUT") == 201
    assert [line.split(" ")[2] for line in got(client)] == ['"one"', '"two"']
    assert got(client)[0].startswith("<http://example.org/a> <http://example.org/p>")
    assert send(client, "POST", "<a> <p> 'three' .") == 204
    assert len(got(client)) == 3
    assert send(client, "PUT", "<a> <p> 'four' .") == 204
    assert len(got(client)) == 1
    assert client.head("/graph-store", params={"graph": MINE}).status_code == 200
    assert send(client, "DELETE") == 204
    assert send(client, "DELETE") == 404
    assert client.head("/graph-store", params={"graph": MINE}).status_code == 404


def test_a_write_is_seen_by_the_very_next_request(client: TestClient) -> None:
    for count in (1, 2, 3):
        body = " , ".join(f"'{i}'" for i in range(count))
        send(client, "PUT", f"<a> <p> {body} .")
        asked = time.monotonic()
        answer = client.get("/sparql", params={"query": COUNT}, headers={"Accept": "text/csv"})
        assert answer.text.split() == ["n", str(count)]
        assert time.monotonic() - asked < 30


def test_an_empty_document_makes_an_empty_graph(client: TestClient) -> None:
    assert send(client, "PUT", "") == 201
    assert got(client) == []


def test_the_unnamed_graph_is_one_of_its_own(client: TestClient) -> None:
    assert got(client, default="") == []
    assert send(client, "PUT", "<urn:a> <urn:p> 1 .", default="") == 204
    assert send(client, "POST", "<urn:a> <urn:p> 2 .", default="") == 204
    assert len(got(client, default="")) == 2
    assert len(got(client, graph="urn:x-arq:DefaultGraph")) == 2
    assert send(client, "DELETE", default="") == 204
    assert got(client, default="") == []
    assert got(client, graph=f"{BASE}graph/paper/ntk")


def test_without_a_name_a_new_graph_is_made(client: TestClient) -> None:
    media = {"Content-Type": "text/turtle"}
    answers = [client.post("/graph-store", content=b"<> <p> 1 .", headers=media) for _ in range(2)]
    names = [answer.headers["location"] for answer in answers]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert names[0] != names[1]
    assert got(client, graph=names[0])[0].startswith(f"<{names[0]}>")
    assert client.put("/graph-store", content=b"<> <p> 1 .", headers=media).status_code == 400


def test_every_syntax_goes_in_and_out(client: TestClient) -> None:
    rdfxml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
        '<rdf:Description rdf:about="http://example.org/a"><e:p>é</e:p></rdf:Description></rdf:RDF>'
    )
    statement = '<http://example.org/a> <http://example.org/p> "é" .'
    bodies = {
        "text/turtle; charset=UTF-8": "<http://example.org/a> <http://example.org/p> 'é' .",
        "application/n-triples": statement,
        "application/ld+json": json.dumps({"@id": "http://example.org/a", "http://example.org/p": "é"}),
        "application/rdf+xml": rdfxml,
    }
    for media, body in bodies.items():
        assert send(client, "PUT", body, media) in (201, 204)
        assert got(client) == [statement]
        plain = media.partition(";")[0]
        answer = client.get("/graph-store", params={"graph": MINE}, headers={"Accept": plain})
        assert answer.headers["content-type"].partition(";")[0] == plain
        assert send(client, "PUT", answer.text, media, graph="urn:again") in (201, 204)
        assert got(client, graph="urn:again") == [statement]


def test_other_types_are_not_read(client: TestClient) -> None:
    for media in ("text/plain", "application/trig", "application/sparql-update", "multipart/form-data"):
        assert send(client, "PUT", TURTLE, media) == 415
    assert send(client, "PUT", TURTLE, "text/turtle; charset=iso-8859-1") == 415
    assert client.put("/graph-store", params={"graph": MINE}, content=b"").status_code == 415
    assert client.get("/graph-store", params={"graph": MINE}).status_code == 404


def test_a_document_that_cannot_be_read_says_where(client: TestClient) -> None:
    answer = client.put(
        "/graph-store", params={"graph": MINE}, content=b"<a> <b> <c> .\nno", headers={"Content-Type": "text/turtle"}
    )
    assert answer.status_code == 400
    assert "line 2" in answer.json()["detail"]
    assert send(client, "PUT", '<!DOCTYPE x [<!ENTITY a "a">]><x/>', "application/rdf+xml") == 400
    assert send(client, "PUT", '{"@context": "http://127.0.0.1:9/"}', "application/ld+json") == 400
    assert client.get("/graph-store", params={"graph": MINE}).status_code == 404


def test_a_body_over_the_limit_is_refused(folder: Path) -> None:
    _, value = Tokens(folder).create({Scope.UPDATE})
    headers = {"Authorization": f"Bearer {value}"}
    with TestClient(create_app(settings(folder, body_limit=2048)), headers=headers) as client:
        assert send(client, "PUT", "#" * 2049) == 413


def test_other_writers_are_told_of(client: TestClient, folder: Path) -> None:
    with Workspace(folder, BASE).writer():
        answer = client.delete("/graph-store", params={"graph": MINE})
    assert answer.status_code == 503
    assert answer.json()["reason"] == "locked"
    assert int(answer.headers["retry-after"]) > 0
    assert send(client, "PUT") == 201


def test_reading_needs_no_token_and_knows_the_formats(reading: TestClient) -> None:
    params = {"graph": f"{BASE}graph/paper/ntk"}
    found = reading.get("/graph-store", params=params)
    assert found.headers["content-type"].startswith("text/turtle")
    assert len(Graph().parse(data=found.text, format="turtle")) > 20
    assert reading.get("/graph-store", params=params, headers={"Accept": "image/png"}).status_code == 406
    head = reading.head("/graph-store", params=params)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    "query",
    ["", "graph=relative", "graph=a%20b:c", "graph=urn:a&default", "graph=urn:a&graph=urn:b", "default=yes", "graph="],
)
def test_one_graph_must_be_named(reading: TestClient, query: str) -> None:
    answer = reading.get(f"/graph-store?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_looks_like_an_iri_and_is_none_is_refused(client: TestClient) -> None:
    for iri in ("http://[", "http://a:b:c/", "urn:a%zz"):
        assert client.get("/graph-store", params={"graph": iri}).status_code == 400
        assert send(client, "PUT", "", graph=iri) == 400


def test_a_graph_is_sent_whole_or_not_at_all(reading: TestClient) -> None:
    answer = reading.get("/graph-store", params={"graph": f"{BASE}graph/ontology"})
    assert answer.status_code == 503
    assert "200 triples" in answer.json()["detail"]


def test_a_graph_is_not_patched(reading: TestClient) -> None:
    assert reading.patch("/graph-store", params={"graph": MINE}).status_code == 405
