"""The page that tells why two papers are linked, side by side."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.addresses import same_page
from api.deps import ReaderDep
from api.routes.asked import Words
from api.routes.pages.ends import paper_end
from api.templating import page
from kg.analysis.links import apart, link
from kg.analysis.paths import End, Ways, find_ways
from kg.analysis.ranking import ranking_query
from kg.analysis.related import Wanted, related
from kg.workspace import Reader

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

NEAR = 6


@router.get("/link")
def link_page(request: Request, reader: ReaderDep, a: Words = "", b: Words = "") -> Response:
    """What two papers share, by weight, with the sentences of both; or a form to choose them."""
    ends = paper_end(reader, a), paper_end(reader, b)
    here, there = (each.end for each in ends)
    context: dict[str, Any] = {"a": ends[0], "b": ends[1], "found": None, "near": [], "same": False}
    if here and there and here == there:
        context["same"] = True
    elif here and there:
        context |= _explained(reader, here, there)
    elif here and not ends[1].text:
        context["near"] = related(reader, here.name, Wanted(limit=NEAR))
    ids = [end.name for end in (here, there) if end]
    records = {paper.id: paper for paper in reader.index.records(ids)}
    return page(request, "link.html", records=records, changed=partial(same_page, request), **context)


def _explained(reader: Reader, here: End, there: End) -> dict[str, Any]:
    found = link(reader, here.name, there.name)
    return {
        "found": found,
        "apart": apart(reader, here.name, there.name),
        "most": max((shared.weight for shared in found.shared), default=0.0),
        "way": None if found.score else _way(find_ways(reader, here, there, k=1)),
        "query": ranking_query(reader.weights, reader.iris, here.name, Wanted(), beside=there.name),
    }


def _way(ways: Ways) -> object:
    return ways.ways[0] if ways.ways else None
