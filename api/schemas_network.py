"""The shapes of networks and of the map of the corpus on the wire."""

from collections.abc import Sequence
from statistics import fmean
from typing import Self

from api.schemas import EvidenceOut, Wire, renamed
from kg.atlas.atlas import Community, Place
from kg.model import Label


class NodeOut(Wire):
    """An entity in the drawing; ``x`` and ``y`` lie in [-1, 1], ``cluster`` is the number of its community.

    ``papers``, of those that were counted, name it; ``degree`` entities of the drawing share papers with it.
    """

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
    """Two entities that share ``papers`` papers; ``weight``, the association, is in [0, 1]."""

    source: str
    target: str
    papers: int
    weight: float


class NetworkOut(Wire):
    """The drawing, for which ``papers`` were counted.

    There were ``total_nodes`` entities to choose from, and ``total_edges`` pairs of those chosen share papers.
    """

    title: str
    focus: str | None
    papers: int
    total_nodes: int
    total_edges: int
    clusters: dict[int, str]
    nodes: list[NodeOut]
    edges: list[EdgeOut]


class EntityNamedOut(Wire):
    """The id and the name of an entity."""

    id: str
    name: str


class CommunityOut(Wire):
    """Entities that belong together. ``number`` stays the same when papers are added.

    ``telling`` entities set it apart from others, the first two are its name. ``entities`` are on the map; ``papers``
    name two or more of them. ``x`` and ``y``, in [-1, 1], are the middle of these.
    """

    number: int
    name: str
    telling: list[EntityNamedOut]
    entities: int
    papers: int
    x: float
    y: float

    @classmethod
    def made(cls, community: Community, name: str, names: dict[str, str], places: Sequence[Place]) -> Self:
        """With the names of all entities that speak for it, and the places of all that it has."""
        telling = [EntityNamedOut(id=slug, name=names[slug]) for slug in community.telling]
        return cls(
            number=community.number,
            name=name,
            telling=telling,
            entities=len(places),
            papers=community.papers,
            x=round(fmean(place.x for place in places), 4),
            y=round(fmean(place.y for place in places), 4),
        )


class CommunityLinkOut(Wire):
    """Two communities: ``papers`` name two entities of each and more; ``weight`` in [0, 1]."""

    source: int
    target: int
    papers: int
    weight: float


class PlaceOut(Wire):
    """An entity on the map; ``level`` is the first one that shows it."""

    id: str
    name: str
    type: Label
    papers: int
    degree: int
    x: float
    y: float
    community: int
    level: int

    @classmethod
    def made(cls, place: Place, name: str, label: Label) -> Self:
        """With what stands elsewhere."""
        return cls(
            id=place.slug,
            name=name,
            type=label,
            papers=place.papers,
            degree=place.degree,
            x=place.x,
            y=place.y,
            community=place.community,
            level=place.level,
        )


class MapOut(Wire):
    """The map of all papers at one level: 0 communities alone, 1 some hundred entities, 2 all that are on it.

    ``total_nodes`` entities of the graph would fit the filters, ``total_edges`` links of the level are between any of
    its entities.
    """

    level: int
    papers: int
    total_nodes: int
    total_edges: int
    communities: list[CommunityOut]
    community_links: list[CommunityLinkOut]
    nodes: list[PlaceOut]
    edges: list[EdgeOut]


class CommunityDetail(Wire):
    """A community, those of its entities that fit, most papers first, out of ``total_nodes``, and their links."""

    community: CommunityOut
    total_nodes: int
    nodes: list[PlaceOut]
    edges: list[EdgeOut]
