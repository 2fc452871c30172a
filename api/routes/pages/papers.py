"""The list of papers, by what they are chosen, and the page of one."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Protocol, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, BeforeValidator
from pydantic import Field as QueryField

from api.deps import PaperId, ReaderDep
from api.exporting import exported
from api.routes.pages.things import described, elsewhere
from api.templating import page
from kg.analysis.facets import facets
from kg.analysis.related import Via, Wanted, related
from kg.analysis.selection import Chosen, Order, Selection
from kg.iri import Kind
from kg.model import Entity, Field, Label, Mention, Role
from kg.query.searching import entity_called
from kg.view.citations import reference, to_bibtex
from kg.view.forms import PAPERS, Form
from kg.view.results import papers_result
from kg.view.structured import structured
from kg.view.surroundings import surroundings

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

PAGE = 25
EXPORTED = 1000
"""Papers of a list that a file holds, the first."""
DRAWN = 8
MOST_RELATED = 50
FILES = tuple(form for form in PAPERS if form is not Form.JSON)

# An empty field of a form asks for nothing.
_Blank = BeforeValidator(lambda value: value or None)
Year = Annotated[Annotated[int, QueryField(ge=1, le=9999)] | None, _Blank]


class Asked(BaseModel):
    """What the address of a list asks for."""

    q: str = QueryField("", max_length=200)
    entity: list[str] = QueryField([], max_length=20)
    type: Annotated[Label | None, _Blank] = None
    role: Annotated[Role | None, _Blank] = None
    venue: str = QueryField("", max_length=200)
    year_from: Year = None
    year_to: Year = None
    sort: Annotated[Order | None, _Blank] = None
    page: int = QueryField(1, ge=1, le=1_000_000)
    format: Annotated[Form | None, _Blank] = None

    @property
    def order(self) -> Order:
        """The one that is asked for, or the usual one."""
        return self.sort or (Order.BEST if self.q.strip() else Order.NEWEST)

    def selection(self, entities: Iterable[str]) -> Selection:
        """The papers that are asked for, which name these entities."""
        venue = self.venue.strip() or None
        return Selection(self.q.strip(), tuple(entities), self.type, self.role, venue, self.year_from, self.year_to)

    def address(self, **changes: object) -> str:
        """The address of this list with other wishes, from its first page on."""
        asked = {**self.model_dump(exclude={"page", "format"}), **changes}
        query = urlencode({name: each for name, each in asked.items() if each}, doseq=True)
        return f"/papers?{query}" if query else "/papers"


@router.get("/papers", response_model=None)
def papers(request: Request, reader: ReaderDep, asked: Annotated[Asked, Query()]) -> Response:
    """The papers that are asked for, what could be asked next, and all of them as a file."""
    named = {name: entity_called(reader.catalogue, reader.index, name) for name in asked.entity if name.strip()}
    chosen = Chosen(reader, asked.selection(dict.fromkeys(found for found in named.values() if found)))
    asked = asked.model_copy(update={"entity": list(chosen.selection.entities)})
    if asked.format in FILES:
        return exported(asked.format, papers_result("papers", reader, chosen.ids(asked.order, 0, EXPORTED)))
    return page(
        request,
        "papers.html",
        asked=asked,
        unknown=[name for name, found in named.items() if found is None],
        chosen=chosen,
        wanted=chosen.selection,
        papers=chosen.listed(asked.order, (asked.page - 1) * PAGE, PAGE),
        facets=facets(chosen),
        first=(asked.page - 1) * PAGE + 1,
        pages=-(-chosen.total // PAGE),
        total=len(reader.incidence.papers),
        exported=EXPORTED,
        orders=list(Order),
        roles=list(Role),
        labels=list(Label),
    )


async def _wanted(
    via: Annotated[Via | None, _Blank] = None,
    year_from: Year = None,
    year_to: Year = None,
    shown: Annotated[int, Query(ge=1, le=MOST_RELATED)] = 10,
) -> tuple[Via, Wanted]:
    way = via or Via.ANY
    return way, Wanted(way.labels, 1, year_from, year_to, shown)


@router.get("/papers/{paper_id}")
def paper(
    request: Request, reader: ReaderDep, paper_id: PaperId, asked: Annotated[tuple[Via, Wanted], Depends(_wanted)]
) -> Response:
    """A paper, its mentions marked in the text, what it does with things, and the papers related to it."""
    if other := elsewhere(request, reader, Kind.PAPER, paper_id):
        return other
    found = reader.catalogue.paper(paper_id)
    mentions = reader.catalogue.mentions(paper_id)
    pieces = {field: marked(found.text(field), [m for m in mentions if m.mention.field is field]) for field in Field}
    entities = sorted({m.entity for m in mentions}, key=lambda e: (list(Label).index(e.label), e.name.casefold()))
    via, wanted = asked
    near = related(reader, paper_id, wanted)
    return page(
        request,
        "paper.html",
        headers=described(Kind.PAPER, paper_id),
        paper=found,
        pieces=pieces,
        mentions=mentions,
        entities=entities,
        by_role=_by_role(entities, reader.catalogue.roles(paper_id)),
        via=via,
        ways=list(Via),
        wanted=wanted,
        more=f"{request.url.include_query_params(shown=min(wanted.limit * 2, MOST_RELATED)).query}",
        related=near,
        drawing=surroundings(near[:DRAWN]),
        reference=reference(found),
        bibtex=to_bibtex([found]),
        structured=structured(found, entities, reader.iris),
        labels=list(Label),
    )


def _by_role(entities: Iterable[Entity], roles: Mapping[str, Role]) -> dict[str, set[str]]:
    """Slugs of what the paper does the same with; under the empty text those that it only names."""
    found: dict[str, set[str]] = {name: set() for name in ("", *Role)}
    for entity in entities:
        found[roles.get(entity.slug, "")].add(entity.slug)
    return found


class _HasMention(Protocol):
    @property
    def mention(self) -> Mention: ...


_T = TypeVar("_T", bound=_HasMention)


def marked(text: str, mentions: list[_T]) -> list[tuple[str, _T | None]]:
    """The text cut into pieces, in order: plain ones, and those that are a mention."""
    pieces: list[tuple[str, _T | None]] = []
    at = 0
    for linked in mentions:
        pieces += [(text[at : linked.mention.start], None), (linked.mention.text, linked)]
        at = linked.mention.end
    return [piece for piece in [*pieces, (text[at:], None)] if piece[0]]
