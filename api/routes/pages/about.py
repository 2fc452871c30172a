"""What this service is made of: what it covers, what read the papers and how well, what guards it."""

from functools import cache

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from api.deps import AnyReaderDep, ServiceDep
from api.templating import page
from kg.link.linker import NormalFormLinker
from kg.model import Label
from kg.query.catalogue import ReadBy
from kg.resources import load_graph, ontology_dir
from kg.view.model_card import ModelCard, load_card, read_card
from kg.view.vocabulary import Vocabulary, vocabulary
from kg.workspace import Reader

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/about")
def about(request: Request, service: ServiceDep, reader: AnyReaderDep) -> Response:
    """Coverage, the model and its scores, the vocabulary, the threat model, the limits and the licence."""
    return page(
        request,
        "about.html",
        card=_card(),
        terms=_terms(),
        linker=NormalFormLinker.version,
        settings=service.settings,
        covered=service.coverage.get(reader) if reader else None,
        runs=_runs(reader) if reader else [],
        labels=list(Label),
        published=service.snapshot(),
    )


@router.get("/about/model.md", response_class=PlainTextResponse)
def model_card() -> Response:
    """The whole card of the model."""
    return PlainTextResponse(load_card(), media_type="text/markdown; charset=utf-8")


def _runs(reader: Reader) -> list[tuple[ReadBy, str]]:
    """Each with its address on this site."""
    return [(run, f"/{run.run.removeprefix(reader.iris.base)}") for run in reader.catalogue.runs()]


@cache
def _card() -> ModelCard:
    return read_card(load_card())


@cache
def _terms() -> Vocabulary:
    return vocabulary(load_graph(ontology_dir() / "kg.ttl"))
