"""One request to ``/sparql`` -> what it asks for, however the SPARQL 1.1 Protocol lets it travel."""

from typing import NamedTuple
from urllib.parse import parse_qs

from fastapi import Request

from kg.errors import BadQueryError
from kg.query.graphs import SERVICE_CHOICE, GraphSet
from kg.query.guard import MAX_BYTES

MAX_FIELDS = 16
MAX_BODY = 4 * MAX_BYTES  # percent-encoding makes three bytes of one

_ONE_GRAPH_SET = "name graphs in the query, with FROM and FROM NAMED; graph parameters are not supported"


class Asked(NamedTuple):
    """A query and the graphs that its request names for it."""

    query: str
    graphs: GraphSet = SERVICE_CHOICE


async def read_query(request: Request) -> Asked:
    """The one query of a request; raises BadQueryError."""
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
    return Asked(queries[0])


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
