"""Rules around the model: what it must not say, what it missed, and one label for one name.

Everything here is a pure function over spans of one paper. Each rule's
effect on the development papers is in ``model/MODEL.md``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.model import Field, Label

MIN_SCORE = 0.5
MAX_WORDS = 14
# Propagating a name to where the model missed it needs a name that is unlikely to be a plain word.
REPEAT_SCORE = 0.6

_GENERIC_ALONE = frozenset(
    """
    method methods approach approaches model models network networks algorithm algorithms framework frameworks
    system systems data dataset datasets benchmark benchmarks experiments experiment results result paper papers
    performance task tasks problem problems technique techniques architecture architectures solution solutions
    analysis study work code state-of-the-art sota baseline baselines setting settings process function functions
    procedure scheme strategy module pipeline tool tools theory image images text application applications
    """.split()
)
_MATHS = re.compile(r"[=<>^_\\{}$∑∫∇∂≤≥]|\b(?:int_|nabla|epsilon|Oleft|left\(|right\))")
_SYSTEM_CUE = re.compile(
    r"\b(?:we|this (?:paper|work|article)|here,? we)\s+(?:\w+ly\s+|also\s+|then\s+|thus\s+)?"
    r"(?:propose|present|introduce|develop|describe|design|release|construct|call|name|dub|term)s?\b"
    r"|\b(?:called|named|dubbed|termed|coined|namely|which we (?:call|name|term|dub))\b",
    re.IGNORECASE,
)
_TITLE_NAME = re.compile(r"([^\s:][^:]{0,38}?)\s*(?::|\s[\u2013\u2014]\s)\s+\S")
_DATA_WORDS = re.compile(r"\b(?:dataset|data set|benchmark|corpus|corpora|challenge|testbed|suite)s?\b", re.IGNORECASE)


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


def is_fragment(text: str) -> bool:
    """True for what no reader would call a name: maths, open brackets, single letters, generic words."""
    letters = sum(c.isalpha() for c in text)
    return (
        letters < 2
        or letters < len(text.replace(" ", "")) * 0.4
        or len(text.split()) > MAX_WORDS
        or text.lower() in _GENERIC_ALONE
        or _MATHS.search(text) is not None
        or "http" in text
        or any(text.count(opening) != text.count(closing) for opening, closing in ("()", "[]"))
    )


def split_abbreviation(found: Found) -> list[Found]:
    """``long form (SHORT)`` is two mentions."""
    match = re.fullmatch(r"(.+?)\s*\(([^()]{2,20})\)", found.text, re.DOTALL)
    if match is None or not any(c.isupper() for c in match[2]):
        return [found]
    long = replace(found, end=found.start + match.end(1), text=match[1])
    short = replace(found, start=found.start + match.start(2), end=found.start + match.end(2), text=match[2])
    return [long, short]


def without_overlaps(spans: Iterable[Found]) -> list[Found]:
    """The spans that remain when, of two that overlap, the model's, then the longer, then the surer wins."""
    ranked = sorted(spans, key=lambda s: (s.rule == "repeat", s.start - s.end, -s.score, s))
    kept: dict[Field, list[Found]] = defaultdict(list)
    for span in ranked:
        if all(span.end <= other.start or span.start >= other.end for other in kept[span.field]):
            kept[span.field].append(span)
    return sorted(span for spans in kept.values() for span in spans)


def repeats(spans: Sequence[Found], texts: dict[Field, str]) -> list[Found]:
    """Names found once with confidence, wherever else the paper writes them and the model was silent."""
    names: dict[str, Found] = {}
    for span in spans:
        distinctive = " " in span.text or any(c.isupper() or c.isdigit() for c in span.text[1:])
        if span.score >= REPEAT_SCORE and distinctive and len(span.text) > 2:
            best = names.get(span.text)
            if best is None or span.score > best.score:
                names[span.text] = span
    added = []
    for text, span in names.items():
        pattern = re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])")
        for field, source in texts.items():
            added += [
                replace(span, field=field, start=match.start(), end=match.end(), rule="repeat")
                for match in pattern.finditer(source)
            ]
    return added


def one_label_per_name(spans: Sequence[Found], same: dict[str, str]) -> list[Found]:
    """Give every spelling of a name the label with the highest summed score; ``same`` maps short to long."""

    def key(text: str) -> str:
        return same.get(text, text).lower().removesuffix("s")

    votes: dict[str, dict[Label, float]] = defaultdict(lambda: defaultdict(float))
    for span in spans:
        votes[key(span.text)][span.label] += span.score
    order = list(Label)
    best = {k: max(v, key=lambda label: (v[label], -order.index(label))) for k, v in votes.items()}
    return [replace(span, label=best[key(span.text)]) for span in spans]


def title_name(title: str) -> str | None:
    """``NAME`` of a title ``NAME: what it is``, where it looks like a name rather than a topic."""
    match = _TITLE_NAME.match(title)
    if match is None:
        return None
    name = match[1].strip()
    words = name.split()
    odd_case = any(c.isupper() or c.isdigit() for word in words for c in word[1:])
    single = len(words) == 1 and len(name) > 2
    return name if len(words) <= 4 and (odd_case or single) and not is_fragment(name) else None


def name_label(title: str) -> Label:
    """What a ``NAME: ...`` title introduces: a dataset if it says so, else a method."""
    return Label.DATASET if _DATA_WORDS.search(title) else Label.METHOD


def find_system(spans: Sequence[Found], texts: dict[Field, str], aliases: dict[str, str]) -> str | None:
    """The name of what the paper introduces: from its title, else after "we propose", else None."""
    if name := title_name(texts[Field.TITLE]):
        return name
    abstract = texts[Field.ABSTRACT]
    inside = [s for s in spans if s.field is Field.ABSTRACT and s.label in (Label.METHOD, Label.DATASET)]
    for cue in _SYSTEM_CUE.finditer(abstract):
        for span in inside:
            if not cue.end() <= span.start <= cue.end() + 120 or "." in abstract[cue.end() : span.start]:
                continue
            short = next((s for s, long in aliases.items() if long == span.text), None)
            if short is not None:
                return short
            if any(c.isupper() for c in span.text[1:]) and len(span.text.split()) <= 3:
                return span.text
    return None
