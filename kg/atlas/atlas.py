"""The map of a corpus: its foremost entities with their places, communities and links, at several levels of detail."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from kg.errors import StoreError

LEVELS = (0, 1, 2)
"""Communities alone; some hundred entities; all that are on the map."""


@dataclass(frozen=True, slots=True)
class Community:
    """Entities that belong together. ``number`` stays the same from map to map.

    ``telling`` are slugs of members, what it is named after first; ``papers`` name two or more of its entities. ``x``
    and ``y`` are the centre of the disc that it has in the layout; its entities may fill only a part of that.
    """

    number: int
    telling: tuple[str, ...]
    x: float
    y: float
    papers: int


@dataclass(frozen=True, slots=True)
class Place:
    """An entity on the map: its column in the matrix of the same snapshot, and its place in [-1, 1] x [-1, 1].

    ``level`` is the first one that shows it, ``degree`` the number of entities it shares papers with.
    """

    slug: str
    column: int
    x: float
    y: float
    community: int
    level: int
    papers: int
    degree: int


class Link(NamedTuple):
    """Two entities, by their positions in ``Atlas.places``, or two communities, by their numbers."""

    left: int
    right: int
    papers: int
    weight: float


@dataclass(frozen=True, slots=True)
class Atlas:
    """The map; ``places`` are sorted by level, then with most papers first, ``links`` by level from 0 to 2.

    ``papers`` is the size of the corpus. ``drawn`` are the papers of each entity when its place was last worked out,
    and ``frame`` is what ``kg.atlas.layout`` needs to go on from there.
    """

    papers: int
    communities: tuple[Community, ...]
    places: tuple[Place, ...]
    links: tuple[tuple[Link, ...], ...]
    frame: tuple[float, float, float, float]
    drawn: tuple[int, ...]

    def at(self, level: int) -> Iterator[Place]:
        """The entities that a level shows."""
        return (place for place in self.places if level and place.level <= level)

    def of(self, number: int) -> Iterator[Place]:
        """The entities of a community, those with most papers first."""
        members = (place for place in self.places if place.community == number)
        return iter(sorted(members, key=lambda place: (-place.papers, place.slug)))


def save(atlas: Atlas, path: Path) -> None:
    """Write one JSON file, for equal maps the same; raises StoreError."""
    rows = {
        "papers": atlas.papers,
        "frame": atlas.frame,
        "communities": [asdict(each) for each in atlas.communities],
        "places": [[*asdict(each).values()] for each in atlas.places],
        "drawn": atlas.drawn,
        "links": atlas.links,
    }
    try:
        path.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"the map could not be written to {path}: {error}") from error


def load(path: Path) -> Atlas:
    """Read such a file; raises StoreError where there is none or it is broken."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return Atlas(
            int(rows["papers"]),
            tuple(Community(**{**each, "telling": tuple(each["telling"])}) for each in rows["communities"]),
            tuple(Place(*each) for each in rows["places"]),
            tuple(tuple(Link(*each) for each in level) for level in rows["links"]),
            tuple(rows["frame"]),
            tuple(rows["drawn"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"the map in {path} cannot be opened; run: kg index --rebuild ({error})") from error
