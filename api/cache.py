"""Small answers to queries that were asked before, kept for as long as the graph stays the same."""

from collections import OrderedDict

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.deps import Service

MAX_BYTES = 32 << 20
MAX_EACH = 64 << 10
_PATH = "/sparql"
_WHEN_KEPT = [(b"cache-status", b"paperkg; hit"), (b"x-kg-seconds", b"0.000")]


def may_be_kept(request: Request) -> None:
    """Say that the answer to this request is the same whenever it is asked of the same graph."""
    request.state.may_be_kept = True


class AnswerCache:
    """Answers a GET again that a route marked by ``may_be_kept``; ``Cache-Status`` says so (RFC 9211).

    A write makes a new snapshot, and the first look at that empties the cache: nothing stale is ever given.
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app = app
        self._service = service
        self._kept: OrderedDict[tuple[bytes, ...], tuple[Message, Message]] = OrderedDict()
        self._bytes = 0
        self._pointer: object = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"] != _PATH or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        self._follow()
        key = (scope["query_string"], *[value for name, value in scope["headers"] if name == b"accept"])
        if kept := self._kept.get(key):
            self._kept.move_to_end(key)
            start, body = kept
            await send({**start, "headers": list(start["headers"])})  # those outside of this add their own
            await send(body)
            return
        await self._ask(key, scope, receive, send)

    async def _ask(self, key: tuple[bytes, ...], scope: Scope, receive: Receive, send: Send) -> None:
        asked_of, start = self._pointer, None
        state = scope.setdefault("state", {})

        async def noted(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": list(message["headers"])}
            elif start and state.get("may_be_kept") and not message.get("more_body"):
                if start["status"] == 200 and asked_of == self._pointer:
                    self._keep(key, start, message)
                start = None
            else:
                start = None  # an answer in pieces
            await send(message)

        await self.app(scope, receive, noted)

    def _follow(self) -> None:
        pointer = self._service.workspace.pointer()
        if pointer != self._pointer:
            self._kept.clear()
            self._pointer, self._bytes = pointer, 0

    def _keep(self, key: tuple[bytes, ...], start: Message, body: Message) -> None:
        size = _size(key, body)
        if size > MAX_EACH or key in self._kept:
            return
        names = {name for name, _ in _WHEN_KEPT}
        headers = [header for header in start["headers"] if header[0] not in names]
        self._kept[key] = {**start, "headers": headers + _WHEN_KEPT}, body
        self._bytes += size
        while self._bytes > MAX_BYTES:
            oldest, (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= _size(oldest, dropped)


def _size(key: tuple[bytes, ...], body: Message) -> int:
    return sum(map(len, key)) + len(body.get("body", b""))
