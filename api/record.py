"""What is known of a request once it is answered: made at the outermost, filled on the way, told at the end."""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.clients import client_of

NO_ROUTE = "(none)"
CLIENT_LEFT = 499
"""Status of a request whose client went away before it had an answer; no answer carries it."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request that is being answered, for everything that is logged meanwhile."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
_SANE_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class Record:
    """One request. ``work_seconds`` is what worker processes spent on it, ``reason`` why it was refused.

    ``method`` and ``route`` are of a closed set, whatever a client sends; ``size`` counts bytes of the body.
    """

    id: str
    method: str
    client: str
    begin: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0
    route: str = NO_ROUTE
    status: int = 0
    size: int = 0
    work_seconds: float = 0.0
    truncated: bool = False
    reason: str = ""


def record_of(request: HTTPConnection) -> Record:
    """The record of a request."""
    record: Record = request.scope["state"]["record"]
    return record


class Recorded:
    """Give each request an id and a record, and tell ``listeners`` of it when it is over.

    An ``X-Request-ID`` of up to 64 letters, digits and ``._-`` is kept, any other replaced; the answer repeats it.
    """

    def __init__(self, app: ASGIApp, listeners: Sequence[Callable[[Record], None]] = ()) -> None:
        self.app = app
        self.listeners = listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        method = state.get("asked_method", scope["method"])
        record = Record(_id_of(scope), method if method in _METHODS else "OTHER", client_of(scope).masked)
        state["record"] = record
        request_id.set(record.id)  # the task of this request ends with it

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", record.id.encode())]
            elif method != "HEAD":
                record.size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            record.status, record.reason = record.status or 500, type(error).__name__
            raise
        finally:
            record.status = record.status or CLIENT_LEFT
            record.route = _route_of(scope)
            record.seconds = time.perf_counter() - record.begin
            for tell in self.listeners:
                tell(record)


def _id_of(scope: Scope) -> str:
    asked = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return asked.decode() if _SANE_ID.fullmatch(asked) else secrets.token_hex(16)


def _route_of(scope: Scope) -> str:
    """The template of the route that answered, or the folder that is served there."""
    path = getattr(scope.get("route"), "path", "") or scope.get("root_path", "")
    return path or NO_ROUTE
