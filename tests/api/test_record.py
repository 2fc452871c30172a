import asyncio
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.record import CLIENT_LEFT, NO_ROUTE, Record, Recorded, _id_of
from tests.api.conftest import settings


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    records: list[Record] = []
    monkeypatch.setattr("api.logs.tell", records.append)
    return records


@pytest.fixture
def site(tmp_path: Path, seen: list[Record]) -> TestClient:
    return TestClient(create_app(settings(tmp_path / "none")), raise_server_exceptions=False)


def test_a_sane_id_is_kept_and_repeated(site: TestClient, seen: list[Record]) -> None:
    answer = site.get("/health/live", headers={"X-Request-ID": "trace-1.a_B"})
    assert answer.headers["x-request-id"] == "trace-1.a_B"
    assert seen[-1].id == "trace-1.a_B"


@pytest.mark.parametrize("asked", ["", "a b", "x" * 65, "é", "a;b", '"'])
def test_any_other_is_replaced(site: TestClient, asked: str) -> None:
    answer = site.get("/health/live", headers={"X-Request-ID": asked.encode("utf-8")})
    assert answer.headers["x-request-id"] != asked
    assert len(answer.headers["x-request-id"]) == 32


@given(st.binary(max_size=80))
def test_an_id_never_holds_what_breaks_a_line(asked: bytes) -> None:
    kept = _id_of({"headers": [(b"x-request-id", asked)]})
    assert 1 <= len(kept) <= 64
    assert kept.isascii()
    assert kept.replace("-", "").replace("_", "").replace(".", "").isalnum() or set(kept) <= set("-_.")


def test_problems_name_their_request(site: TestClient) -> None:
    for path in ("/v1/papers", "/nope", "/sparql?query=ASK", "/v1/search"):
        answer = site.get(path)
        assert answer.status_code >= 400
        assert answer.json()["request_id"] == answer.headers["x-request-id"], path


def test_a_bug_names_its_request_and_is_recorded(
    site: TestClient, seen: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("api.deps.Service.acquire", broken)
    answer = site.get("/v1/papers", headers={"X-Request-ID": "abc"})
    assert (answer.status_code, answer.json()["request_id"], answer.headers["x-request-id"]) == (500, "abc", "abc")
    assert (seen[-1].status, seen[-1].reason, seen[-1].route) == (500, "ZeroDivisionError", "/v1/papers")


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/v1/papers/some-paper", "/v1/papers/{paper_id}", 503),
        ("GET", "/static/css/base.css", "/static", 200),
        ("GET", "/made/up/by/a/client", NO_ROUTE, 404),
        ("DELETE", "/v1/papers", "/v1/papers", 405),
        ("HEAD", "/health/live", "/health/live", 200),
        ("BREW", "/health/live", "/health/live", 405),
    ],
)
def test_routes_and_methods_are_of_a_closed_set(
    site: TestClient, seen: list[Record], method: str, path: str, route: str, status: int
) -> None:
    answer = site.request(method, path)
    record = seen[-1]
    assert (record.route, record.status) == (route, status)
    assert record.method == (method if method != "BREW" else "OTHER")
    assert record.size == len(answer.content)
    assert record.seconds > 0


def test_reasons_are_recorded(site: TestClient, seen: list[Record], monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.errors import QueryBusyError

    def busy(*_: object) -> None:
        raise QueryBusyError("all busy")

    monkeypatch.setattr("api.deps.Service.pool", busy)
    site.get("/sparql?query=ASK%7B%7D")
    assert (seen[-1].status, seen[-1].reason) == (503, "busy")


def test_a_client_that_went_away_is_recorded_as_such() -> None:
    seen: list[Record] = []

    async def cancelled(*_: object) -> None:
        raise asyncio.CancelledError

    scope = {"type": "http", "method": "GET", "headers": [], "client": None}
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Recorded(cancelled, [seen.append])(scope, None, None))
    assert seen[0].status == CLIENT_LEFT
