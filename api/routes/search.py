"""One box over papers and entities: what fits, and what an unfinished text may become."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from api.deps import Limit, ReaderDep
from api.exporting import PapersForm, exported, in_openapi
from api.schemas_search import SearchOut, SuggestOut
from kg.index.hits import Within
from kg.model import Label
from kg.view.forms import PAPERS, Form
from kg.view.results import found_result

router = APIRouter(tags=["search"])

Text = Annotated[str, Query(min_length=1, max_length=200, description="A name, a part of one, words of a text.")]
Types = Annotated[
    list[Label | Literal["Paper"]] | None,
    Query(alias="type", description="Only papers, or entities of this type; repeat for several."),
]
Year = Annotated[int | None, Query(ge=0, le=9999)]
Venue = Annotated[str | None, Query(max_length=200, description="`ICLR` is the venue of `ICLR 2024` too.")]


def _within(year_from: Year = None, year_to: Year = None, venue: Venue = None) -> Within:
    return Within(year_from, year_to, venue)


@router.get("/v1/search", responses=in_openapi(SearchOut, PAPERS), response_model=None)
def search(
    reader: ReaderDep,
    form: PapersForm,
    within: Annotated[Within, Depends(_within)],
    q: Text,
    types: Types = None,
    limit: Limit = 20,
) -> SearchOut | Response:
    """Entities that are called so, and papers that hold the words; the last word may be a beginning.

    Years, both included, and venue choose among papers. Where little is found, other spellings are tried.
    """
    labels = [each for each in types if each != "Paper"] if types else list(Label)
    wanted = within if not types or "Paper" in types else None
    found = reader.index.search(q, labels=labels, within=wanted, limit=limit)
    if form is Form.JSON:
        return SearchOut.of(found)
    return exported(form, found_result(f"search-{q}", reader, found.entities, found.papers))


@router.get("/v1/suggest")
def suggest(
    reader: ReaderDep,
    q: Text,
    limit: Annotated[int, Query(ge=1, le=50, description="How many at most.")] = 10,
) -> SuggestOut:
    """What a text that is being typed may become: entities, common ones first, then papers by their titles."""
    return SuggestOut.of(reader.index.suggest(q, limit=limit))
