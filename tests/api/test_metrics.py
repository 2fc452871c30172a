import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.deps import Service
from api.metrics import Metrics, Published
from api.record import Record
from kg.errors import QueryResourceError, QueryTimeoutError
from kg.query.pool import Answer
from tests.api.conftest import settings

HERE, STRANGER = ("127.0.0.1", 1), ("203.0.113.7", 1)


def site(tmp_path: Path, peer: tuple[str, int] = HERE, **changes: object) -> TestClient:
    app = create_app(settings(tmp_path / "none", **changes))
    return TestClient(app, raise_server_exceptions=False, client=peer)


def numbers(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(text: str, name: str, **labels: str) -> float:
    return numbers(text)[name, frozenset(labels.items())]


@pytest.mark.parametrize(
    ("metrics", "peer", "status"),
    [
        ("local", HERE, 200),
        ("local", STRANGER, 403),
        ("public", STRANGER, 200),
        ("off", HERE, 404),
        ("off", STRANGER, 404),
    ],
)
def test_who_may_read_the_numbers(tmp_path: Path, metrics: str, peer: tuple[str, int], status: int) -> None:
    assert site(tmp_path, peer, metrics=metrics).get("/metrics").status_code == status


def test_people_get_the_list_of_metrics_that_papers_report(client: TestClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    prometheus = {"Accept": "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"}
    page = client.get("/metrics", headers=browser)
    assert page.status_code == 200
    assert "/metrics/accuracy" in page.text
    assert client.get("/metrics", headers=prometheus).status_code == 403  # asked from elsewhere
    assert client.get("/metrics/accuracy", headers=browser).status_code == 200


def test_a_proxy_on_this_machine_does_not_open_them(tmp_path: Path) -> None:
    here = site(tmp_path)
    assert here.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 403
    assert here.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


def test_requests_are_counted_by_route_and_status(tmp_path: Path) -> None:
    here = site(tmp_path)
    for number in range(3):
        here.get(f"/made/up/{number}")
        here.get(f"/v1/papers/paper-{number}")
    text = here.get("/metrics").text
    labels = {"method": "GET", "route": "/v1/papers/{paper_id}", "status": "503"}
    assert value(text, "kg_request_seconds_count", **labels) == 3
    assert value(text, "kg_request_seconds_count", method="GET", route="(none)", status="404") == 3
    assert "made/up" not in text
    assert "paper-1" not in text


def test_work_kills_and_cuts_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(
        [
            Answer(b"{}", "application/sparql-results+json", True, None, 0.25),
            Answer(b"{}", "application/sparql-results+json", False, None, 0.5),
            QueryTimeoutError("too long"),
            QueryResourceError("too large"),
            QueryTimeoutError("too long"),
        ]
    )

    class Pool:
        async def answer(self, *_: object, **__: object) -> Answer:
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

    async def pool_now(_: Service) -> Pool:
        return Pool()

    monkeypatch.setattr(Service, "pool_now", pool_now)
    here = site(tmp_path)
    for _ in range(5):
        here.get("/sparql?query=ASK%7BBIND(RAND()AS%3Fr)%7D")
    text = here.get("/metrics").text
    assert value(text, "kg_work_seconds_sum", kind="query", outcome="answered") == 0.75
    assert value(text, "kg_killed_total", kind="query", reason="timeout") == 2
    assert value(text, "kg_killed_total", kind="query", reason="memory") == 1
    assert value(text, "kg_truncated_total", kind="query") == 1
    assert value(text, "kg_at_work", kind="query") == 0


def test_refusals_are_counted_by_reason(tmp_path: Path) -> None:
    here = site(tmp_path, body_limit=1024)
    here.post("/v1/extract", content=b" " * 2000)
    here.post("/v1/extract", content=b"{}", headers={"Content-Encoding": "gzip"})
    assert value(here.get("/metrics").text, "kg_refused_total", reason="body") == 2


def test_work_in_progress_is_seen(tmp_path: Path) -> None:
    metrics = Metrics()
    with metrics.at_work("query"), metrics.at_work("query"):
        assert value(metrics.text("")[0].decode(), "kg_at_work", kind="query") == 2


def test_pools_are_looked_at_when_asked() -> None:
    class Pool:
        busy, waiting = 2, 5

    pools = {"query": Pool()}
    metrics = Metrics(pools=lambda: pools)
    text = metrics.text("")[0].decode()
    assert (value(text, "kg_workers_busy", kind="query"), value(text, "kg_waiting", kind="query")) == (2, 5)
    pools["query"].waiting = 0
    assert value(metrics.text("")[0].decode(), "kg_waiting", kind="query") == 0


def test_the_snapshot_has_an_age() -> None:
    assert "kg_snapshot" not in Metrics().text("")[0].decode()
    text = Metrics(lambda: Published(7, 0.0)).text("")[0].decode()
    assert value(text, "kg_snapshot_generation") == 7
    assert value(text, "kg_snapshot_age_seconds") > 1e9


def test_two_services_do_not_share_their_numbers() -> None:
    one, other = Metrics(), Metrics()
    one.answered(Record("r", "GET", "::1", route="/", status=200))
    assert 'route="/"' in one.text("")[0].decode()
    assert 'route="/"' not in other.text("")[0].decode()


def test_a_scraper_that_speaks_openmetrics_gets_it(tmp_path: Path) -> None:
    answer = site(tmp_path).get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


def test_process_numbers_are_there(tmp_path: Path) -> None:
    assert re.search(r"^process_start_time_seconds \d", site(tmp_path).get("/metrics").text, re.MULTILINE)
