"""Marks of a drawing and their names -> where each name is written so that none covers another."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

LETTER = 6.6
"""Width that a letter takes on the average, in units of a drawing whose letters are ``LINE`` high."""
LINE = 15.0

_GAP = 3.0

Anchor = Literal["start", "middle", "end"]
_SIDES: tuple[Anchor, ...] = ("start", "end")


class Box(NamedTuple):
    """A rectangle by its sides."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two have a point in common."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


class Stroke(NamedTuple):
    """A straight line between two points."""

    x1: float
    y1: float
    x2: float
    y2: float

    def crosses(self, box: Box) -> bool:
        """Whether a part of it lies in the box: what is left of it once each side has cut it (Liang and Barsky)."""
        first, last = 0.0, 1.0
        for start, way, low, high in (
            (self.x1, self.x2 - self.x1, box.left, box.right),
            (self.y1, self.y2 - self.y1, box.top, box.bottom),
        ):
            if way == 0:
                if not low < start < high:
                    return False
                continue
            one, two = sorted(((low - start) / way, (high - start) / way))
            first, last = max(first, one), min(last, two)
        return first < last


class Mark(NamedTuple):
    """What has a name: the middle, half the size, and the name, which may be empty."""

    x: float
    y: float
    size: float
    name: str


class Lettering(NamedTuple):
    """Where a name is written: its base line, and which part of the name stands at ``x``."""

    x: float
    y: float
    anchor: Anchor


def lettered(
    marks: Sequence[Mark], width: float, height: float, strokes: Sequence[Stroke] = ()
) -> list[Lettering | None]:
    """The place of each name beside, below or above its mark, or aslant of it; None where others stand in all of them.

    Those that come first choose first. No name covers a mark, or leaves the drawing; a place that a stroke runs through
    is taken only where there is no other.
    """
    taken = [Box(m.x - m.size, m.y - m.size, m.x + m.size, m.y + m.size) for m in marks]
    found: list[Lettering | None] = []
    for mark in marks:
        place = None
        if mark.name:
            free = [each for each in _places(mark) if _free(_box(mark, each), taken, width, height)]
            clear = (each for each in free if not any(stroke.crosses(_box(mark, each)) for stroke in strokes))
            place = next(clear, free[0] if free else None)
        if place:
            taken.append(_box(mark, place))
        found.append(place)
    return found


def _places(mark: Mark) -> tuple[Lettering, ...]:
    beside, middle = mark.size + _GAP, mark.y + LINE * 0.3
    above, below = mark.y - mark.size - LINE * 0.35, mark.y + mark.size + LINE * 0.85
    return (
        Lettering(mark.x + beside, middle, "start"),
        Lettering(mark.x - beside, middle, "end"),
        Lettering(mark.x, below, "middle"),
        Lettering(mark.x, above, "middle"),
        *(Lettering(mark.x, y, anchor) for y in (below, above) for anchor in _SIDES),
    )


def _box(mark: Mark, place: Lettering) -> Box:
    length = len(mark.name) * LETTER
    left = place.x - {"start": 0.0, "middle": length / 2, "end": length}[place.anchor]
    return Box(left, place.y - LINE * 0.75, left + length, place.y + LINE * 0.25)


def _free(box: Box, taken: Sequence[Box], width: float, height: float) -> bool:
    inside = box.left >= 0 and box.top >= 0 and box.right <= width and box.bottom <= height
    return inside and not any(box.meets(other) for other in taken)
