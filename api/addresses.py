"""Where on this site a thing is shown and described, as paths: they hold on any host, whatever the base of IRIs is."""

from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from kg.iri import Kind
from kg.model import Entity, Label

PLURAL = {Kind.PAPER: "papers", Kind.ENTITY: "entities"}
# A name that went to another may come to name something of its own again.
_MOVED = {"Cache-Control": "no-cache"}


def document_path(kind: Kind, name: str, extension: str) -> str:
    """The path of the document about a thing in one form."""
    return f"/data/{kind}/{quote(name, safe='')}.{extension}"


def page_path(kind: Kind, name: str) -> str:
    """The path of the page that shows a thing: of a mention, its place in the page of its paper."""
    if kind in PLURAL:
        return f"/{PLURAL[kind]}/{quote(name, safe='')}"
    if kind is Kind.MENTION:
        paper_id, *place = name.rsplit("-", 3)
        return f"/papers/{quote(paper_id, safe='')}#{quote('-'.join(place))}"
    return document_path(kind, name, "html")


def entities_path(label: Label) -> str:
    """The path of the list of a type of entities, under which the pages of each lie: ``/methods``."""
    return f"/{label.value.lower()}s"


def entity_path(entity: Entity) -> str:
    """The path of the page of an entity. Its type is in it, so it is known to those who know the entity only."""
    return f"{entities_path(entity.label)}/{quote(entity.slug, safe='')}"


def paper_path(paper_id: str) -> str:
    """The path of the page of a paper."""
    return page_path(Kind.PAPER, paper_id)


def same_page(request: Request, **changes: object) -> str:
    """The address of a request with other parameters: of each name one value, None for none at all."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changes and value]
    asked = [*kept, *((name, value) for name, value in changes.items() if value is not None)]
    return f"{quote(request.url.path)}{'?' if asked else ''}{urlencode(asked)}"


def see_other(path: str) -> Response:
    """Lead to what shows or describes a thing."""
    return RedirectResponse(path, 303, {"Vary": "Accept"})


def moved_to(path: str) -> Response:
    """Lead to the thing that another became."""
    return RedirectResponse(path, 301, _MOVED)
