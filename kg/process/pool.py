"""Requests to answers, worked out in processes that are killed at their deadline.

Asked from event loops (``fetch``) or plain threads (``ask``), of which there may be many at once. A request that
overruns its time or memory, or that nobody waits for any more, costs its process (see ``kg.process.child``),
which is replaced behind the scenes. Make a pool after any fork of the server.
"""

import asyncio
import atexit
import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self, cast

from kg.errors import KgError
from kg.process.frames import Verdict
from kg.process.lanes import Alarm, Lanes
from kg.process.line import Line, Waiter
from kg.process.stats import Stats
from kg.process.waiting import wait_for
from kg.process.worker import Reply, Work, Worker

_CLOSE_TIMEOUT = 5.0


class ProcessPool:
    """Close it, or use it in ``with``. ``arguments`` go to each process; the first says what it works on.

    ``timeout`` limits first the wait for a free process, then the request, in seconds; ``queue`` is how many
    may wait in each lane. With ``lanes`` a request has that time in all, and may wait for half of it. A ``lazy``
    pool starts its processes with the first request, others before they are made.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each limit
        self,
        work: Work,
        arguments: Sequence[str],
        *,
        workers: int = 1,
        timeout: float = 10.0,
        queue: int = 16,
        lanes: Lanes | None = None,
        lazy: bool = False,
    ) -> None:
        self._work, self._arguments = work, arguments
        self._size, self._timeout, self._lanes = workers, timeout, lanes
        self.stats = Stats()
        self._changed = threading.Condition()  # guards everything below
        self._workers: set[Worker] = set()  # idle or busy
        self._idle: deque[Worker] = deque()
        self._young: set[Worker] = set()  # started, and not ready yet
        self._line = Line(queue)
        self._starting = 0
        self._closed = False
        # Workers die with the thread that starts them (PR_SET_PDEATHSIG), so lasting threads do it.
        threads = min(workers, os.cpu_count() or 1)
        self._starter = ThreadPoolExecutor(threads, thread_name_prefix=f"kg-{work.noun}-starter")
        atexit.register(self.close)
        if not lazy:
            try:
                self._workers.update(first := [self._starter.submit(self._start).result()])
            except BaseException:
                self.close()
                raise
            with self._changed:
                self._idle.extend(first)
                self._replenish()

    @property
    def busy(self) -> int:
        """How many processes work now."""
        return len(self._workers) - len(self._idle)

    @property
    def waiting(self) -> int:
        """How many requests wait for a process."""
        return len(self._line)

    def ask(self, request: bytes, *, timeout: float | None = None) -> tuple[Verdict, bytes]:
        """What a process answers; for threads without an event loop. Raises the errors of ``Work``."""
        reply = wait_for(self.fetch(request, seconds=timeout))
        return reply.verdict, reply.payload

    async def fetch(self, request: bytes, *, seconds: float | None = None, in_memory: int | None = None) -> Reply:
        """What a process answers within ``seconds``; cancelled, it ends the process. Raises the errors of ``Work``.

        Of an answer longer than ``in_memory`` bytes the rest is kept on disk.
        """
        limit = self._timeout if seconds is None else seconds
        begin = time.monotonic()
        heavy = self._lanes is not None and self._lanes.was_heavy(request)
        busy = 0.0
        while True:
            worker = await self._take(begin, limit, heavy=heavy)
            taken = time.monotonic()
            try:
                reply = await self._run(worker, request, limit, taken - begin if self._lanes else 0.0, in_memory)
                return reply._replace(seconds=busy + time.monotonic() - taken)
            except KgError:
                if worker.stopped_for == "closed":  # it did not fail, it was ended
                    raise self._closed_error() from None
                if worker.stopped_for != "heavy":
                    raise
                heavy = True
            finally:
                busy += time.monotonic() - taken
                self._note(request, worker, time.monotonic() - taken)

    def close(self) -> None:
        """Kill every process; requests still running or waiting fail. Closing twice is harmless."""
        atexit.unregister(self.close)
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, deque()
            self._workers.difference_update(idle)
            for worker in self._workers | self._young:
                worker.stop("closed")
            self._line.fail_all(self._closed_error)
            if asyncio._get_running_loop() is None:  # noqa: SLF001 - there, those who hold them could not go on
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

    async def _take(self, begin: float, limit: float, *, heavy: bool) -> Worker:
        with self._changed:
            if self._closed:
                raise self._closed_error()
            self._replenish()
            if (not heavy or self._may_be_heavy()) and (worker := self._pop_idle()):
                return self._given(worker, heavy=heavy)
            if self._line.full(heavy=heavy):
                self.stats.refused += 1
                raise self._work.busy(f"{len(self._line)} requests are waiting already; try again later")
            self._line.join(waiter := Waiter(heavy=heavy))
        patience = limit / 2 if self._lanes else limit
        try:
            await waiter.wait(max(0.0, begin + patience - time.monotonic()))
        except TimeoutError:
            if not self._leave(waiter):
                self.stats.refused += 1
                raise self._work.busy(self._late(patience)) from None
        except BaseException:
            if worker := self._leave(waiter):
                self._give_back(worker)
            raise
        return cast("Worker", waiter.worker)

    def _leave(self, waiter: Waiter) -> Worker | None:
        """End the wait; the worker that came at the last moment."""
        with self._changed:
            self._line.leave(waiter)
            return waiter.worker

    def _late(self, seconds: float) -> str:
        if not self._workers:
            return f"the {self._work.noun} worker is still starting after {seconds:g} s; try again later"
        return f"no worker became free within {seconds:g} s; try again later"

    async def _run(self, worker: Worker, request: bytes, limit: float, elapsed: float, in_memory: int | None) -> Reply:
        watch = self._watch(worker, request, self._lanes) if self._lanes else None
        try:
            reply = await worker.ask(request, limit, elapsed=elapsed, in_memory=in_memory)
        except BaseException as error:
            worker.stop("died" if isinstance(error, KgError) else "abandoned")
            raise
        else:
            if reply.verdict is Verdict.NO_MEMORY:
                worker.stop("died")
            return reply
        finally:
            if watch:
                watch.cancel()
            self._give_back(worker)

    def _watch(self, worker: Worker, request: bytes, lanes: Lanes) -> Alarm:
        def overran() -> None:
            with self._changed:
                lanes.overran(worker, request)

        return Alarm(lanes.cheap_seconds, lambda: lanes.cheap_seconds - worker.used(), overran)

    def _note(self, request: bytes, worker: Worker, seconds: float) -> None:
        with self._changed:
            self.stats.seconds += seconds
            if worker.stopped_for:
                self.stats.stopped[worker.stopped_for] += 1
            else:
                self.stats.answered += 1
                if self._lanes and not worker.gave_way:
                    self._lanes.forget(request)

    def _may_be_heavy(self) -> bool:
        return self._lanes is None or self._lanes.free()

    def _given(self, worker: Worker, *, heavy: bool) -> Worker:
        if heavy and self._lanes:
            self._lanes.enter(worker)
        return worker

    def _give_back(self, worker: Worker) -> None:
        with self._changed:
            if self._lanes:
                self._lanes.leave(worker)
            if worker.good and not self._closed:
                self._idle.append(worker)
            else:
                self._drop(worker)
            self._dispatch()
            self._changed.notify_all()

    def _pop_idle(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.usable():
                return worker
            self._drop(worker)
        return None

    def _dispatch(self) -> None:
        while waiter := self._line.first(may_be_heavy=self._may_be_heavy()):
            worker = self._pop_idle()
            if not worker:
                return
            self._line.leave(waiter)
            waiter.give(self._given(worker, heavy=waiter.heavy))

    def _drop(self, worker: Worker) -> None:
        """Kill now; what takes time is done elsewhere, after a new one has been started."""
        worker.kill()
        self._workers.discard(worker)
        self._replenish()
        try:
            self._starter.submit(worker.discard)
        except RuntimeError:  # closed, or the interpreter is on its way out
            worker.discard()

    def _replenish(self) -> None:
        for _ in range(0 if self._closed else self._size - len(self._workers) - self._starting):
            with contextlib.suppress(RuntimeError):  # the interpreter is on its way out
                self._starter.submit(self._replace)
                self._starting += 1

    def _replace(self) -> None:
        fresh, trouble = None, ""
        try:
            fresh = self._start()
        except KgError as error:
            trouble = str(error)
        with self._changed:
            self._starting -= 1
            if fresh and not self._closed:
                self._workers.add(fresh)
                self._idle.append(fresh)
                fresh = None
                self._dispatch()
            elif not self._starting and not self._workers:
                self._line.fail_all(lambda: self._work.unusable(trouble))
            self._changed.notify_all()
        if fresh:
            fresh.discard()

    def _start(self) -> Worker:
        """Known from its first moment, so that closing the pool ends it in the midst of its start."""
        try:
            worker = Worker(self._work, self._arguments)
        except OSError as error:
            raise self._unusable(error) from error
        with self._changed:
            self._young.add(worker)
            if self._closed:
                worker.stop("closed")
        try:
            asyncio.run(worker.wait_ready())
        except KgError as error:
            worker.discard()
            raise self._unusable(error) from error
        finally:
            with self._changed:
                self._young.discard(worker)
        return worker

    def _unusable(self, error: Exception) -> KgError:
        return self._work.unusable(f"{self._arguments[0]}: no {self._work.noun} worker could be started: {error}")
