"""A table of an answer -> what a chart of it shows: bars for things and texts, columns or a line over time."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from api.tables import Cell, Kind, Table

MAX_BARS = 50
MAX_COLUMNS = 80
"""Points in time up to which each has a column of its own; more are a line."""

ROWS = ""
"""In the place of a column of numbers: how many rows there are."""

_APART = 9.0
"""Percents of the width between labels of points in time."""

_MOMENT = re.compile(r"(-?\d{4,})(?:-(\d\d)(?:-(\d\d))?)?")


class Choices(NamedTuple):
    """The columns that can be drawn: those that values stand beside, and those of numbers."""

    across: list[str]
    values: list[str]


class Bar(NamedTuple):
    """A thing and its value; ``start`` and ``length`` are percents of the width."""

    cell: Cell
    value: str
    start: float
    length: float


class Point(NamedTuple):
    """A value in time; ``x`` and ``y`` are its place in a square of 100, ``y`` from above."""

    label: str
    value: str
    x: float
    y: float


class Chart(NamedTuple):
    """``across`` and ``of`` are the columns drawn, ``of`` is ROWS where rows are counted.

    There are either bars or points; ``left_out`` counts the bars that are too many. ``zero`` is where nothing is:
    percents from the left for bars, from above for points, which lie between ``low`` and ``high``. ``width`` is that
    of a column. ``summed`` says that a bar or a point is the sum of several rows.
    """

    choices: Choices
    across: str
    of: str
    zero: float
    summed: bool
    bars: list[Bar]
    left_out: int = 0
    points: list[Point] = []  # noqa: RUF012 - a NamedTuple copies nothing, and nobody appends
    width: float = 0.0
    low: str = ""
    high: str = ""

    @property
    def is_line(self) -> bool:
        """Whether the points are too many, or too close, for columns."""
        return len(self.points) > MAX_COLUMNS or (self.width < 0.5 and len(self.points) > 1)

    @property
    def ticks(self) -> list[Point]:
        """The points whose labels are written: some that lie well apart, the first one among them."""
        chosen: list[Point] = []
        for point in self.points:
            if not chosen or point.x - chosen[-1].x >= _APART:
                chosen.append(point)
        return chosen

    @property
    def path(self) -> str:
        """The line through all points, as the attribute of a polyline."""
        return " ".join(f"{point.x:.2f},{point.y:.2f}" for point in self.points)


def chart_of(table: Table, kinds: Sequence[Kind], across: str = "", of: str | None = None) -> Chart | None:
    """The chart of two columns, or of those that say most; None where nothing differs from row to row."""
    choices = _choices(table, kinds)
    if not choices.across:
        return None
    named = dict(zip(table.variables, kinds, strict=True))
    x = across if across in choices.across else choices.across[0]
    usable = [each for each in choices.values if each != x] + [ROWS]
    y = of if of in usable else usable[0]
    cells, sums, summed = _grouped(table, x, y)
    if not cells:
        return None
    if named[x] in (Kind.TIME, Kind.NUMBER):
        return _over_time(choices, (x, y), cells, sums, summed=summed)
    return _as_bars(choices, (x, y), cells, sums, summed=summed)


def _choices(table: Table, kinds: Sequence[Kind]) -> Choices:
    """Times before names, names before things, numbers last; what is the same in all rows tells nothing."""
    order = (Kind.TIME, Kind.TEXT, Kind.THING, Kind.NUMBER)
    varied = [at for at in range(len(kinds)) if len({cell.text for cell in table.column(at)}) > 1]
    across = sorted(varied, key=lambda at: (order.index(kinds[at]), at))
    numbers = [name for name, kind in zip(table.variables, kinds, strict=True) if kind is Kind.NUMBER]
    return Choices([table.variables[at] for at in across], numbers)


def _grouped(table: Table, x: str, y: str) -> tuple[list[Cell], list[float], bool]:
    """The different cells of a column, in their order, with the sum of their values, and whether any has several."""
    at, of = table.variables.index(x), table.variables.index(y) if y != ROWS else None
    cells: dict[str, Cell] = {}
    sums: dict[str, float] = {}
    several = False
    for row in table.rows:
        cell, counted = row[at], row[of] if of is not None else None
        value = 1.0 if of is None else counted and counted.number
        if cell is None or value is None:
            continue
        key = cell.full or cell.text
        several = several or (key in sums and of is not None)
        cells.setdefault(key, cell)
        sums[key] = sums.get(key, 0.0) + value
    return list(cells.values()), list(sums.values()), several


def _as_bars(
    choices: Choices, columns: tuple[str, str], cells: list[Cell], sums: list[float], *, summed: bool
) -> Chart:
    shown = sums[:MAX_BARS]
    low, high = _span(shown)
    bars = [
        Bar(cell, number(value), _percent(min(value, 0), low, high), abs(value) / (high - low) * 100)
        for cell, value in zip(cells, shown, strict=False)
    ]
    return Chart(choices, *columns, _percent(0, low, high), summed, bars, len(sums) - len(shown))


def _over_time(
    choices: Choices, columns: tuple[str, str], cells: list[Cell], sums: list[float], *, summed: bool
) -> Chart:
    moments = sorted((_moment(cell), cell.text, value) for cell, value in zip(cells, sums, strict=True))
    low, high = _span(sums)
    begin, end = moments[0][0], moments[-1][0]
    step = min((b[0] - a[0] for a, b in pairwise(moments) if b[0] > a[0]), default=1.0)
    width = 100 / ((end - begin) / step + 1)
    # Half a column stands out on either side.
    points = [
        Point(text, number(value), width / 2 + (when - begin) / step * width, 100 - _percent(value, low, high))
        for when, text, value in moments
    ]
    zero = 100 - _percent(0, low, high)
    return Chart(choices, *columns, zero, summed, [], 0, points, width, number(low), number(high))


def _moment(cell: Cell) -> float:
    """A cell as a place on the axis: a number as itself, a date as its year and what of it had passed."""
    date = _MOMENT.match(cell.text)
    if cell.number is not None or date is None:
        return cell.number or 0.0
    return int(date[1]) + (int(date[2] or 1) - 1) / 12 + (int(date[3] or 1) - 1) / 372


def _span(values: Sequence[float]) -> tuple[float, float]:
    """Least and greatest with nothing among them, and never the same."""
    low, high = min(0.0, *values), max(0.0, *values)
    return low, high if high > low else low + 1


def _percent(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) * 100


def number(value: float) -> str:
    """A number as people read it: whole ones whole, others to four digits that count."""
    return f"{value:,.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:,.4g}"
