"""A client's SPARQL text -> an answer, worked out in processes that are killed at their deadline.

Synchronous and safe to share between threads. Each worker process (``kg.query.worker``, whose docstring
says what confines it on which system) holds one read-only snapshot open; a query that overruns its time
or memory costs its worker, which is replaced behind the scenes. Make the pool after any fork of the server.
"""

import atexit
import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple, Self, cast

from kg import errors
from kg.errors import BadQueryError, QueryBusyError, QueryError, QueryResourceError, StoreError
from kg.query import guard
from kg.query.results import FRAME, OUT_OF_MEMORY, ResultFormat, Verdict, unpack

_START_TIMEOUT, _CLOSE_TIMEOUT = 30.0, 5.0
_ROOT = Path(__file__).resolve().parents[2]
_ERRORS = {Verdict.BAD_QUERY: BadQueryError, Verdict.NO_MEMORY: QueryResourceError, Verdict.FAILED: StoreError}
_DEATHS = {-signal.SIGABRT: OUT_OF_MEMORY, -signal.SIGSEGV: "the query is too deeply nested"}


class Answer(NamedTuple):
    """``rows`` counts solutions or triples, None for ASK; ``truncated`` means that there were more."""

    body: bytes
    media_type: str
    truncated: bool
    rows: int | None
    seconds: float


class _Worker:
    """One process. Everything but ``stop`` belongs to the thread that took it out of the pool."""

    def __init__(self, path: Path, limits: list[str], generation: int) -> None:
        self.generation = generation
        self._lock = threading.Lock()
        self._asking = self._overran = False
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "kg.query.worker", str(path.absolute()), *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)

    def usable(self) -> bool:
        return not self._overran and self._process.poll() is None

    def wait_ready(self) -> None:
        verdict, payload = self.ask(b"", _START_TIMEOUT)
        if verdict is not Verdict.READY:
            raise StoreError(payload.decode())

    def ask(self, frame: bytes, timeout: float) -> tuple[Verdict, bytes]:
        timer = threading.Timer(timeout, self._expire)
        timer.daemon = True
        self._asking = True
        timer.start()
        try:
            self._requests.write(frame)
            self._requests.flush()
            verdict, size = FRAME.unpack(self._read(FRAME.size))
            return Verdict(verdict), self._read(size)
        except (OSError, EOFError):
            raise self._failure(timeout) from None
        finally:
            timer.cancel()
            with self._lock:
                self._asking = False

    def stop(self) -> None:
        """Kill the process; whoever waits for its answer sees it end."""
        self._process.kill()

    def discard(self) -> None:
        self.stop()
        self._process.wait()
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):  # what was not sent yet has nowhere to go
                pipe.close()

    def _read(self, size: int) -> bytes:
        data = self._answers.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def _expire(self) -> None:
        with self._lock:
            if self._asking:
                self._overran = True
                self.stop()

    def _failure(self, timeout: float) -> QueryError:
        with self._lock:
            if self._overran:
                return errors.QueryTimeoutError(f"the query took longer than {timeout:g} s and was stopped")
        code = self._process.wait()
        return QueryResourceError(_DEATHS.get(code, f"the process of the query ended with status {code}"))


class QueryPool:
    """Close it, or use it in ``with``. ``memory`` is what one query may add to an idle worker, in bytes.

    ``timeout`` limits first the wait for a free worker, then the query; ``queue`` is how many may wait.
    Raises StoreError if the snapshot cannot be opened.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each limit
        self,
        path: Path,
        *,
        workers: int = 2,
        timeout: float = 10.0,
        memory: int = 1 << 30,
        max_rows: int = 10_000,
        max_bytes: int = 16 << 20,
        queue: int = 16,
    ) -> None:
        self._path, self._generation = path, 0
        self._size, self._timeout, self._queue = workers, timeout, queue
        self._limits = [str(memory), str(max_rows), str(max_bytes)]
        self._changed = threading.Condition()  # guards everything below
        self._workers: set[_Worker] = set()  # idle or busy, of any generation
        self._idle: deque[_Worker] = deque()  # of this generation
        self._starting = self._waiting = 0
        self._closed = False
        self._trouble = ""
        self._reopening = threading.Lock()
        # Workers die with the thread that starts them (PR_SET_PDEATHSIG), so one lasting thread does it.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="kg-query-starter")
        atexit.register(self.close)
        try:
            self.reopen(path)
        except BaseException:
            self.close()
            raise

    def run(self, query: str, result_format: ResultFormat, *, timeout: float | None = None) -> Answer:
        """Raise one of the four heirs of QueryError, or StoreError if the snapshot is unreadable."""
        seen = guard.inspect(query)
        guard.require_fit(seen.form, result_format)
        request = json.dumps([query, result_format, seen.own_dataset], ensure_ascii=False).encode()
        limit = self._timeout if timeout is None else timeout
        worker = self._take(limit)
        begin = time.perf_counter()
        try:
            verdict, payload = worker.ask(len(request).to_bytes(4, "big") + request, limit)
        except BaseException:
            self._give_back(worker, spoilt=True)
            raise
        self._give_back(worker, spoilt=verdict is Verdict.NO_MEMORY)
        if verdict is not Verdict.ANSWER:
            raise _ERRORS[verdict](payload.decode())
        body, truncated, rows = unpack(payload)
        return Answer(body, result_format.media_type, truncated, rows, time.perf_counter() - begin)

    def ping(self, timeout: float = 1.0) -> bool:
        """Whether a worker is free within ``timeout`` and then answers within it."""
        with contextlib.suppress(QueryError, StoreError):
            self.run("ASK {}", ResultFormat.JSON, timeout=timeout)
            return True
        return False

    def reopen(self, path: Path) -> None:
        """Use another snapshot for every query from now on; those running finish on the old one.

        Returns when the new workers are up. If it raises StoreError, the old snapshot stays in use.
        The old one may be deleted from disk once the queries that run on it have ended.
        """
        if self._closed:
            raise QueryBusyError("the query pool is closed")
        with self._reopening:
            fresh = self._starter.submit(self._start, path, self._generation + 1, self._size).result()
            with self._changed:
                retired = fresh if self._closed else list(self._idle)
                if not self._closed:
                    self._path, self._generation = path, self._generation + 1
                    self._workers.difference_update(retired)
                    self._workers.update(fresh)
                    self._idle = deque(fresh)
                    self._changed.notify_all()
        for worker in retired:
            worker.discard()

    def close(self) -> None:
        """Kill every worker; queries still running or waiting fail. Closing twice is harmless."""
        atexit.unregister(self.close)
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, deque()
            self._workers.difference_update(idle)
            for worker in self._workers:
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

    def _take(self, timeout: float) -> _Worker:
        deadline = time.monotonic() + timeout
        with self._changed:
            if not self._idle and self._waiting >= self._queue:
                raise QueryBusyError(f"{self._waiting} queries are waiting already; try again later")
            self._waiting += 1
            try:
                while not (worker := self._next_idle(deadline)).usable():
                    worker.discard()
                    self._workers.discard(worker)
            except TimeoutError:
                raise QueryBusyError(f"no worker became free within {timeout:g} s; try again later") from None
            finally:
                self._waiting -= 1
        return worker

    def _next_idle(self, deadline: float) -> _Worker:
        self._replenish()
        if not self._changed.wait_for(self._settled, deadline - time.monotonic()):
            raise TimeoutError
        if self._closed:
            raise QueryBusyError("the query pool is closed")
        if not self._idle:
            raise StoreError(self._trouble)
        return self._idle.popleft()

    def _settled(self) -> bool:
        hopeless = bool(self._trouble) and not self._starting and not self._workers
        return bool(self._idle) or self._closed or hopeless

    def _give_back(self, worker: _Worker, *, spoilt: bool) -> None:
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
                self._starter.submit(self._restart, self._path, self._generation)
                self._starting += 1
                self._trouble = ""

    def _restart(self, path: Path, generation: int) -> None:
        fresh, trouble = [], ""
        try:
            fresh = self._start(path, generation, 1)
        except StoreError as error:
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

    def _start(self, path: Path, generation: int, count: int) -> list[_Worker]:
        started: list[_Worker] = []
        try:
            started.extend(_Worker(path, self._limits, generation) for _ in range(count))
            for worker in started:
                worker.wait_ready()
        except (OSError, StoreError, QueryError) as error:
            for worker in started:
                worker.discard()
            raise StoreError(f"{path}: no query worker could be started: {error}") from error
        return started
