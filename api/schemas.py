"""The shapes of the wire; each is made of our nouns by its ``of``."""

import base64
import json
from typing import Self

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict

from kg.index.search import PaperHit
from kg.model import Entity, Evidence, Label, Network, Paper, Related, Shared
from kg.query.catalogue import LinkedMention, PaperRow


class Wire(BaseModel):
    """Base of all shapes: nothing unknown, nothing changed after it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EntityOut(Wire):
    """An entity. ``papers`` counts those that mention it; a generic one links no papers."""

    slug: str
    name: str
    type: Label
    papers: int
    generic: bool
    aliases: list[str]

    @classmethod
    def of(cls, entity: Entity) -> Self:
        """From our noun."""
        return cls(
            slug=entity.slug,
            name=entity.name,
            type=entity.label,
            papers=entity.papers,
            generic=entity.generic,
            aliases=list(entity.aliases),
        )


class PaperListed(Wire):
    """A paper in a list."""

    id: str
    title: str
    authors: list[str]
    year: int | None
    venue: str | None
    snippet: str | None = None

    @classmethod
    def of(cls, hit: PaperHit) -> Self:
        """From a row of the index."""
        return cls(
            id=hit.id,
            title=hit.title,
            authors=hit.byline.split("; ") if hit.byline else [],
            year=hit.year,
            venue=hit.venue,
            snippet=hit.snippet or None,
        )


class MentionOut(Wire):
    """A mention: ``paper[field][start:end] == text``, offsets in Unicode code points."""

    field: str
    start: int
    end: int
    text: str
    label: Label
    score: float
    rule: str
    sentence: str
    entity: str
    name: str
    type: Label
    run: str

    @classmethod
    def of(cls, linked: LinkedMention) -> Self:
        """From our noun."""
        m = linked.mention
        return cls(
            field=m.field.value,
            start=m.start,
            end=m.end,
            text=m.text,
            label=m.label,
            score=m.score,
            rule=m.rule,
            sentence=m.sentence,
            entity=linked.entity.slug,
            name=linked.entity.name,
            type=linked.entity.label,
            run=linked.run,
        )


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
    def of(cls, paper: Paper, iri: str, mentions: list[LinkedMention]) -> Self:
        """From our nouns."""
        return cls(
            id=paper.id,
            iri=iri,
            title=paper.title,
            abstract=paper.abstract,
            authors=list(paper.authors),
            year=paper.year,
            venue=paper.venue,
            url=paper.url,
            doi=paper.doi,
            arxiv=paper.arxiv,
            identifier=paper.identifier,
            mentions=[MentionOut.of(m) for m in mentions],
        )


class EvidenceOut(Wire):
    """A sentence of a paper, and where in it the mention stands."""

    paper: str
    sentence: str
    start: int
    end: int
    text: str
    score: float

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """From our noun."""
        return cls(
            paper=evidence.paper_id,
            sentence=evidence.sentence,
            start=evidence.start,
            end=evidence.end,
            text=evidence.text,
            score=evidence.score,
        )


class SharedOut(Wire):
    """An entity that both papers mention, and what it adds to the score."""

    slug: str
    name: str
    type: Label
    papers: int
    weight: float
    evidence: EvidenceOut

    @classmethod
    def of(cls, shared: Shared) -> Self:
        """From our noun."""
        entity = shared.entity
        return cls(
            slug=entity.slug,
            name=entity.name,
            type=entity.label,
            papers=entity.papers,
            weight=shared.weight,
            evidence=EvidenceOut.of(shared.evidence),
        )


class RelatedOut(Wire):
    """A related paper: its score is the sum of the weights of what is shared."""

    id: str
    title: str
    year: int | None
    score: float
    shared: list[SharedOut]

    @classmethod
    def of(cls, found: Related) -> Self:
        """From our noun."""
        return cls(
            id=found.paper_id,
            title=found.title,
            year=found.year,
            score=found.score,
            shared=[SharedOut.of(s) for s in found.shared],
        )


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

    @classmethod
    def of(cls, row: PaperRow) -> Self:
        """From a row of the graph."""
        return cls(id=row.id, title=row.title, year=row.year, introduces=row.introduces)


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
    """An entity in the drawing, see ``kg.model.Node``."""

    id: str
    name: str
    type: Label
    papers: int
    degree: int
    x: float
    y: float
    cluster: int
    evidence: list[str]


class EdgeOut(Wire):
    """A link in the drawing, see ``kg.model.Edge``."""

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

    @classmethod
    def of(cls, network: Network) -> Self:
        """From our noun."""
        return cls(
            title=network.title,
            focus=network.focus,
            total_nodes=network.total_nodes,
            total_edges=network.total_edges,
            clusters=dict(network.clusters),
            nodes=[
                NodeOut(
                    id=n.id,
                    name=n.name,
                    type=n.label,
                    papers=n.papers,
                    degree=n.degree,
                    x=n.x,
                    y=n.y,
                    cluster=n.cluster,
                    evidence=list(n.evidence),
                )
                for n in network.nodes
            ],
            edges=[EdgeOut(source=e.source, target=e.target, papers=e.papers, weight=e.weight) for e in network.edges],
        )


def make_cursor(*position: str | int) -> str:
    """The place after which a list goes on, as an opaque text."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *types: type) -> tuple[str | int, ...] | None:
    """The position of ``make_cursor``; raises a validation error (422) for a text that is none."""
    if cursor is None:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        position = None
    if not isinstance(position, list) or [type(each) for each in position] != list(types):
        raise RequestValidationError(
            [{"loc": ("query", "cursor"), "msg": "is no cursor of this list", "type": "value"}]
        )
    return tuple(position)
