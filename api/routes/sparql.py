"""The SPARQL 1.1 Protocol: queries, updates, what the endpoint says of itself, and its page for people."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool

from api.answers import answer
from api.auth import authorize
from api.deps import Service, get_service
from api.description import service_description
from api.direct import DirectRoute
from api.errors import PROBLEM
from api.formats import HTML, Named, choose, prefers_page
from api.forms import BY_MEDIA, bare
from api.negotiate import accept_of, best_match
from api.protocol import FORM, QUERY, QUERY_GRAPHS, UPDATE, UPDATE_GRAPHS, Asked, AskedUpdate, read_request
from api.routes.query_page import answer_page, empty_page, error_page
from kg.errors import BadQueryError
from kg.query.pool import inspect
from kg.query.results import ResultFormat
from kg.tokens import Scope

router = APIRouter(tags=["sparql"], route_class=DirectRoute)

_TEXT = {"type": "string"}
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Results, or triples; of a GET without a query, what the endpoint says of itself",
        "content": {bare(form): {} for form in ResultFormat} | {HTML: {}},
    },
    204: {"description": "The update is done"},
    400: {
        "description": "Not one legal query or update, or one that is not allowed here; `line` and `column` say where",
        "content": PROBLEM | {HTML: {}},
    },
    401: {"description": "An update without a token, or with none that is good", "content": PROBLEM},
    403: {"description": "An update without the right to it", "content": PROBLEM},
    406: {"description": "No format that the client accepts", "content": PROBLEM},
    415: {
        "description": "A body that is neither a query nor an update nor a form, or not in UTF-8",
        "content": PROBLEM,
    },
    429: {"description": "This client has used up its seconds; ask again after `Retry-After`", "content": PROBLEM},
    503: {
        "description": "Took too long or too much memory, or all workers are busy; `reason` says which",
        "content": PROBLEM | {HTML: {}},
    },
}
_FORMAT = {
    "name": "format",
    "in": "query",
    "schema": {**_TEXT, "enum": ["html", *ResultFormat]},
    "description": "Overrules Accept.",
}
_GET = {
    "parameters": [
        {"name": "query", "in": "query", "schema": _TEXT, "description": "The query."},
        _FORMAT,
        *({"name": name, "in": "query", "schema": _IRIS} for name in QUERY_GRAPHS),
    ]
}
_FIELDS = {"query": _TEXT, "update": _TEXT, **dict.fromkeys((*QUERY_GRAPHS, *UPDATE_GRAPHS), _IRIS)}
_EITHER = [{"required": ["query"]}, {"required": ["update"]}]
_POST = {
    "parameters": [_FORMAT],
    "requestBody": {
        "required": True,
        "content": {
            QUERY: {"schema": _TEXT},
            UPDATE: {"schema": _TEXT},
            FORM: {"schema": {"type": "object", "properties": _FIELDS, "oneOf": _EITHER}},
        },
    },
}


@router.get("/sparql", summary="Answer a query", responses=_RESPONSES, response_class=Response, openapi_extra=_GET)
@router.post("/sparql", summary="Answer or update", responses=_RESPONSES, response_class=Response, openapi_extra=_POST)
@router.get("/sparql/", include_in_schema=False)
@router.post("/sparql/", include_in_schema=False)
async def sparql(request: Request) -> Response:
    """Run a SELECT, ASK, CONSTRUCT or DESCRIBE query, over the union of all graphs unless it names some.

    The answer is cut at a number of rows and bytes; `X-KG-Truncated: true` says that it was.
    """
    service, asked, named = await get_service(request), await read_request(request), _named(request)
    match asked:
        case AskedUpdate():
            graphs = asked.graphs._replace(base=_endpoint(service))
            return await run_in_threadpool(_update, request, service, asked._replace(graphs=graphs))
        case Asked():
            graphs = asked.graphs._replace(base=_endpoint(service))
            return await _answer(request, service, asked._replace(graphs=graphs), named)
    return await run_in_threadpool(_describe, request, service, named)


async def _answer(request: Request, service: Service, asked: Asked, named: Named | None) -> Response:
    try:
        seen = await inspect(asked.query)
        choice = choose(seen.form, named, accept_of(request))
    except BadQueryError as error:
        if prefers_page(named, accept_of(request)):
            return await run_in_threadpool(error_page, request, service, asked, error)
        raise
    if choice is None:
        return await answer_page(request, service, asked)
    return await answer(request, service, asked, choice.result_format, choice.media_type)


def _named(request: Request) -> Named | None:
    name = request.query_params.get("format")
    try:
        return None if name is None else "html" if name == "html" else ResultFormat(name)
    except ValueError:
        known = ", ".join(("html", *ResultFormat))
        raise RequestValidationError([{"loc": ("query", "format"), "msg": f"must be one of {known}"}]) from None


def _update(request: Request, service: Service, asked: AskedUpdate) -> Response:
    authorize(request, service, Scope.UPDATE)
    service.edits().update(asked.update, asked.graphs)
    return Response(status_code=204)


def _describe(request: Request, service: Service, named: Named | None) -> Response:
    """What the endpoint says of itself, to programs as RDF, to people as a page with an empty form."""
    types = {str(each): media for media, each in BY_MEDIA.items()} | {"html": HTML}
    best = types.get(named) if named else best_match(accept_of(request), tuple(types.values()))
    if best is None:
        raise HTTPException(406, f"the description of this endpoint can be had as {', '.join(types.values())}")
    if best == HTML:
        return empty_page(request, service)
    result_format = BY_MEDIA[best]
    body = service_description(service.settings.base, result_format)
    return Response(body, media_type=result_format.media_type, headers={"Vary": "Accept"})


def _endpoint(service: Service) -> str:
    """The address of the endpoint, where relative IRIs start."""
    return f"{service.settings.base}sparql"
