"""A graph as N-Triples -> its first triples, each term as SPARQL's JSON would write it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Term: TypeAlias = Mapping[str, Any]

_TERM = re.compile(
    r"""<(?P<iri>[^<>\s]*)>|_:(?P<blank>[^\s<>"]+)
    |"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^<>\s]*)>)?
    |(?P<open><<\()|(?P<close>\)>>)""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_CONTROLS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
PARTS = ("subject", "predicate", "object")
"""What the terms of a triple are called."""


def triples_of(document: bytes, limit: int) -> Iterator[tuple[Term, Term, Term]]:
    """The first ``limit`` triples of a document that an engine wrote; one that quotes triples is read too."""
    for line in filter(None, document.split(b"\n", limit)[:limit]):
        subject, predicate, object_ = _terms(line.decode())
        yield subject, predicate, object_


def _terms(line: str) -> list[Term]:
    """The terms of a line; those between ``<<(`` and ``)>>`` become one."""
    levels: list[list[Term]] = [[]]
    for match in _TERM.finditer(line):
        match match.lastgroup:
            case "open":
                levels.append([])
            case "close":
                parts = levels.pop()
                levels[-1].append({"type": "triple", "value": dict(zip(PARTS, parts, strict=True))})
            case _:
                levels[-1].append(_term(match))
    return levels[0]


def _term(match: re.Match[str]) -> Term:
    if match["iri"] is not None:
        return {"type": "uri", "value": _plain(match["iri"])}
    if match["blank"] is not None:
        return {"type": "bnode", "value": match["blank"]}
    extra = {"xml:lang": match["language"], "datatype": match["datatype"]}
    return {"type": "literal", "value": _plain(match["text"])} | {k: v for k, v in extra.items() if v}


def _plain(text: str) -> str:
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _CONTROLS.get(escape[3], escape[3])
