"""An answer as SPARQL results in JSON -> rows of cells that a page can show."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from kg.prefixes import shorten

_BINDINGS = '"bindings":['


class Cell(NamedTuple):
    """What to show of a term: ``href`` leads to what is ours, ``full`` is an IRI in full, ``note`` language or type."""

    text: str
    href: str | None = None
    full: str | None = None
    note: str | None = None


class Table(NamedTuple):
    """The first rows of an answer; an unbound variable is None."""

    variables: list[str]
    rows: list[list[Cell | None]]


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
    # A reader sees that a number is one.
    return Cell(value, note=term.get("xml:lang") or (None if kind == "<>" or kind.startswith("xsd:") else kind))


def _iri(iri: str, base: str) -> Cell:
    local = iri.removeprefix(base)
    if local == iri or not local:
        return Cell(shorten(iri).removeprefix("<").removesuffix(">"), full=iri)
    # The path alone, so that the link stays on this host whatever name the graph was made under.
    return Cell(local.removeprefix("id/"), href=urlsplit(base).path + local, full=iri)
