"""Papers: list, detail, related."""

from fastapi import APIRouter, Request, Response

from api.cursors import page_of_papers
from api.deps import Cursor, Limit, PaperId, ReaderDep, Types
from api.exporting import PapersForm, exported, in_openapi, next_page
from api.schemas import PaperListed, PaperOut, PaperPage, RelatedOut
from kg.analysis.related import related
from kg.model import Label
from kg.view.forms import PAPERS, Form
from kg.view.results import papers_result
from kg.view.tables import related_table

router = APIRouter(prefix="/v1/papers", tags=["papers"])


@router.get("", responses=in_openapi(PaperPage, PAPERS), response_model=None)
def list_papers(
    request: Request, reader: ReaderDep, form: PapersForm, limit: Limit = 50, cursor: Cursor = None
) -> PaperPage | Response:
    """Papers by title. In forms other than JSON, a `Link` header leads to the next page."""
    found, more = page_of_papers(reader.index, cursor, limit)
    if form is not Form.JSON:
        return exported(form, papers_result("papers", reader, [p.id for p in found]), more=next_page(request, more))
    return PaperPage(items=[PaperListed.of(hit) for hit in found], total=reader.index.counts()["Paper"], next=more)


@router.get("/{paper_id}", responses=in_openapi(PaperOut, PAPERS), response_model=None)
def get_paper(reader: ReaderDep, form: PapersForm, paper_id: PaperId) -> PaperOut | Response:
    """A paper with every mention and its evidence, and what it does with the entities that these name.

    Forms other than JSON hold its record alone; all of its RDF is at `/data/paper/`.
    """
    paper, iri = reader.catalogue.paper(paper_id), str(reader.iris.paper(paper_id))
    if form is not Form.JSON:
        return exported(form, papers_result(paper_id, reader, [paper_id]))
    return PaperOut.described(paper, iri, reader.catalogue.mentions(paper_id), reader.catalogue.roles(paper_id))


@router.get("/{paper_id}/related", responses=in_openapi(list[RelatedOut], PAPERS), response_model=None)
def related_papers(
    reader: ReaderDep, form: PapersForm, paper_id: PaperId, limit: Limit = 10, types: Types = None
) -> list[RelatedOut] | Response:
    """Papers that share rare entities with this one, each with its reasons."""
    corpus = reader.index.counts()["Paper"]
    found = related(reader.catalogue, paper_id, corpus=corpus, labels=types or tuple(Label), limit=limit)
    if form is not Form.JSON:
        ids = [each.paper_id for each in found]
        return exported(form, papers_result(f"related-{paper_id}", reader, ids, table=lambda: related_table(found)))
    return [RelatedOut.of(each) for each in found]
