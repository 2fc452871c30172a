"""Which requests may run now, so that those that take long never hold every process."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from kg.process.worker import Worker

_REMEMBERED = 4096


class Alarm:
    """Calls back after ``seconds``, unless ``left`` then says that there are more to wait."""

    def __init__(self, seconds: float, left: Callable[[], float], ring: Callable[[], None]) -> None:
        self._left, self._ring = left, ring
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(seconds, self._look)

    def cancel(self) -> None:
        """Ring no more."""
        self._timer.cancel()

    def _look(self) -> None:
        if (left := self._left()) > 0:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self._ring()


class Lanes:
    """A request is cheap until it took ``cheap_seconds``; from then on it is heavy and needs one of ``slots``.

    One that finds none free is ended, and run again when there is. A request that was heavy once begins in
    the heavy lane. Not safe between threads: the pool guards it.
    """

    def __init__(self, slots: int, cheap_seconds: float = 0.1) -> None:
        self.cheap_seconds = cheap_seconds
        self._slots = slots
        self._holders: set[Worker] = set()
        self._heavy: OrderedDict[int, None] = OrderedDict()  # hashes of requests, the latest last

    def was_heavy(self, request: bytes) -> bool:
        """Whether this very request is known to take long."""
        return hash(request) in self._heavy

    def free(self) -> bool:
        """Whether one more heavy request may run."""
        return len(self._holders) < self._slots

    def enter(self, worker: Worker) -> bool:
        """Whether the process works for a heavy request now, or did before."""
        if self.free():
            self._holders.add(worker)
        return worker in self._holders

    def leave(self, worker: Worker) -> None:
        """Free the slot of the process, if it has one."""
        self._holders.discard(worker)

    def overran(self, worker: Worker, request: bytes) -> None:
        """Give the process a slot, or stop it to run the request again later; known from now on, it begins there."""
        self._heavy[hash(request)] = None
        if len(self._heavy) > _REMEMBERED:
            self._heavy.popitem(last=False)
        if self.enter(worker):
            worker.give_way()
        else:
            worker.stop("heavy")

    def forget(self, request: bytes) -> None:
        """Note that it was quick this time."""
        self._heavy.pop(hash(request), None)
