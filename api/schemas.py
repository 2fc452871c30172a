"""The shapes of the wire; each is made of one of our nouns by its ``of``."""

from collections.abc import Mapping
from typing import Any, Self

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from kg.index.hits import PaperHit
from kg.model import Entity, Label, Paper, RelationKind, Role
from kg.query.catalogue import LinkedMention


def renamed(attribute: str) -> Any:  # noqa: ANN401 - as pydantic's own Field
    """A field that has another name on the wire than in our noun."""
    return Field(validation_alias=attribute)


class Wire(BaseModel):
    """Base of all shapes: read from attributes of the same names, never changed afterwards."""

    model_config = ConfigDict(frozen=True, from_attributes=True, populate_by_name=True)

    @classmethod
    def of(cls, noun: object) -> Self:
        """From our noun."""
        return cls.model_validate(noun)

    def answer(self) -> Response:
        """As JSON, at once: what a route returns is walked through in Python first, which takes long for large ones.

        For routes that answer in other forms too.
        """
        return Response(self.model_dump_json(), media_type="application/json", headers={"Vary": "Accept"})


class EntityOut(Wire):
    """An entity. ``papers`` counts those that mention it; a generic one links no papers."""

    slug: str
    name: str
    type: Label = renamed("label")
    papers: int
    generic: bool
    aliases: list[str]


class PaperListed(Wire):
    """A paper in a list."""

    id: str
    title: str
    authors: list[str]
    year: int | None
    venue: str | None
    snippet: str | None = None

    @classmethod
    def of(cls, noun: object) -> Self:
        """From a ``PaperHit``, whose authors are one line."""
        assert isinstance(noun, PaperHit)  # noqa: S101 - lists are made of nothing else
        return cls(
            id=noun.id,
            title=noun.title,
            authors=noun.byline.split("; ") if noun.byline else [],
            year=noun.year,
            venue=noun.venue,
            snippet=noun.snippet or None,
        )


class MentionText(Wire):
    """Where a mention stands, offsets in Unicode code points, and what decided on it.

    ``role`` is what the paper does with what it names, null where it only names it.
    """

    field: str
    start: int
    end: int
    text: str
    label: Label
    score: float
    rule: str
    sentence: str
    role: Role | None = None
    role_score: float | None = None

    @classmethod
    def of(cls, noun: object) -> Self:
        """From our noun; without a role there is no score of one."""
        text = super().of(noun)
        return text if text.role else text.model_copy(update={"role_score": None})


class MentionOut(MentionText):
    """A mention, ``paper[field][start:end] == text``, with the entity that it names."""

    entity: str
    name: str
    type: Label
    run: str

    @classmethod
    def linked(cls, linked: LinkedMention) -> Self:
        """From a mention as the graph holds it."""
        entity = linked.entity
        text = MentionText.of(linked.mention).model_dump()
        return cls(**text, entity=entity.slug, name=entity.name, type=entity.label, run=linked.run)


class EntityNamed(Wire):
    """An entity where no more than its name is needed."""

    slug: str
    name: str
    type: Label = renamed("label")


class PaperEntity(EntityNamed):
    """An entity of a paper: all its mentions together decide the one role, null if it is only named."""

    role: Role | None = None


class PaperOut(Wire):
    """A paper with all its mentions, and the entities that these name."""

    id: str
    iri: str
    title: str
    abstract: str
    authors: list[str]
    year: int | None
    venue: str | None
    url: str | None
    doi: str | None
    arxiv: str | None
    identifier: str | None
    entities: list[PaperEntity]
    mentions: list[MentionOut]

    @classmethod
    def described(cls, paper: Paper, iri: str, mentions: list[LinkedMention], roles: Mapping[str, Role]) -> Self:
        """From a paper, its mentions and its roles; entities in reading order."""
        own = {name: getattr(paper, name) for name in cls.model_fields if hasattr(paper, name)}
        entities = [_in_paper(entity, roles) for entity in dict.fromkeys(each.entity for each in mentions)]
        return cls(**own, iri=iri, entities=entities, mentions=[MentionOut.linked(each) for each in mentions])


def _in_paper(entity: Entity, roles: Mapping[str, Role]) -> PaperEntity:
    return PaperEntity(slug=entity.slug, name=entity.name, type=entity.label, role=roles.get(entity.slug))


class EvidenceOut(Wire):
    """A sentence of a paper, and where in it the mention stands."""

    paper: str = renamed("paper_id")
    sentence: str
    start: int
    end: int
    text: str
    score: float
    title: str


class StatementOut(Wire):
    """What ``papers`` papers state of two entities, read from subject to object, and sentences that show it."""

    subject: EntityNamed
    kind: RelationKind
    object: EntityNamed
    papers: int
    score: float
    evidence: list[EvidenceOut]


class EntityDetail(Wire):
    """An entity with sentences that mention it, and what most papers state of it and another."""

    entity: EntityOut
    iri: str
    evidence: list[EvidenceOut]
    statements: list[StatementOut]


class EntityPaper(Wire):
    """A paper that mentions an entity, and what it does with it; ``introduces`` if the entity is new with it."""

    id: str
    title: str
    year: int | None
    introduces: bool
    role: Role | None


class PaperPage(Wire):
    """A page of a list; ``next`` is the cursor of the page after, or null."""

    items: list[PaperListed]
    total: int
    next: str | None


class EntityPage(Wire):
    """A page of a list; ``next`` is the cursor of the page after, or null."""

    items: list[EntityOut]
    total: int
    next: str | None


class StatsOut(Wire):
    """Counts of what the graph holds."""

    papers: int
    entities: dict[Label, int]
    mentions: int
    edges: int
    snapshot: str
