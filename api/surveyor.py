"""What a snapshot holds, worked out once for each by long queries, beside those of clients and at no one's expense."""

import io
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Generic, TypeVar

from rdflib.query import Result

from kg.errors import QueryBusyError, StoreError
from kg.protocols import Row
from kg.query.pool import QueryPool
from kg.query.results import ResultFormat
from kg.workspace import Reader

T = TypeVar("T")

ROWS = 10_000


class Surveyor(Generic[T]):
    """Finds one thing out about each snapshot that it is asked of, in a process that ends afterwards.

    While a new snapshot is surveyed, what was found of the one before is the answer: it is never old by more than
    one survey. ``timeout`` is for each query, in seconds; ``wait`` is how long a request waits for a first answer.
    """

    def __init__(self, *, timeout: float, wait: float = 3.0) -> None:
        self._timeout, self._wait = timeout, wait
        self._lock = threading.Lock()
        self._pool: QueryPool | None = None
        self._running: Future[T] | None = None
        self._last: T | None = None
        self._snapshot = ""
        self._closed = False

    def found(self, reader: Reader) -> T | None:
        """What was found of this snapshot, or of one before while it is surveyed; None where ``get`` must be asked."""
        return self._last if self._snapshot == reader.path.name else None

    @property
    def at_work(self) -> bool:
        """Whether a survey runs."""
        return self._running is not None and not self._running.done()

    def get(
        self, reader: Reader, work: Callable[[Callable[[str], Sequence[Row]]], T], *, wait: float | None = None
    ) -> T:
        """What ``work`` finds with the function that asks; raises QueryBusyError while there is nothing yet.

        What it raises stands for its snapshot, and is raised at every request. ``wait`` is less time than usual.
        """
        with self._lock:
            if self._closed:
                raise StoreError("the service is stopping")
            if self._running is None or (self._running.done() and self._snapshot != reader.path.name):
                self._snapshot, self._running = reader.path.name, Future()
                survey = (reader.graph_path, work, self._running)
                threading.Thread(target=self._survey, args=survey, name="kg-surveyor", daemon=True).start()
            running = self._running
        try:
            return running.result(0 if self._last is not None else self._wait if wait is None else wait)
        except TimeoutError:
            if self._last is None:
                raise QueryBusyError("the graph is still being counted; try again in a moment") from None
            return self._last

    def close(self) -> None:
        """End the survey that runs; whoever waits for it hears of it at once."""
        with self._lock:
            self._closed = True
            pool = self._pool
        if pool:
            pool.close()

    def _survey(self, path: Path, work: Callable[[Callable[[str], Sequence[Row]]], T], found: "Future[T]") -> None:
        try:
            with QueryPool(path, workers=1, timeout=self._timeout, max_rows=ROWS) as pool:
                self._keep(pool)
                self._last = work(lambda query: _rows(pool.run(query, ResultFormat.JSON).body))
            found.set_result(self._last)
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            found.set_exception(error)

    def _keep(self, pool: QueryPool) -> None:
        with self._lock:
            self._pool = pool
            if self._closed:
                raise StoreError("the service is stopping")


def _rows(body: bytes) -> Sequence[Row]:
    result = Result.parse(io.BytesIO(body), format="json")
    return [{str(name): term for name, term in row.items()} for row in result.bindings]
