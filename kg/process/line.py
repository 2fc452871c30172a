"""Those who wait for a process: event loops of several threads in one line."""

import asyncio
from collections import deque
from collections.abc import Callable

from kg.process.worker import Worker


class Waiter:
    """One request that waits, in the event loop that makes this. Whoever settles it holds the pool's lock."""

    def __init__(self, *, heavy: bool) -> None:
        self.heavy = heavy
        self.worker: Worker | None = None
        self._loop = asyncio.get_running_loop()
        self._settled: asyncio.Future[None] = self._loop.create_future()

    async def wait(self, seconds: float) -> None:
        """Return with ``worker`` set; raises TimeoutError, or the error that it was settled with."""
        async with asyncio.timeout(seconds):
            await self._settled

    def give(self, worker: Worker) -> None:
        """Let it have the process, which is its to give back."""
        self.worker = worker
        self._wake(None)

    def fail(self, error: Exception) -> None:
        """End the wait."""
        self._wake(error)

    def _wake(self, error: Exception | None) -> None:
        if asyncio._get_running_loop() is self._loop:  # noqa: SLF001 - public, and None where there is none
            self._settle(error)
        else:
            self._loop.call_soon_threadsafe(self._settle, error)

    def _settle(self, error: Exception | None) -> None:
        if self._settled.done():  # cancelled meanwhile
            return
        if error:
            self._settled.set_exception(error)
        else:
            self._settled.set_result(None)


class Line:
    """First come, first served, in each of two lanes of ``places``. Not safe between threads."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._waiters: deque[Waiter] = deque()

    def __len__(self) -> int:
        return len(self._waiters)

    def full(self, *, heavy: bool) -> bool:
        """Whether nobody more may join."""
        return len(self._waiters) >= self._places and sum(w.heavy == heavy for w in self._waiters) >= self._places

    def join(self, waiter: Waiter) -> None:
        """Stand at the end."""
        self._waiters.append(waiter)

    def leave(self, waiter: Waiter) -> None:
        """Stand in it no longer, whether or not it still did."""
        if waiter in self._waiters:
            self._waiters.remove(waiter)

    def first(self, *, may_be_heavy: bool) -> Waiter | None:
        """Who is next."""
        return next((waiter for waiter in self._waiters if may_be_heavy or not waiter.heavy), None)

    def fail_all(self, error: Callable[[], Exception]) -> None:
        """Send everybody away."""
        while self._waiters:
            self._waiters.popleft().fail(error())
