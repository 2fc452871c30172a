"""One request to ``/sparql`` -> what it asks for, however the SPARQL 1.1 Protocol lets it travel."""

from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import parse_qs

from fastapi import HTTPException, Request

from kg.errors import BadQueryError
from kg.query.graphs import SERVICE_CHOICE, GraphSet

MAX_FIELDS = 64
"""Parameters of one request at most, a graph each counted."""

QUERY, UPDATE, FORM = "application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded"
QUERY_GRAPHS = ("default-graph-uri", "named-graph-uri")
UPDATE_GRAPHS = ("using-graph-uri", "using-named-graph-uri")
_PROTOCOL = ("query", "update", *QUERY_GRAPHS, *UPDATE_GRAPHS)
_HINT = "GET /sparql?query=SELECT..."

Fields = dict[str, list[str]]


class Asked(NamedTuple):
    """A query and the graphs that its request names for it."""

    query: str
    graphs: GraphSet = SERVICE_CHOICE


class AskedUpdate(NamedTuple):
    """An update, and the graphs that its request names in the place of USING and USING NAMED."""

    update: str
    graphs: GraphSet = SERVICE_CHOICE


async def read_request(request: Request) -> Asked | AskedUpdate | None:
    """The one operation of a request; None for a GET that names none.

    Raises BadQueryError where the parameters are not those of one operation, HTTPException 415 for a body of another
    type or character set. Parameters that the protocol does not know are ignored.
    """
    fields = _fields(request.scope["query_string"], "the address")
    if request.method == "POST":
        for name, values in (await _of_body(request)).items():
            fields.setdefault(name, []).extend(values)
    elif not fields.keys() & set(_PROTOCOL):
        return None
    if "update" not in fields:
        query = _only("query", fields, UPDATE_GRAPHS)
        return Asked(query, _graphs(fields, QUERY_GRAPHS))
    if request.method != "POST":
        raise BadQueryError("an update must be sent by POST")
    if "query" in fields:
        raise BadQueryError("a request holds a query or an update, not both")
    update = _only("update", fields, QUERY_GRAPHS)
    return AskedUpdate(update, _graphs(fields, UPDATE_GRAPHS))


def _only(operation: str, fields: Fields, foreign: Collection[str]) -> str:
    """The single text of ``operation``, without the graph parameters of the other operation."""
    texts = fields.get(operation, [])
    if len(texts) != 1:
        raise BadQueryError(f"expected one {operation}, got {len(texts)}{'' if texts else ': ' + _HINT}")
    for name in foreign:
        if name in fields:
            raise BadQueryError(f"{name} does not belong to a request with {operation}")
    return texts[0]


def _graphs(fields: Fields, names: tuple[str, str]) -> GraphSet:
    default, named = (tuple(fields.get(name, ())) for name in names)
    return GraphSet(default, named)


async def _of_body(request: Request) -> Fields:
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    kind = kind.strip()
    if kind not in (QUERY, UPDATE, FORM):
        raise _unsupported(f"send {QUERY}, {UPDATE} or a form, not {kind or 'a body without Content-Type'}")
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise _unsupported(f"send UTF-8, not {value.strip()[:40]!a}")
    body = await request.body()
    if kind == FORM:
        return _fields(body, "the body")
    return {"query" if kind == QUERY else "update": [_decoded(body, "the body")]}


def _unsupported(detail: str) -> HTTPException:
    return HTTPException(415, detail, {"Accept-Post": f"{QUERY}, {UPDATE}, {FORM}"})


def _fields(encoded: bytes, where: str) -> Fields:
    text = _decoded(encoded, where)
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except UnicodeDecodeError as error:
        raise BadQueryError(f"percent-encoded text of {where} is not UTF-8") from error
    except ValueError as error:
        raise BadQueryError(f"a request has at most {MAX_FIELDS} parameters") from error


def _decoded(encoded: bytes, where: str) -> str:
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQueryError(f"{where} is not UTF-8 at byte {error.start}") from error
