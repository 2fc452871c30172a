"""Papers that fit what a reader wants, in an order.

All is looked up in the matrix, which holds of a paper its year, its venue, and what it names in which role; only words
are asked of the full text.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kg.analysis import related
from kg.analysis.sightings import Lookup
from kg.index.hits import PaperHit
from kg.index.incidence import LABELS, ROLES
from kg.index.shelf import Shelf
from kg.model import Entity, Label, Role

TELLING = 5
"""Entities that are shown beside a paper in a list."""
_LAST_YEAR = 9999
_EDITION = re.compile(r"[\s,'-]*\b(?:19|20)\d\d$")

Rows = NDArray[np.bool_]
"""Which papers, by their rows in the matrix."""


class Order(StrEnum):
    """In which order papers are listed; the value is its name in addresses."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    LINKED = "linked"


class Snapshot(related.Snapshot, Protocol):
    """What is needed of a reader."""

    @property
    def shelf(self) -> Shelf:
        """The papers in order."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What papers must have: all words, all entities, a venue (``ICLR`` is that of ``ICLR 2024``), a year between two.

    ``role`` is what they do with each of the entities; without entities, with any, or with any of type ``label``.
    """

    words: str = ""
    entities: tuple[str, ...] = ()
    label: Label | None = None
    role: Role | None = None
    venue: str | None = None
    year_from: int | None = None
    year_to: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper in a list, with the entities by which it is told from others, the most telling first.

    ``links`` counts how often other papers name what it names, as far as that links papers at all.
    """

    paper: PaperHit
    entities: tuple[Entity, ...]
    links: int


class Chosen:
    """The papers of one snapshot that fit a selection; raises NotFoundError for an unknown entity."""

    def __init__(self, snapshot: Snapshot, selection: Selection) -> None:
        self.snapshot, self.incidence, self.selection = snapshot, snapshot.incidence, selection
        found = {
            "words": self._words(),
            "naming": self._naming(),
            "venue": self._venue(),
            "years": self._years(),
        }
        self.asked = {name: rows for name, rows in found.items() if rows is not None}
        self.rows = self.fitting()

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Those that were chosen, in their order."""
        columns = [self.incidence.column(slug) for slug in self.selection.entities]
        return Lookup(self.snapshot).entities(columns)

    @property
    def total(self) -> int:
        """How many there are."""
        return int(np.count_nonzero(self.rows))

    def ids(self, order: Order, start: int, limit: int) -> list[str]:
        """Ids of a part of them."""
        return [self.incidence.papers[row] for row in self._ordered(order)[start : start + limit].tolist()]

    def listed(self, order: Order, start: int, limit: int) -> list[Listed]:
        """A part of them, as lists show them."""
        rows = self._ordered(order)[start : start + limit].tolist()
        hits = self.snapshot.index.hits(self.snapshot.shelf.numbers[rows].tolist(), self.selection.words)
        telling = {row: self._telling(row) for row in rows}
        lookup = Lookup(self.snapshot)
        lookup.entities({column for columns in telling.values() for column in columns})
        each = zip(rows, hits, strict=True)
        return [Listed(hit, lookup.entities(telling[row]), self._links(row)) for row, hit in each]

    def fitting(self, but: str = "") -> Rows:
        """The rows that fit all that is asked, but for one thing."""
        found = np.ones(len(self.incidence.papers), dtype=np.bool_)
        for name, rows in self.asked.items():
            if name != but:
                found &= rows
        return found

    def _words(self) -> Rows | None:
        words = self.selection.words
        return self.snapshot.shelf.holding(self.snapshot.index, words) if words else None

    def _years(self) -> Rows | None:
        first, last = self.selection.year_from, self.selection.year_to
        if first is None and last is None:
            return None
        years = np.asarray(self.incidence.years)
        return (years >= max(first or 1, 1)) & (years <= min(last or _LAST_YEAR, _LAST_YEAR))

    def _venue(self) -> Rows | None:
        if self.selection.venue is None:
            return None
        wanted = self.selection.venue.casefold()
        names = self.incidence.venue_names
        numbers = [n for n, name in enumerate(names) if wanted in (name.casefold(), series(name).casefold())]
        return np.isin(self.incidence.venues, numbers)

    def _naming(self) -> Rows | None:
        chosen = self.selection
        if not chosen.entities and chosen.role is None and chosen.label is None:
            return None
        return self.doing(chosen.role) if chosen.role else self.doing(*ROLES)

    def doing(self, *roles: Role | None) -> Rows:
        """The papers that do one of these things with what was chosen."""
        incidence, wanted = self.incidence, [ROLES.index(role) for role in roles]
        found = np.full(len(incidence.papers), bool(self.selection.entities))
        for slug in self.selection.entities:
            rows, _, doing = incidence.papers_of(incidence.column(slug))
            naming = np.zeros_like(found)
            naming[rows[np.isin(doing, wanted)]] = True
            found &= naming
        if not self.selection.entities:
            cells = np.isin(incidence.roles, wanted) & self._of_label()
            found[self._row_of_cells()[cells]] = True
        return found

    def _of_label(self) -> NDArray[np.bool_]:
        """The cells of entities of the type that was chosen."""
        labels, label = np.asarray(self.incidence.labels), self.selection.label
        right = labels == LABELS.index(label) if label else np.ones(len(labels), dtype=np.bool_)
        return np.asarray(right[self.incidence.by_paper.indices])

    def _row_of_cells(self) -> NDArray[np.int64]:
        lengths = np.diff(self.incidence.by_paper.indptr)
        return np.repeat(np.arange(len(lengths)), lengths)

    def _ordered(self, order: Order) -> NDArray[np.int32]:
        rows = self.snapshot.shelf.by_title
        rows = rows[self.rows[rows]]
        years = self.incidence.years[rows].astype(np.int32)
        match order:
            case Order.TITLE:
                return rows
            case Order.OLDEST:
                return rows[np.argsort(np.where(years > 0, years, _LAST_YEAR), kind="stable")]
            case Order.LINKED:
                return rows[np.argsort(-self._all_links()[rows], kind="stable")]
            case Order.BEST if self.selection.words:
                titled = self.snapshot.shelf.holding(self.snapshot.index, self.selection.words, in_title=True)
                return rows[np.lexsort((-years, ~titled[rows]))]
        return rows[np.argsort(-years, kind="stable")]

    def _all_links(self) -> NDArray[np.int64]:
        cells = self._worth()[self.incidence.by_paper.indices]
        return np.bincount(self._row_of_cells(), cells, len(self.incidence.papers)).astype(np.int64)

    def _links(self, row: int) -> int:
        columns, _, _ = self.incidence.entities_of(row)
        counting = columns[self.snapshot.weights.rarity[columns] > 0]
        return int((self.incidence.counts[counting] - 1).sum())

    def _worth(self) -> NDArray[np.int64]:
        """In how many other papers each entity links one to."""
        return np.where(self.snapshot.weights.rarity > 0, self.incidence.counts - 1, 0)

    def _telling(self, row: int) -> list[int]:
        """What a paper names that others name too, rare things and what it does most with first; else what it names."""
        columns, _, _ = self.incidence.entities_of(row)
        weights, begin = self.snapshot.weights, int(self.incidence.by_paper.indptr[row])
        strength = weights.strengths[begin : begin + len(columns)]
        shared = self.incidence.counts[columns] > 1
        order = np.lexsort((columns, -weights.rarity[columns] * strength, ~shared))
        kept = [int(column) for column in columns[order] if not self.incidence.generic[column]]
        return kept[:TELLING]


def series(venue: str) -> str:
    """The venue without the year of its edition: ``ICLR 2024`` is one of ``ICLR``."""
    return _EDITION.sub("", venue) or venue
