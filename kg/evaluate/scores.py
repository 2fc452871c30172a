"""The tables of scores: by label, all together, by group, and one extractor against another."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kg.evaluate.bootstrap import STANDARD, Bootstrap, Difference, Sampling, Score
from kg.evaluate.counts import Counts, total
from kg.evaluate.evaluation import Evaluation
from kg.evaluate.groups import By, group
from kg.evaluate.mentions import MICRO, Criterion, count_papers

MACRO = "macro"


class Row(NamedTuple):
    """A score and the counts it comes of; a mean of scores has none."""

    score: Score
    counts: Counts | None


def score(
    evaluation: Evaluation, criterion: Criterion = Criterion.EXACT, sampling: Sampling = STANDARD
) -> dict[str, Row]:
    """Label, ``micro`` and ``macro`` to the row; ``macro`` is the mean over the labels that occur."""
    return score_counts(count_papers(evaluation, criterion), len(evaluation.papers), sampling)


def score_counts(counts: Mapping[str, Sequence[Counts]], papers: int, sampling: Sampling = STANDARD) -> dict[str, Row]:
    """The rows of any counts by name, each with one entry a paper; ``macro`` is over all names but ``micro``."""
    bootstrap = Bootstrap(papers, sampling)
    rows = {name: Row(bootstrap.score(each), total(each)) for name, each in counts.items()}
    if labels := [each for name, each in counts.items() if name != MICRO]:
        rows[MACRO] = Row(bootstrap.macro(labels), None)
    return rows


def score_groups(evaluation: Evaluation, by: By, sampling: Sampling = STANDARD) -> dict[str, tuple[int, Row]]:
    """Group to its number of papers and the exact score of all labels; each resamples its own papers."""
    groups = group(evaluation, by)
    return {name: (len(each.papers), score(each, sampling=sampling)[MICRO]) for name, each in groups.items()}


def compare(
    ours: Evaluation, theirs: Evaluation, criterion: Criterion = Criterion.EXACT, sampling: Sampling = STANDARD
) -> dict[str, Difference]:
    """Label and ``micro`` to the difference of F1; both must be of the same gold papers in the same order."""
    if [paper.gold for paper in ours.papers] != [paper.gold for paper in theirs.papers]:
        raise ValueError("only evaluations of the same gold papers can be compared")
    bootstrap = Bootstrap(len(ours.papers), sampling)
    one, other = count_papers(ours, criterion), count_papers(theirs, criterion)
    nothing = [Counts()] * len(ours.papers)
    return {
        name: bootstrap.difference(one.get(name, nothing), other.get(name, nothing))
        for name in dict.fromkeys([*one, *other])
    }
