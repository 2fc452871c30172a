"""What lists and searches give back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kg.index.folding import Span
from kg.model import Entity, Label

ENTITY = "slug, name, label, aliases, papers, generic"
PAPER = "id, title, byline, year, venue"


@dataclass(frozen=True, slots=True)
class PaperHit:
    """A paper in a list or a search result.

    ``pieces`` cut a part of its abstract into what was searched for (True) and what was not (False).
    """

    id: str
    title: str
    byline: str
    year: int | None
    venue: str | None
    pieces: tuple[tuple[str, bool], ...] = ()

    @property
    def snippet(self) -> str:
        """The pieces as plain text."""
        return "".join(text for text, _ in self.pieces)


class Within(NamedTuple):
    """Which papers to look among: years from and to, both included, and a venue (``ICLR`` is that of ``ICLR 2024``)."""

    year_from: int | None = None
    year_to: int | None = None
    venue: str | None = None


ALL = Within()
"""Among all papers."""


class Found(NamedTuple):
    """What was found, best first.

    ``meant`` is the text with other spellings, if as it was typed it led to few things or none: what was found by
    that comes last.
    """

    entities: list[Entity]
    papers: list[PaperHit]
    meant: str | None


class Suggestion(NamedTuple):
    """What an unfinished text may become: an entity, or a paper, which has no ``label``.

    ``matched`` is the name, other name or title that fits, and ``spans`` say where in it.
    """

    id: str
    name: str
    label: Label | None
    matched: str
    spans: tuple[Span, ...]


class Suggested(NamedTuple):
    """Suggestions, best first; ``meant`` as in ``Found``."""

    items: list[Suggestion]
    meant: str | None


def entity(row: Sequence[Any]) -> Entity:
    """From the columns ``ENTITY``."""
    slug, name, label, aliases, papers, generic = row
    return Entity(slug, name, Label(label), tuple(aliases.split("\n")) if aliases else (), papers, bool(generic))


def pieces(snippet: str) -> tuple[tuple[str, bool], ...]:
    """Cut at the control characters that mark what was found; no text of ours holds them."""
    parts = re.split(r"[\x02\x03]", snippet)
    return tuple((part, i % 2 == 1) for i, part in enumerate(parts) if part)
