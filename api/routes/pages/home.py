"""The page that one starts from."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.deps import AnyReaderDep, ServiceDep
from api.templating import page

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

TRIED = 2
"""Names of each type that are offered to search for."""


@router.get("/")
def home(request: Request, service: ServiceDep, reader: AnyReaderDep) -> Response:
    """What is in the graph, three questions that it answers, and where papers go in; or how to make one."""
    if reader is None or not len(reader.incidence.papers):
        return page(request, "welcome.html")
    covered = service.coverage.get(reader)
    return page(
        request,
        "home.html",
        covered=covered,
        openings=service.openings.get(reader),
        tried=[each.entity for named in covered.facets.entities.values() for each in named[:TRIED]],
        published=service.snapshot(),
    )
