"""Paths between papers and entities: from a paper to what it names, on to another paper that names it, and so on.

The more common an entity is, the more it costs to go over it; ``kg.analysis.walks`` says how much.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from kg.analysis.sightings import Lookup, Sighting, Snapshot, Titled
from kg.analysis.walks import Level, Walk, different, through_middles
from kg.errors import AmbiguousError, NotFoundError
from kg.index.incidence import Incidence
from kg.iri import Kind
from kg.model import Entity, Label

MAX_HOPS = 8


class End(NamedTuple):
    """Where a path begins or ends: a paper's id or an entity's slug."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path, in whichever direction it is walked: a paper names an entity."""

    entity: Entity
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Way:
    """A path: papers and entities in turns, and the hops between them; ``cost`` is in nats, less is better."""

    cost: float
    nodes: tuple[Titled | Entity, ...]
    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The paths between two ends, the cheapest first; without any, ``reason`` says why."""

    start: Titled | Entity
    goal: Titled | Entity
    ways: tuple[Way, ...]
    reason: str = ""


def find_end(incidence: Incidence, text: str) -> End:
    """What ``paper:ID``, ``entity:SLUG`` or either without its prefix means.

    Raises NotFoundError, and AmbiguousError for what is both.
    """
    kind, colon, rest = text.partition(":")
    known = {Kind.PAPER: incidence.papers, Kind.ENTITY: incidence.entities}
    if colon and kind in (Kind.PAPER, Kind.ENTITY):
        if known[Kind(kind)].find(rest) is None:
            raise NotFoundError(kind, rest)
        return End(Kind(kind), rest)
    found = [End(kind, text) for kind, names in known.items() if names.find(text) is not None]
    if not found:
        raise NotFoundError("paper or entity", text)
    if len(found) > 1:
        raise AmbiguousError("thing", text, [f"{each.kind}:{each.name}" for each in found])
    return found[0]


def find_ways(
    snapshot: Snapshot,
    start: End,
    goal: End,
    *,
    k: int = 3,
    max_hops: int = 6,
    labels: Collection[Label] = tuple(Label),
) -> Ways:
    """The ``k`` cheapest paths of at most ``max_hops`` hops that differ in at least half of what lies between.

    Neither half of a path makes a detour: it comes to its middle in as few hops as can be. ``labels`` are the types
    that entities between the ends may have. Generic ones, those in over a twentieth of the papers and those of one
    paper lie on no path. Raises NotFoundError.
    """
    incidence, lookup = snapshot.incidence, Lookup(snapshot)
    ends = [_node(incidence, end) for end in (start, goal)]
    named = [_named(lookup, incidence, node) for node in ends]
    if ends[0] == ends[1]:
        return Ways(named[0], named[1], (), "both ends are the same")
    walk = Walk.over(incidence, labels, ends)
    depth = math.ceil(max_hops / 2)
    sides = [walk.levels(node, depth) for node in ends]
    ways = [
        Way(
            round(cost, 4),
            tuple(_named(lookup, incidence, node) for node in nodes),
            tuple(_hops(lookup, incidence, nodes)),
        )
        for cost, nodes in different(through_middles(sides[0], sides[1], max_hops), k)
    ]
    reason = "" if ways else _reason(named, sides, max_hops, labels)
    return Ways(named[0], named[1], tuple(ways), reason)


def _node(incidence: Incidence, end: End) -> int:
    """Its number in walks."""
    if end.kind is Kind.PAPER:
        return incidence.row(end.name)
    return len(incidence.papers) + incidence.column(end.name)


def _named(lookup: Lookup, incidence: Incidence, node: int) -> Titled | Entity:
    papers = len(incidence.papers)
    return lookup.paper(node) if node < papers else lookup.entity(node - papers)


def _hops(lookup: Lookup, incidence: Incidence, nodes: Sequence[int]) -> Iterator[Hop]:
    for one, other in pairwise(nodes):
        row, column = min(one, other), max(one, other) - len(incidence.papers)
        yield Hop(lookup.entity(column), lookup.sighting(row, column))


def _reason(
    named: Sequence[Titled | Entity], sides: Sequence[list[Level]], max_hops: int, labels: Collection[Label]
) -> str:
    what = "entity" if set(labels) == set(Label) else " or ".join(label.value.lower() for label in labels)
    for end, levels in zip(named, sides, strict=True):
        if isinstance(end, Titled) and not len(levels[1].nodes):
            return f"{end.title!r} names no {what} that is specific and in another paper"
    return f"no path of at most {max_hops} hops over a specific {what} joins them"
