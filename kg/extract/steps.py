"""From what the model found to the mentions of a paper, rule by rule, in this order; any of them can be left out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, TypeAlias

from kg.extract import boundaries, known, rules
from kg.extract.abbreviations import Definition, find_definitions
from kg.extract.gazetteer import Gazetteer
from kg.extract.introduced import name_label, title_name
from kg.extract.spans import Found, is_fragment, whole_words, without_overlaps
from kg.model import Field, Label, Paper

Spans: TypeAlias = list[Found]
_TITLE_NAME_SCORE = 0.9


@dataclass(frozen=True)
class Context:
    """What the rules may look at besides the spans: the paper and the names known beforehand."""

    paper: Paper
    gazetteer: Gazetteer

    @cached_property
    def texts(self) -> dict[Field, str]:
        """The two texts of the paper."""
        return {field: self.paper.text(field) for field in Field}

    @cached_property
    def definitions(self) -> dict[Field, list[Definition]]:
        """The abbreviations that each text defines."""
        return {field: list(find_definitions(text)) for field, text in self.texts.items()}

    @cached_property
    def long_forms(self) -> dict[str, str]:
        """Abbreviation to what it stands for."""
        return {d.short: d.long for found in self.definitions.values() for d in found}


Step: TypeAlias = Callable[[Spans, Context], Spans]


def _whole_words(spans: Spans, context: Context) -> Spans:
    grown = []
    for span in spans:
        text = context.texts[span.field]
        start, end = whole_words(text, span.start, span.end)
        if start < end:
            grown.append(replace(span, start=start, end=end, text=text[start:end]))
    return grown


def _sure(spans: Spans, _: Context) -> Spans:
    least = {Label.DATASET: rules.MIN_DATASET_SCORE}
    return [span for span in spans if span.score >= least.get(span.label, rules.MIN_SCORE)]


def _names(spans: Spans, _: Context) -> Spans:
    return [span for span in spans if not is_fragment(span.text)]


def _defined(spans: Spans, context: Context) -> Spans:
    """Both halves of each definition, labelled as the half that the model found."""
    added = []
    for field, found in context.definitions.items():
        for d in found:
            halves = {(d.start, d.end): d.long, (d.short_start, d.short_end): d.short}
            halved = [s for s in spans if s.field is field and (s.start, s.end) in halves]
            if not halved:
                continue
            best = max(halved, key=lambda s: (s.score, s))
            added += [
                Found(field, start, end, text, best.label, best.score, "abbreviation")
                for (start, end), text in halves.items()
                if not is_fragment(text)
            ]
    return without_overlaps([*spans, *added])


def _title_name(spans: Spans, context: Context) -> Spans:
    title = context.texts[Field.TITLE]
    name = title_name(title)
    if name is None:
        return spans
    start = title.index(name)
    found = Found(Field.TITLE, start, start + len(name), name, name_label(title), _TITLE_NAME_SCORE, "title-name")
    return without_overlaps([*spans, found])


def _repeats(spans: Spans, context: Context) -> Spans:
    return without_overlaps([*spans, *rules.repeats(spans, context.texts)])


def _one_label(spans: Spans, context: Context) -> Spans:
    return rules.one_label_per_name(spans, context.long_forms)


def _completed(spans: Spans, context: Context) -> Spans:
    return known.completed(spans, context.texts, context.gazetteer, context.long_forms)


def _relabelled(spans: Spans, context: Context) -> Spans:
    return known.relabelled(spans, context.gazetteer, context.long_forms)


STEPS: Mapping[str, Step] = {
    "whole words": _whole_words,
    "sure enough": _sure,
    "long and short": lambda spans, _: boundaries.long_and_short(spans),
    "coordination": lambda spans, context: boundaries.coordination(spans, context.gazetteer),
    "trimming": lambda spans, context: boundaries.trimmed(spans, context.gazetteer),
    "no fragments": _names,
    "gazetteer adds": _completed,
    "benchmark names": lambda spans, context: known.benchmarks(spans, context.texts),
    "abbreviation": _defined,
    "title name": _title_name,
    "repeat": _repeats,
    "one label": _one_label,
    "company": lambda spans, context: known.by_company(spans, context.texts, context.gazetteer),
    "plain words": lambda spans, context: known.no_plain_data(spans, context.long_forms),
    "gazetteer labels": _relabelled,
    "allowed": lambda spans, context: list(known.allowed(spans, context.gazetteer)),
}
"""Name to step. The names known beforehand have the last word on labels."""


def run_steps(spans: Iterable[Found], context: Context, without: Iterable[str] = ()) -> Iterator[tuple[str, Spans]]:
    """The name of each step and the spans after it; the first is what the model found."""
    current = without_overlaps(spans)
    yield "model", current
    for name, step in STEPS.items():
        if name not in without:
            current = sorted(step(current, context))
            yield name, current


class Decision(NamedTuple):
    """What became of a span: ``path`` says by which step it came and what each later one changed.

    ``span`` is as it ended, a mention of the paper unless it is ``dropped``.
    """

    span: Found
    path: tuple[str, ...]
    dropped: bool = False


def decisions(stages: Sequence[tuple[str, Spans]]) -> list[Decision]:
    """Every span that was there after some step, by place."""
    (first, spans), *later = stages
    alive: dict[Found, tuple[str, ...]] = {span: (f"{first} {span.label} {span.score:.2f}",) for span in spans}
    dropped = []
    for name, after in later:
        following: dict[Found, tuple[str, ...]] = {}
        kept = set(after)
        gone = {span for span in alive if span not in kept}
        for span in after:
            if span in alive:
                following[span] = alive[span]
                continue
            before = next((old for old in alive if old.field is span.field and _meet(old, span)), None)
            if before:
                gone.discard(before)
            following[span] = (*(alive[before] if before else ()), _change(name, before, span))
        dropped += [Decision(span, (*alive[span], f"dropped by {name}"), dropped=True) for span in gone]
        alive = following
    return sorted([*(Decision(span, path) for span, path in alive.items()), *dropped])


def _meet(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _change(name: str, before: Found | None, after: Found) -> str:
    if before is None:
        return f"{name} {after.label} {after.score:.2f}"
    changes = []
    if before.text != after.text:
        changes.append(f"{before.text!r} became {after.text!r}")
    if before.label is not after.label:
        changes.append(f"{before.label} became {after.label}")
    return f"{name}: {' and '.join(changes) or f'score {after.score:.2f}'}"
