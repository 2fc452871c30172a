"""The page of ``/sparql``: a query, questions to start from, and what was found or is wrong."""

import shlex
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from api import questions
from api.answer_views import VIEWS, Found, View, find
from api.answers import GoneError, gone
from api.deps import Service
from api.errors import reason_of, retry_after, status_of
from api.protocol import QUERY_GRAPHS, Asked
from api.record import record_of
from api.templating import page
from kg.errors import BadQueryError, KgError
from kg.query.examples import Example
from kg.query.results import ResultFormat

_AROUND = 60


class Excerpt(NamedTuple):
    """The line of a query that holds an error, cut at the place."""

    before: str
    at: str
    after: str


class Trouble(NamedTuple):
    """Why there is no answer; where the place in the query is known, its line and column, and what stands there."""

    text: str
    place: tuple[int, int] | None = None
    excerpt: Excerpt | None = None


class Outcome(NamedTuple):
    """What became of a query: found, in trouble, or not asked yet and then maybe one of the questions."""

    found: Found | None = None
    trouble: Trouble | None = None
    example: Example | None = None


def empty_page(request: Request, service: Service) -> Response:
    """The page with a query to start from: the question that the address names, or the first that is simple."""
    name = request.query_params.get("example")
    try:
        example = questions.called(service, name) if name else None
    except KgError as error:
        return error_page(request, service, Asked(questions.starter().query), error)
    return _page(request, service, Asked((example or questions.starter()).query), Outcome(example=example))


async def answer_page(request: Request, service: Service, asked: Asked) -> Response:
    """The page with the answer of a query, or with what is wrong."""
    try:
        found = await find(request, service, asked, View.of_request(request))
        return await run_in_threadpool(_page, request, service, asked, Outcome(found))
    except GoneError:
        return gone()
    except KgError as error:
        return await run_in_threadpool(error_page, request, service, asked, error)


def error_page(request: Request, service: Service, asked: Asked, error: KgError) -> Response:
    """The page that says why a query has no answer, under the status that a program would get."""
    place = error.place if isinstance(error, BadQueryError) else None
    trouble = Trouble(str(error), place, excerpt_of(asked.query, *place) if place else None)
    record_of(request).reason = reason_of(error)
    response = _page(request, service, asked, Outcome(trouble=trouble), status_of(error))
    response.headers.update(retry_after(error) or {})
    return response


def excerpt_of(query: str, line: int, column: int) -> Excerpt:
    """The surroundings of a place in a query; both numbers count from 1, and may lie just behind the end."""
    text = [*query.split("\n"), ""][min(line - 1, query.count("\n"))]
    start = min(column - 1, len(text))
    return Excerpt(
        text[max(0, start - _AROUND) : start], text[start : start + 1] or " ", text[start + 1 : start + _AROUND]
    )


def _page(request: Request, service: Service, asked: Asked, outcome: Outcome, status: int = 200) -> Response:
    found, filled = outcome.found, questions.at_hand(service)
    return page(
        request,
        "sparql.html",
        status=status,
        headers={"Vary": "Accept"},
        asked=asked,
        found=found,
        trouble=outcome.trouble,
        example=outcome.example,
        view=View.of_request(request),
        views=_views(request, asked) if found else {},
        downloads=_downloads(asked, found) if found else {},
        curl=_curl(request, asked, found) if found else "",
        formats=list(ResultFormat),
        graphs=_graphs(asked),
        questions=filled or questions.plain(),
        questions_are_filled=filled is not None,
        settings=service.settings,
    )


def _graphs(asked: Asked) -> list[tuple[str, str]]:
    """The graphs that a request names, as its parameters."""
    graphs = zip(QUERY_GRAPHS, (asked.graphs.default, asked.graphs.named), strict=True)
    return [(name, iri) for name, iris in graphs for iri in iris]


def _address(asked: Asked, *more: tuple[str, str]) -> str:
    return f"/sparql?{urlencode([('query', asked.query), *_graphs(asked), *more])}"


def _views(request: Request, asked: Asked) -> dict[str, str]:
    """Addresses of the views of an answer, each with the columns that were chosen."""
    chosen = View.of_request(request)
    return {name: _address(asked, *chosen._replace(name=name).fields) for name in VIEWS}


def _downloads(asked: Asked, found: Found) -> dict[ResultFormat, str]:
    """Addresses of the same answer in each format that can hold it."""
    fitting = [each for each in ResultFormat if each.is_graph == (found.noun == "triple")]
    return {each: _address(asked, ("format", each)) for each in fitting}


def _curl(request: Request, asked: Asked, found: Found) -> str:
    """A command that asks the same of this service from a shell."""
    media = ResultFormat.TURTLE if found.noun == "triple" else ResultFormat.CSV
    fields = [("query", asked.query), *_graphs(asked)]
    given = " \\\n  ".join(f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in fields)
    return f"curl -G {shlex.quote(f'{request.base_url}sparql')} -d format={media} \\\n  {given}"
