"""The page of one search over papers and entities."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.deps import ReaderDep
from api.templating import page
from kg.index.hits import ALL
from kg.model import Label
from kg.query import searching

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SHOWN = 12
"""Entities, and papers, where both are looked for; ``SHOWN_ALONE`` where one kind is."""
SHOWN_ALONE = 60
COMMON = 24


@router.get("/search")
def search(
    request: Request,
    reader: ReaderDep,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: Annotated[Label | Literal["Paper", ""], Query(alias="type")] = "",
) -> Response:
    """Papers and entities that hold the words, or others that may have been meant."""
    labels = list(Label) if not kind else [] if kind == "Paper" else [kind]
    within = ALL if kind in ("", "Paper") else None
    limit = SHOWN_ALONE if kind else SHOWN
    found = searching.search(reader.catalogue, reader.index, q.strip(), labels=labels, within=within, limit=limit)
    common = [] if q.strip() else [e for e in reader.index.entities(limit=3 * COMMON) if not e.generic][:COMMON]
    return page(
        request,
        "search.html",
        q=q,
        kind=kind,
        labels=list(Label),
        limit=limit,
        common=common,
        entities=found.entities,
        papers=found.papers,
        meant=found.meant,
    )
