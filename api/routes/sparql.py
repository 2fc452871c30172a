"""The SPARQL 1.1 Protocol, query operations only; queries run in processes that can be ended."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from api.answers import answer
from api.deps import ServiceDep
from api.negotiate import best_match
from api.protocol import Asked, read_query
from kg.query.guard import QueryForm, check
from kg.query.results import ResultFormat

router = APIRouter(tags=["sparql"])

_COUSINS = {
    ResultFormat.JSON: ("application/json",),
    ResultFormat.XML: ("application/xml", "text/xml"),
    ResultFormat.NTRIPLES: ("text/plain",),
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Results, or triples",
        "content": {f.media_type.partition(";")[0]: {} for f in ResultFormat},
    },
    400: {"description": "No legal query, or one that is not allowed here"},
    406: {"description": "No format that the client accepts"},
    429: {"description": "This client has used up its seconds; ask again after `Retry-After`"},
    503: {"description": "Took too long or too much memory, or all workers are busy; `reason` says which"},
}

AskedDep = Annotated[Asked, Depends(read_query)]


def formats_of(form: QueryForm) -> list[ResultFormat]:
    """The formats that can hold the answer, the preferred first."""
    if form is QueryForm.ASK:
        return [ResultFormat.JSON, ResultFormat.XML]
    return [each for each in ResultFormat if each.is_graph == form.gives_graph]


def choose_format(query: str, named: ResultFormat | None, accept: str | None) -> ResultFormat:
    """The format to answer in: the one named, else what Accept likes best; 406 if it likes none.

    Plain ``application/json``, ``application/xml`` and ``text/plain`` count as their SPARQL cousins.
    """
    if named is not None:
        return named
    form = check(query)
    formats = formats_of(form)
    types = {each.media_type.partition(";")[0]: each for each in formats}
    types |= {cousin: each for each in formats for cousin in _COUSINS.get(each, ())}
    best = best_match(accept, tuple(types))
    if best is None:
        raise HTTPException(406, f"this query can be answered as {', '.join(types)}")
    return types[best]


@router.get("/sparql", summary="Answer a query from the address", responses=_RESPONSES, response_class=Response)
@router.post("/sparql", summary="Answer a query from the body", responses=_RESPONSES, response_class=Response)
def answer_query(  # the parameter `query` is read by read_query, and is here for the documentation
    request: Request,
    service: ServiceDep,
    asked: AskedDep,
    named: Annotated[ResultFormat | None, Query(alias="format", description="Overrules Accept.")] = None,
) -> Response:
    """Run a SELECT, ASK, CONSTRUCT or DESCRIBE query over the union of all graphs.

    The answer is cut at a number of rows and bytes; `X-KG-Truncated: true` says that it was.
    """
    return answer(request, service, asked, choose_format(asked.query, named, request.headers.get("accept")))
