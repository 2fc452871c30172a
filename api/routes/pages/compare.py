"""The page that puts papers beside each other, by the entities that they name."""

from functools import partial
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.addresses import same_page
from api.deps import ReaderDep
from api.routes.asked import Words
from api.routes.compare import MAX_PAPERS
from api.routes.pages.ends import Typed, paper_end
from api.templating import page
from kg.analysis.comparison import Column, compare
from kg.analysis.related import Wanted, related
from kg.model import Label
from kg.query.written import query_of_comparison
from kg.workspace import Reader

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

ENTITIES, ALL_ENTITIES = 40, 400
NEAR = 5

Ids = Annotated[list[str] | None, Query(max_length=100)]


class _Group(NamedTuple):
    """Rows of the table: of a type, or without one those that several papers have in common."""

    label: Label | None
    columns: list[Column]


@router.get("/compare")
def compare_page(
    request: Request,
    reader: ReaderDep,
    ids: Ids = None,
    add: Words = "",
    types: Annotated[list[Label] | None, Query(alias="type")] = None,
    all_: Annotated[bool, Query(alias="all")] = False,
) -> Response:
    """A table of papers by what they name, shared things first; the ids of the papers stand in the address."""
    asked = list(dict.fromkeys(each.strip() for some in ids or [] for each in some.split(",") if each.strip()))
    known = [each for each in asked if reader.incidence.papers.find(each) is not None]
    typed = paper_end(reader, add)
    if typed.end and typed.end.name not in known:
        known.append(typed.end.name)
    shown, labels = known[:MAX_PAPERS], types or list(Label)
    records = {paper.id: paper for paper in reader.index.records(shown)}
    found = compare(reader, shown, labels, limit=ALL_ENTITIES if all_ else ENTITIES) if shown else None
    return page(
        request,
        "compare.html",
        changed=partial(same_page, request),
        ids=shown,
        unknown=[each for each in asked if each not in known],
        dropped=len(known) - len(shown),
        most=MAX_PAPERS,
        records=records,
        found=found,
        groups=_groups(found.columns) if found else [],
        labels=list(Label),
        types=types or [],
        all=all_,
        add=typed if typed.lost else Typed(""),
        near=_near(reader, shown),
        query=query_of_comparison(reader.iris, shown, labels) if shown else "",
    )


def _groups(columns: tuple[Column, ...]) -> list[_Group]:
    """What several of the papers name, then type by type what one of them does; each as telling as it is."""
    common = [each for each in columns if sum(cell is not None for cell in each.cells) > 1]
    alone = [each for each in columns if each not in common]
    groups = [
        _Group(None, sorted(common, key=lambda each: -sum(cell is not None for cell in each.cells))),
        *(_Group(label, [each for each in alone if each.entity.label is label]) for label in Label),
    ]
    return [group for group in groups if group.columns]


def _near(reader: Reader, ids: list[str]) -> list[tuple[str, str]]:
    """Papers related to the last ones that were put in, to go on with."""
    if not ids or len(ids) >= MAX_PAPERS:
        return []
    found = {each.paper_id: each.title for each in related(reader, ids[-1], Wanted(limit=NEAR + len(ids)))}
    return [(paper_id, title) for paper_id, title in found.items() if paper_id not in ids][:NEAR]
