"""Texts in a form in which spellings meet: without case, accents and what stands between letters."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

MAX_WORDS = 32
OPEN = 2
"""Letters from which on a word may be the beginning of another; what begins with one letter is too much to look at."""
NOTHING = '""'
"""FTS5's expression that no text fits."""
_WORD = re.compile(r"[^\W_]+")

Span = tuple[int, int]
"""Where something begins and ends in a text, in code points."""


def fold(text: str) -> str:
    """Small letters without accents, and digits; all else stays."""
    return text.lower() if text.isascii() else "".join(_folded(sign) for sign in text)


def squeeze(text: str) -> str:
    """Nothing but letters and digits: ``ResNet-50``, ``resnet 50`` and ``Résnet50`` are one."""
    return "".join(sign for sign in fold(text) if sign.isalnum())


def _folded(sign: str) -> str:
    if sign.isascii():
        return sign.lower()
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


@dataclass(frozen=True)
class Typed:
    """What a person typed, or what was meant by it."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        """Its first words, each once, in small letters; FTS5 takes the accents away itself."""
        return list(dict.fromkeys(_WORD.findall(unicodedata.normalize("NFC", self.text).lower())))[:MAX_WORDS]

    @cached_property
    def key(self) -> str:
        """The whole, squeezed."""
        return squeeze(self.text)

    def all_words(self) -> str:
        """FTS5's expression for texts that hold all words, the last one as a beginning; no operator gets in."""
        return " ".join(f'"{word}"' for word in self.words) + self._open if self.words else NOTHING

    def phrase(self) -> str:
        """FTS5's expression for texts that hold the words one after the other."""
        return f'"{" ".join(self.words)}"{self._open}' if self.words else NOTHING

    def beginnings(self) -> str:
        """FTS5's expression for texts that hold words that begin so."""
        return " ".join(f'"{word}"*' for word in self.words if len(word) >= OPEN) or NOTHING

    @property
    def _open(self) -> str:
        return "*" if len(self.words[-1]) >= OPEN else ""


def found_in(text: str, typed: Typed) -> tuple[Span, ...]:
    """Where ``text`` holds what was typed: at its beginning, or else word by word."""
    if typed.key and squeeze(text).startswith(typed.key):
        places = [at for at, sign in enumerate(text) for _ in squeeze(sign)]
        return ((places[0], places[len(typed.key) - 1] + 1),)
    spans: list[Span] = []
    for word in typed.words:
        spans += _word_in(text, fold(word), spans)
    return tuple(sorted(spans))


def _word_in(text: str, word: str, taken: Sequence[Span]) -> list[Span]:
    """The first word that begins with ``word`` and is not taken; folding may change the length of a letter."""
    for match in _WORD.finditer(text):
        if fold(match[0]).startswith(word) and all(start != match.start() for start, _ in taken):
            ends = range(len(word) if match[0].isascii() else 1, len(match[0]) + 1)
            end = next(end for end in ends if len(fold(match[0][:end])) >= len(word))
            return [(match.start(), match.start() + end)]
    return []
