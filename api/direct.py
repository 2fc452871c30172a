"""Routes that are documented like all others, but handed the bare request: for where each microsecond counts."""

from collections.abc import Callable
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import request_response
from starlette.types import Receive, Scope, Send


class DirectRoute(APIRoute):
    """Its endpoint takes a ``Request`` and nothing else; parameters are documented by ``openapi_extra``.

    Resolving and validating declared parameters costs more than a small query.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - as APIRoute
        super().__init__(path, endpoint, **options)
        self._direct = request_response(endpoint)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["method"] in (self.methods or ()):
            await self._direct(scope, receive, send)
        else:
            await super().handle(scope, receive, send)
