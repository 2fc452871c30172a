"""Entities: list, detail, papers."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.cursors import page_of_entities
from api.deps import Cursor, Limit, ReaderDep, Slug
from api.schemas import (
    EntityDetail,
    EntityOut,
    EntityPage,
    EntityPaper,
    EvidenceOut,
    StatementOut,
)
from kg.model import Label

router = APIRouter(prefix="/v1/entities", tags=["entities"])

EVIDENCE = 10
STATEMENTS = 50
SENTENCES = 3


@router.get("")
def list_entities(
    reader: ReaderDep,
    limit: Limit = 50,
    cursor: Cursor = None,
    label: Annotated[Label | None, Query(alias="type", description="Only this type.")] = None,
) -> EntityPage:
    """Entities, those in most papers first."""
    found, more = page_of_entities(reader.index, cursor, limit, label)
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


@router.get("/{slug}/papers")
def papers_of_entity(reader: ReaderDep, slug: Slug) -> list[EntityPaper]:
    """The papers that mention an entity, newest first."""
    reader.catalogue.entity(slug)
    return [EntityPaper.of(row) for row in reader.catalogue.papers_of(slug)]
