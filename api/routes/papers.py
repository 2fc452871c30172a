"""Papers: list, detail, related."""

from fastapi import APIRouter

from api.cursors import page_of_papers
from api.deps import Cursor, Limit, PaperId, ReaderDep, Types
from api.schemas import PaperListed, PaperOut, PaperPage, RelatedOut
from kg.analysis.related import related
from kg.model import Label

router = APIRouter(prefix="/v1/papers", tags=["papers"])


@router.get("")
def list_papers(reader: ReaderDep, limit: Limit = 50, cursor: Cursor = None) -> PaperPage:
    """Papers by title."""
    found, more = page_of_papers(reader.index, cursor, limit)
    return PaperPage(items=[PaperListed.of(hit) for hit in found], total=reader.index.counts()["Paper"], next=more)


@router.get("/{paper_id}")
def get_paper(reader: ReaderDep, paper_id: PaperId) -> PaperOut:
    """A paper with every mention and its evidence, and what it does with the entities that these name."""
    paper, iri = reader.catalogue.paper(paper_id), str(reader.iris.paper(paper_id))
    return PaperOut.described(paper, iri, reader.catalogue.mentions(paper_id), reader.catalogue.roles(paper_id))


@router.get("/{paper_id}/related")
def related_papers(reader: ReaderDep, paper_id: PaperId, limit: Limit = 10, types: Types = None) -> list[RelatedOut]:
    """Papers that share rare entities with this one, each with its reasons."""
    corpus = reader.index.counts()["Paper"]
    found = related(reader.catalogue, paper_id, corpus=corpus, labels=types or tuple(Label), limit=limit)
    return [RelatedOut.of(each) for each in found]
