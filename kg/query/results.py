"""Solutions -> SPARQL 1.1 results as JSON, XML, CSV or TSV, cut to size and still well-formed.

Knows no engine: terms are plain tuples. It also packs an answer for its way from a worker process to its pool,
because both ends import this module and the pool should not load the engine.
"""

import json
import re
import struct
from collections.abc import Iterable, Sequence
from enum import Enum, StrEnum
from typing import NamedTuple, Protocol

XSD = "http://www.w3.org/2001/XMLSchema#"


class ResultFormat(StrEnum):
    """A format of answers; the value is its name on the command line and in ``?format=``."""

    JSON = "json"
    XML = "xml"
    CSV = "csv"
    TSV = "tsv"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    RDFXML = "rdfxml"
    JSONLD = "jsonld"
    TRIG = "trig"
    NQUADS = "nquads"

    @property
    def media_type(self) -> str:
        """The Content-Type to send; without its parameters, what to look for in Accept."""
        return _TYPES[self][0]

    @property
    def extension(self) -> str:
        """File name ending, without the dot."""
        return _TYPES[self][1]

    @property
    def is_graph(self) -> bool:
        """Fits CONSTRUCT and DESCRIBE; the others fit SELECT and ASK."""
        return self not in _WRITERS


_TYPES = {
    ResultFormat.JSON: ("application/sparql-results+json", "srj"),
    ResultFormat.XML: ("application/sparql-results+xml", "srx"),
    ResultFormat.CSV: ("text/csv; charset=utf-8", "csv"),
    ResultFormat.TSV: ("text/tab-separated-values; charset=utf-8", "tsv"),
    ResultFormat.TURTLE: ("text/turtle; charset=utf-8", "ttl"),
    ResultFormat.NTRIPLES: ("application/n-triples", "nt"),
    ResultFormat.RDFXML: ("application/rdf+xml", "rdf"),
    ResultFormat.JSONLD: ("application/ld+json", "jsonld"),
    ResultFormat.TRIG: ("application/trig; charset=utf-8", "trig"),
    ResultFormat.NQUADS: ("application/n-quads", "nq"),
}


class Kind(Enum):
    """Kind of an RDF term."""

    IRI = "uri"
    BLANK = "bnode"
    LITERAL = "literal"
    TRIPLE = "triple"


class Term(NamedTuple):
    """An RDF 1.2 term; ``datatype`` is None for plain strings and where there is a ``language``."""

    kind: Kind
    value: str
    datatype: str | None = None
    language: str | None = None
    direction: str | None = None
    parts: tuple["Term", ...] = ()


class Document(NamedTuple):
    """A whole, well-formed document, even where rows were left out (``truncated``)."""

    body: bytes
    truncated: bool
    rows: int | None


class _Writer(Protocol):
    between: str
    foot: str

    def head(self, variables: Sequence[str]) -> str: ...
    def row(self, variables: Sequence[str], terms: Sequence[Term | None]) -> str: ...


def write_solutions(
    result_format: ResultFormat,
    variables: Sequence[str],
    rows: Iterable[Sequence[Term | None]],
    *,
    max_rows: int,
    max_bytes: int,
) -> Document:
    """Stop before the row that would pass a limit; head and foot are written whatever their size."""
    writer = _WRITERS[result_format]
    chunks = [writer.head(variables).encode()]
    foot = writer.foot.encode()
    size = len(chunks[0]) + len(foot)
    count, truncated = 0, False
    for terms in rows:
        chunk = ((writer.between if count else "") + writer.row(variables, terms)).encode()
        size += len(chunk)
        if count == max_rows or size > max_bytes:
            truncated = True
            break
        chunks.append(chunk)
        count += 1
    return Document(b"".join([*chunks, foot]), truncated, count)


def write_boolean(result_format: ResultFormat, value: bool) -> Document:
    """The answer of ASK. The specification of CSV and TSV has no form for it: they hold the bare word."""
    text = "true" if value else "false"
    match result_format:
        case ResultFormat.JSON:
            text = f'{{"head":{{}},"boolean":{text}}}'
        case ResultFormat.XML:
            text = f"{_XML_OPEN}<head></head><boolean>{text}</boolean></sparql>"
    return Document(text.encode(), truncated=False, rows=None)


class _Json:
    between = ","
    foot = "]}}"

    def head(self, variables: Sequence[str]) -> str:
        return f'{{"head":{{"vars":{_dump(list(variables))}}},"results":{{"bindings":['

    def row(self, variables: Sequence[str], terms: Sequence[Term | None]) -> str:
        bound = zip(variables, terms, strict=True)
        return _dump({name: _json_term(term) for name, term in bound if term is not None})


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _json_term(term: Term) -> dict[str, object]:
    if term.kind is Kind.TRIPLE:
        names = ("subject", "predicate", "object")
        parts = zip(names, term.parts, strict=True)
        return {"type": term.kind.value, "value": {name: _json_term(part) for name, part in parts}}
    extra = {"xml:lang": term.language, "its:dir": term.direction, "datatype": term.datatype}
    known = {name: value for name, value in extra.items() if value is not None}
    return {"type": term.kind.value, "value": term.value, **known}


_XML_OPEN = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
_ITS = ' xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0"'
# XML 1.0 has no way to write these characters; a carriage return survives only as a reference.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"},
)


class _Xml:
    between = ""
    foot = "</results></sparql>"

    def head(self, variables: Sequence[str]) -> str:
        names = "".join(f'<variable name="{_xml(name)}"/>' for name in variables)
        return f"{_XML_OPEN}<head>{names}</head><results>"

    def row(self, variables: Sequence[str], terms: Sequence[Term | None]) -> str:
        bound = zip(variables, terms, strict=True)
        cells = (
            f'<binding name="{_xml(name)}">{_xml_term(term)}</binding>' for name, term in bound if term is not None
        )
        return f"<result>{''.join(cells)}</result>"


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text.translate(_XML_ESCAPES))


def _xml_term(term: Term) -> str:
    if term.kind is Kind.TRIPLE:
        names = ("subject", "predicate", "object")
        inner = (f"<{n}>{_xml_term(part)}</{n}>" for n, part in zip(names, term.parts, strict=True))
        return f"<triple>{''.join(inner)}</triple>"
    extra = f' datatype="{_xml(term.datatype)}"' if term.datatype else ""
    if term.language:
        extra = f' xml:lang="{_xml(term.language)}"'
    if term.direction:
        extra += f' its:dir="{_xml(term.direction)}"{_ITS}'
    tag = term.kind.value
    return f"<{tag}{extra}>{_xml(term.value)}</{tag}>"


class _Csv:
    between = foot = ""

    def head(self, variables: Sequence[str]) -> str:
        return ",".join(variables) + "\r\n"

    def row(self, variables: Sequence[str], terms: Sequence[Term | None]) -> str:  # noqa: ARG002 - one protocol
        return ",".join("" if term is None else _csv_cell(_csv_term(term)) for term in terms) + "\r\n"


def _csv_term(term: Term) -> str:
    match term.kind:
        case Kind.BLANK:
            return f"_:{term.value}"
        case Kind.TRIPLE:
            return " ".join(map(_csv_term, term.parts))
    return term.value


def _csv_cell(text: str) -> str:
    if any(char in text for char in '",\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


class _Tsv:
    between = foot = ""

    def head(self, variables: Sequence[str]) -> str:
        return "\t".join(f"?{name}" for name in variables) + "\n"

    def row(self, variables: Sequence[str], terms: Sequence[Term | None]) -> str:  # noqa: ARG002 - one protocol
        return "\t".join("" if term is None else _turtle_term(term) for term in terms) + "\n"


_STRING_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_BARE = {
    f"{XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{XSD}double": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+"),
    f"{XSD}boolean": re.compile(r"true|false"),
}


def _turtle_term(term: Term) -> str:
    match term.kind:
        case Kind.IRI:
            return f"<{term.value}>"
        case Kind.BLANK:
            return f"_:{term.value}"
        case Kind.TRIPLE:
            return f"<<( {' '.join(map(_turtle_term, term.parts))} )>>"
    if term.datatype in _BARE and _BARE[term.datatype].fullmatch(term.value):
        return term.value
    text = f'"{term.value.translate(_STRING_ESCAPES)}"'
    if term.language:
        return f"{text}@{term.language}" + (f"--{term.direction}" if term.direction else "")
    return f"{text}^^<{term.datatype}>" if term.datatype else text


_WRITERS: dict[ResultFormat, _Writer] = {
    ResultFormat.JSON: _Json(),
    ResultFormat.XML: _Xml(),
    ResultFormat.CSV: _Csv(),
    ResultFormat.TSV: _Tsv(),
}


OUT_OF_MEMORY = "the query needed more memory than it may have and was stopped"
_ANSWER = struct.Struct(">?q")


def pack(document: Document) -> bytes:
    """Pack the payload of an ANSWER frame."""
    return _ANSWER.pack(document.truncated, -1 if document.rows is None else document.rows) + document.body


def unpack(payload: bytes | memoryview) -> Document:
    """Undo ``pack``."""
    truncated, rows = _ANSWER.unpack_from(payload)
    return Document(bytes(payload[_ANSWER.size :]), truncated, None if rows < 0 else rows)
