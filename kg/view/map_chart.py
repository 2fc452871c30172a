"""What a reader did to a drawing, all of it together → the chart: the drawing as it is now, and what of it is known.

What was added finds a place; what was there stays where it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import networkx as nx

from kg.analysis.cooccurrence import Neighbours, joined, neighbours
from kg.analysis.paths import End, Ways, find_ways
from kg.iri import Kind
from kg.model import MAX_NODES, Entity, Network
from kg.view.concepts import Question, community_names, concept_network, rows_of
from kg.view.network import placed
from kg.view.places import fitted_in
from kg.workspace import Reader

WAYS = 3
"""Paths between two entities that are drawn at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A drawing, and what was done to it.

    To be on it besides are all entities of a community of the map of all papers, so many more neighbours of some
    entities, what is ``pinned``, and the ``path`` between two. What is ``hidden`` is taken off.
    """

    question: Question = field(default_factory=Question)
    community: int | None = None
    expanded: tuple[tuple[str, int], ...] = ()
    pinned: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    path: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing, what of it was added, the neighbours by who was expanded, and the ways between two."""

    network: Network
    added: frozenset[str] = frozenset()
    reached: Mapping[str, Neighbours] = field(default_factory=dict)
    ways: Ways | None = None

    @property
    def steps(self) -> list[list[str]]:
        """The entities that each way leads over, in order."""
        return _steps(self.ways)


def chart(reader: Reader, asked: Asked) -> Chart:
    """The chart that was asked for; raises NotFoundError for an unknown entity, paper or venue."""
    base = concept_network(reader, asked.question)
    ways = find_ways(reader, *(End(Kind.ENTITY, slug) for slug in asked.path), k=WAYS) if asked.path else None
    if not (asked.expanded or asked.pinned or ways or (asked.community is not None and asked.question.whole)):
        return Chart(_without(base, asked.hidden))
    rows, drawn = rows_of(reader, asked.question), [node.id for node in base.nodes]
    reached = {
        slug: neighbours(reader.incidence, slug, replace(asked.question.choice, limit=most), rows, besides=drawn)
        for slug, most in asked.expanded
    }
    beside: dict[str, tuple[str, ...]] = {}
    for slug, anchors in _newcomers(reader, asked, reached, ways):
        if slug not in drawn and len(drawn) + len(beside) < MAX_NODES:
            beside.setdefault(slug, anchors)
    everything = [*drawn, *beside]
    total = max(base.total_nodes, len(everything))
    choice, index = asked.question.choice, reader.index
    always = [*((slug, each) for slug, found in reached.items() for each in found.slugs)]
    always += [hop for steps in _steps(ways) for hop in pairwise(steps)]
    graph = joined(reader.incidence, index, everything, choice, rows, total=total, focus=base.focus, always=always)
    graph.graph["typical"] = base.typical
    widened = _widened(reader, asked, base, graph, beside)
    return Chart(_without(widened, asked.hidden), frozenset(beside), reached, ways)


def _newcomers(
    reader: Reader, asked: Asked, reached: Mapping[str, Neighbours], ways: Ways | None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is to be on the drawing, each with the entities that brought it there, if any did."""
    if asked.community is not None and asked.question.whole:
        fits = asked.question.choice.entities(reader.incidence)
        least = asked.question.choice.min_papers
        members = reader.atlas.of(asked.community)
        yield from ((place.slug, ()) for place in members if fits[place.column] and place.papers >= least)
    yield from ((slug, ()) for slug in asked.pinned)
    for slug, found in reached.items():
        yield slug, ()
        yield from ((each, (slug,)) for each in found.slugs)
    for steps in _steps(ways):
        yield from ((slug, ()) for slug in (steps[0], steps[-1]))
        yield from ((slug, (before, steps[-1])) for before, slug in pairwise(steps[:-1]))


def _steps(ways: Ways | None) -> list[list[str]]:
    return [[node.slug for node in way.nodes if isinstance(node, Entity)] for way in ways.ways] if ways else []


def _widened(
    reader: Reader, asked: Asked, base: Network, graph: "nx.Graph[str]", beside: Mapping[str, tuple[str, ...]]
) -> Network:
    """The drawing with its newcomers: on the map of all papers where they have a place there, else where it fits."""
    places = {node.id: (node.x, node.y) for node in base.nodes}
    cluster, names = {node.id: node.cluster for node in base.nodes}, dict(base.clusters)
    if asked.question.whole:
        known = {place.slug: place for place in reader.atlas.places if place.slug in beside}
        places |= {slug: (place.x, place.y) for slug, place in known.items()}
        cluster |= {slug: place.community for slug, place in known.items()}
        named = community_names(reader, reader.atlas)
        names |= {number: named[number] for number in {place.community for place in known.values()}}
    wishes = {slug: anchors or _linked(graph, slug) for slug, anchors in beside.items() if slug not in places}
    places |= fitted_in(places, wishes.items())
    for slug, wish in wishes.items():
        cluster[slug] = next((cluster[each] for each in wish if each in cluster), -1)
    return placed(graph, base.title, places, cluster, names)


def _linked(graph: "nx.Graph[str]", slug: str) -> tuple[str, ...]:
    """The neighbours of an entity in the drawing, the strongest link first."""
    return tuple(sorted(graph[slug], key=lambda other: (-graph[slug][other]["weight"], other)))


def _without(network: Network, hidden: frozenset[str]) -> Network:
    if not hidden:
        return network
    nodes = tuple(node for node in network.nodes if node.id not in hidden)
    edges = tuple(edge for edge in network.edges if not hidden & {edge.source, edge.target})
    return replace(network, nodes=nodes, edges=edges)
