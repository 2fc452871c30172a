"""The page of one search over papers and entities."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.deps import ReaderDep
from api.templating import page
from kg.query import searching

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SHOWN_FOUND = 30


@router.get("/search")
def search(request: Request, reader: ReaderDep, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Papers and entities that hold the words, or others that may have been meant."""
    words = q.strip()
    found = searching.search(reader.catalogue, reader.index, words, limit=SHOWN_FOUND)
    return page(request, "search.html", q=q, entities=found.entities, papers=found.papers, meant=found.meant)
