import threading
from types import SimpleNamespace
from typing import Any

from api.kept import Kept


def snapshot(name: str) -> Any:
    return SimpleNamespace(path=SimpleNamespace(name=name))


def test_each_snapshot_is_worked_out_once() -> None:
    asked: list[str] = []
    kept = Kept(lambda reader: asked.append(reader.path.name) or len(asked))
    assert [kept.get(snapshot(name)) for name in ("1", "1", "2", "2", "2")] == [1, 1, 2, 2, 2]
    assert asked == ["1", "2"]


def test_who_asks_meanwhile_waits_and_gets_the_same() -> None:
    started, go_on = threading.Event(), threading.Event()

    def work(_: object) -> object:
        started.set()
        assert go_on.wait(10)
        return object()

    kept, found = Kept(work), []
    threads = [threading.Thread(target=lambda: found.append(kept.get(snapshot("1")))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert started.wait(10)
    go_on.set()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len({id(each) for each in found}) == 1


def test_what_failed_is_tried_again() -> None:
    answers = iter([ValueError("no"), 3])

    def work(_: object) -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    kept = Kept(work)
    try:
        kept.get(snapshot("1"))
    except ValueError:
        assert kept.get(snapshot("1")) == 3
