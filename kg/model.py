"""The nouns of paperkg: frozen values that travel along the spine, from Paper to Network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple, TypeAlias


class Label(StrEnum):
    """What kind of thing a mention names; also the local name of its class in the ontology."""

    METHOD = "Method"
    DATASET = "Dataset"
    TASK = "Task"
    METRIC = "Metric"
    CONCEPT = "Concept"


class Field(StrEnum):
    """The two texts of a paper that mentions are found in."""

    TITLE = "title"
    ABSTRACT = "abstract"


class Role(StrEnum):
    """What a paper does with an entity that it names; an entity that is only named has none."""

    PROPOSES = "proposes"
    USES = "uses"
    COMPARES = "compares"
    EVALUATES = "evaluates"
    ADDRESSES = "addresses"
    REPORTS = "reports"


class RelationKind(StrEnum):
    """What a sentence says of two entities, read from head to tail."""

    USED_FOR = "usedFor"
    EVALUATED_ON = "evaluatedOn"
    PART_OF = "partOf"
    IS_A = "isA"
    COMPARED_WITH = "comparedWith"
    MEASURED_BY = "measuredBy"


_ANY = frozenset(Label)
_METHOD, _TASK = frozenset({Label.METHOD}), frozenset({Label.TASK})
ENDS: Mapping[RelationKind, tuple[frozenset[Label], frozenset[Label]]] = {
    RelationKind.USED_FOR: (_ANY, _TASK),
    RelationKind.EVALUATED_ON: (_METHOD, frozenset({Label.DATASET})),
    RelationKind.PART_OF: (_ANY, _ANY),
    RelationKind.IS_A: (_ANY, _ANY),
    RelationKind.COMPARED_WITH: (_METHOD, _METHOD),
    RelationKind.MEASURED_BY: (_TASK | _METHOD, frozenset({Label.METRIC})),
}
"""Labels of head and tail: domain and range of the properties in the ontology."""


def may_relate(kind: RelationKind, head: Label, tail: Label) -> bool:
    """Whether things of these labels can be so related: what is a kind of another is of its label."""
    heads, tails = ENDS[kind]
    return head in heads and tail in tails and (kind is not RelationKind.IS_A or head is tail)


@dataclass(frozen=True, slots=True)
class Paper:
    """One input record as read. ``id`` is minted (see ``kg.iri``); ``identifier`` is the source's own."""

    id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    url: str | None = None
    doi: str | None = None
    arxiv: str | None = None
    identifier: str | None = None

    def text(self, which: Field) -> str:
        """The text that the offsets of mentions in this field count in."""
        return self.title if which is Field.TITLE else self.abstract


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A labelled character range: ``paper.text(field)[start:end] == text``, offsets in code points.

    ``score`` is a probability in (0, 1], rounded to three places; ``rule`` names what decided
    (``model``, ``abbreviation``, ``repeat``, ``title-name``). ``sentence_start`` is the offset of
    ``sentence`` in the same field. ``role`` is what the paper does with what it names, where that is sure
    enough, and ``role_score`` how sure; mentions of one name in one paper have one role.
    """

    field: Field
    start: int
    end: int
    text: str
    label: Label
    score: float
    sentence: str
    sentence_start: int
    rule: str = "model"
    role: Role | None = None
    role_score: float = 0.0


@dataclass(frozen=True, slots=True)
class Relation:
    """What the paper says of two of its mentions: ``score`` is a probability, ``rule`` names what decided.

    The sentence of ``head`` shows it. Of ``COMPARED_WITH``, which has no direction, the head stands first.
    """

    head: Mention
    tail: Mention
    kind: RelationKind
    score: float
    rule: str = "model"


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor found in one paper.

    ``aliases`` are (long form, abbreviation) pairs that the paper itself defines; ``system`` is the
    name of what the paper introduces, as the text writes it, or None. ``relations`` are between its mentions.
    """

    paper: Paper
    mentions: tuple[Mention, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    system: str | None = None
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and the entity it names: ``slug`` is the entity's type-free id.

    ``rule`` says by what, ``score`` in (0, 1] how surely: ``name``, the normal form of its own text, or
    ``definition``, an abbreviation as its paper defines it.
    """

    mention: Mention
    slug: str
    rule: str = "name"
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where the mentions of one name in one paper belong by the whole corpus; ``rule`` is empty if by their paper."""

    slug: str
    rule: str = ""
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Definition:
    """What a paper says an abbreviation stands for: both as written, their slugs, and the sentence.

    ``label`` is what the paper's mentions of it are labelled as, where there are any.
    """

    short: str
    long: str
    short_slug: str
    long_slug: str
    sentence: str
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Hyponym:
    """Two mentions of one sentence that says that ``narrow`` is a kind of ``broad``; ``rule`` names the pattern."""

    narrow: Mention
    broad: Mention
    rule: str


@dataclass(frozen=True, slots=True)
class LinkedPaper:
    """A paper with its mentions linked; ``proposed`` are the slugs of what the paper introduces.

    ``relations`` are between mentions that are linked to two entities.
    """

    paper: Paper
    links: tuple[Link, ...]
    proposed: frozenset[str] = frozenset()
    definitions: tuple[Definition, ...] = ()
    hyponyms: tuple[Hyponym, ...] = ()
    relations: tuple[Relation, ...] = ()


Outcome: TypeAlias = Literal["new", "replaced", "unchanged"]


class Added(NamedTuple):
    """A paper of an input that the graph holds now, and what became of it."""

    paper_id: str
    title: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical thing that papers mention. ``papers`` counts those, ``generic`` ones link nothing."""

    slug: str
    name: str
    label: Label
    aliases: tuple[str, ...] = ()
    papers: int = 0
    generic: bool = False


class Place(NamedTuple):
    """Where a mention and its sentence stand: offsets in one field of a paper, in Unicode code points."""

    field: Field
    start: int
    end: int
    sentence_start: int
    sentence_end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence and the place of one mention in it: ``sentence[start:end] == text``.

    ``title`` is that of the paper, where the reader asked for it.
    """

    paper_id: str
    sentence: str
    start: int
    end: int
    text: str
    score: float
    title: str = ""

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence before, at and after the mention."""
        return self.sentence[: self.start], self.sentence[self.start : self.end], self.sentence[self.end :]


MAX_NODES = 2000
"""No drawing is larger, whatever is asked for: beyond it a canvas no longer pans smoothly."""


@dataclass(frozen=True, slots=True)
class Node:
    """An entity in the drawing; ``x`` and ``y`` lie in [-1, 1], ``cluster`` numbers its community.

    ``degree`` counts the entities in the drawing it shares papers with, linked to it or not.
    """

    id: str
    name: str
    label: Label
    papers: int
    degree: int
    x: float
    y: float
    cluster: int
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """Two entities that share ``papers`` papers; ``weight`` is their association in [0, 1]."""

    source: str
    target: str
    papers: int
    weight: float


@dataclass(frozen=True, slots=True)
class Network:
    """The drawing, cut from ``total_nodes``; ``typical`` if these were chosen for belonging to just its ``papers``."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    total_nodes: int
    total_edges: int
    clusters: Mapping[int, str] = field(default_factory=dict)
    focus: str | None = None
    papers: int = 0
    typical: bool = False
