"""What a paper does with the entities that it names: one role each, decided by all its mentions."""

from collections.abc import Iterable
from typing import NamedTuple

from kg.model import Role

_ORDER = list(Role)


class Said(NamedTuple):
    """What one mention says of its entity; ``introducing`` if it names what the paper introduces."""

    slug: str
    introducing: bool
    role: Role | None = None
    score: float = 0.0


def decide_roles(said: Iterable[Said]) -> dict[str, Role | None]:
    """The role of each entity that these mentions of one paper name.

    What the paper introduces it proposes, whatever else it does with it; else the surest mention decides, of equally
    sure ones the role that ``Role`` names first. So their order does not matter.
    """
    best: dict[str, tuple[float, int]] = {}
    for slug, introducing, role, score in said:
        rank = best.setdefault(slug, (-1.0, 0))
        if introducing:
            best[slug] = (2.0, -_ORDER.index(Role.PROPOSES))
        elif role:
            best[slug] = max(rank, (score, -_ORDER.index(role)))
    return {slug: _ORDER[-place] if score >= 0 else None for slug, (score, place) in best.items()}
