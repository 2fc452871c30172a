"""Texts → the words and phrases that papers are compared by, each as the number of a column.

A number is a hash, so that there is no vocabulary to keep beside the matrix or to bring along with it: how a term is
spelt is read where it stands. Words have even numbers and phrases odd ones.
"""

import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

COLUMNS = 1 << 21
"""Numbers that there are. Of two million terms some share one; that two papers have unlike ones so is rare."""
TITLE = 3
"""How often a term counts that stands in the title."""
MOST = 255
"""More often no term counts."""
LAST = 65_535
"""Terms that begin further on in a text do not count."""
_SIGNS = ".;:!?,()"
_PIECE = re.compile(rf"[^\W_]+|[{_SIGNS}]")
_WORD, _PAIR = re.compile(r"([^\W_]+)"), re.compile(r"([^\W_]+)[\W_]+([^\W_]+)")
_LINKING = frozenset(
    "a an and are as at be been both by can for from has have in is it its more not of on or our such than that the "
    "their these this to was we which with also based using".split()
)


class Term(NamedTuple):
    """A term in small letters, and where it stands in a text."""

    text: str
    start: int
    end: int


def terms(text: str) -> Iterator[Term]:
    """Its words, and phrases: two side by side that no sign parts and none of which only links."""
    before = None
    for found in _PIECE.finditer(text):
        piece = found.group()
        if piece in _SIGNS:
            before = None
            continue
        word = Term(piece.lower(), *found.span())
        yield word
        telling = word.text not in _LINKING
        if telling and before:
            yield _joined(before, word)
        before = word if telling else None


def _joined(first: Term, second: Term) -> Term:
    return Term(f"{first.text} {second.text}", first.start, second.end)


def column_of(term: str) -> int:
    """The number of a term."""
    return 2 * (zlib.crc32(term.encode()) % (COLUMNS // 2)) + (" " in term)


def whole(title: str, abstract: str) -> str:
    """The text that places of terms are counted in."""
    return f"{title}\n{abstract}"


def counted(title: str, abstract: str) -> list[tuple[int, int, int]]:
    """The columns of a paper's terms in order, with how often each counts, up to ``MOST``, and where it stands first.

    Places are those in ``whole``.
    """
    counts: dict[int, int] = {}
    places: dict[int, int] = {}
    for text, times, before in ((title, TITLE, 0), (abstract, 1, len(title) + 1)):
        for term, start, _ in terms(text):
            if before + start > LAST:
                break
            column = column_of(term)
            counts[column] = counts.get(column, 0) + times
            places.setdefault(column, before + start)
    return [(column, min(counts[column], MOST), places[column]) for column in sorted(counts)]


def term_at(text: str, place: int, column: int) -> Term:
    """The term that stands at a place, a word or a phrase as its column says."""
    found = (_PAIR if column % 2 else _WORD).match(text, place)
    if found is None:
        raise ValueError(f"no term stands at {place}")
    return Term(" ".join(found.groups()).lower(), *found.span())
