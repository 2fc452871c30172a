"""The page that one starts from."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.deps import ReaderDep
from api.templating import page
from kg.model import Label

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/")
def start(request: Request, reader: ReaderDep) -> Response:
    """What is in the graph and where to go."""
    common = [e for e in reader.index.entities(limit=60) if not e.generic][:24]
    return page(request, "start.html", counts=reader.index.counts(), common=common, labels=list(Label))
