from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import api.cache
from api.app import create_app
from kg.build import build
from kg.sources import make_paper
from kg.workspace import Workspace
from tests.api.conftest import settings
from tests.corpus import BASE, corpus_parts

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def fresh(data_folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(settings(data_folder))) as client:
        yield client


def kept(client: TestClient, query: str, **headers: str) -> bool:
    answer = client.get("/sparql", params={"query": query}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.headers.get("cache-status") == "paperkg; hit"


def test_a_query_asked_again_gets_the_same_answer(fresh: TestClient) -> None:
    first = fresh.get("/sparql", params={"query": COUNT})
    again = fresh.get("/sparql", params={"query": COUNT})
    assert "cache-status" not in first.headers
    assert again.headers["cache-status"] == "paperkg; hit"
    assert again.headers["x-kg-seconds"] == "0.000"
    assert again.content == first.content
    for name in ("content-type", "content-length", "vary", "x-kg-truncated", "content-security-policy"):
        assert again.headers.get_list(name) == first.headers.get_list(name)
    assert fresh.head("/sparql", params={"query": COUNT}).content == b""


def test_what_may_differ_is_asked_again(fresh: TestClient) -> None:
    assert not kept(fresh, COUNT)
    assert not kept(fresh, COUNT, Accept="text/csv")
    assert kept(fresh, COUNT, Accept="text/csv")
    assert not kept(fresh, f"{COUNT} # another text")
    for query in ("SELECT (RAND() AS ?x) {}", "SELECT (now() AS ?x) {}", "SELECT (STRUUID() AS ?x) {}"):
        assert not kept(fresh, query)
        assert not kept(fresh, query)


def test_only_answers_are_kept(fresh: TestClient) -> None:
    for _ in range(2):
        refused = fresh.get("/sparql", params={"query": "SELECT * {"})
        assert (refused.status_code, "cache-status" in refused.headers) == (400, False)
        posted = fresh.post("/sparql", data={"query": COUNT})
        assert (posted.status_code, "cache-status" in posted.headers) == (200, False)


def test_a_cut_answer_still_says_so(fresh: TestClient) -> None:
    for _ in range(2):
        answer = fresh.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"})
        assert answer.headers["x-kg-truncated"] == "true"
    assert answer.headers["cache-status"] == "paperkg; hit"


def test_a_write_empties_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)

    def ingest(name: str) -> None:
        with workspace.writer() as writer:
            build([make_paper(name, "Attention.", identifier=name)], corpus_parts(), writer)

    ingest("one")
    with TestClient(create_app(settings(tmp_path / "d"))) as client:
        before = [client.get("/sparql", params={"query": COUNT}).json() for _ in range(2)]
        assert before[0] == before[1]
        ingest("two")
        assert client.get("/sparql", params={"query": COUNT}).json() != before[0]
        assert kept(client, COUNT)


def test_the_oldest_goes_when_it_is_full(fresh: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.cache, "MAX_BYTES", 2000)
    for number in range(20):
        assert not kept(fresh, f"SELECT ({number} AS ?x) {{}}")
    assert kept(fresh, "SELECT (19 AS ?x) {}")
    assert not kept(fresh, "SELECT (0 AS ?x) {}")
    monkeypatch.setattr(api.cache, "MAX_EACH", 10)
    for _ in range(2):
        assert not kept(fresh, "SELECT (77 AS ?x) {}")
