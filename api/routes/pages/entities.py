"""Lists of methods, datasets, tasks, metrics and concepts: by papers, by name, or by what rises."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from api.addresses import entities_path, same_page
from api.cursors import make_cursor, read_cursor
from api.deps import Cursor, ReaderDep
from api.routes.asked import Empty, Words
from api.templating import page
from kg.analysis.recent import glances
from kg.analysis.trends import Trend, find_trends
from kg.index.listing import Initial, Listed
from kg.model import Entity, Label
from kg.query import searching
from kg.view.charts import spark
from kg.workspace import Reader

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

PAGE = 50
FOUND = 100
FLOORS = (1, 2, 5, 10, 50)
LEAST_OF_TREND = 5


class Sort(StrEnum):
    """What comes first."""

    PAPERS = "papers"
    NAME = "name"
    RISING = "rising"
    FALLING = "falling"

    @property
    def trend(self) -> bool:
        """Whether it is by how shares change."""
        return self in (Sort.RISING, Sort.FALLING)


Least = Annotated[Annotated[int, Field(ge=1, le=1_000_000)] | None, Empty]


class _Found(NamedTuple):
    entities: list[Entity]
    more: str | None = None
    meant: str | None = None
    trends: Mapping[str, Trend] = MappingProxyType({})
    span: tuple[int, int] | None = None


@router.get("/entities")
def entities_of_any_type() -> Response:
    """Methods are what most people come for; the other types are a link away."""
    return RedirectResponse(entities_path(Label.METHOD), 307)


def _list_of(label: Label) -> Callable[..., Response]:
    def entities(  # noqa: PLR0913, PLR0917 - the state of the page
        request: Request,
        reader: ReaderDep,
        q: Words = "",
        sort: Annotated[Sort, Query()] = Sort.PAPERS,
        letter: Annotated[Initial | None, Empty, Query()] = None,
        least: Annotated[Least, Query(alias="min")] = None,
        cursor: Cursor = None,
    ) -> Response:
        """Entities of one type, each with its years at a glance."""
        words, listed = q.strip(), Listed(label, letter, least or 1)
        if words:
            found = _called(reader, listed, words)
        elif sort.trend:
            found = _changing(reader, listed, sort)
        else:
            found = _in_order(reader, listed, sort, cursor)
        seen = glances(reader, [entity.slug for entity in found.entities])
        return page(
            request,
            "entities.html",
            found=found,
            sparks={slug: spark(glance) for slug, glance in seen.items()},
            years=next(((each.first, each.last) for each in seen.values()), None),
            counts=reader.index.counts(),
            label=label,
            labels=list(Label),
            q=q,
            sort=sort,
            letter=letter,
            least=least,
            floors=FLOORS,
            initials=list(Initial),
            more=same_page(request, cursor=found.more) if found.more else None,
            first=same_page(request, cursor=None) if cursor else None,
            changed=lambda **changes: same_page(request, cursor=None, **changes),
        )

    return entities


def _called(reader: Reader, listed: Listed, words: str) -> _Found:
    """Those that have the words in one of their names, however few papers name them, or what was meant by these."""
    found = searching.search(reader.catalogue, reader.index, words, labels=(listed.label,), within=None, limit=FOUND)
    return _Found([each for each in found.entities if each.papers >= listed.least], meant=found.meant)


def _changing(reader: Reader, listed: Listed, sort: Sort) -> _Found:
    least = max(listed.least, LEAST_OF_TREND)
    found = find_trends(reader, falling=sort is Sort.FALLING, labels=[listed.label], min_papers=least, limit=FOUND)
    trends = {trend.entity.slug: trend for trend in found.trends}
    return _Found([trend.entity for trend in found.trends], trends=trends, span=(found.start, found.end))


def _in_order(reader: Reader, listed: Listed, sort: Sort, cursor: str | None) -> _Found:
    if sort is Sort.NAME:
        after = read_cursor(cursor, str, int, int)
        part = reader.index.by_name(
            listed, after=(str(after[0]), int(after[1]), int(after[2])) if after else None, limit=PAGE
        )
    else:
        after = read_cursor(cursor, int, str)
        part = reader.index.by_papers(listed, after=(int(after[0]), str(after[1])) if after else None, limit=PAGE)
    return _Found(part.entities, more=make_cursor(*part.after) if part.after else None)


for _label in Label:
    router.add_api_route(entities_path(_label), _list_of(_label))
