import threading
from pathlib import Path

import pytest

from api.deps import Service
from api.networks import NetworkCache
from kg.analysis.cooccurrence import Choice
from kg.errors import NotFoundError, QueryBusyError, StoreError
from kg.query.pool import QueryPool
from kg.view.concepts import Question
from kg.workspace import Reader, Workspace
from tests.api.conftest import settings
from tests.corpus import BASE


def test_a_failed_start_of_the_workers_is_tried_again(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0

    def flaky(*args: object, **limits: object) -> QueryPool:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise StoreError("no process could be started")
        return QueryPool(*args, **limits)

    monkeypatch.setattr("api.deps.QueryPool", flaky)
    service = Service(settings(data_folder), Workspace(data_folder, BASE))
    with pytest.raises(StoreError, match="no process"):
        service.pool()
    assert service.pool().ping(5)
    service.close()


def test_a_snapshot_stays_open_for_those_who_use_it(data_folder: Path) -> None:
    service = Service(settings(data_folder), Workspace(data_folder, BASE))
    lease = service.acquire()
    service.close()
    assert lease.reader.catalogue.paper("ntk").title
    service.release(lease)


def asked(limit: int, focus: str | None = None) -> Question:
    return Question(focus, choice=Choice(limit=limit, examples=1))


def test_a_network_with_evidence_is_drawn_once_and_kept(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = NetworkCache()
    first = cache.get(reader, asked(5))
    assert cache.get(reader, Question()).nodes
    monkeypatch.setattr("api.networks.concept_network", None)
    assert cache.get(reader, asked(5)) is first
    with pytest.raises(TypeError):
        cache.get(reader, Question())


def test_old_networks_are_forgotten(reader: Reader) -> None:
    cache = NetworkCache()
    first = cache.get(reader, asked(2))
    assert cache.get(reader, asked(2)) is first
    for limit in range(3, 3 + cache.SIZE):
        cache.get(reader, asked(limit))
    assert cache.get(reader, asked(2 + cache.SIZE)) is cache.get(reader, asked(2 + cache.SIZE))
    assert cache.get(reader, asked(2)) is not first


def test_an_unknown_focus_costs_no_place_in_the_line(reader: Reader) -> None:
    cache = NetworkCache()
    for _ in range(cache.WAITING + 2):
        with pytest.raises(NotFoundError):
            cache.get(reader, asked(5, "nope"))


def test_a_long_line_of_drawings_is_refused_and_what_is_kept_or_quick_is_served(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = NetworkCache()
    kept = cache.get(reader, asked(5))
    release, entered = threading.Event(), threading.Event()

    def slow(_: object, question: Question) -> object:
        if question.choice.examples:
            entered.set()
            release.wait(30)
        return kept

    monkeypatch.setattr("api.networks.concept_network", slow)
    threads = [threading.Thread(target=cache.get, args=(reader, asked(10 + i))) for i in range(cache.WAITING)]
    for thread in threads:
        thread.start()
    assert entered.wait(10)
    while cache._line._value:
        pass
    with pytest.raises(QueryBusyError):
        cache.get(reader, asked(99))
    assert cache.get(reader, asked(5)) is kept
    assert cache.get(reader, Question()) is kept
    release.set()
    for thread in threads:
        thread.join()
