"""What a client sees of long answers, and what becomes of queries whose client leaves."""

import asyncio
import json
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import api.answers
from api.app import create_app
from kg.query.pool import QueryPool
from tests.api.conftest import settings

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
NUMBERS = " ".join(map(str, range(300)))
LONG = f"SELECT ?x ?y {{ VALUES ?x {{ {NUMBERS} }} VALUES ?y {{ {NUMBERS} }} }}"


class Client:
    """Speaks ASGI with an application; ``sent`` is what came back."""

    def __init__(self, app: FastAPI, query: str) -> None:
        self.app = app
        self.sent: list[dict[str, Any]] = []
        self.gone = asyncio.Event()
        self.may_send = asyncio.Event()
        self.may_send.set()
        self.reads = 0  # messages after which it reads no more
        self._asked = False
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/sparql",
            "raw_path": b"/sparql",
            "root_path": "",
            "query_string": urlencode({"query": query}).encode(),
            "headers": [(b"host", b"localhost")],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
            "state": {},
        }

    async def receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        await self.may_send.wait()
        self.sent.append(message)
        if len(self.sent) == self.reads:
            self.may_send.clear()

    async def ask(self) -> None:
        await self.app(self.scope, self.receive, self.send)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


async def until(condition: Any) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


@pytest.fixture
def app(data_folder: Path) -> FastAPI:
    return create_app(settings(data_folder, query_timeout=60.0, query_rows=100_000))


def pool_of(app: FastAPI) -> QueryPool:
    pool: QueryPool = app.state.service.pool()
    return pool


def test_a_client_that_leaves_frees_its_worker(app: FastAPI) -> None:
    pool = pool_of(app)

    async def leave() -> None:
        client = Client(app, ENDLESS)
        asking = asyncio.create_task(client.ask())
        await until(lambda: pool.busy)
        client.gone.set()
        await asyncio.wait_for(asking, 20)

    begin = time.monotonic()
    asyncio.run(leave())
    assert time.monotonic() - begin < 30
    assert pool.stats.stopped == {"abandoned": 1}
    assert pool.ping(20)
    app.state.service.close()


def test_a_long_answer_has_its_length_and_comes_in_pieces(app: FastAPI) -> None:
    async def read() -> Client:
        client = Client(app, LONG)
        await client.ask()
        return client

    client = asyncio.run(read())
    start, *pieces = client.sent
    headers = dict(start["headers"])
    assert headers[b"x-kg-truncated"] == b"false"
    assert int(headers[b"content-length"]) == len(client.body) > 4 << 20
    assert len(pieces) > 40
    assert not pieces[-1].get("more_body")
    assert len(json.loads(client.body)["results"]["bindings"]) == 300 * 300
    app.state.service.close()


def test_a_slow_reader_holds_no_worker(app: FastAPI) -> None:
    pool = pool_of(app)

    async def read_slowly() -> None:
        client = Client(app, LONG)
        client.may_send.clear()
        asking = asyncio.create_task(client.ask())
        await until(lambda: pool.stats.answered == 1)
        assert pool.busy == 0
        assert not client.sent
        client.may_send.set()
        await asking
        json.loads(client.body)

    asyncio.run(read_slowly())
    app.state.service.close()


def test_an_answer_that_is_never_read_is_given_up_short_of_its_length(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.answers, "DELIVERY_SECONDS", 0.2)

    async def stall() -> Client:
        client = Client(app, LONG)
        client.reads = 5
        await asyncio.wait_for(client.ask(), 20)
        return client

    client = asyncio.run(stall())
    assert len(client.body) < int(dict(client.sent[0]["headers"])[b"content-length"])
    assert client.sent[-1]["more_body"]
    app.state.service.close()


def test_the_loop_is_free_while_long_answers_go_out(app: FastAPI) -> None:
    lags: list[float] = []

    async def watch() -> None:
        while True:
            begin = time.perf_counter()
            await asyncio.sleep(0.005)
            lags.append(time.perf_counter() - begin)

    async def read() -> None:
        watching = asyncio.create_task(watch())
        await asyncio.gather(*(Client(app, f"{LONG} #{n}").ask() for n in range(3)))
        watching.cancel()

    pool_of(app)
    asyncio.run(read())
    assert sorted(lags)[len(lags) * 9 // 10] < 0.25
    app.state.service.close()


def test_quick_queries_are_answered_while_slow_ones_fill_their_lane(data_folder: Path) -> None:
    slow, quick = [], []
    with TestClient(create_app(settings(data_folder, query_timeout=4.0))) as client:
        assert client.get("/health/ready").status_code == 200

        def hostile(number: int) -> None:
            slow.append(client.get("/sparql", params={"query": f"{ENDLESS} # {number}"}).status_code)

        threads = [threading.Thread(target=hostile, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            number = len(quick)
            quick.append(client.get("/sparql", params={"query": f"SELECT ({number} AS ?n) {{}}"}).status_code)
    assert slow == [503] * 4
    assert len(quick) > 20
    assert set(quick) == {200}
