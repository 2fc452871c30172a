"""The list of papers, and the page of one."""

from typing import Protocol, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.cursors import page_of_papers
from api.deps import Cursor, PaperId, ReaderDep
from api.routes.pages.things import described, elsewhere
from api.templating import page
from kg.analysis.related import Wanted, related
from kg.iri import Kind
from kg.model import Field, Label, Mention

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

PAGE = 50
SHOWN_RELATED = 8


@router.get("/papers")
def papers(request: Request, reader: ReaderDep, cursor: Cursor = None) -> Response:
    """All papers by title."""
    found, more = page_of_papers(reader.index, cursor, PAGE)
    return page(request, "papers.html", papers=found, total=reader.index.counts()["Paper"], more=more)


@router.get("/papers/{paper_id}")
def paper(request: Request, reader: ReaderDep, paper_id: PaperId) -> Response:
    """A paper, its mentions marked in the text, and the papers related to it."""
    if other := elsewhere(request, reader, Kind.PAPER, paper_id):
        return other
    found = reader.catalogue.paper(paper_id)
    mentions = reader.catalogue.mentions(paper_id)
    near = related(reader, paper_id, Wanted(limit=SHOWN_RELATED))
    pieces = {field: marked(found.text(field), [m for m in mentions if m.mention.field is field]) for field in Field}
    entities = sorted({m.entity for m in mentions}, key=lambda e: (list(Label).index(e.label), e.name.casefold()))
    return page(
        request,
        "paper.html",
        headers=described(Kind.PAPER, paper_id),
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
