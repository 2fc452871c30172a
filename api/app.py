"""The application: lifespan, middleware, routers, error table; and the server that runs it."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from types import FrameType

import fastapi_offline
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api import errors
from api.auth import require_safe_address
from api.deps import Service
from api.middleware import BodyLimit, HeadAsGet, SecurityHeaders
from api.routes import docs, entities, extract, graph_store, network, overview, pages, papers, sparql
from api.templating import STATIC
from kg.settings import Settings
from kg.workspace import Workspace

_DESCRIPTION = """A knowledge graph of research papers in which every edge carries its evidence.

Errors are `application/problem+json` (RFC 9457). Lists are paged by `next` and `cursor`. Reading is
open; writing needs a token (`Authorization: Bearer kg_...`), which `kg token create` makes on the server.
"""


def create_app(settings: Settings) -> FastAPI:
    """The service over one data folder. Opens nothing before the first request."""
    service = Service(settings, Workspace(settings.data, settings.base))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            service.close()

    app = FastAPI(
        title="paperkg",
        version=version("paper-kg"),
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    errors.install(app)
    app.add_middleware(BodyLimit, limit=settings.body_limit)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.hosts)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(HeadAsGet)
    for module in (papers, entities, overview, network, sparql, graph_store, extract, docs, pages):
        app.include_router(module.router)
    swagger = Path(fastapi_offline.__file__).parent / "static"
    app.mount("/static/swagger", StaticFiles(directory=swagger), name="swagger")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


class _Server(uvicorn.Server):
    """Ends running queries as soon as it is asked to stop, so that their clients hear of it at once."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not in the signal handler itself: it may have interrupted the holder of a lock.
        threading.Thread(target=self._service.close).start()
        super().handle_exit(sig, frame)


def serve(settings: Settings) -> None:
    """Answer requests until SIGINT or SIGTERM; raises StoreError for an address that is not safe as things stand."""
    require_safe_address(settings)
    app = create_app(settings)
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, server_header=False, timeout_graceful_shutdown=5
    )
    _Server(config, app.state.service).run()
