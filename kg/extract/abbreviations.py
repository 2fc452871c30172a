"""Long forms and their abbreviations, as the text itself defines them.

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical
text" (PSB 2003), with guards for what that algorithm accepts wrongly in our texts: a short form must
hold a capital or a digit, its first character must start a word of the long form, and the long form
may not cross a sentence or a bracket.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BRACKETED = re.compile(r"\(([^()]{2,60})\)")
_SHORT = re.compile(r"[A-Za-z0-9][\w.+/\-]*(?: [A-Za-z0-9][\w.+/\-]*)?")
_BOUNDARY = re.compile(r"[.;:!?](?:\s|$)|[()\[\]]|\n\s*\n")
_WORD_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]")
# No long form begins further from its bracket: this keeps the search linear in the text.
_FURTHEST = 600
_STOP_STARTS = {
    "a",
    "an",
    "the",
    "of",
    "and",
    "or",
    "for",
    "in",
    "on",
    "with",
    "by",
    "to",
    "as",
    "called",
    "via",
    "from",
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition; ``text[start:end]`` is the long form, ``text[short_start:short_end]`` the short."""

    long: str
    start: int
    end: int
    short: str
    short_start: int
    short_end: int


def find_definitions(text: str) -> Iterator[Definition]:
    """Definitions in order of appearance, of the shape ``long form (SHORT)``."""
    for match in _BRACKETED.finditer(text):
        inside = re.split(r"[,;]\s|\s(?:or|for short)\b", match[1])[0].strip()
        if not _is_short_form(inside):
            continue
        short_start = match.start(1) + match[1].index(inside)
        window_start = _window(text, match.start(), inside)
        # LaTeX residue such as \emph{Long Form} (LF) leaves a brace.
        before = text[window_start : match.start()].rstrip().rstrip("} ")
        start = _long_form_start(inside, before)
        if start is None:
            continue
        long = before[start:]
        if _acceptable(long, inside):
            begin = window_start + start
            yield Definition(long, begin, begin + len(long), inside, short_start, short_start + len(inside))


def _is_short_form(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    distinctive = any(c.isupper() for c in text) or (any(c.isdigit() for c in text) and letters > 0)
    return (
        2 <= len(text) <= 14
        and letters >= 2
        and distinctive
        and _SHORT.fullmatch(text) is not None
        and not re.fullmatch(r"(?:19|20)\d\d\w?|[ivx]+|e\.g\.?|i\.e\.?", text, re.IGNORECASE)
    )


def _window(text: str, bracket: int, short: str) -> int:
    """Where the long form may begin at the earliest: min(|A| + 5, 2 |A|) words back, in one clause."""
    letters = sum(c.isalnum() for c in short)
    budget = min(letters + 5, letters * 2)
    earliest = max(0, bracket - _FURTHEST)
    clause = max((m.end() for m in _BOUNDARY.finditer(text, earliest, bracket)), default=earliest)
    words = list(re.finditer(r"\S+", text[clause:bracket]))
    return clause + (words[-budget].start() if len(words) > budget else 0)


def _long_form_start(short: str, before: str) -> int | None:
    """Match the characters of the short form from its end backwards; None where they do not fit.

    Initials of the last words win over letters inside them: "adversarial adaptive sampling (AAS)".
    """
    plural = len(short) > 2 and short.endswith("s") and short[-2].isupper()
    characters = [c.lower() for c in (short[:-1] if plural else short) if c.isalnum()]
    starts = [match.start() for match in _WORD_START.finditer(before)][-len(characters) :]
    if [before[start].lower() for start in starts] == characters:
        return starts[0]
    position = len(before)
    for i in range(len(characters) - 1, -1, -1):
        position -= 1
        while position >= 0 and not (
            before[position].lower() == characters[i] and (i > 0 or _starts_word(before, position))
        ):
            position -= 1
        if position < 0:
            return None
    return position


def _starts_word(text: str, position: int) -> bool:
    return _WORD_START.match(text, position) is not None


def _acceptable(long: str, short: str) -> bool:
    words = re.findall(r"[A-Za-z0-9]+", long)
    return (
        len(long) > len(short)
        and long.lower() != short.lower()
        and short.lower() not in (word.lower() for word in words)
        and bool(words)
        and words[0].lower() not in _STOP_STARTS
        and len(words) <= 12
    )
