"""Pages of methods, datasets, tasks, metrics and concepts; each type has addresses of its own."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.addresses import entities_path, entity_path
from api.cursors import page_of_entities
from api.deps import Cursor, ReaderDep, Slug
from api.routes.pages.things import described, elsewhere
from api.templating import page
from kg.iri import Kind
from kg.model import Label

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

PAGE = 50
SHOWN_SENTENCES = 12
SHOWN_STATEMENTS = 20


@router.get("/entities")
def entities(request: Request, reader: ReaderDep, cursor: Cursor = None) -> Response:
    """Entities of all types, those in most papers first."""
    return _list(request, reader, cursor, None)


@router.get("/entities/{slug}")
def entity_of_any_type(request: Request, reader: ReaderDep, slug: Slug) -> Response:
    """The page of an entity whose type the address does not say: it leads to the one that does."""
    if other := elsewhere(request, reader, Kind.ENTITY, slug):
        return other
    # The type may turn with the next paper, so the way there is not to be remembered.
    return RedirectResponse(entity_path(reader.catalogue.entity(slug)), 307, {"Vary": "Accept"})


def _list(request: Request, reader: ReaderDep, cursor: str | None, label: Label | None) -> Response:
    found, more = page_of_entities(reader.index, cursor, PAGE, label)
    return page(
        request,
        "entities.html",
        entities=found,
        counts=reader.index.counts(),
        chosen=label,
        labels=list(Label),
        more=more,
    )


def _entity(request: Request, reader: ReaderDep, slug: str, label: Label) -> Response:
    if other := elsewhere(request, reader, Kind.ENTITY, slug):
        return other
    found = reader.catalogue.entity(slug)
    if found.label is not label:
        return RedirectResponse(entity_path(found), 307, {"Vary": "Accept"})
    return page(
        request,
        "entity.html",
        headers=described(Kind.ENTITY, slug),
        entity=found,
        papers=reader.catalogue.papers_of(slug),
        sentences=reader.catalogue.sentences(slug, limit=SHOWN_SENTENCES),
        statements=reader.catalogue.statements(slug, limit=SHOWN_STATEMENTS),
    )


def _list_of(label: Label) -> Callable[..., Response]:
    def entities_of_type(request: Request, reader: ReaderDep, cursor: Cursor = None) -> Response:
        """Entities of one type, those in most papers first."""
        return _list(request, reader, cursor, label)

    return entities_of_type


def _page_of(label: Label) -> Callable[..., Response]:
    def entity(request: Request, reader: ReaderDep, slug: Slug) -> Response:
        """An entity, the sentences that mention it, what papers state of it and others, and its papers."""
        return _entity(request, reader, slug, label)

    return entity


for _label in Label:
    router.add_api_route(entities_path(_label), _list_of(_label))
    router.add_api_route(f"{entities_path(_label)}/{{slug}}", _page_of(_label))
