import contextlib
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api import logs
from api.app import create_app
from api.record import Record, request_id
from tests.api.conftest import settings

QUERY = "SELECT * WHERE { ?secret_variable ?p 'needle' }"
TOKEN = "kg_0123456789abcdef"  # noqa: S105 - no one's


class Log(NamedTuple):
    form: str
    stream: io.StringIO


@pytest.fixture(params=["text", "json"])
def log(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    # The test client logs addresses in full.
    monkeypatch.setattr(logging.getLogger("httpx2"), "disabled", True)
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    with contextlib.redirect_stderr(stream):
        logs.configure(request.param)
    yield Log(request.param, stream)
    root.handlers[:], level = before
    root.setLevel(level)


@pytest.fixture
def site(tmp_path: Path) -> TestClient:
    app = create_app(settings(tmp_path / "none"))
    return TestClient(app, raise_server_exceptions=False, client=("203.0.113.77", 1))


def test_each_request_is_one_line(log: Log, site: TestClient) -> None:
    for number in range(3):
        site.get("/v1/papers/some-paper", headers={"X-Request-ID": f"r{number}"})
    lines = log.stream.getvalue().splitlines()
    assert len(lines) == 3
    if log.form == "json":
        line = json.loads(lines[2])
        assert line.items() >= {"request": "r2", "method": "GET", "status": 503, "truncated": False}.items()
        assert line.items() >= {"route": "/v1/papers/{paper_id}", "client": "203.0.113.0/24"}.items()
        assert line["ms"] > 0
        assert line["bytes"] > 0
    else:
        assert "503 GET /v1/papers/{paper_id}" in lines[2]
        assert lines[2].endswith("[r2]")


def test_no_query_token_path_or_whole_address_is_written(log: Log, site: TestClient) -> None:
    secret = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sparql-query"}
    site.get("/sparql", params={"query": QUERY}, headers=secret)
    site.post("/sparql", content=QUERY, headers=secret)
    site.get(f"/nope/{TOKEN}?needle={TOKEN}", headers=secret)
    written = log.stream.getvalue()
    assert written.count("\n") == 3
    for secret_text in ("needle", "secret_variable", TOKEN, "Bearer", "203.0.113.77"):
        assert secret_text not in written


@given(st.text(max_size=50))
def test_a_message_stays_on_its_line(text: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "got %s", (text,), None)
    assert len(logs._TextLines().format(record).splitlines()) == 1
    assert json.loads(logs._JsonLines().format(record))["message"] == f"got {text}"
    assert len(logs._JsonLines().format(record).splitlines()) == 1


def test_a_trace_cannot_look_like_a_line_of_its_own() -> None:
    error = ValueError("\n2026-01-01 00:00:00 INFO    200 GET / forged")
    record = logging.LogRecord("x", logging.ERROR, "", 0, "bug", (), (type(error), error, None))
    first, *rest = logs._TextLines().format(record).splitlines()
    assert first.endswith("bug")
    assert rest
    assert all(line.startswith("    ") for line in rest)
    assert "forged" in json.loads(logs._JsonLines().format(record))["trace"]


def test_what_is_logged_meanwhile_carries_the_request() -> None:
    token = request_id.set("r7")
    record = logging.LogRecord("kg.workspace", logging.WARNING, "", 0, "rebuilding", (), None)
    assert logs._TextLines().format(record).endswith("rebuilding [r7]")
    assert json.loads(logs._JsonLines().format(record))["request"] == "r7"
    request_id.reset(token)


def test_a_line_says_what_a_query_cost_and_why_it_failed() -> None:
    record = Record(
        "r1", "GET", "::1", route="/sparql", status=503, work_seconds=10.0, truncated=True, reason="timeout"
    )
    assert str(logs._Summary(record)) == "503 GET /sparql 0.0 ms 0 B ::1, work 10000.0 ms, truncated, timeout"
