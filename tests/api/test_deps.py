import threading
from pathlib import Path

import pytest

from api.deps import Service
from api.networks import NetworkCache
from kg.errors import NotFoundError, QueryBusyError, StoreError
from kg.query.pool import QueryPool
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


def test_a_network_is_drawn_once_and_kept(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, limits = NetworkCache(), settings(Path("unused"))
    first = cache.get(reader, limits, None, None, None)
    monkeypatch.setattr("api.networks.concept_network", None)
    assert cache.get(reader, limits, None, None, None) is first


def test_old_networks_are_forgotten(reader: Reader) -> None:
    cache, limits = NetworkCache(), settings(Path("unused"))
    for limit in range(2, 2 + cache.SIZE + 3):
        cache.get(reader, limits, None, limit, None)
    assert len(cache._networks) == cache.SIZE


def test_an_unknown_focus_costs_no_place_in_the_line(reader: Reader) -> None:
    cache, limits = NetworkCache(), settings(Path("unused"))
    for _ in range(cache.WAITING + 2):
        with pytest.raises(NotFoundError):
            cache.get(reader, limits, "nope", None, None)


def test_a_long_line_of_drawings_is_refused_and_kept_ones_are_served(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, limits = NetworkCache(), settings(Path("unused"))
    kept = cache.get(reader, limits, None, 5, None)
    release, entered = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> object:
        entered.set()
        release.wait(30)
        return kept

    monkeypatch.setattr("api.networks.concept_network", slow)
    threads = [
        threading.Thread(target=cache.get, args=(reader, limits, None, 10 + i, None)) for i in range(cache.WAITING)
    ]
    for thread in threads:
        thread.start()
    assert entered.wait(10)
    while cache._line._value:
        pass
    with pytest.raises(QueryBusyError):
        cache.get(reader, limits, None, 99, None)
    assert cache.get(reader, limits, None, 5, None) is kept
    release.set()
    for thread in threads:
        thread.join()
