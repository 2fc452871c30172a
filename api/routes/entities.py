"""Entities: list, detail, papers."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.cursors import page_of_entities
from api.deps import Cursor, Limit, ReaderDep, Slug
from api.exporting import EntitiesForm, PapersForm, exported, in_openapi, next_page
from api.routes.asked import ChosenDep
from api.schemas import (
    EntityDetail,
    EntityOut,
    EntityPage,
    EntityPaper,
    EvidenceOut,
    StatementOut,
)
from kg.analysis.namings import paper_ids
from kg.model import Label
from kg.view.forms import ENTITIES, PAPERS, Form
from kg.view.results import entities_result, papers_result
from kg.view.tables import named_table

router = APIRouter(prefix="/v1/entities", tags=["entities"])

EVIDENCE = 10
STATEMENTS = 50
SENTENCES = 3


@router.get("", responses=in_openapi(EntityPage, ENTITIES), response_model=None)
def list_entities(
    request: Request,
    reader: ReaderDep,
    form: EntitiesForm,
    limit: Limit = 50,
    cursor: Cursor = None,
    label: Annotated[Label | None, Query(alias="type", description="Only this type.")] = None,
) -> EntityPage | Response:
    """Entities, those in most papers first. In forms other than JSON, a `Link` header leads to the next page."""
    found, more = page_of_entities(reader.index, cursor, limit, label)
    if form is not Form.JSON:
        return exported(form, entities_result("entities", found, reader.iris), more=next_page(request, more))
    counts = reader.index.counts()
    total = counts[label.value] if label else sum(counts[each.value] for each in Label)
    return EntityPage(items=[EntityOut.of(e) for e in found], total=total, next=more)


@router.get("/{slug}")
def get_entity(reader: ReaderDep, slug: Slug) -> EntityDetail:
    """An entity, its other names, sentences that mention it, and what papers state of it and another."""
    entity = reader.catalogue.entity(slug)
    evidence = [EvidenceOut.of(e) for e in reader.catalogue.sentences(slug, limit=EVIDENCE)]
    stated = reader.catalogue.statements(slug, limit=STATEMENTS, sentences=SENTENCES)
    return EntityDetail(
        entity=EntityOut.of(entity),
        iri=str(reader.iris.entity(slug)),
        evidence=evidence,
        statements=[StatementOut.of(each) for each in stated],
    )


@router.get("/{slug}/papers", responses=in_openapi(list[EntityPaper], PAPERS), response_model=None)
def papers_of_entity(
    reader: ReaderDep, form: PapersForm, slug: Slug, chosen: ChosenDep
) -> list[EntityPaper] | Response:
    """The papers that mention an entity, all or some of them, newest first."""
    reader.catalogue.entity(slug)
    rows = reader.catalogue.papers_of(slug)
    if not chosen.all:
        wanted = set(paper_ids(reader, slug, chosen))
        rows = [row for row in rows if row.id in wanted]
    if form is not Form.JSON:
        ids = [row.id for row in rows]
        return exported(form, papers_result(f"papers-{slug}", reader, ids, table=lambda: named_table(rows)))
    return [EntityPaper.of(row) for row in rows]
