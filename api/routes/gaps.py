"""What was never tried together, and what goes together."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError

from api.deps import Limit, ReaderDep, Slug, Types
from api.exporting import TableForm, exported, in_openapi
from api.metering import Charged
from api.schemas_analysis import CompanyOut, GapsOut
from kg.analysis.company import company
from kg.analysis.gaps import MIN_PAPERS, gaps_of_method, gaps_of_task
from kg.model import Label
from kg.query.written import query_of_company
from kg.view.findings import company_table, gaps_table
from kg.view.forms import TABLE, Form
from kg.view.results import Result

router = APIRouter(tags=["analysis"])

Named = Annotated[str | None, Query(max_length=200)]
MinPapers = Annotated[int, Query(ge=1, description="Papers that must name it at least.")]


@router.get("/v1/gaps", responses=in_openapi(GapsOut, TABLE), response_model=None, dependencies=[Charged])
def get_gaps(
    reader: ReaderDep,
    form: TableForm,
    task: Annotated[Named, Query(description="Which methods were never tried on this task?")] = None,
    method: Annotated[Named, Query(description="Which tasks was this method never tried on?")] = None,
    min_papers: MinPapers = MIN_PAPERS,
    limit: Limit = 20,
) -> GapsOut | Response:
    """Methods never tried on a task that their siblings are used for, the most surprising first.

    Siblings are methods whose papers read alike, the more so if both are kinds of one broader method. Each gap says
    which of them were tried, with sentences. Give either a task or a method.
    """
    if task is not None and method is None:
        slug, other, found = task, Label.METHOD, gaps_of_task(reader, task, min_papers=min_papers, limit=limit)
    elif method is not None and task is None:
        slug, other, found = method, Label.TASK, gaps_of_method(reader, method, min_papers=min_papers, limit=limit)
    else:
        wrong = {"loc": ("query", "task"), "msg": "give either a task or a method", "type": "value"}
        raise RequestValidationError([wrong])
    if form is Form.JSON:
        return GapsOut.model_validate({"gaps": found, "query": query_of_company(reader.iris, slug, [other])})
    return exported(form, Result(f"gaps-{slug}", lambda: gaps_table(found)))


@router.get("/v1/entities/{slug}/with", responses=in_openapi(CompanyOut, TABLE), response_model=None)
def get_company(
    reader: ReaderDep, form: TableForm, slug: Slug, types: Types = None, min_papers: MinPapers = 1, limit: Limit = 20
) -> CompanyOut | Response:
    """What papers name together with an entity, such as the datasets with a method, the most strongly first.

    The association is normalised pointwise mutual information, with a discount for few papers.
    """
    labels = types or list(Label)
    found = company(reader, slug, labels, min_papers=min_papers, limit=limit)
    if form is Form.JSON:
        return CompanyOut.told(found, query=query_of_company(reader.iris, slug, labels))
    return exported(form, Result(f"with-{slug}", lambda: company_table(found)))
