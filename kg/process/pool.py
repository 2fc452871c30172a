"""Requests to answers, worked out in processes that are killed at their deadline.

Synchronous and safe to share between threads. A request that overruns its time or memory costs its process
(see ``kg.process.child``), which is replaced behind the scenes. Make a pool after any fork of the server.
"""

import atexit
import contextlib
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from kg.errors import KgError
from kg.process.frames import Verdict
from kg.process.worker import Work, Worker

_CLOSE_TIMEOUT = 5.0


class ProcessPool:
    """Close it, or use it in ``with``. ``arguments`` go to each process; the first says what it works on.

    ``timeout`` limits first the wait for a free process, then the request, in seconds; ``queue`` is how many
    may wait. A ``lazy`` pool starts its processes with the first request, others before they are made.
    """

    def __init__(
        self,
        work: Work,
        arguments: Sequence[str],
        *,
        workers: int = 1,
        timeout: float = 10.0,
        queue: int = 16,
        lazy: bool = False,
    ) -> None:
        self._work, self._arguments, self._generation = work, arguments, 0
        self._size, self._timeout, self._queue = workers, timeout, queue
        self._changed = threading.Condition()  # guards everything below
        self._workers: set[Worker] = set()  # idle or busy, of any generation
        self._idle: deque[Worker] = deque()  # of this generation
        self._young: set[Worker] = set()  # started, and not ready yet
        self._starting = self._waiting = 0
        self._closed = False
        self._trouble = ""
        self._restarting = threading.Lock()
        # Workers die with the thread that starts them (PR_SET_PDEATHSIG), so one lasting thread does it.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix=f"kg-{work.noun}-starter")
        atexit.register(self.close)
        if not lazy:
            try:
                self.restart(arguments)
            except BaseException:
                self.close()
                raise

    def ask(self, request: bytes, *, timeout: float | None = None) -> tuple[Verdict, bytes]:
        """What a process answers; raises the errors of ``Work``."""
        limit = self._timeout if timeout is None else timeout
        worker = self._take(limit)
        try:
            verdict, payload = worker.ask(request, limit)
        except BaseException as error:
            self._give_back(worker, spoilt=True)
            if self._closed and isinstance(error, KgError):  # it did not fail, it was ended
                raise self._closed_error() from None
            raise
        self._give_back(worker, spoilt=verdict is Verdict.NO_MEMORY)
        return verdict, payload

    def restart(self, arguments: Sequence[str]) -> None:
        """Answer every request from now on by new processes; those running finish on the old ones.

        Returns when the new ones are up. If it raises ``Work.unusable``, the old ones stay in use.
        """
        if self._closed:
            raise self._closed_error()
        with self._restarting:
            fresh = self._starter.submit(self._start, arguments, self._generation + 1, self._size).result()
            with self._changed:
                retired = fresh if self._closed else list(self._idle)
                if not self._closed:
                    self._arguments, self._generation = arguments, self._generation + 1
                    self._workers.difference_update(retired)
                    self._workers.update(fresh)
                    self._idle = deque(fresh)
                    self._changed.notify_all()
        for worker in retired:
            worker.discard()

    def close(self) -> None:
        """Kill every process; requests still running or waiting fail. Closing twice is harmless."""
        atexit.unregister(self.close)
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, deque()
            self._workers.difference_update(idle)
            for worker in self._workers | self._young:
                worker.stop()
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._workers, _CLOSE_TIMEOUT)
        for worker in idle:
            worker.discard()
        self._starter.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _closed_error(self) -> KgError:
        return self._work.busy(f"the {self._work.noun} pool is closed")

    def _take(self, timeout: float) -> Worker:
        deadline = time.monotonic() + timeout
        with self._changed:
            if not self._idle and self._waiting >= self._queue:
                raise self._work.busy(f"{self._waiting} requests are waiting already; try again later")
            self._waiting += 1
            try:
                while not (worker := self._next_idle(deadline)).usable():
                    worker.discard()
                    self._workers.discard(worker)
            except TimeoutError:
                raise self._work.busy(self._late(timeout)) from None
            finally:
                self._waiting -= 1
        return worker

    def _late(self, timeout: float) -> str:
        if not self._workers:
            return f"the {self._work.noun} worker is still starting after {timeout:g} s; try again later"
        return f"no worker became free within {timeout:g} s; try again later"

    def _next_idle(self, deadline: float) -> Worker:
        self._replenish()
        if not self._changed.wait_for(self._settled, deadline - time.monotonic()):
            raise TimeoutError
        if self._closed:
            raise self._closed_error()
        if not self._idle:
            raise self._work.unusable(self._trouble)
        return self._idle.popleft()

    def _settled(self) -> bool:
        hopeless = bool(self._trouble) and not self._starting and not self._workers
        return bool(self._idle) or self._closed or hopeless

    def _give_back(self, worker: Worker, *, spoilt: bool) -> None:
        if spoilt:
            worker.discard()
        with self._changed:
            if worker.usable() and worker.generation == self._generation and not self._closed:
                self._idle.append(worker)
            else:
                worker.discard()
                self._workers.discard(worker)
                self._replenish()
            self._changed.notify_all()

    def _replenish(self) -> None:
        current = sum(worker.generation == self._generation for worker in self._workers)
        for _ in range(0 if self._closed else self._size - current - self._starting):
            with contextlib.suppress(RuntimeError):  # the interpreter is on its way out
                self._starter.submit(self._replace, self._arguments, self._generation)
                self._starting += 1
                self._trouble = ""

    def _replace(self, arguments: Sequence[str], generation: int) -> None:
        fresh, trouble = [], ""
        try:
            fresh = self._start(arguments, generation, 1)
        except KgError as error:
            trouble = str(error)
        with self._changed:
            self._starting -= 1
            self._trouble = trouble
            if not self._closed and generation == self._generation:
                self._workers.update(fresh)
                self._idle.extend(fresh)
                fresh = []
            self._changed.notify_all()
        for worker in fresh:
            worker.discard()

    def _start(self, arguments: Sequence[str], generation: int, count: int) -> list[Worker]:
        started: list[Worker] = []
        try:
            started.extend(self._begin(arguments, generation) for _ in range(count))
            for worker in started:
                worker.wait_ready()
        except (OSError, KgError) as error:
            for worker in started:
                worker.discard()
            reason = f"{arguments[0]}: no {self._work.noun} worker could be started: {error}"
            raise self._work.unusable(reason) from error
        finally:
            with self._changed:
                self._young.difference_update(started)
        return started

    def _begin(self, arguments: Sequence[str], generation: int) -> Worker:
        """Known from its first moment, so that closing the pool ends it in the midst of its start."""
        with self._changed:
            if self._closed:
                raise self._closed_error()
            worker = Worker(self._work, arguments, generation)
            self._young.add(worker)
            return worker
