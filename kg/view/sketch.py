"""What surrounds one entity → a small drawing with a name beside each mark, for a column of a page.

The one in question is in the middle; its companions stand in two columns, those that belong together one below the
other. Names are outside, so that no line crosses them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi
from typing import NamedTuple

import networkx as nx

from kg.model import Label

WIDTH = 360
"""Units across; a unit is a pixel in a column of this width."""
ROW = 36
"""Units from one name down to the next."""
LINE = 17
"""Letters of a line of a name."""
CHORDS = 12
"""Links between companions at most, the strongest: they say what goes together, not all that does."""
_MIDDLE = WIDTH / 2
_REACH, _BULGE = 50, 16


class Companion(NamedTuple):
    """A mark with its name, in one line or two, that begins or ends at ``text_x``."""

    slug: str
    name: str
    label: Label
    papers: int
    """Papers that name it and the one in the middle."""
    x: float
    y: float
    size: float
    text_x: float
    lines: tuple[str, ...]
    left: bool


class Line(NamedTuple):
    """A link, as an SVG path, with its weight in [0, 1]."""

    path: str
    weight: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """``companions`` are some of ``total``; ``spokes`` go from the middle to each of them, ``chords`` between two."""

    name: str
    label: Label
    height: float
    companions: tuple[Companion, ...]
    spokes: tuple[Line, ...]
    chords: tuple[Line, ...]
    total: int

    @property
    def middle(self) -> tuple[float, float]:
        """Where the one in question is."""
        return _MIDDLE, self.height / 2


def sketch(graph: "nx.Graph[str]") -> Sketch | None:
    """Of a graph around an entity, as ``kg.analysis.cooccurrence.around`` makes it; None if nothing surrounds it."""
    focus = graph.graph["focus"]
    near = sorted(graph[focus], key=lambda slug: (-graph[focus][slug]["weight"], slug))
    if not near:
        return None
    order = _in_company(graph, near)
    half = (len(order) + 1) // 2
    # Down on the right and up again on the left, so that the first and the last are neighbours too.
    sides = [(slug, False) for slug in order[:half]], [(slug, True) for slug in reversed(order[half:])]
    height = ROW * half
    placed = {}
    for side in sides:
        for at, (slug, left) in enumerate(side):
            placed[slug] = _companion(graph, focus, slug, left=left, y=height * (at + 0.5) / len(side), height=height)
    most = max(graph[focus][slug]["weight"] for slug in near) or 1.0
    node = graph.nodes[focus]
    return Sketch(
        node["name"],
        node["label"],
        height,
        tuple(placed.values()),
        tuple(
            Line(f"M{_MIDDLE},{height / 2} L{each.x},{each.y}", round(graph[focus][slug]["weight"] / most, 3))
            for slug, each in placed.items()
        ),
        tuple(_chords(graph, placed)),
        graph.graph["total_nodes"] - 1,
    )


def _in_company(graph: "nx.Graph[str]", near: Sequence[str]) -> list[str]:
    """One after the other, each followed by the one that it is linked to most strongly of those left."""
    left = list(near)
    order = [left.pop(0)]
    while left:
        last = graph[order[-1]]
        best = max(left, key=lambda slug: (last[slug]["weight"] if slug in last else 0.0, -left.index(slug)))
        left.remove(best)
        order.append(best)
    return order


def _companion(graph: "nx.Graph[str]", focus: str, slug: str, *, left: bool, y: float, height: float) -> Companion:
    """On a line that bulges out at half its height."""
    out = _REACH + _BULGE * cos(pi * (y / height - 0.5))
    node, papers = graph.nodes[slug], graph[focus][slug]["papers"]
    size = round(4 + 3 * min(1.0, (papers / max(graph.nodes[focus]["papers"], 1)) ** 0.5), 1)
    x, gap = (_MIDDLE - out, -12) if left else (_MIDDLE + out, 12)
    return Companion(
        slug,
        node["name"],
        node["label"],
        papers,
        round(x, 1),
        round(y, 1),
        size,
        round(x + gap, 1),
        wrapped(node["name"]),
        left,
    )


def _chords(graph: "nx.Graph[str]", placed: dict[str, Companion]) -> list[Line]:
    """The strongest links between companions on one side, as bows towards the middle."""
    found = []
    for a, b, data in graph.edges(data=True):
        if a in placed and b in placed and placed[a].left == placed[b].left:
            one, other = placed[a], placed[b]
            bend = min(abs(one.y - other.y) / 3, 34)
            x = (one.x + other.x) / 2 + (bend if one.left else -bend)
            path = f"M{one.x},{one.y} Q{round(x, 1)},{round((one.y + other.y) / 2, 1)} {other.x},{other.y}"
            found.append((data["weight"], Line(path, round(min(data["weight"], 1.0), 3))))
    return [line for _, line in sorted(found, key=lambda each: (-each[0], each[1].path))[:CHORDS]]


def wrapped(name: str) -> tuple[str, ...]:
    """A name in one line or two; what is too long ends in an ellipsis."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > LINE and len(lines) < 2:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(line if len(line) <= LINE else f"{line[: LINE - 1].rstrip()}…" for line in lines)
