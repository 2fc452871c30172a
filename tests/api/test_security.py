import base64
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.exceptions import RequestValidationError
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.cursors import read_cursor
from tests.api.conftest import settings

LIMIT = 4096
DIRECT = {"Content-Type": "application/sparql-query"}


@pytest.fixture
def small(data_folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(settings(data_folder, body_limit=LIMIT)), raise_server_exceptions=False) as made:
        yield made


@pytest.mark.parametrize(
    "path", ["/", "/v1/papers", "/sparql", "/docs", "/nope", "/network", "/ingest", "/static/css/base.css"]
)
def test_every_answer_keeps_browsers_strict(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Accept": "text/html"}).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-credentials" not in headers


def test_the_nonce_of_the_network_page_is_new_each_time(client: TestClient) -> None:
    first, second = (client.get("/network").headers["content-security-policy"] for _ in range(2))
    assert "nonce-" in first
    assert first != second


def test_a_body_over_the_limit_is_refused_with_and_without_a_length(small: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(10):
            yield b"#" * 1024

    declared = small.post("/sparql", content=b"#" * (LIMIT + 1), headers=DIRECT)
    chunked = small.post("/sparql", content=chunks(), headers=DIRECT)
    for answer in (declared, chunked):
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert f"{LIMIT:,}" in answer.json()["detail"]
    assert small.post("/sparql", content=b"ASK{}", headers=DIRECT).status_code == 200


def test_encoded_bodies_are_refused(small: TestClient) -> None:
    body = gzip.compress(b"#" * 1_000_000)
    answer = small.post("/sparql", content=body, headers={**DIRECT, "Content-Encoding": "gzip"})
    assert answer.status_code == 415


def test_a_wrong_length_is_refused(small: TestClient) -> None:
    answer = small.post("/sparql", content=b"ASK{}", headers={**DIRECT, "Content-Length": "many"})
    assert answer.status_code == 413


def test_only_known_hosts_are_answered(client: TestClient) -> None:
    assert client.get("/health/live", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/health/live", headers={"Host": "localhost:8000"}).status_code == 200


@pytest.mark.parametrize("host", ["[::1]", "[::1]:8000", "KG.example.org:443"])
def test_hosts_may_have_ports_capitals_and_brackets(tmp_path: Path, host: str) -> None:
    site = TestClient(create_app(settings(tmp_path / "none", hosts=["[::1]", "kg.example.org"])))
    assert site.get("/health/live", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["", "example.org", "[::2]", "::1", "[::1", "kg.example.org.evil.example", "kg.example.org@evil.example"]
)
def test_other_hosts_are_refused_strictly(tmp_path: Path, host: str) -> None:
    site = TestClient(create_app(settings(tmp_path / "none", hosts=["[::1]", "www.example.org", "kg.example.org"])))
    answer = site.get("/health/live", headers={"Host": host}, follow_redirects=False)
    assert answer.status_code == 400
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]


def test_what_a_client_says_of_a_proxy_changes_no_answer(client: TestClient) -> None:
    false = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil.example"}
    for path in ("/", "/papers", "/papers/ntk", "/v1/papers", "/nope"):
        plain, told = client.get(path), client.get(path, headers=false)
        assert told.status_code == plain.status_code
        assert "evil.example" not in told.text + str(told.headers)


def test_head_is_get_without_a_body(client: TestClient) -> None:
    for path in ("/", "/v1/papers", "/papers/ntk", "/sparql?query=ASK%7B%7D", "/health/live", "/nope"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (get.status_code, b""), path
        assert head.headers["content-type"] == get.headers["content-type"]


def test_a_bug_is_a_500_that_tells_nothing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret path /etc/shadow")

    monkeypatch.setattr("api.routes.papers.related", broken)
    answer = client.get("/v1/papers/ntk/related")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1400,
        '[1000000000000000000000000000000, "x"]',
        '["\\ud800", "x"]',
        '[1, "\\ud800"]',
        "{}",
        "null",
        '[true, "x"]',
        "",
    ],
)
def test_hostile_cursors_are_refused(client: TestClient, text: str) -> None:
    cursor = base64.urlsafe_b64encode(text.encode()).decode()
    for path in ("/v1/papers", "/v1/entities"):
        assert client.get(path, params={"cursor": cursor}).status_code == 422, path


@given(st.text(max_size=60))
def test_no_cursor_is_an_error(cursor: str) -> None:
    for types in ((str, str), (int, str)):
        try:
            position = read_cursor(cursor, *types)
        except RequestValidationError:
            continue
        assert position is None or [type(each) for each in position] == list(types)


def test_many_parameters_and_huge_bodies_are_refused_at_once(client: TestClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/sparql", content=b"a=&" * 40_000, headers=form).status_code == 400
    assert client.post("/sparql", content=b"query=" + b"x" * 300_000, headers=form).status_code == 400
    assert client.get("/sparql?" + "a=&" * 100).status_code == 400


def test_there_is_no_way_out_of_the_static_folder(client: TestClient) -> None:
    for path in ("/static/../templates/base.html", "/static/%2e%2e/app.py", "/static/swagger/../../core.py"):
        assert client.get(path).status_code == 404
