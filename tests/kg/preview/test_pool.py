import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.errors import ExtractionError, WorkBusyError, WorkResourceError, WorkTimeoutError
from kg.model import Field, Label, Relation, RelationKind, Role
from kg.preview.pool import PreviewPool
from kg.preview.readings import Preview
from kg.settings import SHIPPED
from kg.sources import make_paper

WAYWARD = "tests.wayward:Wayward"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the address space")


@pytest.fixture(scope="module")
def pool() -> Iterator[PreviewPool]:
    with PreviewPool(WAYWARD, timeout=20.0, memory=512 << 20) as pool:
        yield pool


def read(pool: PreviewPool, *titles: str) -> Preview:
    return pool.read([make_paper(title, "A graph is a graph.") for title in titles])


def fine(pool: PreviewPool) -> bool:
    (reading,) = read(pool, "fine").readings
    return len(reading.extraction.mentions) == 2


def test_what_was_found_comes_back_whole(pool: PreviewPool) -> None:
    preview = read(pool, "a graph", "another")
    assert (preview.extractor, preview.version) == ("wayward", "1")
    first, second = preview.readings
    assert first.extraction.paper == make_paper("a graph", "A graph is a graph.")
    mention = first.extraction.mentions[0]
    assert (mention.field, mention.label, mention.text) == (Field.TITLE, Label.METHOD, "graph")
    assert (mention.start, mention.score, mention.sentence, mention.rule) == (2, 0.988, "a graph", "found-it")
    assert first.extraction.aliases == (("graph network", "GN"),)
    assert first.extraction.system == "GN"
    assert first.slugs == ("graph",) * 3
    assert len(second.extraction.mentions) == 2


def test_roles_and_relations_come_back(pool: PreviewPool) -> None:
    (reading,) = read(pool, "relate this graph").readings
    mentions = reading.extraction.mentions
    assert {(m.role, m.role_score) for m in mentions} == {(Role.USES, 0.765)}
    assert reading.extraction.relations == tuple(
        Relation(mentions[i], mentions[i + 1], RelationKind.PART_OF, 0.877, "found-it") for i in range(2)
    )


def test_a_bad_paper_costs_no_other(pool: PreviewPool) -> None:
    good, raised, shifted, last = read(pool, "good", "raise this", "shift the graph", "last").readings
    assert (good.error, last.error) == (None, None)
    assert raised.error == "wayward failed on paper 'raise this': ValueError: not this one"
    assert "lies outside" in (shifted.error or "")
    assert shifted.extraction.mentions == ()
    assert shifted.slugs == ()


def test_what_an_extractor_prints_or_reads_does_not_mix_with_answers(pool: PreviewPool) -> None:
    assert len(read(pool, "print a lot", "read all").readings) == 2
    assert fine(pool)


def test_a_crash_costs_one_process(pool: PreviewPool) -> None:
    with pytest.raises(WorkResourceError, match="the process of the extraction ended with status 3"):
        read(pool, "crash")
    assert fine(pool)


@LINUX
def test_memory_is_limited(pool: PreviewPool) -> None:
    with pytest.raises(WorkResourceError, match="more memory than it may have"):
        read(pool, "memory")
    assert fine(pool)


def test_an_extractor_of_others_may_use_the_network(pool: PreviewPool) -> None:
    (reading,) = read(pool, "socket").readings
    assert reading.error is None


def test_one_that_hangs_is_killed_and_replaced() -> None:
    with PreviewPool(WAYWARD, timeout=8.0) as pool:
        assert fine(pool)
        pool._timeout = 0.5
        with pytest.raises(WorkTimeoutError, match=r"the extraction took longer than 0\.5 s and was stopped"):
            read(pool, "hang")
        pool._timeout = 8.0
        assert fine(pool)


def test_the_line_is_bounded() -> None:
    with PreviewPool(WAYWARD, timeout=6.0, queue=1) as pool, ThreadPoolExecutor(2) as threads:
        assert fine(pool)
        running = threads.submit(read, pool, "hang")
        while pool._idle:
            time.sleep(0.01)
        waiting = threads.submit(read, pool, "fine")
        while not pool.waiting:
            time.sleep(0.01)
        with pytest.raises(WorkBusyError, match="waiting already"):
            read(pool, "fine")
        pool.close()
        for future in (running, waiting):
            with pytest.raises(WorkBusyError, match="the extraction pool is closed"):
                future.result()


def test_nothing_starts_before_it_is_needed() -> None:
    with PreviewPool(WAYWARD) as pool:
        assert not pool._workers
        assert not pool._young


def test_a_slow_start_is_said_and_closing_does_not_wait_for_it() -> None:
    pool = PreviewPool(f"{WAYWARD}?start=hang", timeout=0.3)
    with pytest.raises(WorkBusyError, match=r"still starting after 0\.3 s"):
        read(pool, "fine")
    while not pool._young:
        time.sleep(0.01)
    (worker,) = pool._young
    closing = threading.Thread(target=pool.close)
    closing.start()
    closing.join(10)
    assert not closing.is_alive()
    assert not worker.usable()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (f"{WAYWARD}?start=fail", "failed: OSError: no weights here"),
        ("tests.wayward:Nobody", "module tests.wayward has no 'Nobody'"),
    ],
)
def test_an_extractor_that_cannot_be_loaded_says_why_each_time(name: str, reason: str) -> None:
    with PreviewPool(name) as pool:
        for _ in range(2):
            with pytest.raises(ExtractionError, match="no extraction worker could be started") as caught:
                read(pool, "fine")
            assert reason in str(caught.value)


def test_a_gazetteer_goes_to_the_worker() -> None:
    with PreviewPool(WAYWARD, "mine.tsv") as pool, pytest.raises(ExtractionError) as caught:
        read(pool, "fine")
    assert f"gazetteer mine.tsv belongs to the shipped extractor; {WAYWARD} does not read it" in str(caught.value)


def test_a_module_of_the_working_directory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kg_test_here.py").write_text("from tests.wayward import Wayward", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with PreviewPool("kg_test_here:Wayward?word=fine") as pool:
        (reading,) = read(pool, "fine").readings
    assert [mention.text for mention in reading.extraction.mentions] == ["fine"]


@pytest.mark.slow
def test_the_shipped_extractor_reads_in_its_process() -> None:
    paper = make_paper("Batch sizes", "We train with stochastic gradient descent (SGD) on CIFAR-10.")
    with PreviewPool(SHIPPED, timeout=60.0) as pool:
        (reading,) = pool.read([paper]).readings
        assert pool.read([paper]).readings == (reading,)
    found = dict(zip((m.text for m in reading.extraction.mentions), reading.slugs, strict=True))
    assert found["SGD"] == found["stochastic gradient descent"] == "stochastic-gradient-descent"
    assert "CIFAR-10" in found
    for mention in reading.extraction.mentions:
        assert paper.text(mention.field)[mention.start : mention.end] == mention.text
