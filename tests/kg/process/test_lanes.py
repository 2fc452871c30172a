import asyncio

from kg.process.lanes import Alarm, Lanes
from kg.process.line import Line, Waiter


class Process:
    """Stands in for a worker; ``fate`` is what became of it."""

    fate = ""

    def give_way(self) -> None:
        self.fate = "gave way"

    def stop(self, reason: str) -> None:
        self.fate = reason


def test_as_many_hold_a_slot_as_there_are() -> None:
    lanes, one, two = Lanes(1), Process(), Process()
    assert lanes.enter(one)
    assert lanes.enter(one)
    assert not lanes.free()
    assert not lanes.enter(two)
    lanes.leave(one)
    lanes.leave(one)
    assert lanes.enter(two)


def test_what_was_slow_is_known_until_it_is_quick_or_long_ago() -> None:
    lanes, one, two = Lanes(1), Process(), Process()
    lanes.overran(one, b"slow")
    lanes.overran(two, b"slower")
    assert (one.fate, two.fate) == ("gave way", "heavy")
    assert lanes.was_heavy(b"slow")
    assert lanes.was_heavy(b"slower")
    assert not lanes.was_heavy(b"other")
    lanes.forget(b"slow")
    assert not lanes.was_heavy(b"slow")
    lanes.overran(one, b"slow")
    for number in range(5000):
        lanes.overran(two, b"%d" % number)
    assert not lanes.was_heavy(b"slow")
    assert lanes.was_heavy(b"4999")


def test_an_alarm_waits_for_what_is_left() -> None:
    async def ring() -> int:
        looks, rung = [0.01, 0.01, 0.0], asyncio.Event()
        Alarm(0.0, lambda: looks.pop(0), rung.set)
        await asyncio.wait_for(rung.wait(), 10)
        Alarm(0.0, lambda: 0.0, lambda: looks.append(1)).cancel()
        await asyncio.sleep(0.01)
        return len(looks)

    assert asyncio.run(ring()) == 0


def test_the_quick_pass_the_slow_and_each_lane_has_its_places() -> None:
    async def queue() -> None:
        line = Line(2)
        slow, quick, later = Waiter(heavy=True), Waiter(heavy=False), Waiter(heavy=False)
        for waiter in (slow, quick, later):
            line.join(waiter)
        assert line.first(may_be_heavy=True) is slow
        assert line.first(may_be_heavy=False) is quick
        assert line.full(heavy=False)
        assert not line.full(heavy=True)
        line.leave(quick)
        line.leave(quick)
        assert line.first(may_be_heavy=False) is later
        later.give(worker := Process())
        await later.wait(10)
        assert later.worker is worker
        line.fail_all(lambda: KeyError("closed"))
        assert not line
        try:
            await slow.wait(10)
        except KeyError:
            return
        raise AssertionError

    asyncio.run(queue())
