"""The answer of a query -> what its page shows: yes or no, or rows, and what can be drawn of these."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.answers import ask
from api.charts import Chart, chart_of
from api.deps import Service
from api.drawings import Drawing, Known, Look, of_rows, of_triples
from api.protocol import Asked
from api.tables import Kind, Table, cell_of, kinds_of, table_of
from api.triples import PARTS, triples_of
from kg.iri import Kind as Named
from kg.query.pool import Answer, inspect
from kg.query.results import ResultFormat

SHOWN_ROWS = 1000
VIEWS = ("table", "chart", "network")


class View(NamedTuple):
    """How an answer is to be shown; ``across`` and ``of`` are the columns of a chart, where they are chosen."""

    name: str = VIEWS[0]
    across: str = ""
    of: str | None = None

    @classmethod
    def of_request(cls, request: Request) -> "View":
        """The view that an address asks for; one that there is not is the first."""
        asked = request.query_params
        name = asked.get("view", VIEWS[0])
        return cls(name if name in VIEWS else VIEWS[0], asked.get("x", ""), asked.get("y"))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What an address has to say of it: nothing of what goes without saying."""
        said = [("view", self.name if self.name != VIEWS[0] else ""), ("x", self.across)]
        return [each for each in said if each[1]] + ([] if self.of is None else [("y", self.of)])


class Found(NamedTuple):
    """An answer, and of it what a page shows; ``noun`` is what its rows are, ``names`` those of things in the chart."""

    answer: Answer
    noun: str
    verdict: bool | None = None
    table: Table | None = None
    kinds: Sequence[Kind] = ()
    chart: Chart | None = None
    drawing: Drawing | None = None
    names: Mapping[str, Known] = {}


async def find(request: Request, service: Service, asked: Asked, view: View) -> Found:
    """Ask, and look at the answer from all sides; raises as ``ask`` does."""
    gives_graph = (await inspect(asked.query)).form.gives_graph
    result_format = ResultFormat.NTRIPLES if gives_graph else ResultFormat.JSON
    answer = await ask(request, service, asked, result_format)
    look_at = _triples if gives_graph else _rows
    return await run_in_threadpool(look_at, service, answer, view)


def _rows(service: Service, answer: Answer, view: View) -> Found:
    table = table_of(_whole(answer), service.settings.base, SHOWN_ROWS)
    if isinstance(table, bool):
        return Found(answer, "row", table)
    chart = chart_of(table, kinds := kinds_of(table), view.across, view.of)
    look = partial(_known, service)
    return Found(answer, "row", None, table, kinds, chart, of_rows(table, kinds, look), _names(chart, look))


def _triples(service: Service, answer: Answer, view: View) -> Found:
    base = service.settings.base
    found = triples_of(_whole(answer), SHOWN_ROWS)
    table = Table([*PARTS], [[cell_of(term, base) for term in triple] for triple in found])
    chart = chart_of(table, kinds := kinds_of(table), view.across or "predicate", view.of)
    look = partial(_known, service)
    return Found(answer, "triple", None, table, kinds, chart, of_triples(table, look), _names(chart, look))


def _names(chart: Chart | None, look: Look) -> Mapping[str, Known]:
    return look([bar.cell.full for bar in chart.bars if bar.cell.full] if chart else [])


def _whole(answer: Answer) -> bytes:
    with answer.rest or contextlib.nullcontext() as rest:
        return answer.body + (rest.read() if rest else b"")


def _known(service: Service, iris: Iterable[str]) -> dict[str, Known]:
    """What the newest snapshot calls papers and entities."""
    lease = service.acquire()
    try:
        index, ours, iris = lease.reader.index, lease.reader.iris, list(iris)
        slugs = {name: iri for iri in iris if (name := ours.name(Named.ENTITY, iri))}
        papers = {name: iri for iri in iris if (name := ours.name(Named.PAPER, iri))}
        found = {slugs[each.slug]: Known(each.name, each.label.lower()) for each in index.entities_of(slugs)}
        titles = {papers[name]: Known(title, "paper") for name, (title, _) in index.texts(papers).items()}
        return found | titles
    finally:
        service.release(lease)
