"""Reading texts that are in no graph: as data, and as a page to try it on. Writes nothing."""

import io
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Body, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from api.deps import Service, ServiceDep
from api.errors import retry_after, status_of
from api.metering import metered
from api.readings import EXAMPLE_ABSTRACT, EXAMPLE_TITLE, ExtractIn, ExtractOut, found_in, slugs_of
from api.routes.pages.papers import marked
from api.templating import page
from kg.errors import KgError, SourceError
from kg.model import Field, Label, Paper
from kg.preview.readings import Preview
from kg.sources import read_stream

MAX_SHOWN = 10
MAX_TEXT = 100_000
EXAMPLE = f"{EXAMPLE_TITLE}\n\n{EXAMPLE_ABSTRACT}"

_ONE = {"title": EXAMPLE_TITLE, "abstract": EXAMPLE_ABSTRACT}
_ANSWER = {
    "extractor": {"name": "spacy-tagger", "version": "0.2.0+rules.4.0123456789ab"},
    "papers": [
        {
            "title": "Images",
            "abstract": "Attention on ImageNet.",
            "mentions": [
                {
                    "field": "abstract",
                    "start": 0,
                    "end": 9,
                    "text": "Attention",
                    "label": "Method",
                    "score": 0.963,
                    "rule": "model",
                    "sentence": "Attention on ImageNet.",
                    "sentence_start": 0,
                    "role": "uses",
                    "role_score": 0.915,
                    "trail": [],
                    "entity": {"slug": "attention", "name": "attention", "page": "/entities/attention"},
                },
                {
                    "field": "abstract",
                    "start": 13,
                    "end": 21,
                    "text": "ImageNet",
                    "label": "Dataset",
                    "score": 0.981,
                    "rule": "model",
                    "sentence": "Attention on ImageNet.",
                    "sentence_start": 0,
                    "role": "evaluates",
                    "role_score": 0.942,
                    "trail": [],
                    "entity": {"slug": "imagenet", "name": "ImageNet", "page": "/entities/imagenet"},
                },
            ],
            "relations": [{"head": 0, "tail": 1, "kind": "evaluatedOn", "score": 0.871, "rule": "model"}],
            "aliases": [{"long": "graph neural network", "short": "GNN"}],
            "system": "QuietProp",
            "error": None,
        }
    ],
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"example": _ANSWER}}},
    404: {"description": "Switched off on this service (`KG_EXTRACT=off`)"},
    422: {"description": "Not of this form, or over a limit; `detail` says what"},
    429: {"description": "This client has used up its seconds; ask again after `Retry-After`"},
    503: {"description": "Took too long or too much memory, or all is busy (`reason`); ask again after `Retry-After`"},
}


def offered(service: ServiceDep) -> Service:
    """The service, if it reads texts at all."""
    if service.settings.extract == "off":
        raise HTTPException(404, "this service does not read texts: it runs with KG_EXTRACT=off")
    return service


router = APIRouter()
OfferedDep = Annotated[Service, Depends(offered)]
Texts = Annotated[
    ExtractIn,
    Body(
        openapi_examples={
            "one": {"summary": "One paper", "value": _ONE},
            "several": {"summary": "Several papers", "value": {"papers": [_ONE, {"title": "A title alone"}]}},
        }
    ),
]


@router.post("/v1/extract", tags=["extract"], responses=_RESPONSES)
def extract(request: Request, service: OfferedDep, texts: Texts) -> ExtractOut:
    """Find methods, datasets, tasks, metrics and concepts in texts, without keeping anything of them.

    A title may have 1,000 characters and an abstract 50,000; a request 50 papers, 200,000 characters, and
    as many bytes as `KG_BODY_LIMIT` says. The first request waits until the extractor is loaded.
    """
    try:
        papers = list(texts.nouns())
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    with metered(request, service, "extraction"):
        preview = service.preview(papers)
    return ExtractOut.previewed(preview, service.known(slugs_of(preview)))


@router.get("/extract", response_class=HTMLResponse, include_in_schema=False)
def form(request: Request, service: OfferedDep) -> Response:
    """A text to start from."""
    return _shown(request, service, EXAMPLE)


async def sent_text(request: Request) -> str:
    """The text of the form; lines end as ours do."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415, "send the form of /extract; programs use /v1/extract")
    try:
        fields = parse_qs((await request.body()).decode("utf-8"), max_num_fields=8)
    except ValueError as error:
        raise HTTPException(400, "the form cannot be read: it is not UTF-8, or has too many fields") from error
    return "\n".join(fields.get("text", [""])[0].splitlines())


@router.post("/extract", response_class=HTMLResponse, include_in_schema=False)
def result(request: Request, service: OfferedDep, text: Annotated[str, Depends(sent_text)]) -> Response:
    """The text with what was found in it; whatever goes wrong, the text stays in the form."""
    if len(text) > MAX_TEXT:
        trouble = f"The text has {len(text):,} characters; {MAX_TEXT:,} are read here. `kg extract` reads any number."
        return _shown(request, service, text, status=422, trouble=trouble)
    records = list(read_stream(io.BytesIO(text.encode("utf-8", "replace")), "Text"))
    papers = [record for record in records if isinstance(record, Paper)]
    skipped = [record for record in records if isinstance(record, SourceError)]
    if not papers:
        trouble = "Paste a title and an abstract first."
        if text.strip():
            trouble = f"{'; '.join(map(str, skipped))}. The first line is read as the title, the rest as the abstract."
        return _shown(request, service, text, status=422, trouble=trouble)
    try:
        with metered(request, service, "extraction"):
            preview = service.preview(papers[:MAX_SHOWN])
    except KgError as error:
        answer = _shown(request, service, text, status=status_of(error), trouble=str(error))
        answer.headers.update(retry_after(error) or {})
        return answer
    return _shown(request, service, text, preview=preview, skipped=skipped, left=len(papers[MAX_SHOWN:]))


def _shown(  # noqa: PLR0913 - what the page can show
    request: Request,
    service: Service,
    text: str,
    *,
    status: int = 200,
    trouble: str = "",
    preview: Preview | None = None,
    skipped: list[SourceError] | None = None,
    left: int = 0,
) -> Response:
    known = service.known(slugs_of(preview)) if preview else {}
    readings = []
    for reading in preview.readings if preview else ():
        found = found_in(reading, known)
        pieces = {
            field: marked(reading.extraction.paper.text(field), [each for each in found if each.mention.field is field])
            for field in Field
        }
        readings.append({"reading": reading, "found": found, "pieces": pieces})
    return page(
        request,
        "extract.html",
        status=status,
        text=text,
        trouble=trouble,
        preview=preview,
        readings=readings,
        skipped=skipped or [],
        left=left,
        labels=list(Label),
        limit=MAX_TEXT,
    )
