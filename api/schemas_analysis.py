"""The shapes of the wire for what is worked out over all papers: paths, trends, gaps, companions, comparisons.

``query`` is SPARQL that gives the same, as far as SPARQL can; it can be sent to ``/sparql`` as it stands.
"""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import Field

from api.schemas import EntityNamed, EntityOut, EvidenceOut, Wire
from kg.analysis.paths import Hop, Way, Ways
from kg.analysis.sightings import Titled
from kg.model import Entity, Label, Role


class Reproducible(Wire):
    """Base of what SPARQL can say too."""

    query: str

    @classmethod
    def told(cls, noun: object, **queries: str) -> Self:
        """From our noun, and the queries that it has not."""
        own = {name: getattr(noun, name) for name in cls.model_fields if hasattr(noun, name)}
        return cls.model_validate({**own, **queries})


class PaperTitled(Wire):
    """A paper where no more than its title is needed."""

    id: str
    title: str
    year: int | None


class SightingOut(Wire):
    """That a paper names an entity, how surely, and where; without a ``role`` it does no more with it."""

    paper: PaperTitled
    role: Role | None
    confidence: float
    evidence: EvidenceOut | None


class Stop(Wire):
    """A paper, or an entity with its type and the number of papers that name it; on the way from one to another."""

    kind: Literal["paper", "entity"]
    id: str
    name: str
    year: int | None = None
    type: Label | None = None
    papers: int | None = None

    @classmethod
    def of(cls, noun: object) -> Self:
        """From a paper or an entity."""
        if isinstance(noun, Titled):
            return cls(kind="paper", id=noun.id, name=noun.title, year=noun.year)
        assert isinstance(noun, Entity)  # noqa: S101 - paths go through nothing else
        return cls(kind="entity", id=noun.slug, name=noun.name, type=noun.label, papers=noun.papers)


class HopOut(SightingOut):
    """One step: a paper names an entity."""

    entity: EntityNamed

    @classmethod
    def of(cls, noun: object) -> Self:
        """From a hop."""
        assert isinstance(noun, Hop)  # noqa: S101 - ways are made of nothing else
        return cls(**SightingOut.of(noun.sighting).model_dump(), entity=EntityNamed.of(noun.entity))


class PathOut(Reproducible):
    """A path: its stops, and the hops between them, one less. ``cost`` is minus the logarithm of a chance.

    ``query`` gives all sentences of its hops.
    """

    cost: float
    stops: list[Stop]
    hops: list[HopOut]

    @classmethod
    def walked(cls, way: Way, query: str) -> Self:
        """From a way."""
        stops, hops = [Stop.of(node) for node in way.nodes], [HopOut.of(hop) for hop in way.hops]
        return cls(cost=way.cost, stops=stops, hops=hops, query=query)


class PathsOut(Wire):
    """The cheapest paths that differ, the cheapest first; ``reason`` says why there is none."""

    a: Stop
    b: Stop
    paths: list[PathOut]
    reason: str | None

    @classmethod
    def found(cls, ways: Ways, queries: Iterable[str]) -> Self:
        """From the ways, and of each its query."""
        paths = [PathOut.walked(way, query) for way, query in zip(ways.ways, queries, strict=True)]
        return cls(a=Stop.of(ways.start), b=Stop.of(ways.goal), paths=paths, reason=ways.reason or None)


class YearOut(Wire):
    """Of ``total`` papers of a year ``papers`` name an entity; the share is between ``low`` and ``high`` (95 %)."""

    year: int
    papers: int
    total: int
    share: float
    low: float
    high: float


class ProposalOut(Wire):
    """The first year in which papers propose an entity, and the first few of the ``tied`` papers that do so.

    ``earlier`` papers named it before; ``undated`` ones that propose it may be first.
    """

    year: int
    papers: list[SightingOut]
    tied: int
    earlier: int
    undated: int


class TimelineOut(Reproducible):
    """Papers a year from the first that names the entity on; ``undated`` ones are in none of the years."""

    entity: EntityOut
    years: list[YearOut]
    undated: int
    first: ProposalOut | None = Field(description="Null where no paper with a year proposes it.")
    proposal_query: str


class TrendOut(Wire):
    """The odds that a paper names an entity grow by a factor of ``growth`` a year, of ``low`` to ``high`` (95 %).

    Of all that is as sure as this, at most the part ``false_rate`` is chance.
    """

    entity: EntityOut
    papers: int
    growth: float
    low: float
    high: float
    false_rate: float
    years: list[YearOut]


class TrendsOut(Reproducible):
    """Of ``considered`` entities those that rise or fall, the surest first; ``undated`` papers were left out."""

    start: int = Field(serialization_alias="from", description="First year that was counted.")
    end: int = Field(serialization_alias="to", description="Last year that was counted.")
    considered: int
    undated: int
    trends: list[TrendOut]


class TrialOut(Wire):
    """A sibling that was tried in ``papers`` papers, and sentences on it and the task from one of them."""

    sibling: EntityOut
    likeness: float
    same_kind: bool
    papers: int
    method: SightingOut
    task: SightingOut


class GapOut(Wire):
    """A method and a task that no paper names together, although ``expected`` should, by its siblings.

    ``rate`` is the share of siblings' papers that name the task, ``base`` that of all papers, ``chance`` the
    probability that there would be none. ``tried`` of ``siblings`` are used for the task, in ``papers`` papers.
    """

    method: EntityOut
    task: EntityOut
    expected: float
    chance: float
    rate: float
    base: float
    siblings: int
    tried: int
    papers: int
    trials: list[TrialOut]


class GapsOut(Reproducible):
    """The gaps of one task or method, the most surprising first; ``query`` says what was tried."""

    gaps: list[GapOut]


class CompanionOut(Wire):
    """An entity that ``papers`` papers name together with another; ``association`` in [0, 1] is 0 for chance."""

    entity: EntityOut
    papers: int
    association: float
    sightings: list[SightingOut]


class CompanyOut(Reproducible):
    """The strongest of ``total`` companions of an entity."""

    entity: EntityOut
    companions: list[CompanionOut]
    total: int


class ColumnOut(Wire):
    """An entity, how telling it is, and a cell for each paper: null where the paper does not name it."""

    entity: EntityOut
    weight: float
    cells: list[SightingOut | None]


class ComparisonOut(Reproducible):
    """Papers beside each other by the most telling of ``total`` entities that they name."""

    papers: list[PaperTitled]
    columns: list[ColumnOut]
    total: int
