"""The SPARQL 1.1 Graph Store HTTP Protocol: whole graphs, read by anyone and written with a token."""

import re
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from api.auth import authorize
from api.deps import ReaderDep, ServiceDep
from api.forms import BY_MEDIA
from api.metering import metered
from api.negotiate import best_match
from kg.edit.documents import SYNTAXES, Document
from kg.errors import BadQueryError, NotFoundError
from kg.query.graphs import UNNAMED, GraphSet
from kg.query.library import load_query
from kg.tokens import Scope

PATH = "/graph-store"

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\\<>\"{}|^`\x00-\x20]*")
_WHICH = "name one graph: ?graph=IRI, or ?default for the unnamed one"
_BODY = {"requestBody": {"required": True, "content": {media: {} for media in SYNTAXES}}}
_READ: dict[int | str, dict[str, Any]] = {
    200: {"description": "The graph", "content": {media: {} for media in BY_MEDIA}},
    400: {"description": "Not one graph, or one that is named by no IRI"},
    404: {"description": "There is no such graph"},
    406: {"description": "No format that the client accepts"},
    503: {"description": "Too long to be sent, took too long, or all is busy; `detail` says which"},
}
_WRITE: dict[int | str, dict[str, Any]] = {
    400: {"description": "No legal document, or not one graph; `detail` says where"},
    401: {"description": "No token, or none that is good"},
    403: {"description": "The token lacks the scope `update`, or nothing can be written here"},
    503: {"description": "Took too long, or others write (`reason`); ask again after `Retry-After`"},
}
_PUT = {
    **_WRITE,
    201: {"description": "The graph is new"},
    204: {"description": "The graph has changed"},
    413: {"description": "The body is over `KG_BODY_LIMIT`"},
    415: {"description": "A type that is not read here, or an encoded body"},
}
_DROP = {**_WRITE, 204: {"description": "The graph is gone"}, 404: {"description": "There is no such graph"}}

router = APIRouter(tags=["graph store"])


def writing(request: Request, service: ServiceDep) -> None:
    """Let no more of the request be read unless it may write."""
    authorize(request, service, Scope.UPDATE)


def named_graph(
    request: Request,
    graph: Annotated[str | None, Query(description="IRI of a graph.", max_length=2000)] = None,
    default: Annotated[str | None, Query(description="The unnamed graph; takes no value.")] = None,
) -> str | None:
    """The IRI that the request names, empty for the unnamed graph, None where it names none."""
    names = request.query_params.getlist("graph")
    if len(names) > 1 or (graph is not None and default is not None) or default:
        raise BadQueryError(_WHICH)
    if graph is None:
        return None if default is None else ""
    if not _IRI.fullmatch(graph):
        raise BadQueryError(f"a graph is named by an absolute IRI, not {graph[:200]!r}")
    return "" if graph == UNNAMED else graph


def one_graph(name: Annotated[str | None, Depends(named_graph)]) -> str:
    """As ``named_graph``, where one must be named."""
    if name is None:
        raise BadQueryError(_WHICH)
    return name


async def sent_document(request: Request) -> Document:
    """The body with its syntax; raises HTTPException 415."""
    media, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    syntax = SYNTAXES.get(media.strip())
    if syntax is None:
        raise HTTPException(415, f"send one of {', '.join(SYNTAXES)}, not {media.strip()[:100] or 'an unnamed type'}")
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", parameters)
    if charset and charset[1] not in ("utf-8", "utf8", "us-ascii"):
        raise HTTPException(415, f"send UTF-8, not {charset[1][:40]}")
    name = request.query_params.get("graph") or str(request.url)
    return Document(await request.body(), syntax, name)


NamedGraph = Annotated[str | None, Depends(named_graph)]
OneGraph = Annotated[str, Depends(one_graph)]
Sent = Annotated[Document, Depends(sent_document)]
MayWrite = Depends(writing)


@router.get(PATH, summary="Read a graph", responses=_READ, response_class=Response)
def read(request: Request, service: ServiceDep, reader: ReaderDep, name: OneGraph) -> Response:
    """A graph as Turtle, N-Triples, RDF/XML or JSON-LD, whole or not at all."""
    best = best_match(request.headers.get("accept"), tuple(BY_MEDIA))
    if best is None:
        raise HTTPException(406, f"graphs are sent as {', '.join(BY_MEDIA)}")
    if name and not reader.has_graph(name):
        raise NotFoundError("graph", name)
    with metered(request, service, "query") as meter:
        found = service.pool().run(
            load_query("documents/graph_content").text, BY_MEDIA[best], graphs=GraphSet((name or UNNAMED,))
        )
        meter.seconds, meter.truncated = found.seconds, found.truncated
    if found.truncated:
        raise HTTPException(
            503,
            f"the graph has more than the {found.rows:,} triples that are sent at once; ask /sparql for parts of it",
        )
    return Response(found.body, media_type=found.media_type, headers={"Vary": "Accept"})


@router.put(
    PATH,
    status_code=204,
    summary="Replace or make a graph",
    responses=_PUT,
    dependencies=[MayWrite],
    openapi_extra=_BODY,
)
def replace(service: ServiceDep, name: OneGraph, document: Sent) -> Response:
    """Make a graph hold this document and nothing else."""
    made = service.edits().put(name or None, document, merge=False)
    return Response(status_code=201 if made else 204)


@router.post(
    PATH, status_code=204, summary="Add to a graph", responses=_PUT, dependencies=[MayWrite], openapi_extra=_BODY
)
def add(service: ServiceDep, name: NamedGraph, document: Sent) -> Response:
    """Add this document to a graph; where none is named, to a new one, whose IRI is in `Location`."""
    if name is None:
        name = f"{service.settings.base}graph/{uuid4().hex}"
        document = document._replace(base=name)
    made = service.edits().put(name or None, document, merge=True)
    return Response(status_code=201 if made else 204, headers={"Location": name} if made else None)


@router.delete(PATH, status_code=204, summary="Remove a graph", responses=_DROP, dependencies=[MayWrite])
def remove(service: ServiceDep, name: OneGraph) -> Response:
    """Remove a graph with all that it says; the unnamed one is emptied."""
    if not service.edits().drop(name or None):
        raise NotFoundError("graph", name)
    return Response(status_code=204)
