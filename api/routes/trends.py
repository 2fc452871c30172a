"""When papers name an entity, and what rises and falls."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.deps import Limit, ReaderDep, Slug, Types
from api.exporting import TableForm, exported, in_openapi
from api.schemas_analysis import TimelineOut, TrendsOut
from kg.analysis.trends import find_trends, timeline
from kg.model import Label
from kg.query.written import query_of_proposal, query_of_timeline, query_of_trends
from kg.view.findings import trends_table, years_table
from kg.view.forms import TABLE, Form
from kg.view.results import Result

router = APIRouter(tags=["analysis"])

Year = Annotated[int | None, Query(ge=1, le=9999)]


class Direction(StrEnum):
    """Whither a share goes."""

    RISING = "rising"
    FALLING = "falling"


@router.get("/v1/entities/{slug}/timeline", responses=in_openapi(TimelineOut, TABLE), response_model=None)
def get_timeline(reader: ReaderDep, form: TableForm, slug: Slug) -> TimelineOut | Response:
    """Papers a year that name an entity, as a share of all with its 95 % interval, and who proposed it first.

    Intervals are Wilson's score intervals.
    """
    found = timeline(reader, slug)
    if form is Form.JSON:
        queries = query_of_timeline(reader.iris, slug), query_of_proposal(reader.iris, slug)
        return TimelineOut.told(found, query=queries[0], proposal_query=queries[1])
    return exported(form, Result(f"timeline-{slug}", lambda: years_table(found)))


@router.get("/v1/trends", responses=in_openapi(TrendsOut, TABLE), response_model=None)
def get_trends(  # noqa: PLR0913, PLR0917 - the parameters of the request
    reader: ReaderDep,
    form: TableForm,
    types: Types = None,
    direction: Direction = Direction.RISING,
    start: Annotated[Year, Query(alias="from", description="First year; by default ten before the last.")] = None,
    end: Annotated[Year, Query(alias="to", description="Last year; by default that of the newest paper.")] = None,
    venue: Annotated[str | None, Query(max_length=200, description="Only papers of this venue.")] = None,
    min_papers: Annotated[int, Query(ge=1, description="Papers of these years that an entity needs.")] = 5,
    limit: Limit = 20,
) -> TrendsOut | Response:
    """Methods, or entities of other types, whose share of the papers rises or falls, the surest first.

    The slope is that of a logistic regression of the share on the year, with a prior around no change. Entities are
    ranked by the end of its 95 % interval that is nearer to no change, so that few papers do not win; `false_rate`
    says how much of what is so sure would be chance among so many (Benjamini and Hochberg).
    """
    labels = types or [Label.METHOD]
    found = find_trends(
        reader,
        falling=direction is Direction.FALLING,
        labels=labels,
        start=start,
        end=end,
        venue=venue,
        min_papers=min_papers,
        limit=limit,
    )
    if form is Form.JSON:
        return TrendsOut.told(found, query=query_of_trends(labels))
    return exported(form, Result(f"{direction}-{found.start}-{found.end}", lambda: trends_table(found)))
