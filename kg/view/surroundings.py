"""A paper's nearest papers and what it shares with each → a drawing in two columns, whose labels cannot collide."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.analysis.related import Related, Shared
from kg.model import Entity

ENTITIES = 14
"""Entities that are drawn at most, those that link most."""
WIDTH = 1100
_ROW, _PAPER_ROW, _MARGIN = 27.0, 46.0, 16.0
_LEFT, _RIGHT = 330.0, 640.0
_THIN, _THICK = 1.2, 7.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A thing and the height at which it stands; entities stand at ``left``, papers at ``right``."""

    entity: Entity
    y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """From an entity to a paper: a path of SVG, as thick as what is shared there weighs."""

    path: str
    thickness: float
    shared: Shared


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A related paper with its curves."""

    paper: Related
    y: float
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The drawing, in units of its own; ``hidden`` entities link the papers too, by less."""

    width: int
    height: float
    left: float
    right: float
    dots: tuple[Dot, ...]
    neighbours: tuple[Neighbour, ...]
    hidden: int


def surroundings(papers: Sequence[Related]) -> Surroundings | None:
    """Papers from above in their order, entities where their papers are; None where there is nothing to draw."""
    weights: dict[str, float] = {}
    entities: dict[str, Entity] = {}
    for paper in papers:
        for shared in paper.shared:
            entities[shared.entity.slug] = shared.entity
            weights[shared.entity.slug] = weights.get(shared.entity.slug, 0.0) + shared.weight
    kept = sorted(weights, key=lambda slug: (-weights[slug], slug))[:ENTITIES]
    if not kept:
        return None
    height = 2 * _MARGIN + max(len(kept) * _ROW, len(papers) * _PAPER_ROW)
    heights = _spread(_by_papers(papers, kept), height)
    places = _spread([paper.paper_id for paper in papers], height)
    most = max(shared.weight for paper in papers for shared in paper.shared)
    return Surroundings(
        WIDTH,
        height,
        _LEFT,
        _RIGHT,
        tuple(Dot(entities[slug], y) for slug, y in heights.items()),
        tuple(_neighbour(paper, places[paper.paper_id], heights, most) for paper in papers),
        len(weights) - len(kept),
    )


def _by_papers(papers: Sequence[Related], kept: Sequence[str]) -> list[str]:
    """Entities in the order of the mean places of the papers that they lead to, so that few curves cross."""
    sums = dict.fromkeys(kept, (0.0, 0.0))
    for place, paper in enumerate(papers):
        for shared in paper.shared:
            if shared.entity.slug in sums:
                total, weight = sums[shared.entity.slug]
                sums[shared.entity.slug] = total + place * shared.weight, weight + shared.weight
    return sorted(kept, key=lambda slug: (sums[slug][0] / sums[slug][1], slug))


def _spread(keys: Sequence[str], height: float) -> dict[str, float]:
    """At equal distances over the whole height."""
    step = (height - 2 * _MARGIN) / len(keys)
    return {key: round(_MARGIN + step * (place + 0.5), 1) for place, key in enumerate(keys)}


def _neighbour(paper: Related, y: float, heights: dict[str, float], most: float) -> Neighbour:
    drawn = [shared for shared in paper.shared if shared.entity.slug in heights]
    return Neighbour(paper, y, tuple(_curve(shared, heights[shared.entity.slug], y, most) for shared in drawn))


def _curve(shared: Shared, start: float, end: float, most: float) -> Curve:
    middle = (_LEFT + _RIGHT) / 2
    path = f"M{_LEFT:g} {start:g}C{middle:g} {start:g} {middle:g} {end:g} {_RIGHT:g} {end:g}"
    return Curve(path, round(_THIN + (_THICK - _THIN) * shared.weight / most, 2), shared)
