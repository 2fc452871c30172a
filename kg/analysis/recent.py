"""How often entities were named of late: the years of many at a glance, and how the share of one changes."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kg.analysis.sightings import Snapshot
from kg.analysis.slopes import slopes
from kg.analysis.trends import SURE, WINDOW
from kg.index.incidence import Incidence

YEARS = 12
"""Years that a glance shows, the last of the graph."""
FEWEST = 5
"""Papers of the years in question without which nothing is said of a change."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The papers that name an entity in each year from ``first`` on, and the ``totals`` that these are of."""

    first: int
    papers: tuple[int, ...]
    totals: tuple[int, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of each year's papers, 0 for a year without any."""
        return tuple(n / total if total else 0.0 for n, total in zip(self.papers, self.totals, strict=True))

    @property
    def last(self) -> int:
        """The last year."""
        return self.first + len(self.papers) - 1


@dataclass(frozen=True, slots=True)
class Change:
    """From ``start`` to ``end`` the odds that a paper names an entity change by a factor of ``growth`` each year.

    ``low`` and ``high`` are its 95 % interval.
    """

    start: int
    end: int
    growth: float
    low: float
    high: float

    @property
    def direction(self) -> str:
        """``rising`` or ``falling`` where the whole interval is, else ``steady``."""
        if self.low > 1:
            return "rising"
        return "falling" if self.high < 1 else "steady"


def glances(snapshot: Snapshot, slugs: Iterable[str], window: int = YEARS) -> dict[str, Glance]:
    """Of each of these entities that the matrix knows; of none where no paper has a year."""
    incidence = snapshot.incidence
    last = int(incidence.years.max(initial=0))
    if not last:
        return {}
    first = max(last - window + 1, int(incidence.years[incidence.years > 0].min()))
    totals = _in_years(incidence, np.arange(len(incidence.papers)), first, last)
    columns = {slug: incidence.entities.find(slug) for slug in slugs}
    return {
        slug: Glance(first, _in_years(incidence, incidence.papers_of(column)[0], first, last), totals)
        for slug, column in columns.items()
        if column is not None
    }


def change(snapshot: Snapshot, slug: str, window: int = WINDOW) -> Change | None:
    """How the share of an entity changes over the last years of the graph; None where too few papers name it then."""
    glance = glances(snapshot, [slug], window).get(slug)
    if glance is None or sum(glance.papers) < FEWEST:
        return None
    kept = [at for at, total in enumerate(glance.totals) if total]
    if len(kept) < 2:
        return None
    counts, totals = np.array([glance.papers])[:, kept], np.array(glance.totals)[kept]
    slope, error = slopes(counts, totals, np.array(kept) + glance.first)
    growth, low, high = (round(float(np.exp(slope[0] + z * error[0])), 4) for z in (0, -SURE, SURE))
    return Change(glance.first, glance.last, growth, low, high)


def _in_years(incidence: Incidence, rows: np.ndarray, first: int, last: int) -> tuple[int, ...]:
    years = incidence.years[rows]
    return tuple(np.bincount(years[years >= first] - first, minlength=last - first + 1).tolist())
