"""Papers: list, detail, related."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.cursors import page_of_papers
from api.deps import Cursor, Limit, PaperId, ReaderDep
from api.exporting import PapersForm, exported, in_openapi, next_page
from api.schemas import PaperListed, PaperOut, PaperPage
from api.schemas_related import RelatedOut, RelatedPage
from kg.analysis.ranking import ranking_query, words_of
from kg.analysis.related import Via, Wanted, related
from kg.view.forms import PAPERS, Form
from kg.view.results import papers_result
from kg.view.tables import related_table

router = APIRouter(prefix="/v1/papers", tags=["papers"])

Year = Annotated[int | None, Query(ge=1, le=9999, description="A year, itself included.")]


async def wanted_papers(
    via: Annotated[list[Via] | None, Query(description="By what they share; repeat for several.")] = None,
    min_shared: Annotated[
        int, Query(ge=0, le=100, description="How many such things at least; with 0 rare words in common may do alone.")
    ] = 1,
    year_from: Year = None,
    year_to: Year = None,
    limit: Limit = 10,
) -> Wanted:
    """Which related papers a request asks for."""
    labels = {label for each in via or [Via.ANY] for label in each.labels}
    return Wanted(labels, min_shared, year_from, year_to, limit)


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


@router.get("/{paper_id}/related", responses=in_openapi(RelatedPage, PAPERS), response_model=None)
def related_papers(
    reader: ReaderDep, form: PapersForm, paper_id: PaperId, wanted: Annotated[Wanted, Depends(wanted_papers)]
) -> Response:
    """Papers that share rare things with this one and are worded like it, each with its reasons; and the query that
    ranks them so.
    """  # noqa: D205 - one sentence
    found = related(reader, paper_id, wanted)
    if form is not Form.JSON:
        ids = [each.paper_id for each in found]
        return exported(form, papers_result(f"related-{paper_id}", reader, ids, table=lambda: related_table(found)))
    query = ranking_query(reader.weights, reader.iris, paper_id, wanted, words_of(found))
    return RelatedPage(paper=paper_id, items=[RelatedOut.of(each) for each in found], query=query).answer()
