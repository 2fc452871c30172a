"""The shapes of the wire; each is made of one of our nouns by its ``of``."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from kg.index.search import PaperHit
from kg.model import Label, Paper
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
    """Where a mention stands, offsets in Unicode code points, and what decided on it."""

    field: str
    start: int
    end: int
    text: str
    label: Label
    score: float
    rule: str
    sentence: str


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


class PaperOut(Wire):
    """A paper with all its mentions."""

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
    mentions: list[MentionOut]

    @classmethod
    def described(cls, paper: Paper, iri: str, mentions: list[LinkedMention]) -> Self:
        """From a paper and its mentions."""
        own = {name: getattr(paper, name) for name in cls.model_fields if name not in ("iri", "mentions")}
        return cls(**own, iri=iri, mentions=[MentionOut.linked(each) for each in mentions])


class EvidenceOut(Wire):
    """A sentence of a paper, and where in it the mention stands."""

    paper: str = renamed("paper_id")
    sentence: str
    start: int
    end: int
    text: str
    score: float
    title: str


class SharedOut(Wire):
    """An entity that both papers mention, what it adds to the score, and a sentence that shows it."""

    entity: EntityOut
    weight: float
    evidence: EvidenceOut


class RelatedOut(Wire):
    """A related paper: its score is the sum of the weights of what is shared."""

    id: str = renamed("paper_id")
    title: str
    year: int | None
    score: float
    shared: list[SharedOut]


class EntityDetail(Wire):
    """An entity with sentences that mention it."""

    entity: EntityOut
    iri: str
    evidence: list[EvidenceOut]


class EntityPaper(Wire):
    """A paper that mentions an entity; ``introduces`` if the entity is new with it."""

    id: str
    title: str
    year: int | None
    introduces: bool


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


class SearchOut(Wire):
    """What was found, best first."""

    entities: list[EntityOut]
    papers: list[PaperListed]


class StatsOut(Wire):
    """Counts of what the graph holds."""

    papers: int
    entities: dict[Label, int]
    mentions: int
    edges: int
    snapshot: str


class NodeOut(Wire):
    """An entity in the drawing; ``x`` and ``y`` lie in [-1, 1]."""

    id: str
    name: str
    type: Label = renamed("label")
    papers: int
    degree: int
    x: float
    y: float
    cluster: int
    evidence: list[EvidenceOut]


class EdgeOut(Wire):
    """Two entities that share ``papers`` papers; ``weight`` in [0, 1]."""

    source: str
    target: str
    papers: int
    weight: float


class NetworkOut(Wire):
    """The drawing; ``total_nodes`` and ``total_edges`` are what it was cut from."""

    title: str
    focus: str | None
    total_nodes: int
    total_edges: int
    clusters: dict[int, str]
    nodes: list[NodeOut]
    edges: list[EdgeOut]
