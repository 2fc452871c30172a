"""Terms of an answer -> rows of cells that a page can show, and what the columns are made of."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from kg.prefixes import shorten

_BINDINGS = '"bindings":['
_TIMES = frozenset({"xsd:gYear", "xsd:gYearMonth", "xsd:date", "xsd:dateTime"})
_NUMBERS = frozenset(
    "xsd:integer xsd:decimal xsd:double xsd:float xsd:long xsd:int xsd:short xsd:byte xsd:nonNegativeInteger "
    "xsd:positiveInteger xsd:unsignedLong xsd:unsignedInt xsd:unsignedShort xsd:unsignedByte".split()
)
# A reader sees that these are what they are; "<>" is what no datatype at all is shortened to.
_PLAIN = frozenset({"<>", "xsd:string", "xsd:boolean", "xsd:integer", "xsd:decimal", "xsd:double", "xsd:float"})
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


class Kind(StrEnum):
    """What all cells of a column are."""

    THING = "thing"
    NUMBER = "number"
    TIME = "time"
    TEXT = "text"


class Cell(NamedTuple):
    """What to show of a term: ``href`` leads to what is ours, ``full`` is an IRI in full, ``note`` language or type.

    ``number`` is the value of a finite number.
    """

    text: str
    href: str | None = None
    full: str | None = None
    note: str | None = None
    number: float | None = None


class Table(NamedTuple):
    """The first rows of an answer; an unbound variable is None."""

    variables: list[str]
    rows: list[list[Cell | None]]

    def column(self, at: int) -> list[Cell]:
        """The cells of a column, without those that are unbound."""
        return [cell for row in self.rows if (cell := row[at]) is not None]


def table_of(document: bytes, base: str, limit: int) -> Table | bool:
    """The first ``limit`` rows of the answer of SELECT, or the answer of ASK, as ``kg.query.results`` writes them.

    IRIs below ``base`` are links. Rows behind the limit are not read: an answer may hold megabytes of them.
    """
    text = document.decode()
    begin = text.find(_BINDINGS) + len(_BINDINGS)
    if begin < len(_BINDINGS):
        return bool(json.loads(text)["boolean"])
    variables = json.loads(text[:begin] + "]}}")["head"]["vars"]
    found = islice(_bindings(text, begin), limit)
    rows = [[cell_of(row[name], base) if name in row else None for name in variables] for row in found]
    return Table(variables, rows)


def _bindings(text: str, at: int) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    while text[at] != "]":
        row, at = decoder.raw_decode(text, at)
        yield row
        at += text[at] == ","


def kinds_of(table: Table) -> list[Kind]:
    """What each column is made of; where cells differ, or there are none, it is text."""
    return [_kind(name, table.column(at)) for at, name in enumerate(table.variables)]


def _kind(name: str, cells: Sequence[Cell]) -> Kind:
    if not cells:
        return Kind.TEXT
    if all(cell.full for cell in cells):
        return Kind.THING
    if all(_is_time(cell, name) for cell in cells):
        return Kind.TIME
    return Kind.NUMBER if all(cell.number is not None for cell in cells) else Kind.TEXT


def _is_time(cell: Cell, name: str) -> bool:
    """Whether a cell is a date by its type, or a year by its looks: of numbers, the variable must say so too."""
    if cell.note in _TIMES:
        return True
    looks = cell.full is None and cell.note is None and _YEAR.fullmatch(cell.text) is not None
    return looks and (cell.number is None or "year" in name.lower())


def cell_of(term: Mapping[str, Any], base: str) -> Cell:
    """The cell of a term as SPARQL's JSON writes it."""
    value = term["value"]
    match term["type"]:
        case "uri":
            return _iri(value, base)
        case "bnode":
            return Cell(f"_:{value}")
        case "triple":
            return Cell(f"<<( {' '.join(cell_of(value[part], base).text for part in value)} )>>")
    kind = shorten(term.get("datatype", ""))
    note = term.get("xml:lang") or (None if kind in _PLAIN else kind)
    return Cell(value, note=note, number=_number(value) if kind in _NUMBERS else None)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _iri(iri: str, base: str) -> Cell:
    local = iri.removeprefix(base)
    if local == iri or not local or local[0] == "/":  # two slashes would lead to another host
        return Cell(shorten(iri).removeprefix("<").removesuffix(">"), full=iri)
    # The path alone, so that the link stays on this host whatever name the graph was made under.
    return Cell(local.removeprefix("id/"), href=urlsplit(base).path + local, full=iri)
