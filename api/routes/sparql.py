"""The SPARQL 1.1 Protocol, query operations only; queries run in processes that can be ended."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError

from api.answers import answer
from api.deps import get_service
from api.direct import DirectRoute
from api.negotiate import best_match
from api.protocol import read_query
from kg.query.guard import QueryForm, check
from kg.query.pool import inspect
from kg.query.results import ResultFormat

router = APIRouter(tags=["sparql"], route_class=DirectRoute)

_COUSINS = {
    ResultFormat.JSON: ("application/json",),
    ResultFormat.XML: ("application/xml", "text/xml"),
    ResultFormat.NTRIPLES: ("text/plain",),
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Results, or triples",
        "content": {f.media_type.partition(";")[0]: {} for f in ResultFormat},
    },
    400: {"description": "No legal query, or one that is not allowed here"},
    406: {"description": "No format that the client accepts"},
    429: {"description": "This client has used up its seconds; ask again after `Retry-After`"},
    503: {"description": "Took too long or too much memory, or all workers are busy; `reason` says which"},
}


def formats_of(form: QueryForm) -> list[ResultFormat]:
    """The formats that can hold the answer, the preferred first."""
    if form is QueryForm.ASK:
        return [ResultFormat.JSON, ResultFormat.XML]
    return [each for each in ResultFormat if each.is_graph == form.gives_graph]


def choose_format(query: str, named: ResultFormat | None, accept: str | None) -> ResultFormat:
    """The format to answer in: the one named, else what Accept likes best; 406 if it likes none.

    Plain ``application/json``, ``application/xml`` and ``text/plain`` count as their SPARQL cousins.
    """
    if named is not None:
        return named
    form = check(query)
    formats = formats_of(form)
    types = {each.media_type.partition(";")[0]: each for each in formats}
    types |= {cousin: each for each in formats for cousin in _COUSINS.get(each, ())}
    best = best_match(accept, tuple(types))
    if best is None:
        raise HTTPException(406, f"this query can be answered as {', '.join(types)}")
    return types[best]


_PARAMETERS = {
    "parameters": [
        {"name": "query", "in": "query", "schema": {"type": "string"}, "description": "The query."},
        {
            "name": "format",
            "in": "query",
            "schema": {"type": "string", "enum": list(ResultFormat)},
            "description": "Overrules Accept.",
        },
    ]
}


@router.get(
    "/sparql",
    summary="Answer a query from the address",
    responses=_RESPONSES,
    response_class=Response,
    openapi_extra=_PARAMETERS,
)
@router.post(
    "/sparql",
    summary="Answer a query from the body",
    responses=_RESPONSES,
    response_class=Response,
    openapi_extra=_PARAMETERS,
)
async def answer_query(request: Request) -> Response:
    """Run a SELECT, ASK, CONSTRUCT or DESCRIBE query over the union of all graphs.

    The answer is cut at a number of rows and bytes; `X-KG-Truncated: true` says that it was.
    """
    asked = await read_query(request)
    await inspect(asked.query)  # which remembers it
    result_format = choose_format(asked.query, _named(request), request.headers.get("accept"))
    return await answer(request, await get_service(request), asked, result_format)


def _named(request: Request) -> ResultFormat | None:
    name = request.query_params.get("format")
    try:
        return None if name is None else ResultFormat(name)
    except ValueError:
        known = ", ".join(ResultFormat)
        wrong = {"loc": ("query", "format"), "msg": f"must be one of {known}"}
        raise RequestValidationError([wrong]) from None
