"""A client's SPARQL text -> an answer, worked out in processes that are killed at their deadline.

Each process (``kg.query.worker``) holds one read-only snapshot open.
"""

import contextlib
import json
import signal
import time
from pathlib import Path
from typing import NamedTuple

from kg.errors import (
    BadQueryError,
    QueryBusyError,
    QueryError,
    QueryResourceError,
    QueryTimeoutError,
    StoreError,
)
from kg.process.frames import Verdict
from kg.process.pool import ProcessPool
from kg.process.worker import Work
from kg.query import guard
from kg.query.graphs import SERVICE_CHOICE, GraphSet
from kg.query.results import OUT_OF_MEMORY, ResultFormat, unpack

_ERRORS = {Verdict.REFUSED: BadQueryError, Verdict.NO_MEMORY: QueryResourceError, Verdict.FAILED: StoreError}
_WORK = Work(
    module="kg.query.worker",
    noun="query",
    unusable=StoreError,
    timeout=QueryTimeoutError,
    resource=QueryResourceError,
    busy=QueryBusyError,
    deaths={-signal.SIGABRT: OUT_OF_MEMORY, -signal.SIGSEGV: "the query is too deeply nested"},
    quiet=True,  # an engine that panics says so at length
)


class Answer(NamedTuple):
    """``rows`` counts solutions or triples, None for ASK; ``truncated`` means that there were more."""

    body: bytes
    media_type: str
    truncated: bool
    rows: int | None
    seconds: float


class QueryPool(ProcessPool):
    """``memory`` is what one query may add to an idle worker, in bytes; see ``ProcessPool`` for the rest.

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
        self._limits = [str(memory), str(max_rows), str(max_bytes)]
        super().__init__(_WORK, self._arguments_for(path), workers=workers, timeout=timeout, queue=queue)

    def run(
        self,
        query: str,
        result_format: ResultFormat,
        *,
        graphs: GraphSet = SERVICE_CHOICE,
        timeout: float | None = None,
    ) -> Answer:
        """Raise one of the four heirs of QueryError, or StoreError if the snapshot is unreadable.

        ``graphs`` overrule FROM and FROM NAMED.
        """
        seen = guard.inspect(query)
        guard.require_fit(seen.form, result_format)
        request = json.dumps([query, result_format, seen.own_dataset, *graphs], ensure_ascii=False).encode()
        begin = time.perf_counter()
        verdict, payload = self.ask(request, timeout=timeout)
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
        self.restart(self._arguments_for(path))

    def _arguments_for(self, path: Path) -> list[str]:
        return [str(path.absolute()), *self._limits]
