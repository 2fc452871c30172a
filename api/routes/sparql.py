"""The SPARQL 1.1 Protocol, query operations only; queries run in processes that can be ended."""

from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from api.deps import ServiceDep
from api.negotiate import best_match
from kg.errors import BadQueryError
from kg.query.guard import MAX_BYTES, QueryForm, check
from kg.query.results import ResultFormat

router = APIRouter(tags=["sparql"])

MAX_FIELDS = 16
MAX_BODY = 4 * MAX_BYTES  # percent-encoding makes three bytes of one

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
    503: {"description": "Took too long or too much memory, or all workers are busy; `reason` says which"},
}

_ONE_GRAPH_SET = "name graphs in the query, with FROM and FROM NAMED; graph parameters are not supported"


async def read_query(request: Request) -> str:
    """The one query of a request, however the protocol lets it travel; raises BadQueryError."""
    parameters = _fields(request.url.query)
    if request.method == "POST":
        for name, values in _of_body(request, await request.body()).items():
            parameters.setdefault(name, []).extend(values)
    if "update" in parameters:
        raise BadQueryError("this endpoint answers queries only; it cannot update")
    if {"default-graph-uri", "named-graph-uri"} & parameters.keys():
        raise BadQueryError(_ONE_GRAPH_SET)
    queries = parameters.get("query", [])
    if len(queries) != 1:
        raise BadQueryError(f"expected one query, got {len(queries)}: GET /sparql?query=SELECT...")
    return queries[0]


def _of_body(request: Request, body: bytes) -> dict[str, list[str]]:
    if len(body) > MAX_BODY:
        raise BadQueryError(f"the body has {len(body):,} bytes; a query may have {MAX_BYTES:,}")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    match kind:
        case "application/sparql-query":
            return {"query": [_decoded(body)]}
        case "application/x-www-form-urlencoded":
            return _fields(_decoded(body))
    raise BadQueryError(f"send application/sparql-query or a form, not {kind or 'a body without Content-Type'}")


def _fields(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise BadQueryError(f"a request has at most {MAX_FIELDS} parameters") from error


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQueryError(f"the body is not UTF-8 at byte {error.start}") from error


QueryDep = Annotated[str, Depends(read_query)]


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


@router.get("/sparql", summary="Answer a query from the address", responses=_RESPONSES, response_class=Response)
@router.post("/sparql", summary="Answer a query from the body", responses=_RESPONSES, response_class=Response)
def answer_query(  # the parameter `query` is read by read_query, and is here for the documentation
    request: Request,
    service: ServiceDep,
    text: QueryDep,
    named: Annotated[ResultFormat | None, Query(alias="format", description="Overrules Accept.")] = None,
) -> Response:
    """Run a SELECT, ASK, CONSTRUCT or DESCRIBE query over the union of all graphs.

    The answer is cut at a number of rows and bytes; `X-KG-Truncated: true` says that it was.
    """
    chosen = choose_format(text, named, request.headers.get("accept"))
    answer = service.pool().run(text, chosen)
    headers = {
        "X-KG-Truncated": "true" if answer.truncated else "false",
        "X-KG-Seconds": f"{answer.seconds:.3f}",
        "Vary": "Accept",
    }
    return Response(answer.body, media_type=answer.media_type, headers=headers)
