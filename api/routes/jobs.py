"""Handing papers in, and the jobs that put them into the graph: with a token of the scope ``ingest``."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.auth import authorize
from api.clients import client_of, is_local
from api.deps import Service, ServiceDep
from api.recognising import recognise
from api.room import require_room
from api.schemas_jobs import AddedOut, DryRunOut, JobFull, JobOut, JobsOut, ProblemOut
from api.uploads import TAKEN, sent_sources
from kg.jobs.job import Changes, Source
from kg.tokens import Scope, Token

PATH = "/v1/ingest"
LARGE = (PATH,)
"""Paths whose bodies may be as long as ``KG_INGEST_LIMIT`` says."""

EVENT_SECONDS = 0.25

_TEXT = {"schema": {"type": "string"}}
_FORM = {
    "schema": {
        "type": "object",
        "properties": {
            "text": {"type": "string", "description": "A pasted page, JSON lines, or one paper."},
            "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
        },
    }
}
_BODY = {"requestBody": {"required": True, "content": {kind: _FORM if "form" in kind else _TEXT for kind in TAKEN}}}
_DENIED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or none that is good"},
    403: {"description": "The token lacks the scope `ingest`, or nothing can be written here"},
}
_ONE: dict[int | str, dict[str, Any]] = {**_DENIED, 404: {"description": "There is no such job"}}
_TAKEN: dict[int | str, dict[str, Any]] = {
    **_DENIED,
    200: {"description": "What would be read (`dry_run`)", "model": DryRunOut},
    202: {"description": "The job is on disk and will be done; `Location` says where it is", "model": JobOut},
    413: {"description": "Over `KG_INGEST_LIMIT`; a dry run, over `KG_BODY_LIMIT`"},
    415: {"description": "A type that is not read here, or an encoded body"},
    422: {"description": "There is nothing in it"},
    429: {"description": "Too many jobs of this token wait, or this client has used up its seconds"},
    507: {"description": "The disk is nearly full"},
}

router = APIRouter(tags=["ingest"])

JobId = Annotated[str, Path(description="Id of a job, as `Location` gave it.", pattern="^[0-9a-f]{32}$")]
DryRun = Annotated[bool, Query(description="Only say what would be read; needs no token.")]


def reading(request: Request, service: ServiceDep) -> Token:
    """The token that lets this request see jobs."""
    return authorize(request, service, Scope.INGEST)


MayRead = Depends(reading)


async def handed_in(
    request: Request, service: ServiceDep, *, dry_run: DryRun = False
) -> tuple[list[Source], Token | None]:
    """What is to be read, and by leave of which token; the body of who has none is not looked at."""
    settings = service.settings
    if dry_run:
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > settings.body_limit:
            raise HTTPException(413, f"a dry run reads {settings.body_limit:,} bytes, of a body that tells its length")
        return await sent_sources(request, settings.body_limit), None
    token = await run_in_threadpool(authorize, request, service, Scope.INGEST)
    await run_in_threadpool(require_room, settings.data)
    return await sent_sources(request, settings.ingest_limit), token


@router.post(
    PATH,
    status_code=202,
    summary="Hand papers in",
    responses=_TAKEN,
    response_model=None,
    openapi_extra=_BODY,
)
def ingest(
    request: Request,
    service: ServiceDep,
    handed: Annotated[tuple[list[Source], Token | None], Depends(handed_in)],
    name: Annotated[str | None, Query(description="What to call a body that is no form.", max_length=200)] = None,  # noqa: ARG001 - read with the body
) -> Response:
    """Put papers into the graph: a pasted page, plain text, JSON lines, or files as multipart/form-data.

    The answer comes once the input is on disk: from then on nothing of it is lost, whatever happens to the service.
    Records that cannot be read cost the others nothing, and stay with the job. To hand the same in again is harmless.
    """
    sources, token = handed
    if token is None:
        found = recognise(request, service, sources)
        return Response(DryRunOut.of(found).model_dump_json(), media_type="application/json")
    job = start(request, service, sources, token)
    location = f"/v1/jobs/{job.id}"
    return Response(job.model_dump_json(), 202, {"Location": location}, media_type="application/json")


def start(request: Request, service: Service, sources: list[Source], token: Token) -> JobOut:
    """A new job for these, on disk; raises BudgetError for a client that has no time left."""
    if not is_local(request.scope):
        service.budget.admit(client_of(request.scope).key)
    job = service.jobs.add(sources, token.id)
    service.work_off_jobs()
    return JobOut.of(job)


@router.get("/v1/jobs", summary="List jobs", responses=_DENIED, dependencies=[MayRead])
def jobs(service: ServiceDep, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> JobsOut:
    """The newest jobs, whoever handed them in."""
    return JobsOut(jobs=[JobOut.of(job) for job in service.jobs.latest(limit)])


@router.get("/v1/jobs/{job_id}", summary="Look at a job", responses=_ONE, dependencies=[MayRead])
def job(service: ServiceDep, job_id: JobId) -> JobFull:
    """How far it is, the papers that the graph holds by now, and the records that did not get there."""
    return JobFull.changed(service.jobs.changes(job_id))


@router.delete("/v1/jobs/{job_id}", summary="Cancel a job", responses=_ONE, dependencies=[MayRead])
def cancel(service: ServiceDep, job_id: JobId) -> JobOut:
    """Stop it: what it has put into the graph stays there. A job that is over stays as it is."""
    return JobOut.of(service.jobs.cancel(job_id))


def known(service: ServiceDep, job_id: JobId) -> str:
    """The id of a job that there is."""
    return service.jobs.get(job_id).id


@router.get(
    "/v1/jobs/{job_id}/events",
    summary="Follow a job",
    responses=_ONE,
    response_class=EventSourceResponse,
    dependencies=[MayRead],
)
async def events(
    service: ServiceDep,
    job_id: Annotated[str, Depends(known)],
    last_event_id: Annotated[int, Header(ge=0, description="The last event that was seen; those after it follow.")] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events until the job is over: `paper` and `problem`, each once, and `job` whenever it changed."""
    seen = last_event_id
    while not service.stopped:
        changes = await run_in_threadpool(service.jobs.changes, job_id, seen)
        if changes.job.seq > seen:
            for event in _events(changes):
                yield event
            seen = changes.job.seq
        elif seen > changes.job.seq or changes.job.state.over:
            return
        if changes.job.state.over:
            return
        await asyncio.sleep(EVENT_SECONDS)


def _events(changes: Changes) -> list[ServerSentEvent]:
    papers = [(seq, "paper", AddedOut.of(added)) for seq, added in changes.papers]
    problems = [(seq, "problem", ProblemOut.of(problem)) for seq, problem in changes.problems]
    rows = sorted([*papers, *problems], key=lambda row: row[0])
    told = [ServerSentEvent(data=data, event=kind, id=str(seq)) for seq, kind, data in rows]
    return [*told, ServerSentEvent(data=JobOut.of(changes.job), event="job", id=str(changes.job.seq))]
