"""The network of concepts: as data, and as a page that stands alone."""

import secrets
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import ReaderDep, ServiceDep, Types
from api.schemas import NetworkOut
from kg.model import MAX_NODES
from kg.view.exports import to_gexf, to_graphml
from kg.view.pyvis_html import content_security_policy, render

router = APIRouter(tags=["network"])

Focus = Annotated[str | None, Query(description="Slug of the entity to draw the surroundings of.", max_length=200)]
Nodes = Annotated[int | None, Query(alias="limit", ge=2, le=MAX_NODES, description="Entities at most.")]


class NetworkFormat(StrEnum):
    """What ``/v1/network`` answers in."""

    JSON = "json"
    GRAPHML = "graphml"
    GEXF = "gexf"


_NETWORK_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {
        "model": NetworkOut,
        "description": "The network",
        "content": {"application/graphml+xml": {}, "application/gexf+xml": {}},
    }
}


@router.get("/v1/network", responses=_NETWORK_RESPONSES, response_model=None)
def get_network(
    reader: ReaderDep,
    service: ServiceDep,
    focus: Focus = None,
    limit: Nodes = None,
    types: Types = None,
    form: Annotated[NetworkFormat, Query(alias="format")] = NetworkFormat.JSON,
) -> NetworkOut | Response:
    """Entities that share papers, with positions, communities and evidence; cut to the most important."""
    drawn = service.networks.get(reader, service.settings, focus, limit, types)
    match form:
        case NetworkFormat.GRAPHML:
            return Response(to_graphml(drawn), media_type="application/graphml+xml")
        case NetworkFormat.GEXF:
            return Response(to_gexf(drawn), media_type="application/gexf+xml")
    return NetworkOut.of(drawn)


@router.get("/network", response_class=HTMLResponse, include_in_schema=False)
def network_page(
    reader: ReaderDep, service: ServiceDep, focus: Focus = None, limit: Nodes = None, types: Types = None
) -> HTMLResponse:
    """The network as an interactive page, under its own policy: its script stands inside, behind a nonce."""
    drawn = service.networks.get(reader, service.settings, focus, limit, types)
    nonce = secrets.token_urlsafe(24)
    html = render(drawn, nonce=nonce, entity_url="/entities/{slug}", paper_url="/papers/{slug}")
    policy = f"{content_security_policy(nonce)}; frame-ancestors 'none'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})
