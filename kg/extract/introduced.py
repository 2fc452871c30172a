"""What a paper introduces: every name collects evidence, and the best one wins if it has enough."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from kg.extract.abbreviations import Definition
from kg.extract.cues import Reading
from kg.extract.gazetteer import Gazetteer
from kg.extract.spans import Found, is_fragment
from kg.model import Field, Label

# Weights of a maximum entropy model over the names of a paper and "none", fitted on the annotated papers whose
# title does not say it. A name wins with more than nothing.
WEIGHTS: Mapping[str, float] = {
    "any": -2.9,
    "proposed": 2.4,
    "first sentence": -1.8,
    "apposition": 1.8,
    "coined": 3.4,
    "explained": 1.6,
    "passive": 1.3,
    "acts": 1.1,
    "valued": 1.4,
    "compared": -1.4,
    "used": -1.4,
    "to the end": 0.8,
    "defined": 0.6,
    "invented": 1.3,
    "capitals": 0.5,
    "plain": -2.5,
    "plural": -1.6,
    "known": -2.4,
    "other label": -3.3,
    "title colon": 1.8,
    "title": 2.3,
    "title head": 1.1,
    "title bracket": 0.9,
}
# A classifier's probability that a mention names what is proposed counts by its log odds over those of a good part of
# what is no system but proposed all the same; chosen on the held-out papers.
_SUREST = 3.0
_ODDS_WEIGHT = 0.5
_EVEN = 2.0
_PLACES = 20
_INSIDE = re.compile(r"[\w-]")
_GOES_ON = re.compile(r"\w|-\d")
_TITLE_HEAD = re.compile(
    r"(?: \(.*?\))?(?: algorithm| method| network| model| framework)?s? (?:for|with|by|via|in|using|from|on|based)\b"
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name of the paper, with its long form if it is short for one; ``places`` are those in the abstract."""

    name: str
    long: str
    labels: frozenset[Label]
    places: tuple[tuple[int, int], ...]
    probability: float | None = None


def title_name(title: str) -> str | None:
    """``NAME`` of a title ``NAME: what it is``, where it looks like a name rather than a topic."""
    match = _TITLE_NAME.match(title)
    if match is None:
        return None
    name = match[1].strip()
    words = name.split()
    if words[0].lower() in _OPENERS:
        return None
    single = len(words) == 1 and len(name) > 2
    return name if len(words) <= 4 and (_invented(words) or single) and not is_fragment(name) else None


def name_label(title: str) -> Label:
    """What a ``NAME: ...`` title introduces: a dataset if it says so, else a method."""
    return Label.DATASET if _DATA_WORDS.search(title) else Label.METHOD


def find_system(
    spans: Iterable[Found],
    texts: dict[Field, str],
    definitions: dict[Field, list[Definition]],
    *,
    known: Gazetteer | None = None,
    proposed: Mapping[tuple[Field, int], float] | None = None,
) -> str | None:
    """The name of what the paper introduces: the ``NAME`` of its title, else the one with most evidence, else None.

    ``known`` are names that others introduced. ``proposed`` gives, by field and start, a classifier's probability
    that the mention there is of something that the paper proposes.
    """
    defined = [d for found in definitions.values() for d in found]
    if name := title_name(texts[Field.TITLE]):
        return next((d.short for d in defined if name.lower() in (d.short.lower(), d.long.lower())), name)
    best: tuple[float, int, str] = (0.0, 0, "")
    reading = Reading.of(texts)
    for candidate in candidates(spans, reading, defined, proposed or {}):
        score = sum(WEIGHTS[sign] for sign in evidence(candidate, reading, known)) + _odds(candidate.probability)
        best = max(best, (score, -candidate.places[0][0] if candidate.places else 1, candidate.name))
    return best[2] or None


def candidates(
    spans: Iterable[Found],
    reading: Reading,
    defined: Sequence[Definition],
    proposed: Mapping[tuple[Field, int], float],
) -> Iterator[Candidate]:
    """The names of a paper, each once; a long form counts as its abbreviation, words in lower case as none."""
    abstract = reading.abstract
    short = {d.long.lower(): d.short for d in defined}
    long = {d.short: d for d in reversed(defined)}
    found: dict[str, list[Found]] = {d.short: [] for d in defined}
    for span in spans:
        found.setdefault(short.get(span.text.lower(), span.text), []).append(span)
    for name, of in found.items():
        if len(name) < 2 or name.islower():
            continue
        places = list(islice(_places(name, abstract), _PLACES))
        d = long.get(name)
        if d and abstract[d.start : d.end] == d.long:
            places = [(d.start, d.short_end + 1), *(p for p in places if not d.start <= p[0] < d.short_end)]
        probabilities = [proposed[s.field, s.start] for s in of if (s.field, s.start) in proposed]
        yield Candidate(
            name,
            d.long if d else "",
            frozenset(s.label for s in of),
            tuple(sorted(places)),
            max(probabilities, default=None),
        )


def _places(name: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not _INSIDE.match(text[start - 1 : start]) and not _GOES_ON.match(text, end):
            yield start, end
        start = text.find(name, end)


def evidence(candidate: Candidate, reading: Reading, known: Gazetteer | None = None) -> set[str]:
    """What speaks for and against the candidate, as keys of ``WEIGHTS``."""
    signs = {"any", *_shape(candidate.name), *_in_title(candidate, reading.title)}
    signs |= reading.signs(candidate.places)
    if candidate.long:
        signs.add("defined")
    if candidate.labels and not candidate.labels & {Label.METHOD, Label.DATASET}:
        signs.add("other label")
    if known and known.named(candidate.name):
        signs.add("known")
    return signs


def _odds(probability: float | None) -> float:
    if probability is None:
        return 0.0
    p = min(max(probability, 0.001), 0.999)
    return _ODDS_WEIGHT * min(max(math.log(p / (1 - p)) - _EVEN, -_SUREST), _SUREST)


def _invented(words: Sequence[str]) -> bool:
    return any(c.isupper() or c.isdigit() for word in words for c in word[1:])


def _shape(name: str) -> Iterator[str]:
    words = name.split()
    if len(words) <= 3 and _invented(words):
        yield "invented"
    elif name[0].islower():
        yield "plain"
    elif len(words) > 1 and all(word[0].isupper() or word in ("of", "and", "for", "in") for word in words):
        yield "capitals"
    if name.endswith("s") and (name[0].islower() or name[-2].isupper()):
        yield "plural"


def _in_title(candidate: Candidate, title: str) -> Iterator[str]:
    if f"({candidate.name})" in title:
        yield "title bracket"
    start = re.sub(r"^(?:an?|the) ", "", title.lower())
    for form in {candidate.name.lower(), candidate.long.lower()} - {""}:
        rest = start.removeprefix(form)
        if rest == start:
            continue
        if rest.startswith((":", " -", " \u2013", " \u2014")):
            yield "title colon"
        elif not rest.strip():
            yield "title"
        elif _TITLE_HEAD.match(rest):
            yield "title head"
