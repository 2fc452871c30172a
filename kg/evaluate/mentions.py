"""What counts as a mention found: four criteria, counted paper by paper."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from kg.evaluate.counts import Counts, total
from kg.evaluate.evaluation import ComparedPaper, Evaluation
from kg.evaluate.gold import Span
from kg.link.normal_form import normal_form

MICRO = "micro"


class Criterion(StrEnum):
    """When a found mention is right.

    ``exact``: same characters, same label. ``spans``: same characters. ``overlap``: a character in common, same label.
    ``entities``: same normal form of the name, same label, each name counted once a paper; an abbreviation and its long
    form are two names.
    """

    EXACT = "exact"
    SPANS = "spans"
    OVERLAP = "overlap"
    ENTITIES = "entities"


def count(evaluation: Evaluation, criterion: Criterion = Criterion.EXACT) -> dict[str, Counts]:
    """Counts over all papers by label, and of all labels together as ``micro``; spans alone have only the latter."""
    return {name: total(counts) for name, counts in count_papers(evaluation, criterion).items()}


def count_papers(evaluation: Evaluation, criterion: Criterion) -> dict[str, list[Counts]]:
    """As ``count``, but for each paper; resampling needs these."""
    if criterion is Criterion.SPANS:
        return {MICRO: [_agreement(*_extents(paper)) for paper in evaluation.papers]}
    labels = evaluation.labels
    counted = [_by_label(paper, labels, criterion) for paper in evaluation.papers]
    rows = {label: [paper[label] for paper in counted] for label in labels}
    return {**rows, MICRO: [total(paper.values()) for paper in counted]}


def _by_label(paper: ComparedPaper, labels: Sequence[str], criterion: Criterion) -> dict[str, Counts]:
    all_found, all_wanted = paper.found, paper.wanted
    counts = {}
    for label in labels:
        found = [span for span in all_found if span.label == label]
        wanted = [span for span in all_wanted if span.label == label]
        match criterion:
            case Criterion.OVERLAP:
                right = sum(overlaps_any(s, wanted) for s in found), sum(overlaps_any(s, found) for s in wanted)
                counts[label] = Counts(len(found), len(wanted), *right)
            case Criterion.ENTITIES:
                counts[label] = _agreement(_names(paper, found), _names(paper, wanted))
            case _:
                counts[label] = _agreement(found, wanted)
    return counts


def _agreement(found: Collection[object], wanted: Collection[object]) -> Counts:
    right = len(set(found) & set(wanted))
    return Counts(len(found), len(wanted), right, right)


def _extents(paper: ComparedPaper) -> tuple[set[Span], set[Span]]:
    return {span._replace(label="") for span in paper.found}, {span._replace(label="") for span in paper.wanted}


def _names(paper: ComparedPaper, spans: Collection[Span]) -> set[str]:
    texts = {paper.gold.paper.text(span.field)[span.start : span.end] for span in spans}
    return {normal_form(text) or text for text in texts}


def overlap(one: Span, other: Span) -> int:
    """How many characters two spans share, whatever their labels."""
    return max(0, min(one.end, other.end) - max(one.start, other.start)) if one.field is other.field else 0


def overlaps_any(span: Span, others: Collection[Span]) -> bool:
    """Whether the span shares a character with one of the others."""
    return any(overlap(span, other) for other in others)
