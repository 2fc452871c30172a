"""Rules around the model: what it must not say, what it missed, and one label for one name.

Everything here is a pure function over spans of one paper. Each rule's
effect on the development papers is in ``model/MODEL.md``.
"""

import bisect
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.extract.abbreviations import Definition
from kg.model import Field, Label

MIN_SCORE = 0.5
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
_LETTER_AND_NUMBER = re.compile(r"[A-Z]\d|\dD")  # F1, L2, T5, 3D
_WORD = re.compile(r"[\w-]")
_DANGLING = re.compile(r"(?<!\s)\s+(?:and|or|of|the)\Z")
_MATHS = re.compile(r"[=<>^_\\{}$∑∫∇∂≤≥]|\b(?:int_|nabla|epsilon|Oleft|left\(|right\))")
# Where a paper says what it brings: "we propose ...", up to a "called" in the same sentence.
_COINED = (
    r"\b(?:called|dubbed|termed|coined|named|namely|denoted(?: as| by)?|refer(?:red)? to as|which we (?:call|name))\b"
)
_CUE = re.compile(
    r"\b(?:we|this (?:paper|work|article|study)|here,?)\s+(?:\w+ly\s+|(?:also|then|thus|first|further|have)\s+)*"
    r"(?:(?:propose|present|introduce|develop|describe|design|devise|release|construct|create|build|contribute"
    r"|call|name|dub|term|coin)(?:s|d|ed)?|built)\b(?! to\b)"
    rf"(?:[^.;]{{0,120}}?(?P<coined>{_COINED}))?|(?P<alone>{_COINED})",
    re.IGNORECASE,
)
# What is proposed ends before what it is for, made of or compared with.
_OBJECT = re.compile(
    r".{0,120}?(?=[.;:](?:\s|$)|$|\b(?:for|of|to|based|using|with|in|by|from|on|that|which|via|through|under|between"
    r"|against|where|whose|consisting)\b)",
    re.IGNORECASE | re.DOTALL,
)
_TITLE_NAME = re.compile(r"([^\s:][^:]{0,38}?)(?:\s*:|\s+[\u2013\u2014-])\s+\S")
# A title that opens so has a motto before its colon, not a name.
_OPENERS = frozenset(
    """
    towards toward beyond on from how when why what is are do does can life
    rethinking revisiting understanding improving
    """.split()
)
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


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span grown to whole words where it is cut at a hyphen, without a conjunction or space at its end."""
    if text[start] == "-":
        while start > 0 and _WORD.match(text[start - 1]):
            start -= 1
    if text[end - 1] == "-":
        while end < len(text) and _WORD.match(text[end]):
            end += 1
    bare = _DANGLING.sub("", text[start:end].rstrip())
    return start + len(bare) - len(bare.lstrip()), start + len(bare)


def is_fragment(text: str) -> bool:
    """True for what no reader would call a name: maths, open brackets, single letters, generic words."""
    letters = sum(c.isalpha() for c in text)
    return (
        (letters < 2 and not _LETTER_AND_NUMBER.fullmatch(text))
        or letters < len(text.replace(" ", "")) * 0.4
        or text.lower() in _GENERIC_ALONE
        or _MATHS.search(text) is not None
        or "http" in text
        or any(text.count(opening) != text.count(closing) for opening, closing in ("()", "[]"))
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


def repeats(spans: Sequence[Found], texts: dict[Field, str]) -> list[Found]:
    """Names found once with confidence, wherever else the paper writes them and the model was silent."""
    names: dict[str, Found] = {}
    for span in spans:
        if span.score >= REPEAT_SCORE and " " in span.text:
            best = names.get(span.text)
            if best is None or span.score > best.score:
                names[span.text] = span
    return [
        replace(span, field=field, start=start, end=start + len(text), rule="repeat")
        for text, span in names.items()
        for field, source in texts.items()
        for start in _occurrences(text, source)
    ]


def _occurrences(name: str, text: str) -> Iterator[int]:
    for match in re.finditer(re.escape(name), text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if not _WORD.match(before) and not _WORD.match(after):
            yield match.start()


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
    if words[0].lower() in _OPENERS:
        return None
    odd_case = any(c.isupper() or c.isdigit() for word in words for c in word[1:])
    single = len(words) == 1 and len(name) > 2
    return name if len(words) <= 4 and (odd_case or single) and not is_fragment(name) else None


def name_label(title: str) -> Label:
    """What a ``NAME: ...`` title introduces: a dataset if it says so, else a method."""
    return Label.DATASET if _DATA_WORDS.search(title) else Label.METHOD


def find_system(
    spans: Iterable[Found], texts: dict[Field, str], definitions: dict[Field, list[Definition]]
) -> str | None:
    """The name of what the paper introduces: from its title, else from "we propose", else None."""
    if name := title_name(texts[Field.TITLE]):
        defined = (d for found in definitions.values() for d in found)
        return next((d.short for d in defined if name.lower() in (d.short.lower(), d.long.lower())), name)
    abstract, shorts = texts[Field.ABSTRACT], definitions[Field.ABSTRACT]
    names = [(d.start, d.short_start, d.short) for d in shorts]
    names += [
        (s.start, s.start, s.text)
        for s in spans
        if s.field is Field.ABSTRACT
        and s.label in (Label.METHOD, Label.DATASET)
        and not any(d.start <= s.start < d.short_end for d in shorts)
    ]
    names.sort()
    for cue in _CUE.finditer(abstract):
        for _, at, name in _objects(cue, abstract, names):
            if not _known_before(name, abstract, at):
                return name
    return None


def _objects(cue: re.Match[str], text: str, names: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Of the names, those that read like one and stand where the cue wants its object."""
    object_ = _OBJECT.match(text, cue.end())
    end = object_.end() if object_ else cue.end() + 120
    coined = cue["coined"] or cue["alone"]
    for start, at, name in names[bisect.bisect_left(names, (cue.end(),)) :]:
        if start >= end:
            return
        invented = len(name.split()) <= 2 and any(c.isupper() for c in name[1:])
        if (start <= cue.end() + 5 and (invented or name[0].isupper())) if coined else invented:
            yield start, at, name


def _known_before(name: str, text: str, at: int) -> bool:
    """True if the text uses the name before it introduces it, so that others must have coined it."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?!\w)", text[:at]) is not None
