"""The page to hand papers in: a text or files, what is recognised of them, and the job that adds them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.auth import permitted, writable
from api.deps import Service, ServiceDep
from api.errors import retry_after, status_of
from api.readings import EXAMPLE_ABSTRACT, EXAMPLE_TITLE, found_in
from api.recognising import Recognised, recognise
from api.room import require_room
from api.routes.jobs import JobId, start
from api.routes.pages.papers import marked
from api.templating import page
from api.uploads import FORMS, PASTED, Sent, sent_form
from kg.errors import AccessError, KgError
from kg.jobs.job import Changes, Source, State
from kg.model import Field, Label
from kg.tokens import Scope

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

EXAMPLE = f"{EXAMPLE_TITLE}\n\n{EXAMPLE_ABSTRACT}"
CARRIED = 1 << 20
"""Bytes of files that a page without scripts carries along from the preview to the job."""
SHOWN_ADDED = 200
SHOWN_PROBLEMS = 200


async def sent(request: Request, service: ServiceDep) -> Sent:
    """The form of the page."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS:
        raise HTTPException(415, "send the form of /ingest; programs use /v1/ingest")
    return await sent_form(request, service.settings.body_limit)


SentDep = Annotated[Sent, Depends(sent)]


@router.get("/ingest")
def empty(request: Request, service: ServiceDep, example: str | None = None) -> Response:
    """A place to paste a text or drop files."""
    return _shown(request, service, "" if example is None else EXAMPLE, [])


@router.post("/ingest")
def preview(request: Request, service: ServiceDep, form: SentDep) -> Response:
    """What is recognised; whatever goes wrong, the text stays in the form."""
    text = form.fields.get("text", "")
    if not form.sources:
        return _shown(request, service, text, [], status=422, trouble=_EMPTY)
    found = recognise(request, service, form.sources)
    answer = _shown(request, service, text, form.sources, found=found)
    if found.failure:
        answer.status_code = status_of(found.failure)
        answer.headers.update(retry_after(found.failure) or {})
    return answer


@router.post("/ingest/jobs")
def begin(request: Request, service: ServiceDep, form: SentDep) -> Response:
    """Start the job; for pages without scripts, which bring the token in a field."""
    text = form.fields.get("text", "")
    try:
        token = permitted(service, Scope.INGEST, form.fields.get("token", ""))
        require_room(service.settings.data)
        if not form.sources:
            return _shown(request, service, text, [], status=422, trouble=_EMPTY)
        job = start(request, service, form.sources, token)
    except KgError as error:
        answer = _shown(request, service, text, form.sources, status=status_of(error), trouble=str(error))
        answer.headers.update(retry_after(error) or {})
        return answer
    return RedirectResponse(f"/ingest/jobs/{job.id}", 303)


@router.get("/ingest/jobs/{job_id}")
def job(request: Request, service: ServiceDep, job_id: JobId) -> Response:
    """How far a job is, for whoever has its address; nothing of what was handed in but papers that are in the graph."""
    return _job(request, service.jobs.changes(job_id))


@router.post("/ingest/jobs/{job_id}")
def job_with_token(request: Request, service: ServiceDep, job_id: JobId, form: SentDep) -> Response:
    """The same with the records that were not added, or after cancelling it: for pages without scripts."""
    try:
        permitted(service, Scope.INGEST, form.fields.get("token", ""))
    except AccessError as error:
        return _job(request, service.jobs.changes(job_id), status=status_of(error), trouble=str(error))
    if form.fields.get("do") == "cancel":
        service.jobs.cancel(job_id)
        return RedirectResponse(f"/ingest/jobs/{job_id}", 303)
    return _job(request, service.jobs.changes(job_id), told=True)


_EMPTY = "There is nothing to read yet: paste a text, or choose a file."


def _shown(  # noqa: PLR0913 - what the page can show
    request: Request,
    service: Service,
    text: str,
    sources: list[Source],
    *,
    status: int = 200,
    trouble: str = "",
    found: Recognised | None = None,
) -> Response:
    files = [source for source in sources if source.name != PASTED]
    return page(
        request,
        "ingest.html",
        status=status,
        headers={"Cache-Control": "no-store"},
        text="\n".join(text.splitlines()),
        trouble=trouble,
        found=found,
        articles=_articles(found),
        names=[file.name for file in files],
        carried=_carried(files),
        labels=list(Label),
        writes=service.settings.writes == "on",
        open=writable(service.settings, Scope.INGEST),
        preview_limit=service.settings.body_limit,
        limit=service.settings.ingest_limit,
    )


def _articles(found: Recognised | None) -> list[dict[str, Any]]:
    """Papers in which mentions were looked for, cut into pieces that are a mention and others."""
    articles = []
    for reading in found.preview.readings if found and found.preview else ():
        mentions = found_in(reading, found.known if found else {})
        pieces = {
            field: marked(reading.extraction.paper.text(field), [m for m in mentions if m.mention.field is field])
            for field in Field
        }
        articles.append({"reading": reading, "found": mentions, "pieces": pieces})
    return articles


def _carried(files: list[Source]) -> list[tuple[str, str]]:
    """Names and texts of files that fit into the page; none where one of them does not."""
    if sum(len(file.body) for file in files) > CARRIED:
        return []
    try:
        return [(file.name, file.body.decode("utf-8")) for file in files]
    except UnicodeDecodeError:
        return []


def _job(request: Request, changes: Changes, *, status: int = 200, trouble: str = "", told: bool = False) -> Response:
    return page(
        request,
        "job.html",
        status=status,
        headers={"Cache-Control": "no-store"},
        job=changes.job,
        cancelling=changes.job.state is State.CANCELLING,
        papers=[added for _, added in changes.papers[:SHOWN_ADDED]],
        problems=[problem for _, problem in changes.problems[:SHOWN_PROBLEMS]],
        told=told,
        trouble=trouble,
    )
