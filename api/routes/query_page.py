"""The page of ``/sparql``: a query, and below it what it found or what is wrong with it."""

import contextlib
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import GoneError, ask, gone
from api.deps import Service
from api.errors import reason_of, retry_after, status_of
from api.protocol import QUERY_GRAPHS, Asked
from api.record import record_of
from api.tables import Table, table_of
from api.templating import page
from kg.errors import BadQueryError, KgError
from kg.query.pool import Answer, inspect
from kg.query.results import ResultFormat
from kg.resources import ontology_dir

SHOWN_ROWS = 500
SHOWN_CHARACTERS = 100_000
_STARTER = "06-most-mentioned-methods.rq"
_AROUND = 60


class Found(NamedTuple):
    """An answer, and of it what the page shows: a table, yes or no, or the beginning of a graph as Turtle."""

    answer: Answer
    whole: bool
    table: Table | bool | None
    graph: str | None


class Excerpt(NamedTuple):
    """The line of a query that holds an error, cut at the place."""

    before: str
    at: str
    after: str


def empty_page(request: Request) -> Response:
    """The page with a query to start from."""
    return _page(request, Asked(_starter()))


async def answer_page(request: Request, service: Service, asked: Asked) -> Response:
    """The page with the answer of a query, or with what is wrong."""
    try:
        found = await _find(request, service, asked)
        return await run_in_threadpool(_page, request, asked, found=found)
    except GoneError:
        return gone()
    except KgError as error:
        return error_page(request, asked, error)


def error_page(request: Request, asked: Asked, error: KgError) -> Response:
    """The page that says why a query has no answer, under the status that a program would get."""
    place = error.place if isinstance(error, BadQueryError) else None
    excerpt = excerpt_of(asked.query, *place) if place else None
    record_of(request).reason = reason_of(error)
    response = _page(request, asked, status=status_of(error), trouble=str(error), excerpt=excerpt)
    response.headers.update(retry_after(error) or {})
    return response


def excerpt_of(query: str, line: int, column: int) -> Excerpt:
    """The surroundings of a place in a query; both numbers count from 1, and may lie just behind the end."""
    text = [*query.split("\n"), ""][min(line - 1, query.count("\n"))]
    start = min(column - 1, len(text))
    return Excerpt(
        text[max(0, start - _AROUND) : start], text[start : start + 1] or " ", text[start + 1 : start + _AROUND]
    )


def _page(
    request: Request,
    asked: Asked,
    *,
    status: int = 200,
    found: Found | None = None,
    trouble: str = "",
    excerpt: Excerpt | None = None,
) -> Response:
    return page(
        request,
        "sparql.html",
        status=status,
        headers={"Vary": "Accept"},
        asked=asked,
        found=found,
        trouble=trouble,
        excerpt=excerpt,
        links=_links(asked, found) if found else {},
        formats=list(ResultFormat),
        graph_parameters=QUERY_GRAPHS,
    )


async def _find(request: Request, service: Service, asked: Asked) -> Found:
    gives_graph = (await inspect(asked.query)).form.gives_graph
    result_format = ResultFormat.TURTLE if gives_graph else ResultFormat.JSON
    answer = await ask(request, service, asked, result_format)
    return await run_in_threadpool(_shown, answer, service.settings.base, gives_graph=gives_graph)


def _shown(answer: Answer, base: str, *, gives_graph: bool) -> Found:
    with answer.rest or contextlib.nullcontext() as rest:
        body = answer.body + (rest.read() if rest else b"")
    if gives_graph:
        text = body.decode()
        return Found(answer, len(text) <= SHOWN_CHARACTERS, None, text[:SHOWN_CHARACTERS])
    return Found(answer, True, table_of(body, base, SHOWN_ROWS), None)


def _links(asked: Asked, found: Found) -> dict[ResultFormat, str]:
    """Addresses of the same answer in each format that can hold it."""
    graphs = zip(QUERY_GRAPHS, (asked.graphs.default, asked.graphs.named), strict=True)
    parameters = [("query", asked.query), *((name, iri) for name, iris in graphs for iri in iris)]
    fitting = [each for each in ResultFormat if each.is_graph == (found.graph is not None)]
    return {each: f"/sparql?{urlencode([*parameters, ('format', each)])}" for each in fitting}


@cache
def _starter() -> str:
    text = (ontology_dir() / "queries" / _STARTER).read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#+")).strip()
