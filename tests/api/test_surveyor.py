import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from api.surveyor import Surveyor
from kg.build import build
from kg.errors import BadQueryError, QueryBusyError, StoreError
from kg.protocols import Row
from kg.query import library
from kg.sources import make_paper
from kg.workspace import Reader, Workspace
from tests.corpus import BASE, corpus_parts

ALL = library.load_query("all_papers").text


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "d", BASE)
    ingest(made, "one")
    return made


@pytest.fixture
def surveyor() -> Iterator[Surveyor[int]]:
    made = Surveyor[int](timeout=60, wait=60)
    yield made
    made.close()


def ingest(workspace: Workspace, name: str) -> None:
    with workspace.writer() as writer:
        build([make_paper(name, "Attention.", identifier=name)], corpus_parts(), writer)


def papers(ask: Callable[[str], Sequence[Row]]) -> int:
    return len(ask(ALL))


def opened(workspace: Workspace) -> Reader:
    reader = workspace.reader()
    reader.close()  # only its path is needed
    return reader


def test_each_snapshot_is_surveyed_once(workspace: Workspace, surveyor: Surveyor[int]) -> None:
    calls = []

    def work(ask: Callable[[str], Sequence[Row]]) -> int:
        calls.append(papers(ask))
        return calls[-1]

    reader = opened(workspace)
    assert [surveyor.get(reader, work) for _ in range(3)] == [1, 1, 1]
    assert calls == [1]


def test_what_was_found_is_at_hand_without_asking(workspace: Workspace, surveyor: Surveyor[int]) -> None:
    reader = opened(workspace)
    assert surveyor.found(reader) is None
    surveyor.get(reader, papers)
    assert (surveyor.found(reader), surveyor.at_work) == (1, False)
    ingest(workspace, "two")
    newer = opened(workspace)
    assert surveyor.found(newer) is None, "it must be asked for"


def test_who_does_not_wait_is_told_so(workspace: Workspace, surveyor: Surveyor[int]) -> None:
    begun = threading.Event()

    def work(ask: Callable[[str], Sequence[Row]]) -> int:
        begun.wait(60)
        return papers(ask)

    reader = opened(workspace)
    with pytest.raises(QueryBusyError):
        surveyor.get(reader, work, wait=0)
    assert surveyor.at_work
    begun.set()
    assert surveyor.get(reader, work) == 1


def test_the_one_before_is_the_answer_while_a_new_snapshot_is_surveyed(
    workspace: Workspace, surveyor: Surveyor[int]
) -> None:
    assert surveyor.get(opened(workspace), papers) == 1
    ingest(workspace, "two")
    go, done = threading.Event(), threading.Event()

    def slow(ask: Callable[[str], Sequence[Row]]) -> int:
        go.wait(60)
        try:
            return papers(ask)
        finally:
            done.set()

    newer = opened(workspace)
    assert surveyor.get(newer, slow) == 1
    go.set()
    assert done.wait(60)
    surveyor._running.result(60)
    assert surveyor.get(newer, slow) == 2


def test_a_first_answer_that_takes_long_is_refused_for_now(workspace: Workspace) -> None:
    surveyor, go = Surveyor[int](timeout=60, wait=0), threading.Event()

    def slow(ask: Callable[[str], Sequence[Row]]) -> int:
        go.wait(60)
        return papers(ask)

    with pytest.raises(QueryBusyError, match="try again"):
        surveyor.get(opened(workspace), slow)
    go.set()
    assert surveyor._running.result(60) == 1
    assert surveyor.get(opened(workspace), slow) == 1
    surveyor.close()


def test_what_fails_says_so_to_all_who_ask(workspace: Workspace, surveyor: Surveyor[int]) -> None:
    def wrong(ask: Callable[[str], Sequence[Row]]) -> int:
        return len(ask("SELEC"))

    for _ in range(2):
        with pytest.raises(BadQueryError):
            surveyor.get(opened(workspace), wrong)
    ingest(workspace, "two")
    assert surveyor.get(opened(workspace), papers) == 2


def test_closing_ends_what_runs_and_starts_nothing_more(workspace: Workspace) -> None:
    surveyor, started, go = Surveyor[int](timeout=60, wait=0), threading.Event(), threading.Event()

    def slow(ask: Callable[[str], Sequence[Row]]) -> int:
        started.set()
        go.wait(60)
        return papers(ask)

    with pytest.raises(QueryBusyError):
        surveyor.get(opened(workspace), slow)
    assert started.wait(60)
    surveyor.close()
    go.set()
    with pytest.raises(QueryBusyError, match="closed"):
        surveyor._running.result(60)
    with pytest.raises(StoreError, match="stopping"):
        surveyor.get(opened(workspace), slow)
