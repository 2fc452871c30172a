"""Reading texts that are in no graph. Writes nothing."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException, Request

from api.deps import Service, ServiceDep
from api.metering import metered
from api.readings import EXAMPLE_ABSTRACT, EXAMPLE_TITLE, ExtractIn, ExtractOut, slugs_of

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
