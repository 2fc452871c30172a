"""The page of a method, dataset, task, metric or concept: all that papers together say of it."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.addresses import document_path, entities_path, entity_path, moved_to, see_other
from api.deps import ReaderDep, Slug
from api.forms import data_wanted
from api.metering import Charged
from api.routes.asked import ChosenDep, Ordered, PageNumber
from api.routes.pages.things import described
from api.templating import page
from kg.analysis.company import circles
from kg.analysis.cooccurrence import Choice, around
from kg.analysis.gaps import gaps_of_method, gaps_of_task
from kg.analysis.lineage import lineage
from kg.analysis.namings import Chosen, Order, namings
from kg.analysis.phrasing import wording
from kg.analysis.recent import change
from kg.analysis.trends import timeline
from kg.errors import NotFoundError
from kg.iri import Kind
from kg.model import Entity, Label
from kg.query.things import living_name
from kg.view.charts import timechart
from kg.view.sketch import sketch
from kg.view.structured import structured_term
from kg.workspace import Reader

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

PAPERS = 20
COMPANIONS = 8
SKETCHED = 15
STATEMENTS, ALL_STATEMENTS = 6, 100
GAPS = 20
UNTRIED = (Label.METHOD, Label.TASK)
"""Types of which it is known what they were never tried with."""

All = Annotated[bool, Query()]


@router.get("/entities/{slug}")
def entity_of_any_type(request: Request, reader: ReaderDep, slug: Slug) -> Response:
    """The page of an entity whose type the address does not say: it leads to the one that does."""
    found = _found(request, reader, slug, None)
    return found if isinstance(found, Response) else _of_its_type(request, found)


def _of_its_type(request: Request, entity: Entity, below: str = "") -> Response:
    """The type of an entity may turn with the next paper, so no one may remember the way for good."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(
        f"{entity_path(entity)}{below}{query}", 308, {"Vary": "Accept", "Cache-Control": "no-cache"}
    )


def _found(request: Request, reader: Reader, slug: str, label: Label | None, below: str = "") -> Entity | Response:
    """The entity; or the way to where it is, or to its data for a program that asks for RDF; or what else was meant."""
    try:
        living = living_name(reader.catalogue, reader.index, Kind.ENTITY, slug)
    except NotFoundError as error:
        near = {each.slug: each for each in reader.index.entities_of(error.candidates)}
        meant = [near[each] for each in error.candidates if each in near]
        return page(request, "entity_missing.html", status=404, wanted=slug, label=label, meant=meant)
    found = reader.catalogue.entity(living)
    if living != slug:
        return moved_to(entity_path(found))
    if not below and (form := data_wanted(request)):
        return see_other(document_path(Kind.ENTITY, slug, form.extension))
    if label in (None, found.label):
        return found
    return _of_its_type(request, found, below if found.label in UNTRIED else "")


def _page_of(label: Label) -> Callable[..., Response]:
    def entity(  # noqa: PLR0913, PLR0917 - the state of the page
        request: Request,
        reader: ReaderDep,
        slug: Slug,
        chosen: ChosenDep,
        order: Ordered = Order.NEWEST,
        number: Annotated[PageNumber, Query(alias="page")] = 1,
        statements: All = False,
    ) -> Response:
        """An entity: what it is, when it was named and by whom, what goes with it, and what is stated of it."""
        found = _found(request, reader, slug, label)
        if isinstance(found, Response):
            return found
        most = ALL_STATEMENTS if statements else STATEMENTS
        stated = reader.catalogue.statements(slug, limit=most + 1)
        worded = wording(reader, found)
        return page(
            request,
            "entity.html",
            headers=described(Kind.ENTITY, slug),
            entity=found,
            iri=str(reader.iris.entity(slug)),
            corpus=len(reader.incidence.papers),
            wording=worded,
            structured=structured_term(found, worded.said.sentence if worded.said else None, reader.iris),
            matches=reader.catalogue.matches(slug),
            lineage=lineage(reader, slug),
            change=change(reader, slug),
            circles=circles(reader, slug, limit=COMPANIONS),
            statements=stated[:most],
            more_statements=len(stated) > most,
            **_years(reader, slug),
            **_papers(reader, slug, chosen, order, number),
            sketch=sketch(around(reader.incidence, reader.index, slug, Choice(limit=SKETCHED))),
        )

    return entity


def _years(reader: Reader, slug: str) -> dict[str, Any]:
    """When papers named it, and who proposed it."""
    found = timeline(reader, slug)
    proposers = found.first.papers if found.first else ()
    records = {paper.id: paper for paper in reader.index.records([each.paper.id for each in proposers])}
    return {"timeline": found, "chart": timechart(found.years), "proposers": records}


def _papers(reader: Reader, slug: str, chosen: Chosen, order: Order, number: int) -> dict[str, Any]:
    """The page of its papers that is asked for."""
    found = namings(reader, slug, chosen, order=order, start=(number - 1) * PAPERS, limit=PAPERS)
    records = {paper.id: paper for paper in reader.index.records([each.paper.id for each in found.shown])}
    beside = next(iter(reader.index.entities_of([chosen.beside])), None) if chosen.beside else None
    return {
        "namings": found,
        "records": records,
        "chosen": chosen,
        "beside": beside,
        "order": order,
        "orders": list(Order),
        "number": number,
        "pages": max(1, -(-found.total // PAPERS)),
    }


def _untried_of(label: Label) -> Callable[..., Response]:
    def untried(request: Request, reader: ReaderDep, slug: Slug) -> Response:
        """What no paper names together with a method or a task, though papers do so with its like."""
        found = _found(request, reader, slug, label, "/untried")
        if isinstance(found, Response):
            return found
        gaps = gaps_of_task if label is Label.TASK else gaps_of_method
        return page(request, "untried.html", entity=found, gaps=gaps(reader, slug, limit=GAPS))

    return untried


for _label in Label:
    router.add_api_route(f"{entities_path(_label)}/{{slug}}", _page_of(_label))
for _label in UNTRIED:
    router.add_api_route(f"{entities_path(_label)}/{{slug}}/untried", _untried_of(_label), dependencies=[Charged])
