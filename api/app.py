"""The application: lifespan, middleware, routers, error table."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.middleware.trustedhost import TrustedHostMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api import errors, logs
from api.assets import STATIC, Assets
from api.cache import AnswerCache
from api.cors import OpenReads
from api.deps import Service
from api.middleware import BodyLimit, HeadAsGet, SecurityHeaders
from api.record import Recorded
from api.routes import (
    atlas,
    compare,
    docs,
    entities,
    examples,
    extract,
    gaps,
    graph_store,
    ids,
    jobs,
    link,
    metrics,
    network,
    ontology,
    overview,
    pages,
    papers,
    paths,
    search,
    sparql,
    trends,
    void,
)
from api.routes.jobs import LARGE
from kg.errors import KgError
from kg.settings import Settings
from kg.workspace import Workspace

log = logging.getLogger(__name__)

_DESCRIPTION = """A knowledge graph of research papers in which every edge carries its evidence.

Errors are `application/problem+json` (RFC 9457). Lists are paged by `next` and `cursor`. Reading is
open; writing needs a token (`Authorization: Bearer kg_...`), which `kg token create` makes on the server.
"""


def _go_on(service: Service) -> None:
    """Open the graph, if there is one, and take up the jobs that a service before this one left."""
    try:
        if service.workspace.generation() is not None:
            service.release(service.acquire())
    except KgError as error:
        log.error("the graph waits: %s", error)  # noqa: TRY400 - expected, and its text says all
    try:
        service.work_off_jobs()
    except KgError as error:
        log.error("jobs wait: %s", error)  # noqa: TRY400 - as above


def create_app(settings: Settings) -> FastAPI:
    """The service over one data folder. Opens nothing before it starts."""
    service = Service(settings, Workspace(settings.data, settings.base))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(_go_on, service)
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
        responses=errors.PROBLEMS,
        lifespan=lifespan,
    )
    app.state.service = service
    errors.install(app)
    app.add_middleware(AnswerCache, service=service)
    app.add_middleware(BodyLimit, limit=settings.body_limit, others=dict.fromkeys(LARGE, settings.ingest_limit))
    app.add_middleware(OpenReads)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.hosts, www_redirect=False)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Recorded, listeners=(service.metrics.answered, logs.tell))
    app.add_middleware(HeadAsGet)
    if settings.proxies:
        # uvicorn's own default believes every client on this machine.
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=[str(network) for network in settings.proxies])
    for module in (
        sparql, graph_store, papers, link, entities, search, overview, paths, trends, gaps, compare, network, atlas,
        examples, extract, jobs, ids, ontology, void, metrics, docs, *pages.MODULES,
    ):  # fmt: skip
        app.include_router(module.router)
    swagger = Path(fastapi_offline.__file__).parent / "static"
    app.mount("/static/swagger", StaticFiles(directory=swagger), name="swagger")
    app.mount("/static", Assets(directory=STATIC), name="static")
    return app
