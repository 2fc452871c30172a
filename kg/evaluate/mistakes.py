"""Where an extraction and the annotations part: the mistakes of a paper, the worst papers, the confusion of labels."""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, cast

from kg.evaluate.evaluation import ComparedPaper, Evaluation
from kg.evaluate.gold import Span
from kg.evaluate.mentions import overlap
from kg.model import Field

CONTEXT = 100
"""Characters of a sentence that are kept on either side of a mention."""

_SENTENCE_END = re.compile(r"[.!?][\"')\]]?\s+(?=[\"'(\[]?[A-Z])")


class Kind(StrEnum):
    """What is wrong: the label of the right span, its edges, a mention too few or one too many."""

    LABEL = "wrong label"
    BOUNDARY = "boundary"
    MISSED = "missed"
    SPURIOUS = "spurious"


class Mistake(NamedTuple):
    """A wanted span that was not found as it should be, or a found one that nobody wanted; one side may be None."""

    kind: Kind
    wanted: Span | None
    found: Span | None

    @property
    def place(self) -> Span:
        """Where it is: the wanted span if there is one."""
        return cast("Span", self.wanted or self.found)


def mistakes(paper: ComparedPaper) -> list[Mistake]:
    """By place. A wanted span is set against the found one that shares most with it.

    A found span is a mistake of its own if no wanted one was set against it: two halves of one name are two mistakes.
    """
    wanted, found = paper.wanted - paper.found, paper.found - paper.wanted
    result, met = [], set()
    for span in wanted:
        other = _nearest(span, paper.found)
        met.add(other)
        result.append(Mistake(_kind(span, other, Kind.MISSED), span, other))
    for span in found - met:
        other = _nearest(span, paper.wanted)
        result.append(Mistake(_kind(span, other, Kind.SPURIOUS), other, span))
    return sorted(result, key=lambda m: (m.place.field is not Field.TITLE, m.place, m.found or m.place))


def worst(evaluation: Evaluation, number: int) -> list[tuple[ComparedPaper, list[Mistake]]]:
    """The papers with most mistakes, most first; papers without any are left out."""
    papers = [(paper, found) for paper in evaluation.papers if (found := mistakes(paper))]
    return sorted(papers, key=lambda pair: -len(pair[1]))[:number]


def confusion(evaluation: Evaluation) -> dict[str, dict[str, int]]:
    """Wanted label to found label to how many; other columns say ``boundary`` or ``missed``.

    The last two rows hold found mentions without a wanted one of the same characters: those that overlap one
    (``boundary``), and those that do not (``spurious``). So rows sum to what was wanted, columns to what was found.
    """
    cells: Counter[tuple[str, str]] = Counter()
    for paper in evaluation.papers:
        for span in paper.wanted:
            cells[span.label, _fate(span, paper.found, Kind.MISSED)] += 1
        for span in paper.found:
            if (row := _fate(span, paper.wanted, Kind.SPURIOUS)) in (Kind.BOUNDARY, Kind.SPURIOUS):
                cells[row, span.label] += 1
    labels = evaluation.labels
    rows = dict.fromkeys(labels, (*labels, Kind.BOUNDARY.value, Kind.MISSED.value))
    rows |= {Kind.BOUNDARY.value: labels, Kind.SPURIOUS.value: labels}
    return {row: {column: cells[row, column] for column in columns} for row, columns in rows.items()}


def sentence_around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """The sentence before, at and after a range; an ellipsis stands for what is cut from a long one."""
    begins = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    begin = max(place for place in begins if place <= start)
    finish = min((place for place in begins if place >= end and place > start), default=len(text))
    before, after = text[begin:start], text[end:finish].rstrip()
    if len(before) > CONTEXT:
        before = "…" + before[-CONTEXT:].partition(" ")[2]
    if len(after) > CONTEXT:
        after = after[:CONTEXT].rpartition(" ")[0] + "…"
    return before, text[start:end], after


def _nearest(span: Span, others: Iterable[Span]) -> Span | None:
    """The span that shares most characters; of several, one with the same beginning and end."""
    shared = [(overlap(span, other), other[1:3] == span[1:3], other) for other in others if overlap(span, other)]
    return max(shared)[2] if shared else None


def _kind(span: Span, other: Span | None, alone: Kind) -> Kind:
    if other is None:
        return alone
    return Kind.LABEL if span[:3] == other[:3] else Kind.BOUNDARY


def _fate(span: Span, others: frozenset[Span], alone: Kind) -> str:
    if span in others:
        return span.label
    other = _nearest(span, others)
    kind = _kind(span, other, alone)
    return other.label if other and kind is Kind.LABEL else kind.value
