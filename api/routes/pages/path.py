"""The page of paths between two papers or entities, with the sentence of each hop."""

from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.addresses import same_page
from api.deps import ReaderDep
from api.metering import Charged
from api.routes.asked import Words
from api.routes.pages.ends import any_end
from api.routes.paths import Via
from api.templating import page
from kg.analysis.paths import MAX_HOPS, End, find_ways
from kg.iri import Kind
from kg.model import Entity, Label, Paper
from kg.workspace import Reader

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

WAYS = 3
HOPS = (2, 4, 6, 8)


@router.get("/path", dependencies=[Charged])
def path_page(
    request: Request,
    reader: ReaderDep,
    a: Words = "",
    b: Words = "",
    via: Annotated[list[Via] | None, Query()] = None,
    hops: Annotated[int, Query(ge=1, le=MAX_HOPS)] = 6,
) -> Response:
    """How one thing leads to another, step by step; or a form to choose the two."""
    ends = any_end(reader, a), any_end(reader, b)
    wanted = set(via or [Via.ANY])
    labels = [label for label in Label if wanted & {Via.ANY, label.value.lower()}]
    start, goal = (each.end for each in ends)
    found = find_ways(reader, start, goal, k=WAYS, max_hops=hops, labels=labels) if start and goal else None
    return page(
        request,
        "path.html",
        changed=partial(same_page, request),
        a=ends[0],
        b=ends[1],
        start=_named(reader, start),
        goal=_named(reader, goal),
        found=found,
        asked=_asked(start, goal, via or [], hops),
        labels=list(Label),
        via={each.value for each in via or []},
        hops=hops,
        hops_offered=HOPS,
    )


def _asked(start: End | None, goal: End | None, via: list[Via], hops: int) -> str:
    """The parameters of the same question to the API."""
    ends = [(name, f"{end.kind}:{end.name}") for name, end in (("a", start), ("b", goal)) if end]
    return urlencode([*ends, *(("via", each.value) for each in via), ("hops", hops)])


def _named(reader: Reader, end: End | None) -> Paper | Entity | None:
    if end is None:
        return None
    if end.kind is Kind.PAPER:
        return next(iter(reader.index.records([end.name])), None)
    return next(iter(reader.index.entities_of([end.name])), None)
