import csv
import io
from pathlib import Path

import httpx2 as httpx
import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kg.build import build
from kg.sources import make_paper
from kg.workspace import Workspace
from tests.api.conftest import settings
from tests.corpus import BASE, corpus_parts

PREFIX = "PREFIX kg: <https://w3id.org/paperkg/ns#> PREFIX dcterms: <http://purl.org/dc/terms/> "
COUNT = PREFIX + "SELECT (COUNT(?p) AS ?n) WHERE { ?p a kg:Paper }"
TITLES = PREFIX + "SELECT ?t WHERE { ?p a kg:Paper ; dcterms:title ?t } ORDER BY ?t LIMIT 2"
CONSTRUCT = PREFIX + "CONSTRUCT { ?p dcterms:title ?t } WHERE { ?p a kg:Paper ; dcterms:title ?t }"
JSON = "application/sparql-results+json"


def count_of(answer) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_three_ways_to_ask(client: TestClient) -> None:
    assert count_of(client.get("/sparql", params={"query": COUNT})) == 16
    assert count_of(client.post("/sparql", data={"query": COUNT})) == 16
    direct = client.post("/sparql", content=COUNT, headers={"Content-Type": "application/sparql-query; charset=utf-8"})
    assert count_of(direct) == 16


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("text/xml", "text/xml; charset=utf-8"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.9, application/sparql-results+xml;q=0.2", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("text/csv;q=0.5, */*;q=0", "text/csv; charset=utf-8"),
        ("image/png, text/*;q=0.5", "text/csv; charset=utf-8"),
    ],
)
def test_tables_are_negotiated(client: TestClient, accept: str | None, media: str) -> None:
    answer = client.get("/sparql", params={"query": TITLES}, headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert "Accept" in answer.headers["vary"].split(", ")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_several_accept_headers_count_as_one(client: TestClient) -> None:
    headers = [("Accept", "text/csv;q=0.1"), ("Accept", "text/tab-separated-values")]
    answer = client.get("/sparql", params={"query": TITLES}, headers=httpx.Headers(headers))
    assert answer.headers["content-type"] == "text/tab-separated-values; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "media", "form"),
    [
        ("*/*", "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/json", "application/json", ox.RdfFormat.JSON_LD),
        ("application/xml", "application/xml", ox.RdfFormat.RDF_XML),
        ("text/plain", "text/plain; charset=utf-8", ox.RdfFormat.N_TRIPLES),
        ("application/trig", "application/trig; charset=utf-8", ox.RdfFormat.TRIG),
        ("application/n-quads", "application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
def test_graphs_are_negotiated(client: TestClient, accept: str, media: str, form: ox.RdfFormat) -> None:
    answer = client.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert len(list(ox.parse(answer.content, form))) == 16


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values, image/png", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_ask_is_a_word_where_only_text_is_accepted(client: TestClient, accept: str, media: str) -> None:
    answer = client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (200, media, "true")


def test_ask_and_describe(client: TestClient) -> None:
    assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True
    described = client.get("/sparql", params={"query": f"DESCRIBE <{BASE}id/entity/attention>"})
    assert "prefLabel" in described.text


def test_a_format_in_the_address_overrules_accept(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": TITLES, "format": "csv"}, headers={"Accept": JSON})
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows == [["t"], ["Attention for translation"], ["Feature learning"]]


def test_what_cannot_be_accepted_is_406(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": TITLES}, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT ?x WHERE { ?x", ""),
        ("nonsense", ""),
        ("", ""),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("LOAD <file:///etc/passwd>", "LOAD"),
        ("INSERT DATA { <a:a> <a:a> <a:a> }", "INSERT"),
        ("DROP ALL", "DROP"),
    ],
)
def test_bad_queries_are_400_with_the_reason(client: TestClient, query: str, reason: str) -> None:
    for answer in (client.get("/sparql", params={"query": query}), client.post("/sparql", data={"query": query})):
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert reason in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "line", "column"), [("SELECT ?x WHERE {\n ?x ?y }", 2, 9), ("ASK {\n SERVICE <http://x/> {} }", 2, 2)]
)
def test_a_bad_query_names_its_place(client: TestClient, query: str, line: int, column: int) -> None:
    problem = client.get("/sparql", params={"query": query}).json()
    assert (problem["line"], problem["column"]) == (line, column)
    assert problem["detail"].startswith(f"line {line}, column {column}: ")


def test_relative_iris_start_at_the_endpoint(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT (<x> AS ?iri) {}", "format": "csv"})
    assert answer.text == f"iri\r\n{BASE}x\r\n"


def test_a_cut_answer_says_so(client: TestClient) -> None:
    everything = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"})
    assert everything.headers["x-kg-truncated"] == "true"
    assert len(everything.json()["results"]["bindings"]) == 20
    assert client.get("/sparql", params={"query": TITLES}).headers["x-kg-truncated"] == "false"


def test_a_query_that_takes_too_long_is_stopped_and_the_next_is_answered(data_folder: Path) -> None:
    with TestClient(create_app(settings(data_folder, query_timeout=4.0, query_workers=1))) as client:
        hostile = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        answer = client.get("/sparql", params={"query": hostile})
        assert answer.status_code == 503
        assert answer.json()["reason"] == "timeout"
        assert answer.headers["retry-after"]
        assert count_of(client.get("/sparql", params={"query": COUNT})) == 16


def test_a_new_snapshot_is_served_without_a_restart(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)

    def ingest(name: str) -> None:
        with workspace.writer() as writer:
            build([make_paper(name, "Attention.", identifier=name)], corpus_parts(), writer)

    ingest("one")
    with TestClient(create_app(settings(tmp_path / "d"))) as client:
        assert count_of(client.get("/sparql", params={"query": COUNT})) == 1
        ingest("two")
        assert client.get("/v1/papers/two").status_code == 200
        assert count_of(client.get("/sparql", params={"query": COUNT})) == 2
        assert client.get("/v1/entities/attention").json()["entity"]["papers"] == 2


def test_a_graph_that_appears_later_is_served(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path / "d"))) as client:
        assert client.get("/sparql", params={"query": COUNT}).status_code == 503
        with Workspace(tmp_path / "d", BASE).writer() as writer:
            build([make_paper("One", "Attention.")], corpus_parts(), writer)
        assert count_of(client.get("/sparql", params={"query": COUNT})) == 1
