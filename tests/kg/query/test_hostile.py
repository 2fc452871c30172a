"""Whatever is asked, the answer comes or is refused in time, and the next query is answered."""

import contextlib
import importlib.util
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import BadQueryError, QueryBusyError, QueryError, QueryResourceError, QueryTimeoutError
from kg.query.pool import QueryPool
from kg.query.results import ResultFormat

JSON, CSV = ResultFormat.JSON, ResultFormat.CSV
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
TIMEOUT, MEMORY, WORKERS = 1.0, 192 << 20, 3

spec = importlib.util.spec_from_file_location("hostile", Path(__file__).with_name("hostile.py"))
assert spec is not None
assert spec.loader is not None
hostile = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hostile)


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryPool]:
    folder = tmp_path_factory.mktemp("store")
    store = ox.Store(str(folder / "live"))
    p, g = ox.NamedNode("http://ex.org/p"), ox.NamedNode("http://ex.org/g")
    store.bulk_extend(
        ox.Quad(ox.NamedNode(f"http://ex.org/{n % 50}"), p, ox.Literal(f"value {n}"), g) for n in range(3000)
    )
    store.backup(str(folder / "snapshot"))
    with QueryPool(folder / "snapshot", workers=WORKERS, timeout=TIMEOUT, memory=MEMORY) as made:
        yield made


def format_for(query: str) -> ResultFormat:
    return ResultFormat.NTRIPLES if query.startswith(("CONSTRUCT", "DESCRIBE")) else JSON


def resident(pool: QueryPool) -> int:
    """Bytes of memory that the workers hold."""
    total = 0
    for worker in list(pool._workers):
        with contextlib.suppress(OSError):
            pages = Path(f"/proc/{worker._process.pid}/statm").read_text().split()[1]
            total += int(pages) * os.sysconf("SC_PAGE_SIZE")
    return total


def test_there_are_sixty_of_them() -> None:
    assert len(set(hostile.QUERIES)) >= 60


@pytest.mark.parametrize("number", range(len(hostile.QUERIES)))
def test_each_ends_in_time_and_the_next_is_answered(pool: QueryPool, number: int) -> None:
    query = hostile.QUERIES[number]
    begin = time.monotonic()
    with contextlib.suppress(BadQueryError, QueryTimeoutError, QueryResourceError):
        pool.run(query, format_for(query))
    assert time.monotonic() - begin < TIMEOUT + 1.5  # half a second on a machine that does nothing else
    begin = time.monotonic()
    assert pool.run(COUNT, CSV, timeout=10).body.split()[1] == b"3000"
    assert time.monotonic() - begin < 2.0
    if Path("/proc/self/statm").exists():
        assert resident(pool) < WORKERS * (MEMORY + (64 << 20))


def test_many_at_once_leave_workers_to_quick_queries(pool: QueryPool) -> None:
    slow = [f"{query} # {number}" for number, query in enumerate(hostile.CROSS_PRODUCTS[:8])]
    before = pool.stats.stopped["heavy"]

    def ask(query: str) -> str:
        try:
            pool.run(query, format_for(query), timeout=6.0)
        except (QueryTimeoutError, QueryResourceError, QueryBusyError) as error:
            return type(error).__name__
        return "answered"

    with ThreadPoolExecutor(len(slow)) as threads:
        running = [threads.submit(ask, query) for query in slow]
        quick = 0
        while not all(each.done() for each in running):
            answer = pool.run(f"SELECT ({quick} AS ?n) {{ <http://ex.org/1> ?p ?o }} LIMIT 1", CSV, timeout=10)
            assert answer.body.split()[1] == str(quick).encode()
            quick += 1
    assert quick > 3  # without workers of their own each would wait for one that is slow
    assert pool.stats.stopped["heavy"] > before
    assert all(each.result() for each in running)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    file = tmp_path / "canary.nt"
    file.write_text('<http://ex.org/canary> <http://ex.org/p> "SECRET" .\n')
    return file


READING = [
    "SELECT * FROM <file://{file}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <file://{file}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <file://{file}> {{ ?s ?p ?o }} }}",
    "select * from<file://{file}>{{ ?s ?p ?o }}",
    "BASE <file://{file}> SELECT * FROM <> {{ ?s ?p ?o }}",
    "PREFIX f: <file://{file}> SELECT * FROM f: {{ ?s ?p ?o }}",
    "SELECT * FROM <\\u0066ile://{file}> {{ ?s ?p ?o }}",
    "SELECT * {{ SERVICE <file://{file}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <file://{file}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE <file://{file}> {{ ?s ?p ?o }} }}",
    "LOAD <file://{file}>",
    "L\\u004FAD <file://{file}>",
    "load silent <file://{file}> into graph <http://ex.org/g>",
    "SELECT * {{}} ; LOAD <file://{file}>",
    "CONSTRUCT FROM <file://{file}> WHERE {{ ?s ?p ?o }}",
    "DESCRIBE <http://ex.org/canary> FROM <file://{file}>",
    "ASK FROM <file://{file}> {{ ?s ?p ?o }}",
]


@pytest.mark.parametrize("text", READING)
def test_no_query_reads_a_file(pool: QueryPool, canary: Path, text: str) -> None:
    query = text.format(file=canary)
    try:
        body = pool.run(query, format_for(query), timeout=10).body
    except QueryError:
        return
    assert b"SECRET" not in body
    assert b"true" not in body
