"""Networks of concepts: as data, and as a page that stands alone."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import BeforeValidator

from api.deps import ReaderDep, ServiceDep, Types
from api.exporting import NetworkForm, exported, in_openapi
from api.metering import Charged
from api.schemas_network import NetworkOut
from kg.analysis.cooccurrence import Choice
from kg.atlas.association import Weight
from kg.model import MAX_NODES, Label
from kg.view.concepts import Question
from kg.view.forms import NETWORK, Form
from kg.view.pyvis_html import content_security_policy, render
from kg.view.results import network_result

router = APIRouter(tags=["network"])

Blank = BeforeValidator(lambda value: None if isinstance(value, str) and not value.strip() else value)
"""Forms send the fields that were left empty, too."""

Year = Annotated[int | None, Query(ge=1, le=9999), Blank]


def get_question(  # noqa: PLR0913, PLR0917 - the parameters of one request
    service: ServiceDep,
    focus: Annotated[
        str | None, Query(description="Slug of the entity to draw the surroundings of.", max_length=200), Blank
    ] = None,
    query: Annotated[
        str | None, Query(alias="q", description="Text of papers to draw what is typical of.", max_length=500)
    ] = None,
    papers: Annotated[
        list[str] | None,
        Query(
            alias="paper", description="Ids of papers to draw what is typical of; repeat for several.", max_length=200
        ),
    ] = None,
    types: Types = None,
    year_from: Year = None,
    year_to: Year = None,
    venue: Annotated[str | None, Query(description="Papers of this venue only.", max_length=200), Blank] = None,
    min_papers: Annotated[int, Query(ge=1, le=1_000_000, description="Papers that name an entity at least.")] = 1,
    weight: Annotated[Weight, Query(description="How links are weighed.")] = Weight.NPMI,
    limit: Annotated[int | None, Query(ge=2, le=MAX_NODES, description="Entities at most."), Blank] = None,
) -> Question:
    """What the parameters ask for, without evidence."""
    labels = tuple(sorted(set(types))) if types else tuple(Label)
    most = limit or service.settings.network_nodes
    choice = Choice(labels, year_from, year_to, venue, min_papers, weight, most)
    return Question(focus, query.strip() or None if query else None, tuple(papers or ()), choice)


QuestionDep = Annotated[Question, Depends(get_question)]


@router.get("/v1/network", responses=in_openapi(NetworkOut, NETWORK), response_model=None, dependencies=[Charged])
def get_network(
    reader: ReaderDep,
    service: ServiceDep,
    form: NetworkForm,
    question: QuestionDep,
    sentences: Annotated[int, Query(ge=0, le=3, description="Sentences that show each entity, at most.")] = 0,
) -> Response:
    """Entities that share papers, with positions and communities; cut to the most strongly associated.

    Those around `focus`, in all papers or in those that `q` finds or `paper` names. Without it, what is typical of
    these, or of the papers that the filters leave; with none of all this, the foremost of the map. Links are weighed by
    how much more often than by chance two entities meet.
    """
    drawn = service.networks.get(reader, question.with_sentences(sentences))
    if form is not Form.JSON:
        name = f"network-{question.focus}" if question.focus else "network"
        return exported(form, network_result(name, drawn, reader.iris))
    answer = NetworkOut.of(drawn).answer()
    answer.headers["Vary"] = "Accept"
    return answer


@router.get("/network", response_class=HTMLResponse, include_in_schema=False, dependencies=[Charged])
def network_page(reader: ReaderDep, service: ServiceDep, question: QuestionDep) -> HTMLResponse:
    """The network as an interactive page, under its own policy: its script stands inside, behind a nonce."""
    drawn = service.networks.get(reader, question.with_sentences())
    nonce = secrets.token_urlsafe(24)
    html = render(drawn, nonce=nonce, entity_url="/entities/{slug}", paper_url="/papers/{slug}")
    policy = f"{content_security_policy(nonce)}; frame-ancestors 'none'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})
