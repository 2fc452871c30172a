"""What every request and answer passes through: a limit on bodies, and headers that keep browsers strict."""

import asyncio
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_SECONDS = 10.0
BODY_RATE = 64 << 10
"""A body may take ``BODY_SECONDS``, and a second more for each so many bytes that arrived."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

STRICT_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in STRICT_HEADERS.items()]


class SecurityHeaders:
    """Set strict headers on every answer; one that a route has set itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                present = {name for name, _ in headers}
                message["headers"] = headers + [each for each in _RAW_HEADERS if each[0] not in present]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class HeadAsGet:
    """Answer HEAD as GET without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        scope.setdefault("state", {})["asked_method"] = "HEAD"  # for the log
        await self.app({**scope, "method": "GET"}, receive, without_body)


class BodyLimit:
    """Refuse bodies over ``limit`` bytes (413), encoded ones (415) and those that trickle in (408).

    ``others`` are the limits of paths that have their own.

    Bytes are counted as they come, so a chunked body without a length is bounded too. What a refused client goes
    on sending is left to the server, which reads a little of it so that the client sees the refusal.
    """

    def __init__(self, app: ASGIApp, limit: int, others: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.limit = limit
        self.others = others or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.others.get(scope["path"], self.limit)
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        declared_over = not length.isdigit() or int(length) > limit
        encoded = headers.get(b"content-encoding", b"identity") != b"identity"
        loop = asyncio.get_running_loop()
        deadline = loop.time() + BODY_SECONDS
        received, complete = 0, False

        async def counted() -> Message:
            nonlocal received, complete
            if declared_over:
                raise HTTPException(413, f"the body may have {limit:,} bytes")
            if encoded:
                raise HTTPException(415, "send the body without Content-Encoding")
            try:
                async with asyncio.timeout_at(None if complete else deadline + received / BODY_RATE):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "the body took too long") from None
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                complete = not message.get("more_body", False)
                if received > limit:
                    raise HTTPException(413, f"the body may have {limit:,} bytes")
            return message

        await self.app(scope, counted, send)
