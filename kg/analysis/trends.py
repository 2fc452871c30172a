"""When papers name an entity: its share of each year's papers, who proposed it first, what rises and what falls.

Shares come with Wilson's score interval (Wilson 1927, 95 %), which is honest of small years. The trend of an entity is
the slope of a logistic regression of its share on the year, with a normal prior around no change, so that few papers
say little; what is ranked is the bound of that slope that is nearer to no change, so that few papers do not win.
"""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from kg.analysis.sightings import Lookup, Sighting, Snapshot
from kg.analysis.slopes import false_rates, slopes
from kg.errors import NotFoundError
from kg.index.incidence import ROLES, Incidence
from kg.model import Entity, Label, Role

SURE = 1.959964
"""Standard deviations on either side that hold 95 % of a normal distribution."""
WINDOW = 10
"""Years that a trend is taken over where none are given: the last of the graph."""
FIRST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Year:
    """How many of the papers of a year name an entity, and their share in [0, 1] with its 95 % interval."""

    year: int
    papers: int
    total: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """The first year in which a paper proposes an entity, and its papers that do; several where they tie.

    ``tied`` counts these, ``earlier`` papers of years before that name the entity all the same, and ``undated`` those
    that propose it in a year that is not known and may be first.
    """

    year: int
    papers: tuple[Sighting, ...]
    tied: int
    earlier: int
    undated: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The years from the first paper on to the last of the graph; ``undated`` papers name the entity in no year."""

    entity: Entity
    years: tuple[Year, ...]
    undated: int
    first: Proposal | None


@dataclass(frozen=True, slots=True)
class Trend:
    """How the share of an entity changes: by a factor of ``growth`` in its odds each year, with a 95 % interval.

    Where many are looked at, some seem to change by chance: ``false_rate`` is the part of all that change at least as
    surely as this one that would, at most (Benjamini and Hochberg 1995).
    """

    entity: Entity
    papers: int
    growth: float
    low: float
    high: float
    false_rate: float
    years: tuple[Year, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """What rises or falls, the surest first, of ``considered`` entities; ``undated`` papers were left out."""

    start: int
    end: int
    considered: int
    undated: int
    trends: tuple[Trend, ...]


def wilson(papers: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a share of ``total``, which is at least 1."""
    share, z = papers / total, SURE * SURE / total
    middle, half = share + z / 2, np.sqrt(z * (share * (1 - share) + z / 4))
    return max(0.0, float((middle - half) / (1 + z))), min(1.0, float((middle + half) / (1 + z)))


def timeline(snapshot: Snapshot, slug: str) -> Timeline:
    """Papers of each year that name an entity; raises NotFoundError."""
    incidence, lookup = snapshot.incidence, Lookup(snapshot)
    column = incidence.column(slug)
    rows, _, roles = incidence.papers_of(column)
    years = incidence.years[rows]
    totals = np.bincount(incidence.years)
    named = np.bincount(years, minlength=len(totals))
    dated = np.flatnonzero(named[1:]) + 1
    listed = np.flatnonzero(totals[dated[0] :]) + dated[0] if len(dated) else dated
    return Timeline(
        lookup.entity(column),
        tuple(_year(int(year), int(named[year]), int(totals[year])) for year in listed),
        int(named[0]) if len(named) else 0,
        _first(lookup, column, rows[roles == ROLES.index(Role.PROPOSES)], incidence.years, years),
    )


def _year(year: int, papers: int, total: int) -> Year:
    low, high = wilson(papers, total)
    return Year(year, papers, total, round(papers / total, 6), round(low, 6), round(high, 6))


def _first(
    lookup: Lookup, column: int, proposing: NDArray[np.int32], all_years: NDArray[np.int16], named: NDArray[np.int16]
) -> Proposal | None:
    years = all_years[proposing]
    if not (years > 0).any():
        return None
    year = int(years[years > 0].min())
    tied = proposing[years == year]
    return Proposal(
        year,
        tuple(lookup.sighting(int(row), column) for row in tied[:FIRST_SHOWN]),
        len(tied),
        int(((named > 0) & (named < year)).sum()),
        int((years == 0).sum()),
    )


def find_trends(  # noqa: PLR0913 - the filters of one ranking
    snapshot: Snapshot,
    *,
    falling: bool = False,
    labels: Collection[Label] = (Label.METHOD,),
    start: int | None = None,
    end: int | None = None,
    venue: str | None = None,
    min_papers: int = 5,
    limit: int = 20,
) -> Trends:
    """Entities of these types in at least ``min_papers`` papers of these years whose share rises, or falls.

    Listed is what does so with its whole 95 % interval. Years default to the last ``WINDOW`` of the graph. With a
    ``venue``, whatever its case, only its papers count; raises NotFoundError for one that no paper has. What is
    generic is left out.
    """
    incidence, lookup = snapshot.incidence, Lookup(snapshot)
    counted = _of_venue(incidence, venue)
    last = int(incidence.years[counted].max(initial=0)) if end is None else end
    first = max(last - WINDOW + 1, 1) if start is None else start
    eligible = incidence.having(labels) & ~np.asarray(incidence.generic) & (incidence.counts >= max(min_papers, 1))
    table = _Counts.of(incidence, np.flatnonzero(eligible), counted, (first, last))
    table = table.having(table.papers.sum(axis=1) >= max(min_papers, 1))
    slope, error = slopes(table.papers, table.totals, table.years)
    towards = -slope if falling else slope
    bounds, false = towards - SURE * error, false_rates(ndtr(-towards / error))
    best = [at for at in np.lexsort((table.columns, -bounds)) if bounds[at] > 0][:limit]
    found = []
    for at, entity in zip(best, lookup.entities(table.columns[best]), strict=True):
        growth, low, high = (round(float(np.exp(slope[at] + z * error[at])), 4) for z in (0, -SURE, SURE))
        papers = int(table.papers[at].sum())
        found.append(Trend(entity, papers, growth, low, high, round(float(false[at]), 4), table.of_row(at)))
    undated = int((counted & (incidence.years == 0)).sum())
    return Trends(first, last, len(table.columns), undated, tuple(found))


def _of_venue(incidence: Incidence, venue: str | None) -> NDArray[np.bool_]:
    if venue is None:
        return np.ones(len(incidence.papers), dtype=np.bool_)
    names = [name.casefold() for name in incidence.venue_names]
    found = [number for number, name in enumerate(names) if name == venue.strip().casefold()]
    if not found:
        near = get_close_matches(venue.casefold(), names, n=3)
        raise NotFoundError("venue", venue, [incidence.venue_names[names.index(each)] for each in near])
    return np.isin(incidence.venues, found)


class _Counts(NamedTuple):
    """Papers of each of some entities in each of some years, with the papers of these years."""

    columns: NDArray[np.int64]
    years: NDArray[np.int64]
    papers: NDArray[np.int64]
    totals: NDArray[np.int64]

    @classmethod
    def of(
        cls, incidence: Incidence, columns: NDArray[np.int64], counted: NDArray[np.bool_], window: tuple[int, int]
    ) -> "_Counts":
        """Of these columns, the rows that are counted, and the years of the window that any of them is of."""
        first, last = window
        inside = counted & (incidence.years >= max(first, 1)) & (incidence.years <= last)
        years, of_row = np.unique(incidence.years[inside], return_inverse=True)
        position = np.full(len(incidence.entities), -1)
        position[columns] = np.arange(len(columns))
        sizes = np.diff(incidence.by_paper.indptr)
        at = position[incidence.by_paper.indices[np.repeat(inside, sizes)]]
        cells = at * len(years) + np.repeat(of_row, sizes[inside])
        papers = np.bincount(cells[at >= 0], minlength=len(columns) * len(years)).reshape(len(columns), len(years))
        return cls(columns, years.astype(np.int64), papers, np.bincount(of_row, minlength=len(years)))

    def having(self, kept: NDArray[np.bool_]) -> "_Counts":
        return self._replace(columns=self.columns[kept], papers=self.papers[kept])

    def of_row(self, at: int) -> tuple[Year, ...]:
        cells = zip(self.years.tolist(), self.papers[at].tolist(), self.totals.tolist(), strict=True)
        return tuple(_year(*cell) for cell in cells)
