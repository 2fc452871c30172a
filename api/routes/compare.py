"""Papers beside each other."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError

from api.deps import Limit, ReaderDep, Types
from api.exporting import TableForm, exported, in_openapi
from api.schemas_analysis import ComparisonOut
from kg.analysis.comparison import COLUMNS, compare
from kg.model import Label
from kg.query.written import query_of_comparison
from kg.view.findings import comparison_table
from kg.view.forms import TABLE, Form
from kg.view.results import Result

router = APIRouter(tags=["analysis"])

MAX_PAPERS = 20
Papers = Annotated[
    list[str], Query(description=f"Ids of up to {MAX_PAPERS} papers, with commas between them or one a parameter.")
]


@router.get("/v1/compare", responses=in_openapi(ComparisonOut, TABLE), response_model=None)
def get_comparison(
    reader: ReaderDep, form: TableForm, papers: Papers, types: Types = None, limit: Limit = COLUMNS
) -> ComparisonOut | Response:
    """A table of papers by the entities that they name: what each does with them, with a sentence in each cell.

    The most telling entities come first: rare ones that several of the papers do something with.
    """
    ids = list(dict.fromkeys(each.strip() for some in papers for each in some.split(",") if each.strip()))
    if not 1 <= len(ids) <= MAX_PAPERS:
        wrong = {"loc": ("query", "papers"), "msg": f"give 1 to {MAX_PAPERS} papers", "type": "value"}
        raise RequestValidationError([wrong])
    labels = types or list(Label)
    found = compare(reader, ids, labels, limit=limit)
    if form is Form.JSON:
        return ComparisonOut.told(found, query=query_of_comparison(reader.iris, ids, labels))
    return exported(form, Result("comparison", lambda: comparison_table(found)))
