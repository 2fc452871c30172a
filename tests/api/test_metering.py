"""Queries and texts at the cost of who sends them, through the application; the work itself is faked."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.clients import client_of
from api.deps import Service
from kg.errors import ExtractionError, KgError, QueryBusyError, QueryResourceError, QueryTimeoutError
from kg.query.pool import Answer
from tests.api.conftest import settings

STRANGER = ("203.0.113.7", 5000)
# Of those with RAND no answer is kept, so that each is work.
ASK = "/sparql?query=ASK%7BBIND(RAND()AS%3Fr)%7D"


class Pool:
    """Answers every query after so many seconds of work, or fails."""

    def __init__(self) -> None:
        self.seconds = 50.0
        self.error: KgError | None = None
        self.asked = 0

    async def itself(self, *_: object) -> "Pool":
        return self

    async def answer(self, *_: object, **__: object) -> Answer:
        self.asked += 1
        if self.error:
            raise self.error
        return Answer(b"{}", "application/sparql-results+json", True, None, self.seconds)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    made = Pool()
    monkeypatch.setattr(Service, "pool_now", made.itself)
    return made


@contextmanager
def client(tmp_path: Path, peer: tuple[str, int] = STRANGER, **changes: object) -> Iterator[TestClient]:
    app = create_app(settings(tmp_path / "none", query_budget=60, **changes))
    with TestClient(app, raise_server_exceptions=False, client=peer) as made:
        yield made


def test_over_budget_is_a_problem_that_says_when_to_come_back(tmp_path: Path, pool: Pool) -> None:
    with client(tmp_path) as site:
        assert [site.get(ASK).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
        refused = site.get(ASK)
    assert pool.asked == 3
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["reason"] == "budget"
    assert 25 <= int(refused.headers["retry-after"]) <= 32


def test_other_pages_stay_open_to_a_client_over_budget(tmp_path: Path, pool: Pool) -> None:
    with client(tmp_path) as site:
        while site.get(ASK).status_code == 200:
            pass
        assert site.get("/health/live").status_code == 200


@pytest.mark.parametrize("error", [QueryTimeoutError("too long"), QueryResourceError("too large")])
def test_a_killed_query_pays_for_its_time(
    tmp_path: Path, pool: Pool, error: KgError, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 100_000, 100))
    monkeypatch.setattr("api.metering.perf_counter", lambda: float(next(clock)))
    pool.error = error
    with client(tmp_path) as site:
        assert [site.get(ASK).status_code for _ in range(3)] == [503, 503, 429]


def test_who_found_all_workers_busy_pays_nothing(tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 100_000, 100))
    monkeypatch.setattr("api.metering.perf_counter", lambda: float(next(clock)))
    pool.error = QueryBusyError("all busy")
    with client(tmp_path) as site:
        answers = [site.get(ASK) for _ in range(5)]
    assert {(each.status_code, each.json()["reason"]) for each in answers} == {(503, "busy")}


def test_texts_are_paid_for_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 100_000, 100))
    monkeypatch.setattr("api.metering.perf_counter", lambda: float(next(clock)))

    def fails(*_: object) -> None:
        raise ExtractionError("no model here")

    monkeypatch.setattr(Service, "preview", fails)
    with client(tmp_path) as site:
        assert site.post("/v1/extract", json={"title": "A graph"}).status_code == 503
        assert site.post("/v1/extract", json={"title": "A graph"}).status_code == 503
        assert site.post("/v1/extract", json={"title": "A graph"}).status_code == 429
        page = site.post("/ingest", data={"text": "A graph"})
        assert page.status_code == 429
        assert int(page.headers["retry-after"]) > 60


def test_this_machine_is_never_locked_out(tmp_path: Path, pool: Pool) -> None:
    with client(tmp_path, ("127.0.0.1", 5000)) as site:
        assert {site.get(ASK).status_code for _ in range(10)} == {200}


def test_an_undeclared_proxy_on_this_machine_is_one_client(tmp_path: Path, pool: Pool) -> None:
    with client(tmp_path, ("127.0.0.1", 5000)) as site:
        codes = [site.get(ASK, headers={"X-Forwarded-For": f"203.0.113.{i}"}).status_code for i in range(5)]
    assert codes == [200, 200, 200, 429, 429]


def test_the_clients_of_a_declared_proxy_pay_for_themselves(tmp_path: Path, pool: Pool) -> None:
    pool.seconds = 200
    with client(tmp_path, ("10.1.2.3", 5000), proxies=["10.0.0.0/8"]) as site:

        def ask(addresses: str) -> int:
            return site.get(ASK, headers={"X-Forwarded-For": addresses}).status_code

        assert ask("203.0.113.1") == 200
        assert ask("203.0.113.2") == 200
        assert ask("203.0.113.1") == 429
        # What a client itself puts before its address is no address.
        assert ask("198.51.100.9, 203.0.113.1") == 429
        assert ask("127.0.0.1, 203.0.113.1") == 429


def test_nobody_else_is_believed_about_addresses(tmp_path: Path, pool: Pool) -> None:
    pool.seconds = 200
    with client(tmp_path, proxies=["10.0.0.0/8"]) as site:
        codes = [site.get(ASK, headers={"X-Forwarded-For": f"198.51.100.{i}"}).status_code for i in range(3)]
    assert codes == [200, 429, 429]


def test_neighbours_by_ipv6_share_a_budget(tmp_path: Path, pool: Pool) -> None:
    pool.seconds = 200
    with client(tmp_path, ("10.1.2.3", 5000), proxies=["10.0.0.0/8"]) as site:
        codes = [site.get(ASK, headers={"X-Forwarded-For": f"2001:db8::{i}"}).status_code for i in range(1, 4)]
    assert codes == [200, 429, 429]


ANALYSES = ["/v1/paths?a=ntk&b=features", "/v1/gaps?task=translation", "/v1/network?focus=attention", "/network"]


@contextmanager
def stranger(data_folder: Path, **changes: object) -> Iterator[tuple[TestClient, Service]]:
    app = create_app(settings(data_folder, query_budget=60, **changes))
    with TestClient(app, raise_server_exceptions=False, client=STRANGER) as site:
        yield site, app.state.service


@pytest.mark.parametrize("path", ANALYSES)
def test_what_is_worked_out_here_costs_its_client(data_folder: Path, path: str) -> None:
    with stranger(data_folder) as (site, service):
        assert site.get(path).status_code == 200
        key = client_of({"client": STRANGER, "headers": []}).key
        spent = service.settings.query_burst - service.budget._left(key)
        assert 0 < spent < 30
        service.budget.charge(key, 1000)
        refused = site.get(path)
        assert (refused.status_code, refused.json()["reason"]) == (429, "budget")


def test_few_are_worked_out_at_once_and_the_others_are_told(data_folder: Path) -> None:
    with stranger(data_folder, query_timeout=0.1) as (site, service):
        service.seats = asyncio.Semaphore(0)
        refused = site.get(ANALYSES[0])
        assert (refused.status_code, refused.json()["reason"]) == (503, "busy")
        service.seats = asyncio.Semaphore(1)
        assert [site.get(ANALYSES[0]).status_code for _ in range(3)] == [200] * 3
