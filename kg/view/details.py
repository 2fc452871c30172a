"""What is chosen on a chart → what there is to tell of it."""

from dataclasses import dataclass, replace

from kg.analysis.cooccurrence import Neighbours, neighbours
from kg.analysis.meetings import Meeting, meeting, sightings
from kg.analysis.sightings import Lookup, Sighting
from kg.analysis.trends import Timeline, timeline
from kg.model import Edge, Entity, Node
from kg.view.concepts import rows_of
from kg.view.listing import linked
from kg.view.map_chart import Asked, Chart
from kg.workspace import Reader

STEP = 12
"""Neighbours that one click adds."""

SENTENCES = 4
LINKED = 12


@dataclass(frozen=True, slots=True)
class Details:
    """An entity: its node, if it is drawn, and how many neighbours it has, drawn or not.

    ``linked`` are those that the drawing links it to, the strongest first. ``sightings`` are of the papers that count.
    ``added`` neighbours were drawn for it.
    """

    entity: Entity
    node: Node | None
    timeline: Timeline
    sightings: tuple[Sighting, ...]
    linked: tuple[tuple[Node, Edge], ...]
    neighbours: Neighbours
    added: int

    @property
    def step(self) -> int:
        """How many neighbours the next click adds."""
        return min(STEP, self.neighbours.total - self.neighbours.known)


def details(reader: Reader, asked: Asked, chart: Chart, slug: str) -> Details:
    """What there is to tell of an entity; raises NotFoundError."""
    rows, choice = rows_of(reader, asked.question), asked.question.choice
    drawn = [node.id for node in chart.network.nodes]
    near = neighbours(reader.incidence, slug, replace(choice, limit=1), rows, besides=drawn)
    found = chart.reached.get(slug)
    return Details(
        Lookup(reader).entity(reader.incidence.column(slug)),
        next((node for node in chart.network.nodes if node.id == slug), None),
        timeline(reader, slug),
        sightings(reader, slug, choice.scope(reader.incidence, rows), limit=SENTENCES),
        tuple(linked(chart.network).get(slug, [])[:LINKED]),
        near,
        len(found.slugs) if found else 0,
    )


def between(reader: Reader, asked: Asked, ends: tuple[str, str]) -> Meeting:
    """What links two entities in the papers that count; raises NotFoundError."""
    scope = asked.question.choice.scope(reader.incidence, rows_of(reader, asked.question))
    return meeting(reader, ends, scope, asked.question.choice.weight)
