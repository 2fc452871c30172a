"""``kg serve`` as a process of its own: how it starts, and how it stops."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

HOSTILE = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

pytestmark = pytest.mark.slow


class Served:
    """A running ``kg serve``, with its log in a file so that it is never held up by a full pipe."""

    def __init__(self, data: Path, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._log = log
        environment = {**os.environ, "KG_QUERY_TIMEOUT": "60"}  # noqa: TID251 - a child's environment
        command = [sys.executable, "-m", "kg.cli", "serve", "--port", str(self.port), "--data", str(data)]
        with log.open("wb") as file:
            self.process = subprocess.Popen(command, stderr=file, env=environment)
        self.asked: list[int] = []
        self.askers: list[threading.Thread] = []

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def get(self, path: str) -> int:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        try:
            asked.request("GET", path)
            answer = asked.getresponse()
            answer.read()
            return answer.status
        finally:
            asked.close()

    def query(self, text: str) -> int:
        return self.get("/sparql?" + urllib.parse.urlencode({"query": text}))

    def load(self, number: int) -> None:
        """Ask so many hostile queries; their statuses come to ``asked``, unless the connection is cut."""

        def ask() -> None:
            with contextlib.suppress(ConnectionError):
                self.asked.append(self.query(HOSTILE))

        self.askers = [threading.Thread(target=ask) for _ in range(number)]
        for asker in self.askers:
            asker.start()

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def wait(self, seconds: float) -> int:
        return self.process.wait(seconds)


@pytest.fixture
def served(data_folder: Path, tmp_path: Path) -> Iterator[Served]:
    made = Served(data_folder, tmp_path / "log")
    try:
        deadline = time.monotonic() + 60
        while "running on" not in made.log:
            assert time.monotonic() < deadline
            assert made.process.poll() is None, made.log
            time.sleep(0.05)
        assert made.get("/health/ready") == 200
        yield made
    finally:
        made.process.kill()
        made.process.wait()


def busy(worker: psutil.Process) -> bool:
    times = worker.cpu_times()
    return times.user + times.system > 0.5


def until_busy(served: Served, number: int) -> None:
    deadline = time.monotonic() + 60
    while sum(map(busy, served.workers())) < number:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def no_orphans(workers: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(workers, timeout=5)
    return not alive


def test_it_stops_in_ten_seconds_under_load_and_tells_the_clients(served: Served) -> None:
    served.load(6)
    until_busy(served, 1)
    workers = served.workers()
    served.process.send_signal(signal.SIGTERM)
    served.wait(10)
    for asker in served.askers:
        asker.join()
    assert served.asked == [503] * 6
    assert no_orphans(workers)
    assert "Traceback" not in served.log


def test_what_is_quick_is_finished(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as late:
        body = urllib.parse.urlencode({"query": "ASK {}"})
        head = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        late.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body[:-1]}".encode())
        assert served.get("/health/live") == 200
        served.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 30
        while "Shutting down" not in served.log:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", served.port))
        late.sendall(body[-1:].encode())
        answer = http.client.HTTPResponse(late)
        answer.begin()
        assert answer.status == 200
    served.wait(10)


def test_clients_that_never_finish_do_not_hold_it_up(served: Served) -> None:
    with contextlib.ExitStack() as stack:
        for first in (b"GET / HT", b"POST /v1/extract HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"):
            for _ in range(20):
                slow = stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
                slow.sendall(first)
        assert served.get("/health/live") == 200
        served.process.send_signal(signal.SIGTERM)
        served.wait(10)
    assert "Traceback" not in served.log


def test_a_second_signal_ends_it_at_once(served: Served) -> None:
    served.load(2)
    until_busy(served, 1)
    workers = served.workers()
    served.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 30
    while "Shutting down" not in served.log:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    served.process.send_signal(signal.SIGTERM)
    assert served.wait(5) == 128 + signal.SIGTERM
    for asker in served.askers:
        asker.join()
    assert served.asked == []
    assert no_orphans(workers)
