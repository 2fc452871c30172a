"""A client's SPARQL text -> an answer, worked out in processes that are killed at their deadline.

Each process (``kg.query.worker``) holds one read-only snapshot open. Queries that take long have slots of their
own, fewer than there are processes, so that quick ones always find one.
"""

import asyncio
import contextlib
import json
import os
import signal
from pathlib import Path
from typing import IO, NamedTuple

from kg.errors import (
    BadQueryError,
    QueryBusyError,
    QueryError,
    QueryResourceError,
    QueryTimeoutError,
    StoreError,
)
from kg.prefixes import PREFIXES
from kg.process.frames import Verdict
from kg.process.lanes import Lanes
from kg.process.pool import ProcessPool
from kg.process.waiting import wait_for
from kg.process.worker import Work
from kg.query import guard
from kg.query.graphs import SERVICE_CHOICE, GraphSet
from kg.query.guard import Inspected
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
_encode = json.JSONEncoder(ensure_ascii=False).encode
_LONG = 2048  # characters of a query; reading more could hold up an event loop


async def inspect(query: str) -> Inspected:
    """``guard.inspect``, beside the event loop where it could hold that up."""
    return guard.inspect(query) if len(query) <= _LONG else await asyncio.to_thread(guard.inspect, query)


class Answer(NamedTuple):
    """``rows`` counts solutions or triples, None for ASK; ``truncated`` means that there were more.

    What did not fit in memory follows the body in the file ``rest``. ``seconds`` is how long workers were busy.
    """

    body: bytes
    media_type: str
    truncated: bool
    rows: int | None
    seconds: float
    rest: IO[bytes] | None = None


class QueryPool(ProcessPool):
    """``memory`` is what one query may add to an idle worker, in bytes; see ``ProcessPool`` for the rest.

    Of several workers some are kept for quick queries. Raises StoreError if the snapshot cannot be opened.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each limit
        self,
        path: Path,
        *,
        workers: int = 4,
        timeout: float = 10.0,
        memory: int = 1 << 30,
        max_rows: int = 10_000,
        max_bytes: int = 16 << 20,
        queue: int = 64,
    ) -> None:
        self._path = os.fsencode(path.absolute())
        super().__init__(
            _WORK,
            [str(path.absolute()), str(memory), str(max_rows), str(max_bytes), json.dumps(dict(PREFIXES))],
            workers=workers,
            timeout=timeout,
            queue=queue,
            lanes=Lanes(_heavy_slots(workers)) if workers > 1 else None,
        )

    def run(
        self,
        query: str,
        result_format: ResultFormat,
        *,
        graphs: GraphSet = SERVICE_CHOICE,
        timeout: float | None = None,
    ) -> Answer:
        """``answer``, all in memory, for threads without an event loop."""
        return wait_for(self.answer(query, result_format, graphs=graphs, seconds=timeout, in_memory=None))

    async def answer(
        self,
        query: str,
        result_format: ResultFormat,
        *,
        graphs: GraphSet = SERVICE_CHOICE,
        seconds: float | None = None,
        in_memory: int | None = 1 << 20,
    ) -> Answer:
        """Raise one of the four heirs of QueryError, or StoreError if the snapshot is unreadable.

        ``graphs`` overrule FROM and FROM NAMED. Of an answer longer than ``in_memory`` bytes the rest is kept on
        disk. A cancelled query ends at once.
        """
        seen = await inspect(query)
        guard.require_fit(seen.form, result_format)
        text = _encode([query, result_format, seen.own_dataset, *graphs]).encode()
        while True:
            path = self._path
            reply = await self.fetch(path + b"\0" + text, seconds=seconds, in_memory=in_memory)
            if reply.verdict is not Verdict.FAILED or path == self._path:
                break  # a snapshot may be dropped while a query waits for its turn
        if reply.verdict is not Verdict.ANSWER:
            raise _ERRORS[reply.verdict](reply.payload.decode())
        body, truncated, rows = unpack(reply.payload)
        self.stats.truncated += truncated
        return Answer(body, result_format.media_type, truncated, rows, reply.seconds, reply.rest)

    def ping(self, timeout: float = 1.0) -> bool:
        """Whether a worker answers within ``timeout``."""
        with contextlib.suppress(QueryError, StoreError):
            self.run("ASK {}", ResultFormat.JSON, timeout=timeout)
            return True
        return False

    def reopen(self, path: Path) -> None:
        """Use another snapshot for every query from now on; those running finish on the old one.

        The old one may be deleted from disk. Raises StoreError where there is no folder at ``path``.
        """
        if not path.is_dir():
            raise StoreError(f"{path}: no such folder")
        self._arguments = [str(path.absolute()), *self._arguments[1:]]
        self._path = os.fsencode(path.absolute())


def _heavy_slots(workers: int) -> int:
    """Slow queries leave a core, and a worker, to the others."""
    return max(1, min((os.cpu_count() or 1) - 1, workers - 1))
