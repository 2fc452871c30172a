"""Numbers for Prometheus, to those who may have them."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from api.clients import is_local
from api.deps import ServiceDep

router = APIRouter(tags=["health"])

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
    return Response(text, headers={"Content-Type": media_type})
