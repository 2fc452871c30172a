"""A query -> the HTTP answer that holds its results.

Every answer has a length and says in its header whether it was cut, because a worker gives it away only when it
is whole: what arrives short of its length is no answer. It is taken from the worker at once, so that a client
that reads slowly holds none; what is long waits on disk and goes out piece by piece.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import IO

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from api.cache import may_be_kept
from api.deps import Service
from api.metering import metered
from api.protocol import Asked
from kg.query.pool import Answer
from kg.query.results import ResultFormat

WATCH_AFTER = 0.05
"""Seconds after which it pays to see whether the client still waits."""
DELIVERY_SECONDS = 120.0
"""How long a client may take to read a long answer."""
_PIECE = 1 << 16
# What calls one of these may have another answer next time.
_CHANGING = re.compile("NOW|RAND|UUID|BNODE", re.IGNORECASE)


async def ask(request: Request, service: Service, asked: Asked, result_format: ResultFormat) -> Answer:
    """Run the query at the cost of the client; raises what ``QueryPool.answer`` raises, and BudgetError.

    A client that goes away ends it: GoneError.
    """
    pool = await service.pool_now()
    async with _while_connected(request):
        with metered(request, service, "query") as meter:
            found = await pool.answer(asked.query, result_format, graphs=asked.graphs)
            meter.seconds, meter.truncated = found.seconds, found.truncated
    return found


async def answer(
    request: Request, service: Service, asked: Asked, result_format: ResultFormat, media_type: str
) -> Response:
    """What ``ask`` finds, sent as ``media_type``."""
    try:
        found = await ask(request, service, asked, result_format)
    except GoneError:
        return gone()
    headers = {
        "X-KG-Truncated": "true" if found.truncated else "false",
        "X-KG-Seconds": f"{found.seconds:.3f}",
        "Vary": "Accept",
    }
    if not _CHANGING.search(asked.query):
        may_be_kept(request)
    if found.rest:
        return _LongResponse(found, found.rest, media_type, headers)
    return Response(found.body, media_type=media_type, headers=headers)


def gone() -> Response:
    """What is sent to a client that has left: nobody reads it, but a log may count it."""
    return Response(status_code=499)


class GoneError(Exception):
    """The client closed its connection."""


@contextlib.asynccontextmanager
async def _while_connected(request: Request) -> AsyncIterator[None]:
    """Cancel what is within when the client goes away, and raise GoneError."""
    loop = asyncio.get_running_loop()
    watching: asyncio.Task[None] | None = None

    def begin() -> None:
        nonlocal watching
        watching = loop.create_task(watch())

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        until_gone.reschedule(loop.time())

    timer = loop.call_later(WATCH_AFTER, begin)
    try:
        async with asyncio.timeout(None) as until_gone:
            yield
    except TimeoutError:
        raise GoneError from None
    finally:
        timer.cancel()
        if watching:
            watching.cancel()


class _LongResponse(Response):
    """An answer that is partly on disk."""

    def __init__(self, found: Answer, rest: IO[bytes], media_type: str, headers: dict[str, str]) -> None:
        self._rest = rest
        size = rest.seek(0, 2) + len(found.body)
        rest.seek(0)
        super().__init__(found.body, media_type=media_type, headers=headers | {"Content-Length": str(size)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - one interface
        """ASGI. Returning early makes the server close the connection, short of the length it announced."""
        with self._rest, contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DELIVERY_SECONDS):
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                piece = self.body
                while piece:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                    piece = self._rest.read(_PIECE)
                await send({"type": "http.response.body", "body": b""})
