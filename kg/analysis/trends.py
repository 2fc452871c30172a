"""When papers name an entity: its share of each year's papers, who proposed it first, what rises and what falls.

Shares come with Wilson's score interval (Wilson 1927, 95 %), which is honest of small years. The trend of an entity is
the slope of a logistic regression of its share on the year, with a normal prior around no change, so that few papers
say little; what is ranked is the bound of that slope that is nearer to no change, so that few papers do not win.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from kg.analysis.sightings import Lookup, Sighting, Snapshot
from kg.errors import NotFoundError
from kg.index.incidence import ROLES, Incidence
from kg.model import Entity, Label, Role

SURE = 1.959964
"""Standard deviations on either side that hold 95 % of a normal distribution."""
WINDOW = 10
"""Years that a trend is taken over where none are given: the last of the graph."""
PRIOR = 0.3
"""Standard deviation of the slope before anything is seen, in log-odds a year."""
FIRST_SHOWN = 5
_STEPS = 25


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
    ``venue`` only its papers count; raises NotFoundError for one that is not in the graph. Generic entities are left
    out.
    """
    incidence, lookup = snapshot.incidence, Lookup(snapshot)
    counted = _of_venue(incidence, venue)
    last = int(incidence.years[counted].max(initial=0)) if end is None else end
    first = last - WINDOW + 1 if start is None else start
    counts, totals = _counts(incidence, counted, first, last)
    papers = counts.sum(axis=1)
    eligible = incidence.having(labels) & ~np.asarray(incidence.generic) & (papers >= max(min_papers, 1))
    columns = np.flatnonzero(eligible)
    slopes, errors = _slopes(counts[columns], totals)
    towards = -slopes if falling else slopes
    bounds = towards - SURE * errors
    false = _false_rates(ndtr(-towards / errors))
    best = [at for at in np.lexsort((columns, -bounds)) if bounds[at] > 0][:limit]
    found = []
    for at, entity in zip(best, lookup.entities(columns[at] for at in best), strict=True):
        column = columns[at]
        growth, low, high = (round(float(np.exp(slopes[at] + z * errors[at])), 4) for z in (0, -SURE, SURE))
        years = tuple(_year(first + i, int(counts[column, i]), int(total)) for i, total in enumerate(totals) if total)
        found.append(Trend(entity, int(papers[column]), growth, low, high, round(float(false[at]), 4), years))
    undated = int((counted & (incidence.years == 0)).sum())
    return Trends(first, last, len(columns), undated, tuple(found))


def _of_venue(incidence: Incidence, venue: str | None) -> NDArray[np.bool_]:
    if venue is None:
        return np.ones(len(incidence.papers), dtype=np.bool_)
    if (found := incidence.venue_names.find(venue)) is None:
        raise NotFoundError("venue", venue)
    return np.asarray(incidence.venues == found)


def _counts(
    incidence: Incidence, counted: NDArray[np.bool_], first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Papers by entity and year, and by year, of the rows that are counted and the years from first to last."""
    span, entities = max(last - first + 1, 0), len(incidence.entities)
    inside = counted & (incidence.years > 0) & (incidence.years >= first) & (incidence.years <= last)
    at = incidence.years.astype(np.int64) - first
    of_cell = np.repeat(at, np.diff(incidence.by_paper.indptr))
    kept = np.repeat(inside, np.diff(incidence.by_paper.indptr))
    cells = incidence.by_paper.indices[kept].astype(np.int64) * span + of_cell[kept]
    counts = np.bincount(cells, minlength=entities * span).reshape(entities, span)
    return counts, np.bincount(at[inside], minlength=span)


def _false_rates(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each the smallest false discovery rate at which it is still among the discoveries."""
    order = np.argsort(chances, kind="stable")
    rates = chances[order] * len(chances) / np.arange(1, len(chances) + 1)
    found = np.empty_like(rates)
    found[order] = np.minimum.accumulate(rates[::-1])[::-1]
    return found


def _slopes(counts: NDArray[np.int64], totals: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-odds a year of each row, and their standard errors: a logistic regression, by Newton's method.

    The slope has a normal prior, the level one of half a paper more on either side (Haldane 1956). Variance that the
    years show beyond what chance allows widens the error, as in quasi-likelihood (McCullagh and Nelder 1989, 4.5).
    """
    years = np.flatnonzero(totals)
    if len(years) < 2 or not len(counts):
        return np.zeros(len(counts)), np.full(len(counts), PRIOR)
    seen, all_of = counts[:, years].astype(np.float64), totals[years].astype(np.float64)
    time = years - np.average(years, weights=all_of)
    share = (seen.sum(axis=1) + 0.5) / (all_of.sum() + 1)
    level, slope = np.log(share / (1 - share)), np.zeros(len(seen))
    for _ in range(_STEPS):
        odds = 1 / (1 + np.exp(-(level[:, None] + slope[:, None] * time)))
        weight = all_of * odds * (1 - odds)
        rest = seen - all_of * odds
        h00, h01 = weight.sum(axis=1) + 1e-9, (weight * time).sum(axis=1)
        h11 = (weight * time**2).sum(axis=1) + PRIOR**-2
        g0, g1 = rest.sum(axis=1), (rest * time).sum(axis=1) - slope * PRIOR**-2
        determinant = h00 * h11 - h01**2
        level = level + np.clip((h11 * g0 - h01 * g1) / determinant, -1, 1)
        slope = slope + np.clip((h00 * g1 - h01 * g0) / determinant, -1, 1)
    spread = np.maximum((rest**2 / np.maximum(weight, 1e-9)).sum(axis=1) / max(len(years) - 2, 1), 1)
    return slope, np.sqrt(h00 / determinant * spread)
