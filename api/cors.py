"""Which answers scripts of other sites may read (CORS, Fetch standard): open data, no pages, no credentials."""

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

QUERIED = ("/sparql", "/sparql/")
READ = (
    "/v1/", "/id/", "/data/", "/graph/", "/ns", "/openapi.json", "/sparql/", "/.well-known/void", "/graph-store",
)  # fmt: skip
"""Beginnings of paths whose GETs are open; ``QUERIED`` are also asked by POST."""

EXPOSED = ("X-KG-Truncated", "X-KG-Seconds", "X-Request-ID", "Cache-Status", "Retry-After")


class OpenReads:
    """Let scripts of any site read open data. Tokens do not travel this way: a preflight for Authorization fails."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.read = _opened(app, "GET", "HEAD")
        self.queried = _opened(app, "GET", "HEAD", "POST")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        inner = self._for(scope) if scope["type"] == "http" else self.app

        async def pages_closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    del headers["Access-Control-Allow-Origin"]
                    del headers["Access-Control-Expose-Headers"]
            await send(message)

        await inner(scope, receive, send if inner is self.app else pages_closed)

    def _for(self, scope: Scope) -> ASGIApp:
        path, method = scope["path"], scope["method"]
        if path in QUERIED and method in ("GET", "POST", "OPTIONS"):
            return self.queried
        return self.read if path.startswith(READ) and method in ("GET", "OPTIONS") else self.app


def _opened(app: ASGIApp, *methods: str) -> CORSMiddleware:
    return CORSMiddleware(
        app,
        allow_origins=["*"],
        allow_methods=methods,
        allow_headers=["Accept", "Content-Type"],
        expose_headers=EXPOSED,
    )
