"""Text to what the encoder reads: words, their word pieces, and how each word is written.

The word pieces are uncased, so letter case goes in beside them, as does whether a word touches the one
before it: "CIFAR-10" and "cifar 10" have the same pieces.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# A run of letters, a run of digits, or one sign. A blank line ends the title and reads as a separator.
WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_|\n\s*\n")
_MAX_PIECES = 12
SHAPES = 13
"""How many values ``shape`` has: 0 for what is no word, then six ways to write one, apart or touching."""


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder reads at once: ``ids`` and ``shapes`` a piece; ``first`` is the first piece of each word.

    ``begin`` is the number of its first word in the text. A window holds all of a text unless that is very long.
    """

    ids: list[int]
    shapes: list[int]
    first: list[int]
    begin: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text as offsets of their first and behind their last character."""

    starts: list[int]
    ends: list[int]
    windows: list[Window]


class Reader:
    """Cuts texts into windows for one vocabulary.

    ``cut`` gives the ids of a word's pieces; ``opening``, ``closing`` and ``unknown`` are ids of the special pieces.
    """

    def __init__(
        self, cut: Callable[[str], Sequence[int]], *, opening: int, closing: int, unknown: int, limit: int = 512
    ) -> None:
        self._opening = opening
        self._closing = closing
        self._limit = limit

        @lru_cache(maxsize=200_000)
        def pieces(word: str) -> tuple[int, ...]:
            return tuple(cut(word)[:_MAX_PIECES]) or (unknown,)

        self._pieces = pieces

    def read(self, text: str, overlap: int = 0) -> Words:
        """Words and windows of a text; of windows that follow each other, the last ``overlap`` words are the same."""
        starts: list[int] = []
        ends: list[int] = []
        pieces: list[tuple[int, ...]] = []
        shapes: list[int] = []
        for match in WORD.finditer(text):
            word, start = match[0], match.start()
            touching = bool(ends) and start == ends[-1]
            starts.append(start)
            ends.append(match.end())
            blank = word[0].isspace()
            pieces.append((self._closing,) if blank else self._pieces(word))
            shapes.append(0 if blank else shape(word) + (6 if touching else 0))
        return Words(starts, ends, list(self._windows(pieces, shapes, overlap)))

    def _windows(self, pieces: list[tuple[int, ...]], shapes: list[int], overlap: int) -> Iterator[Window]:
        begin = 0
        while begin < len(pieces):
            ids, cases, first = [self._opening], [0], []
            end = begin
            while end < len(pieces) and len(ids) + len(pieces[end]) < self._limit:
                first.append(len(ids))
                ids.extend(pieces[end])
                cases.extend([shapes[end]] * len(pieces[end]))
                end += 1
            ids.append(self._closing)
            cases.append(0)
            yield Window(ids, cases, first, begin)
            if end == len(pieces):
                return
            # However long its words, a window is at least half new.
            begin = max(end - overlap, (begin + end + 1) // 2, begin + 1)


def shape(word: str) -> int:
    """How a word is written: 1 lower case, 2 capitalised, 3 capitals, 4 mixed, 5 digits, 6 a sign."""
    if word.islower():
        return 1
    if word.isupper():
        return 3
    if word.isalpha():
        return 2 if word[1:].islower() else 4
    return 5 if word[0].isdigit() else 6
