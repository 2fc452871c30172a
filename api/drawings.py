"""Rows or triples of an answer -> a drawing of the things in them and of what stands between these."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import hypot
from typing import NamedTuple

import networkx as nx

from api.tables import Cell, Kind, Table
from kg.atlas.communities import communities
from kg.atlas.layout import arrange
from kg.prefixes import PREFIXES
from kg.view.lettering import Lettering, Mark, Stroke, lettered

MAX_DOTS = 120
MAX_LINES = 300

NAMES = frozenset(
    PREFIXES[prefix] + name
    for prefix, name in (("skos", "prefLabel"), ("dcterms", "title"), ("rdfs", "label"), ("schema", "name"))
)
TYPE = f"{PREFIXES['rdf']}type"

_PROPERTY = re.compile(r"kg:[a-z]")
_WIDTH = 960
_MARGIN = 70
_LONGEST = 34
_USUAL = 8
"""Links of a thing from which on its mark is as large as any, where none has more."""
_SPOKEN = 24
"""Lines up to which what they say is written at them."""


class Known(NamedTuple):
    """What a thing is called, and what it is: ``paper``, or the type of an entity in lower case."""

    name: str = ""
    kind: str = ""


class Dot(NamedTuple):
    """A thing: ``mark`` is its place and what is written of its name, ``at`` where; None where others stand."""

    name: str
    kind: str
    cell: Cell
    mark: Mark
    at: Lettering | None


class Line(NamedTuple):
    """What stands between two things, from rim to rim; ``label`` is what is written of it, and ``at`` where."""

    name: str
    begin: tuple[float, float]
    end: tuple[float, float]
    label: str
    at: Lettering | None


class Drawing(NamedTuple):
    """``things`` and ``links`` count what there is, be it drawn or not. Lines of triples have a direction."""

    dots: list[Dot]
    lines: list[Line]
    things: int
    links: int
    directed: bool
    width: int
    height: int

    @property
    def kinds(self) -> set[str]:
        """What is drawn."""
        return {dot.kind for dot in self.dots}


Look = Callable[[Iterable[str]], Mapping[str, Known]]
"""IRIs -> those of them that the graph knows."""


class _Net(NamedTuple):
    """Things by their IRIs, or the labels of blank nodes, and what stands between two of them."""

    cells: dict[str, Cell]
    links: dict[tuple[str, str], list[str]]
    known: dict[str, Known]


def of_rows(table: Table, kinds: Sequence[Kind], look: Look) -> Drawing | None:
    """A row is a path through the things in it, from left to right; None where no two columns are things.

    A property of ours on the path is what stands between the thing before it and the one behind it.
    """
    columns = [at for at, kind in enumerate(kinds) if kind is Kind.THING]
    if len(columns) < 2:
        return None
    net = _Net({}, {}, {})
    for row in table.rows:
        before, said = "", ""
        for cell in (cell for at in columns if (cell := row[at])):
            if _PROPERTY.match(cell.text):
                said = cell.text
                continue
            key = _key(cell)
            net.cells[key] = cell
            if before not in ("", key):
                names = net.links.setdefault((before, key), [])
                names.extend([said] if said and said not in names else [])
            before, said = key, ""
    return _drawing(net, look, directed=False) if net.cells else None


def of_triples(table: Table, look: Look) -> Drawing | None:
    """Subjects and objects without literals: names among these stand at their things, and types are marks of them."""
    net = _Net({}, {}, {})
    for row in table.rows:
        subject, predicate, object_ = (cell or Cell("") for cell in row)
        one, two = _key(subject), _key(object_)
        net.cells.setdefault(one, subject)
        known = net.known.get(one, Known())
        if predicate.full in NAMES:
            net.known[one] = known._replace(name=object_.text)
        elif predicate.full == TYPE:
            net.known[one] = known._replace(kind=object_.text.removeprefix("kg:").lower())
        elif object_.full or object_.text.startswith("_:"):
            net.cells.setdefault(two, object_)
            net.links.setdefault((one, two), []).append(predicate.text)
    return _drawing(net, look, directed=True) if net.cells else None


def _key(cell: Cell) -> str:
    return cell.full or cell.text


def _drawing(net: _Net, look: Look, *, directed: bool) -> Drawing:
    degree = Counter(end for pair in net.links for end in pair)
    shown = sorted(net.cells, key=lambda key: -degree[key])[:MAX_DOTS]
    number = {key: at for at, key in enumerate(shown)}
    links = [(number[a], number[b], names) for (a, b), names in net.links.items() if a in number and b in number]
    links = links[:MAX_LINES]
    most = max([_USUAL, *degree.values()])
    weights = [(degree[key] / most) ** 0.6 for key in shown]
    height = min(640, 260 + 5 * len(shown))
    looked = look(shown)
    known = [_joined(net.known.get(key, Known()), looked.get(key, Known())) for key in shown]
    names = [each.name or net.cells[key].text for key, each in zip(shown, known, strict=True)]
    places = _places(weights, [link[:2] for link in links], height)
    dots = [
        Mark(*place, 5 + 7 * weight, _short(name)) for place, weight, name in zip(places, weights, names, strict=True)
    ]
    lines = [_line(dots[a], dots[b], said if len(links) <= _SPOKEN else []) for a, b, said in links]
    strokes = [Stroke(*begin, *end) for begin, end in (_between(dots[a], dots[b]) for a, b, _ in links)]
    at = lettered([*dots, *lines], _WIDTH, height, strokes)
    return Drawing(
        [
            Dot(name, each.kind, net.cells[key], mark, place)
            for key, name, each, mark, place in zip(shown, names, known, dots, at, strict=False)
        ],
        [
            Line(", ".join(said), *_between(dots[a], dots[b]), mark.name, place)
            for (a, b, said), mark, place in zip(links, lines, at[len(dots) :], strict=True)
        ],
        len(net.cells),
        len(net.links),
        directed,
        _WIDTH,
        height,
    )


def _joined(said: Known, looked: Known) -> Known:
    """What the answer says of a thing, and where it says nothing, what the graph does."""
    return Known(said.name or looked.name, looked.kind or said.kind)


def _places(weights: Sequence[float], links: Iterable[tuple[int, int]], height: float) -> list[tuple[float, float]]:
    """As on the map: what is linked lies together, and no mark covers another."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(weights)))
    graph.add_edges_from(links, weight=1.0)
    found = arrange(graph, communities(graph), dict(enumerate(weights))).places
    wide, high = _WIDTH / 2 - _MARGIN, height / 2 - _MARGIN / 2
    return [(_WIDTH / 2 + found[at][0] * wide, height / 2 + found[at][1] * high) for at in range(len(weights))]


def _line(one: Mark, two: Mark, said: Sequence[str]) -> Mark:
    """The middle of a line, where what it says is written."""
    return Mark((one.x + two.x) / 2, (one.y + two.y) / 2, 0, _short(", ".join(said)))


def _between(one: Mark, two: Mark) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ends of a line from rim to rim."""
    wide, high = two.x - one.x, two.y - one.y
    length = max(hypot(wide, high), 1e-6)
    wide, high = wide / length, high / length
    return (
        (one.x + wide * (one.size + 1), one.y + high * (one.size + 1)),
        (two.x - wide * (two.size + 3), two.y - high * (two.size + 3)),
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "\u2026"
