"""What names say by themselves: those of a gazetteer, and those whose form or company tells what they are."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.extract.boundaries import is_name
from kg.extract.gazetteer import Gazetteer, Name
from kg.extract.spans import Found
from kg.model import Field, Label

# Names of these that the model passes over are mentions all the same, if they do not look like words.
_ADDED = {Label.DATASET, Label.METRIC}
_SCORE = 0.9
# What stands before the end of a web address: "https://github.com/THUDM/IGB" names no dataset.
_ADDRESS = re.compile(r"(?:://|www\.|\w\.(?:com|org|io|net|edu)/)\S{0,100}\Z")
# Of names before these nouns, more than nine in ten are what the noun says, in the annotated papers.
_NOUN = re.compile(r"\)? (?:(?:dataset|corpus|benchmark)|(?P<metric>scores?))\b", re.IGNORECASE)

# In the annotated papers 33 of 36 such names are datasets, and all others were left unmarked.
_BENCHMARK = re.compile(r"(?<![\w-])[A-Z0-9][\w-]*(?:Bench|Eval)(?![\w-])")
_OF_DATA = re.compile(r"data|corp(?:us|ora)|bench|suite|\bset|bank|collection|challenge|survey|archive", re.IGNORECASE)


def relabelled(spans: Iterable[Found], known: Gazetteer, same: Mapping[str, str]) -> list[Found]:
    """The spans with the labels of the names that they are, for the model takes Adam for a dataset.

    ``same`` maps short to long: what the paper itself defines as something else keeps its label.
    """
    names = ((span, _meant(span.text, known.named(span.text), known, same)) for span in spans)
    return [replace(span, label=name.label) if name and name.label else span for span, name in names]


def completed(
    spans: Sequence[Found], texts: Mapping[Field, str], known: Gazetteer, same: Mapping[str, str]
) -> list[Found]:
    """The spans, and names of datasets, metrics and the user's own that the model missed or saw only a part of."""
    kept, added = list(spans), []
    for field, text in texts.items():
        for hit in known.matches(text):
            written = text[hit.start : hit.end]
            name = _meant(written, hit.name, known, same)
            if not name or not name.label or not _certain(name, written) or _ADDRESS.search(text, 0, hit.start):
                continue
            beside = [s for s in kept if s.field is field and s.start < hit.end and hit.start < s.end]
            if all(hit.start <= s.start and s.end <= hit.end and len(s.text) < len(written) for s in beside):
                added.append(Found(field, hit.start, hit.end, written, name.label, _SCORE, "gazetteer"))
                kept = [s for s in kept if s not in beside]
    return sorted([*kept, *added])


def benchmarks(spans: Sequence[Found], texts: Mapping[Field, str]) -> list[Found]:
    """The spans, and names in ...Bench and ...Eval that the model missed or saw only a part of."""
    named = [
        Found(field, match.start(), match.end(), match[0], Label.DATASET, _SCORE, "benchmark-name")
        for field, text in texts.items()
        for match in _BENCHMARK.finditer(text)
        if not _ADDRESS.search(text, 0, match.start())
    ]
    kept, added = list(spans), []
    for name in named:
        beside = [s for s in kept if s.field is name.field and s.start < name.end and name.start < s.end]
        if all(name.start <= s.start and s.end <= name.end for s in beside):
            added.append(replace(name, score=max([_SCORE, *(s.score for s in beside)])))
            kept = [s for s in kept if s not in beside]
    return sorted([*kept, *added])


def no_plain_data(spans: Iterable[Found], same: Mapping[str, str]) -> list[Found]:
    """The spans, concepts where a dataset would be short for words in lower case that say nothing of data.

    Of 442 such abbreviations in the annotated papers one names a dataset: "multi-level (MuL)" is no corpus, whatever
    "MuL datasets" suggests. ``same`` maps short to long.
    """
    plain = {text for pair in same.items() for text in pair if pair[1].islower() and not _OF_DATA.search(pair[1])}
    return [
        replace(span, label=Label.CONCEPT) if span.label is Label.DATASET and span.text in plain else span
        for span in spans
    ]


def by_company(spans: Iterable[Found], texts: Mapping[Field, str], known: Gazetteer) -> list[Found]:
    """The spans with the labels that the nouns behind names give them: the HDD of "HDD dataset" is no method."""
    return [_beside(span, texts[span.field], known) for span in spans]


def _beside(span: Found, text: str, known: Gazetteer) -> Found:
    noun = _NOUN.match(text, span.end)
    if noun is None or not is_name(span.text, known):
        return span
    return replace(span, label=Label.METRIC if noun["metric"] else Label.DATASET)


def allowed(spans: Iterable[Found], known: Gazetteer) -> Iterator[Found]:
    """The spans that the user's file has nothing against."""
    for span in spans:
        name = known.named(span.text)
        own = name is not None and name.own
        if (own and name and name.label) or (not own and span.label in known.others):
            yield span


def _meant(text: str, name: Name | None, known: Gazetteer, same: Mapping[str, str]) -> Name | None:
    """The name, if the paper does not define the text as short for another."""
    if name is None or name.own or text not in same:
        return name
    long = known.named(same[text])
    return name if long and long.canonical == name.canonical else None


def _certain(name: Name, written: str) -> bool:
    named = not name.text.islower() and any(c.isupper() for c in written)
    return name.own or (name.label in _ADDED and named)
