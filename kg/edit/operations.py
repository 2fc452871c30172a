"""The tokens of an update -> which graphs it may change, and the same update over other graphs."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.errors import BadQueryError
from kg.query.graphs import GraphSet
from kg.query.updates import OPERATIONS, PROLOGUE, Piece

Touched = frozenset[str] | None
"""IRIs of graphs, the unnamed one not among them; None stands for any graph."""

# What no resolution against a base and no decoding would change.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!.*/\.)[^\\<>\"{}|^`\x00-\x20]*", re.DOTALL)
_PLACES = (2, 1)


class _UnknownError(Exception):
    """Any graph may be meant."""


class Operation(NamedTuple):
    """One operation of an update, with the prefixes that are declared before it."""

    pieces: Sequence[Piece]
    prefixes: dict[str, str]

    @property
    def outside(self) -> list[int]:
        """Where the pieces are that stand outside of braces, the opening ones among them."""
        return [at for at, piece in enumerate(self.pieces) if piece.depth == 0]

    @property
    def where(self) -> int | None:
        """Where WHERE is."""
        return next((at for at in self.outside if self.pieces[at].word == "WHERE"), None)


def operations(pieces: Sequence[Piece]) -> Iterator[Operation]:
    """The operations of an update in their order."""
    prefixes: dict[str, str] = {}
    begin, keyword = 0, ""
    for at, piece in enumerate(pieces):
        if piece.depth:
            continue
        if piece.word in PROLOGUE and keyword not in OPERATIONS:
            keyword = piece.word
            if keyword == "PREFIX" and len(declared := pieces[at + 1 : at + 3]) == 2:
                prefixes[declared[0].text.partition(":")[0]] = declared[1].text[1:-1]
        elif piece.word in OPERATIONS and keyword not in OPERATIONS:
            begin, keyword = at, piece.word
        elif piece.text == ";" and keyword in OPERATIONS:
            yield Operation(pieces[begin:at], dict(prefixes))
            keyword = ""
    if keyword in OPERATIONS:
        yield Operation(pieces[begin:], prefixes)


def touched_by(pieces: Sequence[Piece]) -> Touched:
    """The graphs that an update may change: perhaps more than it does, never fewer."""
    try:
        return frozenset(graph for each in operations(pieces) for graph in _graphs(each))
    except _UnknownError:
        return None


def over(text: str, pieces: Sequence[Piece], graphs: GraphSet) -> str:
    """The update with USING and USING NAMED in each operation that has a pattern.

    Raises BadQueryError if it has such clauses, or WITH, itself: SPARQL 1.1 Protocol, section 2.2.3.
    """
    if not graphs.default and not graphs.named:
        return text
    for piece in pieces:
        if not piece.depth and piece.word in ("USING", "WITH"):
            raise BadQueryError(f"the update names its graphs itself, with {piece.word}, so the request must not")
    clauses = [f"USING {_named(iri)}" for iri in graphs.default]
    using = " ".join([*clauses, *(f"USING NAMED {_named(iri)}" for iri in graphs.named)])
    done, parts = 0, []
    for each in operations(pieces):
        if each.where is None:
            continue
        place = each.pieces[each.where].start
        parts.append(f"{text[done:place]}{_repeated(text, each)} {using} ")
        done = place
    return "".join([*parts, text[done:]])


def _repeated(text: str, operation: Operation) -> str:
    """For DELETE WHERE, which takes no USING: its pattern once more, as what DELETE removes."""
    at = operation.where
    if at is None or operation.pieces[at - 1].word != "DELETE":
        return ""
    group = operation.pieces[at + 1 :]
    return text[group[0].start : group[-1].start + 1] if group else ""


def _named(iri: str) -> str:
    if not _PLAIN.fullmatch(iri):
        raise BadQueryError(f"a graph must be named by an absolute IRI, not {iri[:200]!r}")
    return f"<{iri}>"


def _graphs(operation: Operation) -> Iterator[str]:
    pieces = operation.pieces
    for at in operation.outside:
        piece, before = pieces[at], pieces[at - 1].word if at else ""
        if piece.kind in ("iri", "prefixed"):
            yield _iri(piece, operation.prefixes)
        elif piece.word == "ALL" or (piece.word == "NAMED" and before != "USING"):
            raise _UnknownError
        elif piece.text == "{" and (before != "WHERE" or pieces[at - 2].word == "DELETE"):
            yield from _graphs_within(pieces[at + 1 :], operation.prefixes)


def _graphs_within(pieces: Sequence[Piece], prefixes: dict[str, str]) -> Iterator[str]:
    """Of a template, or of data: it begins after its opening brace."""
    for at, piece in enumerate(pieces):
        if piece.depth == 0:
            return
        if piece.text == "{":
            keyword, name = (pieces[at - place] if at >= place else piece for place in _PLACES)
            if keyword.word != "GRAPH" or piece.depth > 1:
                raise _UnknownError
            yield _iri(name, prefixes)


def _iri(piece: Piece, prefixes: dict[str, str]) -> str:
    prefix, _, local = piece.text.partition(":")
    match piece.kind:
        case "iri":
            iri = piece.text[1:-1]
        case "prefixed" if prefix in prefixes:
            iri = prefixes[prefix] + local
        case _:
            raise _UnknownError
    if not _PLAIN.fullmatch(iri):
        raise _UnknownError
    return iri
