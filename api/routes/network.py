"""The network of concepts: as data, and as a page that stands alone."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import ReaderDep, ServiceDep, Types
from api.exporting import NetworkForm, exported, in_openapi
from api.schemas import NetworkOut
from kg.model import MAX_NODES
from kg.view.forms import NETWORK, Form
from kg.view.pyvis_html import content_security_policy, render
from kg.view.results import network_result

router = APIRouter(tags=["network"])

Focus = Annotated[str | None, Query(description="Slug of the entity to draw the surroundings of.", max_length=200)]
Nodes = Annotated[int | None, Query(alias="limit", ge=2, le=MAX_NODES, description="Entities at most.")]


@router.get("/v1/network", responses=in_openapi(NetworkOut, NETWORK), response_model=None)
def get_network(
    reader: ReaderDep,
    service: ServiceDep,
    form: NetworkForm,
    focus: Focus = None,
    limit: Nodes = None,
    types: Types = None,
) -> NetworkOut | Response:
    """Entities that share papers, with positions, communities and evidence; cut to the most important."""
    drawn = service.networks.get(reader, service.settings, focus, limit, types)
    if form is not Form.JSON:
        return exported(form, network_result(f"network-{focus}" if focus else "network", drawn, reader.iris))
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
