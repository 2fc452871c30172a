"""Years → the geometry of charts that pages draw as SVG: across in percent of whatever width there is, down in pixels.

So a chart fills its column, and its words keep their size.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from kg.analysis.recent import Glance
from kg.analysis.trends import Year

HEIGHT = 120
"""Pixels of each panel, from its upper to its lower line."""
FEW, MANY = 5, 12
"""Years that are written below a chart in a narrow column at most, and in a wide one."""
_FILLED = 0.7
"""The part of a year's width that its bar takes."""
_STEPS = (1, 2, 5, 10, 20, 50, 100, 1000, 10_000)
"""Every so many years are written."""


class Tick(NamedTuple):
    """A line across, and what it stands for."""

    y: float
    text: str


class Mark(NamedTuple):
    """A year: its middle and its bar, across in percent, and how it is written below, if it is."""

    year: Year
    middle: float
    left: float
    width: float
    text: str
    narrow: bool
    """Whether it is also written in a narrow column."""


class Column(NamedTuple):
    """A bar of papers: of a year, from ``y`` down."""

    mark: Mark
    y: float
    height: float


class Dot(NamedTuple):
    """A share of a year, and the interval about it from ``high`` down to ``low``; ``alone`` between years without."""

    mark: Mark
    y: float
    high: float
    low: float
    alone: bool


@dataclass(frozen=True, slots=True)
class Papers:
    """The panel of papers a year."""

    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """The panel of shares: ``bands`` and ``lines`` are points of years in a row, across in years from the first on."""

    dots: tuple[Dot, ...]
    bands: tuple[str, ...]
    lines: tuple[str, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Timechart:
    """Two panels over the same years; no ``shares`` where a single year would be all."""

    span: int
    marks: tuple[Mark, ...]
    papers: Papers
    shares: Shares | None


def timechart(years: Sequence[Year]) -> Timechart | None:
    """Of years in order, which may have gaps; None of none."""
    if not years:
        return None
    first, span = years[0].year, years[-1].year - years[0].year + 1
    wide = next(step for step in _STEPS if span / step <= MANY)
    narrow = wide * math.ceil(span / wide / FEW)
    marks = [
        Mark(
            each,
            _rounded((at + 0.5) / span * 100),
            _rounded((at + (1 - _FILLED) / 2) / span * 100),
            _rounded(_FILLED / span * 100),
            "" if (span - 1 - at) % wide else str(each.year),
            (span - 1 - at) % narrow == 0,
        )
        for each in years
        for at in [each.year - first]
    ]
    return Timechart(span, tuple(marks), _papers(marks), _shares(marks) if len(marks) > 1 else None)


def _papers(marks: Sequence[Mark]) -> Papers:
    top = _nice(max(mark.year.papers for mark in marks), whole=True)
    columns = tuple(
        Column(mark, _rounded(HEIGHT - height), _rounded(height))
        for mark in marks
        if (height := mark.year.papers / top * HEIGHT)
    )
    steps = (0, top // 2, top) if top > 1 and top % 2 == 0 else (0, top)
    return Papers(columns, tuple(Tick(_down(step, top), f"{step:,}") for step in steps))


def _shares(marks: Sequence[Mark]) -> Shares:
    # The interval of a year with few papers would flatten all else; it goes out of the panel at the top.
    top = _nice(min(1.0, max(_readable(mark.year) for mark in marks)))
    known = {mark.year.year for mark in marks}
    dots = tuple(
        Dot(
            mark,
            _down(mark.year.share, top),
            _down(mark.year.high, top),
            _down(mark.year.low, top),
            known.isdisjoint({mark.year.year - 1, mark.year.year + 1}),
        )
        for mark in marks
    )
    runs = list(_in_a_row(dots))
    first = marks[0].year.year
    across = {dot: f"{dot.mark.year.year - first + 0.5}" for dot in dots}
    bands = (
        " ".join([f"{across[d]},{d.high}" for d in run] + [f"{across[d]},{d.low}" for d in reversed(run)])
        for run in runs
    )
    lines = (" ".join(f"{across[dot]},{dot.y}" for dot in run) for run in runs)
    ticks = tuple(Tick(_down(share, top), f"{round(share * 100, 9):g} %") for share in (0.0, top / 2, top))
    return Shares(dots, tuple(bands), tuple(lines), ticks)


def _readable(year: Year) -> float:
    return min(year.high, 3 * year.share) or year.high / 3


def _in_a_row(dots: Sequence[Dot]) -> Iterator[list[Dot]]:
    """Years that follow each other, two and more."""
    numbered = enumerate(dots)
    for _, run in groupby(numbered, key=lambda each: each[1].mark.year.year - each[0]):
        found = [dot for _, dot in run]
        if len(found) > 1:
            yield found


def _down(value: float, top: float) -> float:
    """How far below the upper line, which is ``top``; what is above it is cut off there."""
    return _rounded(HEIGHT * (1 - min(value / top, 1)))


def _nice(value: float, *, whole: bool = False) -> float:
    """The next of 1, 2, 4, 6, 8 times a power of ten, so that its half can be written as well."""
    if whole and value <= 1:
        return 1
    power = 10.0 ** math.floor(math.log10(value))
    found = next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value * (1 - 1e-9))
    return round(found) if whole else found


def _rounded(value: float) -> float:
    return round(value, 2)


class Spark(NamedTuple):
    """Years at a glance, as a line that ends in the last: points in a box ``WIDTH`` by ``TALL``, and its words."""

    points: str
    end: tuple[float, float]
    words: str


WIDTH, TALL = 96, 22
"""The box of a spark."""


def spark(glance: Glance) -> Spark:
    """The shares of the years, as parts of the highest."""
    shares = glance.shares
    top = max(shares) or 1.0
    step = (WIDTH - 4) / max(len(shares) - 1, 1)
    places = [
        (round(2 + at * step, 1), round(TALL - 2 - share / top * (TALL - 4), 1)) for at, share in enumerate(shares)
    ]
    counts = ", ".join(map(str, glance.papers))
    years = f"{glance.first} to {glance.last}" if len(shares) > 1 else str(glance.first)
    return Spark(" ".join(f"{x},{y}" for x, y in places), places[-1], f"Papers a year, {years}: {counts}")


def in_percent(share: float) -> str:
    """A share for people, to two places that say something."""
    percent = share * 100
    places = 0 if percent >= 10 or not percent else min(4, 1 - math.floor(math.log10(percent)))
    return f"{percent:.{places}f} %"
