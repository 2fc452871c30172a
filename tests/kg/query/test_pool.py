import asyncio
import contextlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from kg.errors import (
    BadQueryError,
    QueryBusyError,
    QueryError,
    QueryResourceError,
    QueryTimeoutError,
    StoreError,
)
from kg.query import guard
from kg.query.guard import Inspected, QueryForm
from kg.query.pool import QueryPool
from kg.query.results import ResultFormat

JSON, CSV = ResultFormat.JSON, ResultFormat.CSV
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs seccomp, prctl and /proc")

spec = importlib.util.spec_from_file_location("guard_cases", Path(__file__).with_name("test_guard.py"))
assert spec is not None
assert spec.loader is not None
cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)


def write_snapshot(folder: Path, size: int) -> Path:
    store = ox.Store(str(folder / "live"))
    p, g = ox.NamedNode("http://ex.org/p"), ox.NamedNode("http://ex.org/g")
    store.bulk_extend(
        ox.Quad(ox.NamedNode(f"http://ex.org/{n % 50}"), p, ox.Literal(f"value {n}"), g) for n in range(size)
    )
    store.backup(str(folder / "snapshot"))
    return folder / "snapshot"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_snapshot(tmp_path_factory.mktemp("store"), 1000)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_snapshot(tmp_path_factory.mktemp("other"), 7)


@pytest.fixture(scope="module")
def pool(snapshot: Path) -> Iterator[QueryPool]:
    with QueryPool(snapshot, timeout=1.0, memory=256 << 20) as pool:
        yield pool


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "inspect", lambda _: Inspected(QueryForm.SELECT, own_dataset=False))


def children() -> set[int]:
    """Processes whose parent we are, dead ones that nobody waited for included."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == os.getpid():
            found.add(int(stat.parent.name))
    return found


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def rows(pool: QueryPool) -> int:
    return int(pool.run(COUNT, CSV, timeout=5).body.split()[1])


def test_answers_in_every_format(pool: QueryPool) -> None:
    for result_format in ResultFormat:
        query = "CONSTRUCT WHERE { ?s ?p ?o }" if result_format.is_graph else "SELECT * { ?s ?p ?o }"
        answer = pool.run(query, result_format)
        assert (answer.rows, answer.truncated, answer.media_type) == (1000, False, result_format.media_type)
        assert b"value 999" in answer.body
        assert 0 < answer.seconds < 1
    assert pool.run("ASK { ?s ?p ?o }", CSV).body == b"true"
    ask = pool.run("ASK { ?s ?p ?o }", JSON)
    assert (ask.body, ask.rows) == (b'{"head":{},"boolean":true}', None)
    assert pool.ping()


def test_graphs_of_the_query_replace_the_union(pool: QueryPool) -> None:
    assert rows(pool) == 1000
    for clause, pattern, expected in [
        ("FROM <http://ex.org/g>", "?s ?p ?o", b"1000"),
        ("FROM <http://ex.org/none>", "?s ?p ?o", b"0"),
        ("FROM NAMED <http://ex.org/g>", "?s ?p ?o", b"0"),
        ("FROM NAMED <http://ex.org/g>", "GRAPH ?g { ?s ?p ?o }", b"1000"),
    ]:
        answer = pool.run(f"SELECT (COUNT(*) AS ?n) {clause} {{ {pattern} }}", CSV)
        assert answer.body.split()[1] == expected


@pytest.mark.parametrize(
    ("query", "result_format", "reason"),
    [
        ("SELECT * { ?s ?p }", JSON, "line 1, column 19: expected"),
        ("SELECT * {", JSON, '"}"'),
        ("SELECT (<http://f>(1) AS ?x) {}", JSON, "custom function <http://f> is not supported"),
        ("DROP ALL", JSON, "DROP is not allowed"),
        ("SELECT * {}", ResultFormat.TURTLE, "ask for one of json, xml, csv, tsv"),
        ("DESCRIBE <urn:x>", JSON, "ask for one of turtle, ntriples, rdfxml, jsonld"),
        ("CONSTRUCT { ?s <http://x/> ?o } WHERE { ?s ?p ?o }", ResultFormat.RDFXML, "RDF/XML cannot express"),
    ],
)
def test_bad_queries_say_why(pool: QueryPool, query: str, result_format: ResultFormat, reason: str) -> None:
    with pytest.raises(BadQueryError) as caught:
        pool.run(query, result_format)
    assert reason in str(caught.value)
    assert "'0'..='9'" not in str(caught.value)


def test_long_answers_are_cut_and_whole(snapshot: Path) -> None:
    with QueryPool(snapshot, workers=1, max_rows=100, max_bytes=5000) as pool:
        for result_format in ResultFormat:
            query = "CONSTRUCT WHERE { ?s ?p ?o }" if result_format.is_graph else "SELECT * { ?s ?p ?o }"
            answer = pool.run(query, result_format)
            assert answer.truncated
            assert answer.rows is not None
            assert 10 < answer.rows <= 100
            assert len(answer.body) <= 5000
            if result_format in (ResultFormat.XML, ResultFormat.RDFXML):
                ET.fromstring(answer.body)  # noqa: S314 - our own
            if result_format.is_graph:
                parsed = ox.parse(
                    answer.body, format=ox.RdfFormat.from_media_type(result_format.media_type.split(";")[0])
                )
                assert len(list(parsed)) == answer.rows
        assert not pool.run("SELECT * { ?s ?p ?o } LIMIT 20", CSV).truncated
        assert not pool.run("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3", ResultFormat.TURTLE).truncated


BOMB = 'BIND("0123456789" AS ?a0) ' + " ".join(
    f"BIND(CONCAT({', '.join([f'?a{n}'] * 10)}) AS ?a{n + 1})" for n in range(9)
)
HOSTILE = [
    ENDLESS,
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c LIMIT 5",
    'SELECT (GROUP_CONCAT(?c; separator="") AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }',
    "SELECT (COUNT(DISTINCT *) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a (!<urn:x>|^!<urn:x>)* ?b . ?c (!<urn:x>|^!<urn:x>)* ?d } ORDER BY ?b",
    "SELECT * { ?a <http://ex.org/p>" + "/<http://ex.org/p>" * 450 + " ?b }",
    f"SELECT (STRLEN(?a9) AS ?n) {{ {BOMB} }}",
    "SELECT * { ?s ?p " + "[ ?q " * 90 + "?o" + " ]" * 90 + " }",
    "SELECT * { " + "{ " * 90 + "?a ?b ?c . ?d ?e ?f . ?g ?h ?i" + " }" * 90 + " } ORDER BY ?a",
    "SELECT * { " + " ".join(f"OPTIONAL {{ ?s{n} ?p{n} ?o{n} }}" for n in range(200)) + " } ORDER BY ?s1",
    "SELECT ?x { " + " UNION ".join(["{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?x }"] * 200) + " } ORDER BY ?x",
    "CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c = ?f && ?f = ?i && ?c != ?i) }",
    "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c = ?f && ?f = ?i && ?c != ?i) }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?c) } }",
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_end_and_the_next_is_answered(pool: QueryPool, query: str) -> None:
    begin = time.monotonic()
    form = ResultFormat.NTRIPLES if query.startswith("CONSTRUCT") else JSON
    with contextlib.suppress(QueryTimeoutError, QueryResourceError):
        pool.run(query, form)
    assert time.monotonic() - begin < 2.5
    begin = time.monotonic()
    assert rows(pool) == 1000
    assert time.monotonic() - begin < 1.5


REGEXES = [
    "^(a+)+$",
    "(a|aa)+$",
    "(a|a?)+b",
    "(.*a){12}",
    "((a*)*)*b",
    "(x+x+)+y",
    "a{1,900}{1,900}",
    "(?:a?){500}a{500}",
]
REGEXES += [r"^(\\w+\\s?)*$", "(([a-z])+.)+[A-Z]([a-z])+$"]


@pytest.mark.parametrize("regex", REGEXES)
def test_regexes_are_linear(pool: QueryPool, regex: str) -> None:
    pool.run(f'SELECT (REGEX("{"a" * 5000}!", "{regex}") AS ?x) {{}}', JSON)


def test_timeout_kills_and_replaces_the_worker(snapshot: Path) -> None:
    with QueryPool(snapshot, workers=1) as pool:
        for _ in range(3):
            begin = time.monotonic()
            with pytest.raises(QueryTimeoutError, match=r"longer than 0\.2 s"):
                pool.run(ENDLESS, JSON, timeout=0.2)
            assert time.monotonic() - begin < 0.7
            assert rows(pool) == 1000


def test_memory_limit_ends_the_query_only(snapshot: Path) -> None:
    with QueryPool(snapshot, workers=1, memory=64 << 20, timeout=20) as pool:
        for query in (f"SELECT (STRLEN(?a9) AS ?n) {{ {BOMB} }}", HOSTILE[1]):
            with pytest.raises(QueryResourceError, match="more memory"):
                pool.run(query, JSON)
            assert rows(pool) == 1000


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize(("opening", "closing"), ["{}", "()", ("!", ""), ("(1+", ")"), ("-", "")])
def test_nesting_that_crashes_the_parser_spares_the_pool(pool: QueryPool, opening: str, closing: str) -> None:
    inner = opening * 100_000 + "1" + closing * 100_000
    query = f"SELECT * {{ {inner} }}" if opening == "{" else f"SELECT ({inner} AS ?x) {{}}"
    with pytest.raises(QueryError):
        pool.run(query, JSON)
    assert rows(pool) == 1000


class Canary:
    """Counts who connects."""

    def __init__(self) -> None:
        self.hits = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def listen(self) -> None:
        while True:
            connection, _ = self.socket.accept()
            with connection:
                if connection.recv(64).startswith(b"bye"):
                    return
                self.hits += 1

    def close(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"bye")
        self.thread.join()
        self.socket.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


def spellings(canary: Canary) -> list[str]:
    url = f"http://127.0.0.1:{canary.port}/"
    head = f"PREFIX c: <{url}> PREFIX : <{url}> PREFIX port: <http://a:> SELECT * {{ "
    return [f"{head}{text.format(url=url, rest=url[4:])}\n}}" for text in cases.SERVICE]


def test_service_is_refused_before_it_is_run(pool: QueryPool, canary: Canary) -> None:
    assert len(spellings(canary)) >= 30
    for query in spellings(canary):
        with pytest.raises(BadQueryError):
            pool.run(query, JSON)
    assert canary.hits == 0


def test_the_engine_itself_does_call_services(snapshot: Path, canary: Canary) -> None:
    """Without this the two tests beside it would prove nothing."""
    store = ox.Store.read_only(str(snapshot))
    for query in spellings(canary):
        try:
            results = store.query(query, use_default_graph_as_union=True)
            assert isinstance(results, ox.QuerySolutions)
            next(results, None)
        except (OSError, SyntaxError, RuntimeError):
            continue
    assert canary.hits >= 25


@LINUX
@pytest.mark.usefixtures("unguarded")
def test_workers_cannot_call_services(pool: QueryPool, canary: Canary) -> None:
    denied = 0
    for query in spellings(canary):
        try:
            pool.run(query, JSON)
        except StoreError as error:
            denied += "denied" in str(error)
        except QueryError:
            continue
    assert canary.hits == 0
    assert denied >= 20


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("text", cases.UPDATES)
def test_workers_cannot_update(pool: QueryPool, text: str) -> None:
    with pytest.raises(QueryError):
        pool.run(text, JSON)
    assert rows(pool) == 1000


def test_queue_is_bounded_and_the_wait_too(snapshot: Path) -> None:
    with QueryPool(snapshot, workers=1, queue=1, timeout=1.5) as pool, ThreadPoolExecutor(2) as threads:
        running = threads.submit(pool.run, ENDLESS, JSON)
        time.sleep(0.2)
        waiting = threads.submit(pool.run, COUNT, JSON, timeout=0.3)
        time.sleep(0.1)
        with pytest.raises(QueryBusyError, match="waiting already"):
            pool.run(COUNT, JSON)
        assert not pool.ping(0.1)
        with pytest.raises(QueryBusyError, match="no worker became free"):
            waiting.result()
        with pytest.raises(QueryTimeoutError):
            running.result()
        assert rows(pool) == 1000
        assert pool.ping()


def test_many_threads_get_their_own_answers(snapshot: Path) -> None:
    with QueryPool(snapshot, queue=100) as pool, ThreadPoolExecutor(16) as threads:
        texts = [f"SELECT ({number} AS ?x) {{}}" for number in range(400)]
        bodies = [answer.body for answer in threads.map(lambda text: pool.run(text, CSV), texts)]
    assert bodies == [f"x\r\n{number}\r\n".encode() for number in range(400)]


def test_reopen_switches_without_dropping_a_running_query(snapshot: Path, other: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
    with QueryPool(snapshot, workers=1) as pool, ThreadPoolExecutor(1) as threads:
        running = threads.submit(pool.run, slow, CSV)
        time.sleep(0.05)
        pool.reopen(other)
        assert rows(pool) == 7
        assert running.result().body.split()[1] == b"1000000"
        assert rows(pool) == 7
        with pytest.raises(StoreError, match="no such folder"):
            pool.reopen(other / "missing")
        assert rows(pool) == 7
        pool.reopen(snapshot)
        assert rows(pool) == 1000


def test_unreadable_snapshot_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="missing"):
        QueryPool(tmp_path / "missing")


def test_pool_survives_the_death_of_idle_workers(snapshot: Path) -> None:
    with QueryPool(snapshot) as pool:
        for worker in list(pool._workers):
            worker._process.kill()
            worker._process.wait()
        assert rows(pool) == 1000


def test_lost_snapshot_is_reported_until_it_is_back(tmp_path: Path) -> None:
    path = write_snapshot(tmp_path, 5)
    with QueryPool(path, workers=1) as pool:
        path.rename(tmp_path / "away")
        with pytest.raises(QueryTimeoutError):
            pool.run(
                ENDLESS.replace("}", " . ?m ?n ?o . ?q ?r ?s . ?t ?u ?v . ?w ?x ?y . ?z ?0 ?1 . ?2 ?3 ?4 }"),
                JSON,
                timeout=0.2,
            )
        with pytest.raises(StoreError, match="No such file"):
            rows(pool)
        (tmp_path / "away").rename(path)
        assert rows(pool) == 5


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell that runs the tests in the background has them ignore interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_interrupt_stops_the_query(snapshot: Path) -> None:
    with QueryPool(snapshot, workers=1) as pool:
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        begin = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            pool.run(ENDLESS, JSON)
        assert time.monotonic() - begin < 1
        timer.join()
        assert rows(pool) == 1000


def test_close_stops_running_queries_and_refuses_new_ones(snapshot: Path) -> None:
    pool = QueryPool(snapshot)
    with ThreadPoolExecutor(3) as threads:
        running = [threads.submit(pool.run, ENDLESS, JSON) for _ in range(3)]
        time.sleep(0.2)
        begin = time.monotonic()
        pool.close()
        assert time.monotonic() - begin < 1
        for future in running:
            with pytest.raises((QueryResourceError, QueryBusyError)):
                future.result()
    pool.close()
    with pytest.raises(QueryBusyError, match="closed"):
        pool.run("ASK {}", JSON)


@LINUX
def test_nothing_is_left_behind(snapshot: Path, other: Path) -> None:
    before, files, threads = children(), open_files(), threading.active_count()
    for _ in range(2):
        with QueryPool(snapshot) as pool:
            for _ in range(3):
                with pytest.raises(QueryTimeoutError):
                    pool.run(ENDLESS, JSON, timeout=0.05)
                pool.reopen(other)
                assert rows(pool) == 7
                pool.reopen(snapshot)
    assert children() == before
    assert open_files() == files
    assert threading.active_count() == threads


def worker_of(script: str) -> tuple["subprocess.Popen[str]", list[int]]:
    process = subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, [int(pid) for pid in process.stdout.readline().split()]


def gone(pid: int, seconds: float = 3.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


SCRIPT = """
import threading, time
from pathlib import Path
from kg.query.pool import QueryPool
from kg.query.results import ResultFormat
pool = QueryPool(Path({path!r}), workers=2, timeout=30)
threading.Thread(target=pool.run, args=({query!r}, ResultFormat.JSON), daemon=True).start()
while len(pool._workers) < 2 or not pool.busy:
    time.sleep(0.01)
print(*[worker._process.pid for worker in pool._workers], flush=True)
"""


@LINUX
@pytest.mark.parametrize("how", ["kill", "exit"])
def test_no_worker_outlives_its_parent(snapshot: Path, how: str) -> None:
    script = SCRIPT.format(path=str(snapshot), query=ENDLESS) + ("time.sleep(60)" if how == "kill" else "")
    process, workers = worker_of(script)
    assert len(workers) == 2
    if how == "kill":
        process.kill()
    assert process.wait(timeout=5) == (-signal.SIGKILL if how == "kill" else 0)
    assert process.stdout is not None
    process.stdout.close()
    assert all(gone(pid) for pid in workers)


def test_worker_loads_nothing_heavy() -> None:
    heavy = {"rdflib", "spacy", "numpy", "fastapi", "asyncio"}
    script = f"import sys, kg.query.worker; print({heavy!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the pool tells nobody
            await asyncio.sleep(0.01)


def test_a_cancelled_query_ends_its_worker_at_once(snapshot: Path) -> None:
    async def leave(pool: QueryPool) -> None:
        asked = asyncio.create_task(pool.answer(ENDLESS, JSON))
        await until(lambda: pool.busy)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    with QueryPool(snapshot, workers=1, timeout=60) as pool:
        asyncio.run(leave(pool))
        assert pool.stats.stopped == {"abandoned": 1}
        assert rows(pool) == 1000
        assert (pool.busy, pool.waiting) == (0, 0)


def test_one_who_leaves_the_line_takes_nothing_along(snapshot: Path) -> None:
    async def leave(pool: QueryPool) -> None:
        running = asyncio.create_task(pool.answer(ENDLESS, JSON, seconds=1.0))
        await until(lambda: pool.busy)
        waiting = asyncio.create_task(pool.answer(COUNT, JSON))
        await until(lambda: pool.waiting)
        waiting.cancel()
        with pytest.raises(QueryTimeoutError):
            await running

    with QueryPool(snapshot, workers=1, timeout=60) as pool:
        asyncio.run(leave(pool))
        assert pool.waiting == 0
        assert rows(pool) == 1000


def test_what_is_long_waits_on_disk(pool: QueryPool) -> None:
    query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?o"
    whole = pool.run(query, JSON, timeout=10)
    assert whole.rest is None
    part = asyncio.run(pool.answer(query, JSON, seconds=10, in_memory=1000))
    assert part.rest is not None
    with part.rest:
        assert len(part.body) < len(whole.body)
        assert part.body + part.rest.read() == whole.body
    assert (part.rows, part.truncated) == (1000, False)


def test_a_slow_query_is_known_and_its_worker_not_used_again(snapshot: Path) -> None:
    with QueryPool(snapshot, workers=2, timeout=60) as pool:
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h <http://ex.org/none> }"
        with pytest.raises(QueryTimeoutError):
            pool.run(ENDLESS, JSON, timeout=1.0)
        assert pool._lanes is not None
        assert pool.stats.stopped == {"timeout": 1}
        with pytest.raises(QueryTimeoutError):
            pool.run(ENDLESS, JSON, timeout=1.0)
        assert pool.stats.stopped == {"timeout": 2}
        assert pool.run(slow, CSV).body.split()[1] == b"0"
        assert pool.stats.seconds > 1.5


def test_counters_tell_what_happened(snapshot: Path) -> None:
    with QueryPool(snapshot, workers=1, max_rows=5, memory=64 << 20) as pool:
        assert pool.run("SELECT * { ?s ?p ?o }", JSON).truncated
        with pytest.raises(QueryResourceError):
            pool.run(f"SELECT (STRLEN(?a9) AS ?n) {{ {BOMB} }}", JSON)
        with pytest.raises(BadQueryError):
            pool.run("SELECT * { ?s ?p }", JSON)
        assert (pool.stats.answered, pool.stats.truncated) == (2, 1)
        assert pool.stats.stopped == {"died": 1}
