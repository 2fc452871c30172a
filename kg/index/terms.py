"""Texts → the words and phrases that papers are compared by, each as the number of a column.

A number is a hash, so that there is no vocabulary to keep beside the matrix or to bring along with it. Words have even
numbers and phrases odd ones.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator

COLUMNS = 1 << 21
"""Numbers that there are. Of two million terms some share one; that two papers have unlike ones so is rare."""
TITLE = 3
"""How often a term counts that stands in the title."""
MOST = 255
"""More often no term counts."""
_SIGNS = ".;:!?,()"
_PIECE = re.compile(rf"[^\W_]+|[{_SIGNS}]")
_LINKING = frozenset(
    "a an and are as at be been both by can for from has have in is it its more not of on or our such than that the "
    "their these this to was we which with also based using".split()
)


def terms(text: str) -> Iterator[str]:
    """Its words in small letters, and phrases: two side by side that no sign parts and none of which only links."""
    before = ""
    for piece in _PIECE.findall(text):
        if piece in _SIGNS:
            before = ""
            continue
        word = piece.lower()
        yield word
        telling = word not in _LINKING
        if telling and before:
            yield f"{before} {word}"
        before = word if telling else ""


def column_of(term: str) -> int:
    """The number of a term."""
    return 2 * (zlib.crc32(term.encode()) % (COLUMNS // 2)) + (" " in term)


def counted(title: str, abstract: str) -> list[tuple[int, int]]:
    """The columns of a paper's terms in order, with how often each counts, up to ``MOST``."""
    counts = Counter[int]()
    for text, times in ((title, TITLE), (abstract, 1)):
        for term in terms(text):
            counts[column_of(term)] += times
    return [(column, min(count, MOST)) for column, count in sorted(counts.items())]


def place_of(term: str, text: str) -> tuple[int, int] | None:
    """Where a text has a term first, or None; the same as looking through ``terms``, but much sooner done."""
    small = text.lower()
    if len(small) != len(text):  # a few letters become two
        small = "".join(sign.lower()[:1] for sign in text)
    first, _, second = term.partition(" ")
    at = small.find(first)
    while at >= 0:
        if not _goes_on(small, at - 1) and (end := _end(small, at + len(first), second)):
            return at, end
        at = small.find(first, at + 1)
    return None


def _end(text: str, end: int, second: str) -> int | None:
    """Where a term ends of which the first word does at ``end``, if it is there."""
    if second:
        begin = end
        while end < len(text) and not text[end].isalnum() and text[end] not in _SIGNS:
            end += 1
        if end == begin or not text.startswith(second, end):
            return None
        end += len(second)
    return None if _goes_on(text, end) else end


def _goes_on(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum()
