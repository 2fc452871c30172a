"""A real server and real sockets: those that are slow, too many, or speak no HTTP."""

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from starlette.types import Receive, Scope, Send

from api import connections as module
from api import middleware
from api.connections import Connections
from api.metrics import Metrics
from api.server import Server, make_server
from tests.api.conftest import settings

CHUNK = b"x" * 65536
LARGE = CHUNK * 64
POST = b"POST /v1/extract HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


class Site:
    """A server in a thread of its own."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.thread = threading.Thread(target=server.run)
        self.thread.start()
        until(lambda: server.started or not self.thread.is_alive())
        self.address = server.servers[0].sockets[0].getsockname()

    def connect(self, first: bytes = b"", receive: int | None = None) -> socket.socket:
        made = socket.socket()
        made.settimeout(30)
        if receive:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        made.connect(self.address)
        made.sendall(first)
        return made

    def closed(self, reason: str) -> float:
        line = next((x for x in self.numbers().splitlines() if f'closed_total{{reason="{reason}"}}' in x), "0 0")
        return float(line.split()[1])

    def numbers(self) -> str:
        return self.server._service.metrics.text("")[0].decode()

    def health(self) -> float:
        begin = time.perf_counter()
        asked = http.client.HTTPConnection(*self.address, timeout=30)
        asked.request("GET", "/health/live")
        assert asked.getresponse().status == 200
        asked.close()
        return time.perf_counter() - begin


@contextlib.contextmanager
def running(data: Path, **changes: object) -> Iterator[Site]:
    site = Site(make_server(settings(data, host="127.0.0.1", port=0, **changes)))
    try:
        yield site
    finally:
        site.server.should_exit = True
        site.thread.join(30)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path / "none") as made:
        yield made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEAD_SECONDS", "STALL_SECONDS", "LINGER_SECONDS"):
        monkeypatch.setattr(module, name, 0.5)
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.5)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answer_of(raw: socket.socket) -> tuple[int, dict[str, str], bytes]:
    answer = http.client.HTTPResponse(raw)
    answer.begin()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


def is_closed(raw: socket.socket) -> bool:
    """Waits until the other side has closed; what it said before is thrown away."""
    with contextlib.suppress(ConnectionError):
        while raw.recv(65536):
            pass
    return True


async def large(scope: Scope, receive: Receive, send: Send) -> None:
    """An answer of 4 MB in one piece, as a route may give it."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": LARGE})


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("sent", [b"", b"GET /health/live HTTP/1.1\r\nHost: localh"])
def test_half_a_head_is_not_waited_for(site: Site, sent: bytes) -> None:
    with site.connect(sent) as slow:
        assert is_closed(slow)
    until(lambda: site.closed("slow_head") == 1)


@pytest.mark.usefixtures("quick")
def test_a_head_that_trickles_after_an_answer_is_not_waited_for(site: Site) -> None:
    with site.connect(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n") as slow:
        assert answer_of(slow)[0] == 200
        with contextlib.suppress(ConnectionError):
            for letter in b"GET /health/live HTTP/1.1" * 100:
                slow.sendall(bytes([letter]))
                time.sleep(0.05)
        assert is_closed(slow)
    until(lambda: site.closed("slow_head") == 1)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("length", [b"Content-Length: 1000\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"])
def test_half_a_body_is_answered_408_and_closed(site: Site, length: bytes) -> None:
    with site.connect(POST + length) as slow:
        status, headers, body = answer_of(slow)
        assert (status, headers["content-type"]) == (408, "application/problem+json")
        assert "too long" in json.loads(body)["detail"]
        assert is_closed(slow)


@pytest.mark.usefixtures("quick")
def test_idle_connections_are_closed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.server.config, "timeout_keep_alive", 1)
    with site.connect(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n") as idle:
        assert answer_of(idle)[0] == 200
        assert is_closed(idle)


@pytest.mark.usefixtures("quick")
def test_an_answer_that_nobody_reads_is_given_up(site: Site) -> None:
    site.server.config.loaded_app = large
    with site.connect(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", receive=4096) as slow:
        until(lambda: site.closed("slow_reader") == 1)
        assert is_closed(slow)


def test_an_answer_that_is_read_slowly_arrives_whole(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STALL_SECONDS", 2.0)
    site.server.config.loaded_app = large
    size = 0
    with site.connect(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", receive=65536) as reader:
        begin = time.monotonic()
        while data := reader.recv(1 << 20):
            size += len(data)
            if time.monotonic() - begin < 5:
                time.sleep(0.05)
    assert size > len(LARGE)
    assert site.closed("slow_reader") == 0


def test_what_is_no_http_is_a_strict_400(site: Site) -> None:
    with site.connect(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n") as odd:
        status, headers, body = answer_of(odd)
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert json.loads(body)["status"] == 400


def test_a_huge_head_is_refused(site: Site) -> None:
    with site.connect() as greedy:
        with contextlib.suppress(ConnectionError):
            greedy.sendall(b"GET /sparql?query=" + b"x" * (module.HEAD_BYTES + 1))
        status, headers, body = answer_of(greedy)
    assert (status, headers["x-content-type-options"]) == (431, "nosniff")
    assert "POST" in json.loads(body)["detail"]


def test_a_client_gets_its_share_of_connections_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # All test connections come from this machine, which has no share of its own.
    monkeypatch.setattr(Connections, "payer", lambda *_: "203.0.113.7")
    with running(tmp_path / "none", client_connections=3) as site, contextlib.ExitStack() as stack:
        kept = [stack.enter_context(site.connect()) for _ in range(3)]
        until(lambda: "kg_connections 3.0" in site.numbers())
        refused = stack.enter_context(site.connect())
        status, headers, _ = answer_of(refused)
        assert (status, headers["x-content-type-options"]) == (503, "nosniff")
        assert site.closed("too_many") == 1
        kept[0].close()
        until(lambda: "kg_connections 2.0" in site.numbers())
        assert site.health() < 30


def test_all_together_are_limited_too(tmp_path: Path) -> None:
    with running(tmp_path / "none", connections=16) as site, contextlib.ExitStack() as stack:
        for _ in range(16):
            stack.enter_context(site.connect())
        until(lambda: "kg_connections 16.0" in site.numbers())
        assert answer_of(stack.enter_context(site.connect()))[0] == 503


@pytest.mark.parametrize(
    ("peer", "payer"),
    [
        (("203.0.113.7", 1), "203.0.113.7"),
        (("2001:db8::7", 1), "2001:db8::/64"),
        (("127.0.0.1", 1), ""),
        (("10.9.9.9", 1), ""),
        (None, ""),
    ],
)
def test_this_machine_and_proxies_have_no_share(peer: tuple[str, int] | None, payer: str) -> None:
    from ipaddress import ip_network

    assert Connections(10, 2, [ip_network("10.0.0.0/8")], metrics=Metrics()).payer(peer) == payer


def send_much(site: Site, head: bytes, pieces: Iterator[bytes]) -> int:
    """The status of the answer to a body that is sent to its end, or until the server hears no more."""
    with site.connect(head) as sender:
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                sender.sendall(piece)
        return answer_of(sender)[0]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: 20971520\r\n\r\n", 413),
        (b"Transfer-Encoding: chunked\r\n\r\n", 413),
        (b"Content-Encoding: gzip\r\nContent-Length: 1048576\r\n\r\n", 415),
        (b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", 415),
    ],
)
def test_bodies_over_the_limit_are_refused_in_flat_memory(site: Site, head: bytes, status: int) -> None:
    site.health()
    before = psutil.Process().memory_info().rss
    pieces = 16 if b"1048576" in head else 320
    chunked = b"chunked" in head
    frame = b"10000\r\n%s\r\n" % CHUNK if chunked else CHUNK
    for _ in range(3):
        end = [b"0\r\n\r\n"] if chunked else []
        assert send_much(site, POST + head, iter([*[frame] * pieces, *end])) == status
    assert psutil.Process().memory_info().rss - before < 20 << 20


@pytest.mark.slow
def test_three_hundred_slow_connections_are_gone_in_thirty_seconds(tmp_path: Path) -> None:
    heads = [
        b"GET /health/live HTTP/1.1\r\nHost: loc",
        POST + b"Content-Length: 1000\r\n\r\n{",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ]

    with running(tmp_path / "none") as site, contextlib.ExitStack() as stack:
        application = site.server.config.loaded_app

        async def with_big(scope: Scope, receive: Receive, send: Send) -> None:
            await (large if scope.get("path") == "/big" else application)(scope, receive, send)

        site.server.config.loaded_app = with_big
        begin = time.monotonic()
        for number in range(300):
            stack.enter_context(site.connect(heads[number % 4], receive=4096))
        waits = []
        while "kg_connections 0.0" not in site.numbers():
            waits.append(site.health())
            assert time.monotonic() - begin < 30
            time.sleep(0.1)
    waits.sort()
    assert waits[int(len(waits) * 0.99)] < 2
