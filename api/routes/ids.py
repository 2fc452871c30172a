"""IRIs of ours lead to a page or to data; the data are documents with addresses of their own."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from rdflib import Graph, URIRef

from api.addresses import PLURAL, document_path, entity_path, moved_to, page_path, see_other
from api.deps import ReaderDep, ServiceDep
from api.forms import BY_EXTENSION, BY_MEDIA, JSON, PAGE, chosen, in_openapi
from api.templating import page
from kg.errors import NotFoundError
from kg.iri import Kind
from kg.query.pool import Answer
from kg.query.results import ResultFormat
from kg.query.things import LISTED_PAPERS, document_query, living_name
from kg.view.facts import facts
from kg.workspace import Reader

router = APIRouter(tags=["linked data"])

KindName = Annotated[str, Path(description="What it is.", json_schema_extra={"enum": list(Kind)})]
Name = Annotated[str, Path(description="Its id, as the last part of its IRI.", max_length=300)]
Document = Annotated[str, Path(description="An id and a form: ttl, jsonld, nt, rdf or html.", max_length=300)]

_ABSENT: dict[int | str, dict[str, Any]] = {
    301: {"description": "Merged into another, whose address is given"},
    404: {"description": "There never was such a thing"},
    410: {"description": "It was in this graph, and is no more"},
    503: {"description": "There is no graph yet, or no worker is free to read it"},
}
_REDIRECT: dict[int | str, dict[str, Any]] = {
    303: {"description": "The page, or the document in the form that Accept asks for"},
    406: {"description": "No form that the client accepts"},
    **_ABSENT,
}


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise NotFoundError("kind of thing", name, list(Kind)) from None


@router.get("/id/{kind}/{name}", status_code=303, responses=_REDIRECT, response_class=RedirectResponse)
def get_thing(request: Request, reader: ReaderDep, kind: KindName, name: Name) -> Response:
    """An IRI leads to the page for people, or to the document for programs, as Accept asks."""
    sort = _kind(kind)
    living = living_name(reader.catalogue, reader.index, sort, name)
    if living != name:
        return moved_to(f"/id/{sort}/{quote(living, safe='')}")
    best = chosen(request, (PAGE, *([JSON] if sort in PLURAL else []), *BY_MEDIA))
    if best in BY_MEDIA:
        return see_other(document_path(sort, name, BY_MEDIA[best].extension))
    return see_other(f"/v1{page_path(sort, name)}" if best == JSON else _page_of(reader, sort, name))


def _page_of(reader: Reader, kind: Kind, name: str) -> str:
    return entity_path(reader.catalogue.entity(name)) if kind is Kind.ENTITY else page_path(kind, name)


@router.get(
    "/data/{kind}/{document}",
    responses={
        200: in_openapi("What the graph says of the thing", PAGE),
        **_ABSENT,
    },
    response_class=Response,
)
def get_document(
    request: Request, reader: ReaderDep, service: ServiceDep, kind: KindName, document: Document
) -> Response:
    """All that a reader wants to know of a thing, in the form that the ending names.

    `X-KG-Truncated: true` says that there is more: a document lists at most 500 papers of an entity, and is
    cut like the answer of any other query.
    """
    sort = _kind(kind)
    name, _, extension = document.rpartition(".")
    if not name or extension not in ("html", *BY_EXTENSION):
        raise NotFoundError("document", document, [f"{document}.{each}" for each in ("html", *BY_EXTENSION)])
    living = living_name(reader.catalogue, reader.index, sort, name)
    if living != name:
        return moved_to(document_path(sort, living, extension))
    thing = reader.iris.thing(sort, name)
    form = BY_EXTENSION.get(extension, ResultFormat.NTRIPLES)
    found = service.pool().run(document_query(sort, thing), form)
    headers = {
        "X-KG-Truncated": "true" if found.truncated or _unlisted(reader, sort, name) else "false",
        "Link": f'<{thing}>; rel="describes", <{page_path(sort, name)}>; rel="alternate"; type="text/html"',
    }
    if extension == "html":
        return _page(request, found, thing, document_path(sort, name, "html"), headers)
    return Response(found.body, media_type=found.media_type, headers=headers)


def _unlisted(reader: Reader, kind: Kind, name: str) -> bool:
    return kind is Kind.ENTITY and reader.catalogue.entity(name).papers > LISTED_PAPERS


def _page(request: Request, found: Answer, thing: URIRef, path: str, headers: dict[str, str]) -> Response:
    """The document as a page: of each subject a table."""
    said = facts(Graph().parse(data=found.body, format="nt"), thing, request.app.state.service.settings.base)
    return page(request, "thing.html", headers=headers, thing=thing, facts=said, path=path.removesuffix(".html"))


@router.get(
    "/graph/{name:path}",
    status_code=303,
    responses={**_REDIRECT, 303: {"description": "The triples of the graph, or the page of the paper"}},
    response_class=RedirectResponse,
)
def get_graph(
    request: Request,
    reader: ReaderDep,
    name: Annotated[str, Path(description="What stands behind graph/ in the IRI.", max_length=300)],
) -> Response:
    """The IRI of a named graph leads to its triples; that of all that one paper says, for people, to the paper."""
    graph = reader.iris.graph(name)
    if next(reader.store.quads(graph), None) is None:
        if name.startswith("paper/"):
            living_name(reader.catalogue, reader.index, Kind.PAPER, name.removeprefix("paper/"))
        raise NotFoundError("graph", name)
    if name.startswith("paper/") and chosen(request, (PAGE, *BY_MEDIA)) == PAGE:
        return see_other(page_path(Kind.PAPER, name.removeprefix("paper/")))
    return see_other(f"/graph-store?graph={quote(graph, safe='')}")
