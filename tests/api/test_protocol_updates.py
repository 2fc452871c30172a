"""The updates of the SPARQL 1.1 Protocol, one case each as section 2 and the W3C's suite have them."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kg.build import build
from kg.sources import make_paper
from kg.tokens import Scope, Tokens
from kg.workspace import Workspace
from tests.api.conftest import settings
from tests.corpus import BASE, corpus_parts

DIRECT = {"Content-Type": "application/sparql-update"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ONE, TWO, THREE = (f"http://example.org/data{n}" for n in (1, 2, 3))
RESULT = "http://example.org/result"
THREE_DOCUMENTS = "DROP ALL ; INSERT DATA { %s } ; " % " ".join(  # noqa: UP031 - braces are SPARQL's
    f"GRAPH <{graph}> {{ <{graph}> a <urn:Document> }}" for graph in (ONE, TWO, THREE)
)
COPY = f"INSERT {{ GRAPH <{RESULT}> {{ ?s a <urn:Copied> }} }} WHERE {{ ?s a <urn:Document> }}"
COPY_NAMED = f"INSERT {{ GRAPH <{RESULT}> {{ ?s a <urn:Copied> }} }} WHERE {{ GRAPH ?g {{ ?s a <urn:Document> }} }}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("updates") / "data"
    with Workspace(path, BASE).writer() as writer:
        build([make_paper("One", "Attention.", identifier="one")], corpus_parts(), writer)
    return path


@pytest.fixture(scope="module")
def token(folder: Path) -> dict[str, str]:
    _, value = Tokens(folder).create([Scope.UPDATE])
    return {"Authorization": f"Bearer {value}"}


@pytest.fixture(scope="module")
def writable(folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(settings(folder, query_timeout=20.0)), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def send(writable: TestClient, token: dict[str, str]):
    def sent(update: str, *graphs: tuple[str, str]):
        address = f"/sparql?{urlencode(graphs)}" if graphs else "/sparql"
        return writable.post(address, content=update.encode(), headers=DIRECT | token)

    return sent


def done(answer) -> None:
    assert answer.status_code == 204, answer.text
    assert answer.content == b""


def copied(client: TestClient) -> set[str]:
    query = f"SELECT ?s {{ GRAPH <{RESULT}> {{ ?s a <urn:Copied> }} }}"
    found = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    return {row["s"]["value"] for row in found}


def holds(client: TestClient, pattern: str) -> bool:
    return client.get("/sparql", params={"query": f"ASK {{ {pattern} }}"}).json()["boolean"]


def test_update_post_form(writable: TestClient, token: dict[str, str]) -> None:
    body = urlencode({"update": f"INSERT DATA {{ GRAPH <{ONE}> {{ <urn:form> a <urn:Document> }} }}"})
    done(writable.post("/sparql", content=body.encode(), headers=FORM | token))
    assert holds(writable, "<urn:form> a <urn:Document>")
    done(writable.post("/sparql", content=b"update=CLEAR+ALL", headers=FORM | token))
    assert not holds(writable, "?s ?p ?o")


def test_update_post_direct(writable: TestClient, send) -> None:
    done(send(f"INSERT DATA {{ GRAPH <{ONE}> {{ <urn:direct> a <urn:Document> }} }}"))
    assert holds(writable, "<urn:direct> a <urn:Document>")
    done(send("CLEAR ALL"))
    assert not holds(writable, "?s ?p ?o")


def test_update_dataset_default_graph(writable: TestClient, send) -> None:
    done(send(THREE_DOCUMENTS + COPY, ("using-graph-uri", ONE)))
    assert copied(writable) == {ONE}


def test_update_dataset_default_graphs(writable: TestClient, send) -> None:
    done(send(THREE_DOCUMENTS + COPY, ("using-graph-uri", ONE), ("using-graph-uri", TWO)))
    assert copied(writable) == {ONE, TWO}


def test_update_dataset_named_graphs(writable: TestClient, send) -> None:
    named = [("using-named-graph-uri", ONE), ("using-named-graph-uri", TWO)]
    done(send(THREE_DOCUMENTS + COPY_NAMED, *named))
    assert copied(writable) == {ONE, TWO}
    done(send(THREE_DOCUMENTS + COPY, *named))
    assert copied(writable) == set()


def test_update_dataset_full(writable: TestClient, send) -> None:
    both = f"""INSERT {{ GRAPH <{RESULT}> {{ ?s <urn:in> ?in }} }} WHERE {{
        {{ GRAPH ?g {{ ?s a <urn:Document> }} BIND(?g AS ?in) }} UNION {{ ?s a <urn:Document> BIND("default" AS ?in) }}
    }}"""
    done(send(THREE_DOCUMENTS + both, ("using-graph-uri", ONE), ("using-named-graph-uri", TWO)))
    assert holds(writable, f'GRAPH <{RESULT}> {{ <{ONE}> <urn:in> "default" . <{TWO}> <urn:in> <{TWO}> }}')
    assert not holds(writable, f"GRAPH <{RESULT}> {{ <{THREE}> ?p ?o }}")
    assert not holds(writable, f'GRAPH <{RESULT}> {{ <{TWO}> <urn:in> "default" }}')


def test_update_base_uri(writable: TestClient, send) -> None:
    done(send(f"CLEAR GRAPH <{ONE}> ; INSERT DATA {{ GRAPH <{ONE}> {{ <urn:s> <urn:p> <test> }} }}"))
    assert holds(writable, f"GRAPH <{ONE}> {{ <urn:s> <urn:p> <{BASE}test> }}")


def test_bad_update_syntax(writable: TestClient, token: dict[str, str]) -> None:
    answer = writable.post("/sparql", content=b"update=CLEAR%20XYZ", headers=FORM | token)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("parameter", ["using-graph-uri", "using-named-graph-uri"])
@pytest.mark.parametrize(
    "update",
    [
        f"WITH <{ONE}> DELETE {{ ?s a <urn:A> }} INSERT {{ ?s a <urn:B> }} WHERE {{ ?s a <urn:A> }}",
        f"INSERT {{ ?s a <urn:B> }} USING <{ONE}> WHERE {{ ?s a <urn:A> }}",
        f"INSERT {{ ?s a <urn:B> }} USING NAMED <{ONE}> WHERE {{ GRAPH ?g {{ ?s a <urn:A> }} }}",
    ],
)
def test_bad_update_dataset_conflict(send, parameter: str, update: str) -> None:
    answer = send(update, (parameter, "http://example/people"))
    assert answer.status_code == 400, answer.text


def test_graphs_of_queries_do_not_go_with_an_update(send) -> None:
    answer = send("CLEAR ALL", ("default-graph-uri", ONE))
    assert answer.status_code == 400
    assert "default-graph-uri does not belong" in answer.json()["detail"]


@pytest.mark.parametrize("authorization", [None, "Bearer wrong"])
def test_nothing_is_written_without_a_token(writable: TestClient, send, authorization: str | None) -> None:
    done(send(THREE_DOCUMENTS.removesuffix(" ; ")))
    headers = DIRECT | ({"Authorization": authorization} if authorization else {})
    answer = writable.post("/sparql", content=b"DROP ALL", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert holds(writable, f"<{ONE}> a <urn:Document>")
