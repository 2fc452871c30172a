"""Spans of one paper: what a candidate mention is, which ones are no names, and which of two that overlap stays."""

import bisect
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.model import Field, Label

_GENERIC_ALONE = frozenset(
    """
    method methods approach approaches model models network networks algorithm algorithms framework frameworks
    system systems data dataset datasets benchmark benchmarks experiments experiment results result paper papers
    performance task tasks problem problems technique techniques architecture architectures solution solutions
    analysis study work code state-of-the-art sota baseline baselines setting settings process function functions
    procedure scheme strategy module pipeline tool tools theory image images text application applications
    """.split()
)
_LETTER_AND_NUMBER = re.compile(r"[A-Z]\.?\d{1,3}|\dD|[A-Z]\*")  # F1, L2, T5, H.264, 3D, A*
_WORD = re.compile(r"[\w-]")
_DANGLING = re.compile(r"(?<!\s)\s+(?:and|or|of|the)\Z")
_MATHS = re.compile(r"[=<>^_\\{}$∑∫∇∂≤≥]|\b(?:int_|Oleft|left\(|right\))")
# Mathematics may be part of a name, "$k$-means", but only beside a word.
_FORMULA = re.compile(r"\$[^$]*\$|\\[A-Za-z]+|\b(?:O?left|right|int|nabla|epsilon|frac|math\w+)\b")
_PLAIN_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A candidate mention before its sentence is known; offsets as in ``Mention``."""

    field: Field
    start: int
    end: int
    text: str
    label: Label
    score: float
    rule: str = "model"


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span grown to whole words where it is cut at a hyphen, without a conjunction or space at its end."""
    if text[start] == "-":
        while start > 0 and _WORD.match(text[start - 1]):
            start -= 1
    if text[end - 1] == "-":
        while end < len(text) and _WORD.match(text[end]):
            end += 1
    bare = _DANGLING.sub("", text[start:end].rstrip(" \t\r\n,;:"))
    return start + len(bare) - len(bare.lstrip()), start + len(bare)


def is_fragment(text: str) -> bool:
    """True for what no reader would call a name: maths, open brackets, single letters, generic words."""
    letters = sum(c.isalpha() for c in text)
    few = letters < 2 or (letters < 3 and letters < len(text.replace(" ", "")) * 0.4)
    return (
        (few and _LETTER_AND_NUMBER.fullmatch(text) is None)
        or text.lower() in _GENERIC_ALONE
        or (_MATHS.search(text) is not None and _PLAIN_WORD.search(_FORMULA.sub(" ", text)) is None)
        or "http" in text
        or text.count("$") % 2 == 1
        or any(text.count(opening) != text.count(closing) for opening, closing in ("()", "[]", "{}"))
    )


def without_overlaps(spans: Iterable[Found]) -> list[Found]:
    """The spans that remain when, of two that overlap, the model's, then the longer, then the surer wins."""
    ranked = sorted(spans, key=lambda s: (s.rule == "repeat", s.start - s.end, -s.score, s))
    kept: dict[Field, list[Found]] = defaultdict(list)
    for span in ranked:
        beside = kept[span.field]
        at = bisect.bisect_left(beside, span.start, key=lambda s: s.start)
        if (at == 0 or beside[at - 1].end <= span.start) and (at == len(beside) or beside[at].start >= span.end):
            beside.insert(at, span)
    return sorted(span for spans in kept.values() for span in spans)
