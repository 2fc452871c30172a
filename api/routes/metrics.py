"""Numbers for Prometheus, to those who may have them."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from api.clients import is_local
from api.deps import ServiceDep
from api.negotiate import wants_page


class _ForPrograms(APIRoute):
    """Leaves people to the page of the same address: the list of metrics that papers report."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Nothing that a browser asks for."""
        if scope["type"] == "http" and wants_page(Request(scope)):
            return Match.NONE, {}
        return super().matches(scope)


router = APIRouter(tags=["health"], route_class=_ForPrograms)

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "In the text format of Prometheus or OpenMetrics", "content": {"text/plain": {}}},
    403: {"description": "Asked from another machine, and `KG_METRICS` is `local`"},
    404: {"description": "Switched off on this service (`KG_METRICS=off`)"},
}


@router.get("/metrics", responses=_RESPONSES, response_class=Response)
def metrics(request: Request, service: ServiceDep) -> Response:
    """What was asked, what it cost, what was refused, and how old the snapshot is."""
    match service.settings.metrics:
        case "off":
            raise HTTPException(404, "this service keeps its numbers to itself: it runs with KG_METRICS=off")
        case "local" if not is_local(request.scope):
            raise HTTPException(403, "only this machine may read the numbers: KG_METRICS=public opens them")
    text, media_type = service.metrics.text(request.headers.get("accept", ""))
    return Response(text, headers={"Content-Type": media_type, "Vary": "Accept"})
