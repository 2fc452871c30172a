"""The map of what shares papers: a picture, the same as a list, and what is known of whatever is chosen on it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.addresses import see_other
from api.deps import AnyReaderDep, ReaderDep, Service, ServiceDep
from api.exporting import attached
from api.map_address import MapAddress
from api.metering import Charged
from api.routes.network import Blank, QuestionDep
from api.templating import page
from kg.analysis.meetings import quoted
from kg.atlas.association import Weight
from kg.errors import NotFoundError
from kg.model import MAX_NODES, Label, Network
from kg.query import searching
from kg.view.concepts import MAX_EGO, Question
from kg.view.details import STEP, between, details
from kg.view.exports import node_record
from kg.view.listing import listing
from kg.view.map_chart import Asked, Chart
from kg.view.results import DRAWINGS, drawing_file
from kg.view.telling import told
from kg.workspace import Reader

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=[Charged])

MOST_ADDED = 400
Names = Annotated[list[str] | None, Query()]
Name = Annotated[str | None, Query(max_length=300), Blank]


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a reader did to the map, as the address has it."""

    cluster: int | None
    expand: list[str]
    pin: list[str]
    hide: list[str]
    select: str | None
    other: str | None
    goal: str | None


def get_deeds(  # noqa: PLR0913, PLR0917 - the parameters of one request
    cluster: Annotated[int | None, Query(ge=0, le=1_000_000), Blank] = None,
    expand: Names = None,
    pin: Names = None,
    hide: Names = None,
    select: Name = None,
    other: Annotated[str | None, Query(alias="with", max_length=300), Blank] = None,
    goal: Annotated[str | None, Query(alias="path", max_length=300), Blank] = None,
) -> Deeds:
    """Of the parameters of a request."""
    return Deeds(cluster, expand or [], pin or [], hide or [], select, other, goal)


DeedsDep = Annotated[Deeds, Depends(get_deeds)]


@router.get("/map")
def map_page(
    request: Request, reader: AnyReaderDep, service: ServiceDep, question: QuestionDep, deeds: DeedsDep
) -> Response:
    """The whole page: filters, picture, what is chosen, and the list."""
    address = MapAddress(request.query_params.multi_items())
    if reader is None:
        return _page(request, Question(), address, **_nothing())
    for name, typed in (("focus", question.focus), ("path", deeds.goal)):
        if typed and reader.incidence.entities.find(typed) is None:
            return _meant(request, reader, question, address, name, typed)
    try:
        context = _shown(service, reader, question, deeds)
    except NotFoundError as error:
        return _page(request, question, address, status=404, trouble=str(error), **_nothing())
    return _page(request, question, address, **context)


@router.get("/map/panel")
def panel(request: Request, reader: ReaderDep, service: ServiceDep, question: QuestionDep, deeds: DeedsDep) -> Response:
    """What the page has of what is chosen, alone."""
    address = MapAddress(request.query_params.multi_items())
    context = _shown(service, reader, question, deeds)
    return page(request, "map_panel.html", address=address, question=question, trouble=None, meant=[], **context)


@router.get("/map/export")
def export(
    reader: ReaderDep,
    service: ServiceDep,
    question: QuestionDep,
    deeds: DeedsDep,
    form: Annotated[str, Query(alias="format", pattern=f"^({'|'.join(DRAWINGS)})$")],
) -> Response:
    """A file of what is shown."""
    drawn = service.charts.get(reader, _asked(reader, question, deeds)).network
    media_type, extension, content = drawing_file(form, drawn, reader.iris)
    return attached(content, media_type, f"map-{question.focus}" if question.focus else "map", extension)


def _asked(reader: Reader, question: Question, deeds: Deeds) -> Asked:
    """Without what is not, or no longer, in the graph: an address may be older than it."""
    known = reader.incidence.entities
    expanded = ((slug, most) for slug, most in map(_expansion, deeds.expand) if known.find(slug) is not None)
    path = (deeds.select, deeds.goal) if deeds.select and deeds.goal else None
    return Asked(
        question,
        deeds.cluster,
        tuple(dict(expanded).items()),
        tuple(slug for slug in dict.fromkeys(deeds.pin) if known.find(slug) is not None),
        frozenset(slug for slug in deeds.hide if known.find(slug) is not None),
        path,
    )


def _expansion(text: str) -> tuple[str, int]:
    slug, _, most = text.rpartition(":")
    if slug and most.isascii() and most.isdigit():
        return slug, max(1, min(int(most[:6]), MOST_ADDED))
    return text, STEP


def _shown(service: Service, reader: Reader, question: Question, deeds: Deeds) -> dict[str, Any]:
    asked = _asked(reader, question, deeds)
    drawn = service.charts.get(reader, asked)
    names = {node.id: node.name for node in drawn.network.nodes}
    return {
        "focus": names.get(question.focus or ""),
        "asked": asked,
        "chart": drawn,
        "told": told(drawn.network, drawn.added),
        "groups": (groups := listing(drawn.network)),
        "group": next((group for group in groups if group.number == asked.community), None),
        "details": details(reader, asked, drawn, deeds.select) if deeds.select and not deeds.other else None,
        "meeting": between(reader, asked, (deeds.select, deeds.other)) if deeds.select and deeds.other else None,
        "hidden": sorted(reader.index.entities_of(asked.hidden), key=lambda entity: entity.name.casefold()),
        "pinned": [(slug, names[slug]) for slug in asked.pinned if slug in names],
        "drawing": _drawing(drawn, asked),
        "quoted": quoted,
    }


def _nothing() -> dict[str, Any]:
    network = Network("Concept map", (), (), 0, 0)
    drawn = Chart(network)
    return {
        "focus": None,
        "asked": Asked(),
        "chart": drawn,
        "told": told(network),
        "groups": [],
        "group": None,
        "details": None,
        "meeting": None,
        "hidden": [],
        "pinned": [],
        "drawing": _drawing(drawn, Asked()),
    }


def _drawing(drawn: Chart, asked: Asked) -> dict[str, Any]:
    """What the script of the page needs to draw it; links name their ends by their places among the entities."""
    network = drawn.network
    place = {node.id: number for number, node in enumerate(network.nodes)}
    return {
        "entities": [node_record(node) for node in network.nodes],
        "links": [
            {"source": place[edge.source], "target": place[edge.target], "papers": edge.papers, "weight": edge.weight}
            for edge in network.edges
        ],
        "clusters": network.clusters,
        "focus": network.focus,
        "pinned": asked.pinned,
        "cluster": asked.community,
        "ways": drawn.steps,
    }


def _meant(
    request: Request, reader: Reader, question: Question, address: MapAddress, name: str, typed: str
) -> Response:
    """On to the entity that a typed name fits, or the page with those that it may mean."""
    found = searching.search(reader.catalogue, reader.index, typed, within=None, limit=8).entities
    exact = [
        entity for entity in found if typed.casefold() in {entity.name.casefold(), *map(str.casefold, entity.aliases)}
    ]
    if len(exact or found) == 1:
        return see_other(address.naming(name, (exact or found)[0].slug))
    meant = [(entity, address.naming(name, entity.slug)) for entity in found]
    context = _nothing() | {"trouble": f"No entity is called “{typed}”.", "meant": meant}
    return _page(request, question, address, status=404, **context)


def _page(
    request: Request,
    question: Question,
    address: MapAddress,
    *,
    status: int = HTTPStatus.OK,
    **context: Any,  # noqa: ANN401 - what the template has
) -> Response:
    return page(
        request,
        "map.html",
        status=status,
        **{"trouble": None, "meant": []} | context,
        question=question,
        address=address,
        labels=list(Label),
        weights=_WEIGHTS.items(),
        most=MAX_NODES,
        most_around=MAX_EGO,
        forms=DRAWINGS,
        counts=_counts(context["chart"].network),
    )


_WEIGHTS = {Weight.NPMI: "how exclusive they are", Weight.LOG_LIKELIHOOD: "how sure they are"}


def _counts(network: Network) -> dict[Label, int]:
    labels = [node.label for node in network.nodes]
    return {label: labels.count(label) for label in Label}
