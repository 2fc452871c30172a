"""Counts, health."""

from fastapi import APIRouter, Response

from api.deps import ReaderDep, ServiceDep
from api.room import full
from api.schemas import StatsOut
from kg.errors import KgError
from kg.model import Label

router = APIRouter()

READY_SECONDS = 1.0


@router.get("/v1/stats", tags=["search"])
def stats(reader: ReaderDep) -> StatsOut:
    """Counts of what the graph holds."""
    counts = reader.index.counts()
    mentions, edges = reader.catalogue.totals()
    entities = {label: counts[label.value] for label in Label}
    return StatsOut(
        papers=counts["Paper"], entities=entities, mentions=mentions, edges=edges, snapshot=reader.path.name
    )


@router.get("/health/live", tags=["health"])
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/health/ready", tags=["health"], responses={503: {"description": "Not ready; says why."}})
def ready(service: ServiceDep, response: Response) -> dict[str, str]:
    """There is a graph, a query worker answers, and the disk is not full."""
    try:
        reason = "" if service.pool().ping(READY_SECONDS) else "all query workers are busy"
    except KgError as error:
        reason = str(error)
    reason = reason or full(service.settings.data)
    if reason:
        response.status_code = 503
        return {"status": "not ready", "reason": reason}
    return {"status": "ready"}
