"""What all mentions together say of an entity: its type, its name, its other names."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from kg.model import Entity, Label, Link

_ORDER = list(Label)


@dataclass(slots=True)
class Tally:
    """Counts over the mentions of one entity; sums of integers, so their order cannot matter.

    ``labels`` sums scores in thousandths, ``surfaces`` counts spellings, ``papers`` counts papers.
    """

    labels: Counter[Label] = field(default_factory=Counter)
    surfaces: Counter[str] = field(default_factory=Counter)
    papers: int = 0

    def add(self, label: Label, surface: str, thousandths: int, mentions: int = 1) -> None:
        """Count mentions; negative numbers take them back."""
        self.labels[label] += thousandths
        self.surfaces[surface] += mentions

    def merge(self, other: Self, sign: int) -> None:
        """Add (+1) or take back (-1) all that another tally counted."""
        for label, thousandths in other.labels.items():
            self.labels[label] += sign * thousandths
        for surface, mentions in other.surfaces.items():
            self.surfaces[surface] += sign * mentions
        self.papers += sign * other.papers


def tally_links(links: Iterable[Link]) -> dict[str, Tally]:
    """Tallies by slug of the mentions of one paper."""
    tallies: dict[str, Tally] = {}
    for link in links:
        tally = tallies.setdefault(link.slug, Tally(papers=1))
        tally.add(link.mention.label, link.mention.text, round(link.mention.score * 1000))
    return tallies


def decide(slug: str, tally: Tally, *, generic: bool) -> Entity | None:
    """The entity of a tally, or None if nothing mentions it any more.

    Its type is the label with the highest summed score; its name the spelling that fits the slug best,
    then the most frequent, then one that is not written in title case.
    """
    surfaces = {surface: count for surface, count in tally.surfaces.items() if count > 0}
    if tally.papers <= 0 or not surfaces:
        return None
    label = max(_ORDER, key=lambda each: (tally.labels[each], -_ORDER.index(each)))
    name = min(surfaces, key=lambda surface: _rank(surface, surfaces[surface], slug))
    seen = {name.casefold()}
    aliases = []
    for surface in sorted(surfaces, key=lambda s: (s.casefold(), s.istitle(), s)):
        if surface.casefold() not in seen:
            seen.add(surface.casefold())
            aliases.append(surface)
    return Entity(slug, name, label, tuple(aliases), tally.papers, generic)


def _rank(surface: str, count: int, slug: str) -> tuple[bool, bool, int, int, str]:
    """Smaller is better. An abbreviation does not fit the slug of its long form; a plural nearly does."""
    plain = "-".join("".join(c if c.isalnum() else " " for c in surface.casefold()).split())
    fits = plain == slug or slug.startswith(f"{plain}-")
    nearly = fits or plain[:4] == slug[:4]
    capitals = sum(word[0].isupper() for word in surface.split())
    title_case = capitals if len(surface.split()) > 1 else 0
    return not nearly, not fits, -count, title_case, surface
