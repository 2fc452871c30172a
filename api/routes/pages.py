"""Plain pages for people: start, search, papers, entities; and the way from an IRI to its page."""

from typing import Annotated, Protocol, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.cursors import page_of_entities, page_of_papers
from api.deps import Cursor, PaperId, ReaderDep, Slug
from api.negotiate import accept_of, best_match
from api.templating import page
from kg.analysis.related import related
from kg.model import Field, Label, Mention

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

PAGE = 50
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
    """Papers and entities that hold the words."""
    words = q.strip()
    entities = reader.index.search_entities(words, limit=20) if words else []
    papers = reader.index.search_papers(words, limit=30) if words else []
    return page(request, "search.html", q=q, entities=entities, papers=papers)


@router.get("/papers")
def papers(request: Request, reader: ReaderDep, cursor: Cursor = None) -> Response:
    """All papers by title."""
    found, more = page_of_papers(reader.index, cursor, PAGE)
    return page(request, "papers.html", papers=found, total=reader.index.counts()["Paper"], more=more)


@router.get("/papers/{paper_id}")
def paper(request: Request, reader: ReaderDep, paper_id: PaperId) -> Response:
    """A paper, its mentions marked in the text, and the papers related to it."""
    found = reader.catalogue.paper(paper_id)
    mentions = reader.catalogue.mentions(paper_id)
    near = related(reader.catalogue, paper_id, corpus=reader.index.counts()["Paper"], limit=SHOWN_RELATED)
    pieces = {field: marked(found.text(field), [m for m in mentions if m.mention.field is field]) for field in Field}
    entities = sorted({m.entity for m in mentions}, key=lambda e: (list(Label).index(e.label), e.name.casefold()))
    return page(
        request,
        "paper.html",
        paper=found,
        pieces=pieces,
        entities=entities,
        roles=reader.catalogue.roles(paper_id),
        related=near,
        labels=list(Label),
    )


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
    found = reader.catalogue.entity(slug)
    rows = reader.catalogue.papers_of(slug)
    sentences = reader.catalogue.sentences(slug, limit=SHOWN_SENTENCES)
    return page(
        request,
        "entity.html",
        entity=found,
        papers=rows,
        sentences=sentences,
        statements=reader.catalogue.statements(slug, limit=SHOWN_STATEMENTS),
    )


@router.get("/id/paper/{paper_id}")
def paper_iri(request: Request, paper_id: PaperId) -> Response:
    """The IRI of a paper leads to its page, or to its data where the client asks for JSON."""
    return _see(request, f"papers/{quote(paper_id)}")


@router.get("/id/entity/{slug}")
def entity_iri(request: Request, slug: Slug) -> Response:
    """The IRI of an entity leads to its page, or to its data where the client asks for JSON."""
    return _see(request, f"entities/{quote(slug)}")


def _see(request: Request, path: str) -> Response:
    best = best_match(accept_of(request), ("text/html", "application/json"))
    target = f"/v1/{path}" if best == "application/json" else f"/{path}"
    return RedirectResponse(target, 303, {"Vary": "Accept"})
