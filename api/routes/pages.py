"""Plain pages for people: start, search, papers, entities."""

from typing import Annotated, Protocol, TypeVar

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.addresses import document_path, moved_to, page_path, see_other
from api.cursors import page_of_entities, page_of_papers
from api.deps import Cursor, PaperId, ReaderDep, Slug
from api.forms import alternates, data_wanted
from api.templating import page
from kg.analysis.related import Wanted, related
from kg.iri import Kind
from kg.model import Field, Label, Mention
from kg.query import searching
from kg.query.things import living_name
from kg.workspace import Reader

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

PAGE = 50
SHOWN_FOUND = 30
SHOWN_RELATED = 8
SHOWN_SENTENCES = 12
SHOWN_STATEMENTS = 20


@router.get("/")
def start(request: Request, reader: ReaderDep) -> Response:
    """What is in the graph and where to go."""
    common = [e for e in reader.index.entities(limit=60) if not e.generic][:24]
    return page(request, "start.html", counts=reader.index.counts(), common=common, labels=list(Label))


@router.get("/search")
def search(request: Request, reader: ReaderDep, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Papers and entities that hold the words, or others that may have been meant."""
    words = q.strip()
    found = searching.search(reader.catalogue, reader.index, words, limit=SHOWN_FOUND)
    return page(request, "search.html", q=q, entities=found.entities, papers=found.papers, meant=found.meant)


@router.get("/papers")
def papers(request: Request, reader: ReaderDep, cursor: Cursor = None) -> Response:
    """All papers by title."""
    found, more = page_of_papers(reader.index, cursor, PAGE)
    return page(request, "papers.html", papers=found, total=reader.index.counts()["Paper"], more=more)


@router.get("/papers/{paper_id}")
def paper(request: Request, reader: ReaderDep, paper_id: PaperId) -> Response:
    """A paper, its mentions marked in the text, and the papers related to it."""
    if elsewhere := _elsewhere(request, reader, Kind.PAPER, paper_id):
        return elsewhere
    found = reader.catalogue.paper(paper_id)
    mentions = reader.catalogue.mentions(paper_id)
    near = related(reader, paper_id, Wanted(limit=SHOWN_RELATED))
    pieces = {field: marked(found.text(field), [m for m in mentions if m.mention.field is field]) for field in Field}
    entities = sorted({m.entity for m in mentions}, key=lambda e: (list(Label).index(e.label), e.name.casefold()))
    return page(
        request,
        "paper.html",
        headers=_described(Kind.PAPER, paper_id),
        paper=found,
        pieces=pieces,
        entities=entities,
        roles=reader.catalogue.roles(paper_id),
        related=near,
        labels=list(Label),
    )


def _elsewhere(request: Request, reader: Reader, kind: Kind, name: str) -> Response | None:
    """The way to the thing that another was merged into, or to the data for a program that asks for RDF."""
    living = living_name(reader.catalogue, reader.index, kind, name)
    if living != name:
        return moved_to(page_path(kind, living))
    form = data_wanted(request)
    return see_other(document_path(kind, name, form.extension)) if form else None


def _described(kind: Kind, name: str) -> dict[str, str]:
    """Headers that lead from the page to the documents about the same thing."""
    return {"Vary": "Accept", "Link": alternates(document_path(kind, name, "ttl").removesuffix(".ttl"))}


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


@router.get("/entities")
def entities(
    request: Request,
    reader: ReaderDep,
    cursor: Cursor = None,
    label: Annotated[Label | None, Query(alias="type")] = None,
) -> Response:
    """Entities, those in most papers first."""
    found, more = page_of_entities(reader.index, cursor, PAGE, label)
    return page(
        request,
        "entities.html",
        entities=found,
        counts=reader.index.counts(),
        chosen=label,
        labels=list(Label),
        more=more,
    )


@router.get("/entities/{slug}")
def entity(request: Request, reader: ReaderDep, slug: Slug) -> Response:
    """An entity, the sentences that mention it, what papers state of it and others, and its papers."""
    if elsewhere := _elsewhere(request, reader, Kind.ENTITY, slug):
        return elsewhere
    found = reader.catalogue.entity(slug)
    rows = reader.catalogue.papers_of(slug)
    sentences = reader.catalogue.sentences(slug, limit=SHOWN_SENTENCES)
    return page(
        request,
        "entity.html",
        headers=_described(Kind.ENTITY, slug),
        entity=found,
        papers=rows,
        sentences=sentences,
        statements=reader.catalogue.statements(slug, limit=SHOWN_STATEMENTS),
    )
