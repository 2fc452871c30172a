"""An evaluation as one JSON value, for ``kg evaluate --json`` and for model cards."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from kg.evaluate.bootstrap import LEVEL, STANDARD, Sampling
from kg.evaluate.calibration import calibrate
from kg.evaluate.counts import Counts
from kg.evaluate.cutoffs import PRECISION, Cutoff, cutoffs, lowest
from kg.evaluate.evaluation import ComparedPaper, Evaluation
from kg.evaluate.facts import Facts, Matching, count_facts
from kg.evaluate.gold import Span
from kg.evaluate.groups import By
from kg.evaluate.mentions import Criterion
from kg.evaluate.mistakes import Mistake, confusion, sentence_around, worst
from kg.evaluate.scores import Row, compare, score, score_counts, score_groups


def report(
    evaluation: Evaluation, *, sampling: Sampling = STANDARD, by: Iterable[By] = (), number: int = 0
) -> dict[str, Any]:
    """All numbers, and the ``number`` worst papers; scores lie in [0, 1]."""
    return {
        "papers": len(evaluation.papers),
        "bootstrap": {**sampling._asdict(), "level": LEVEL},
        "scores": {
            criterion.value: {name: _row(row) for name, row in score(evaluation, criterion, sampling).items()}
            for criterion in Criterion
        },
        "systems": _counts(evaluation.systems),
        "confusion": confusion(evaluation),
        "calibration": _calibration(evaluation),
        "groups": {
            each.value: {
                name: {"papers": papers, **_row(row)}
                for name, (papers, row) in score_groups(evaluation, each, sampling).items()
            }
            for each in by
        },
        "worst": [_worst(paper, found) for paper, found in worst(evaluation, number)],
    }


def report_difference(ours: Evaluation, theirs: Evaluation, sampling: Sampling = STANDARD) -> dict[str, Any]:
    """Criterion and label to F1 of the first minus F1 of the second; ``better``: share of draws that it leads."""
    return {
        criterion.value: {
            name: {"f1": each.f1.value, "interval": list(each.f1[1:]), "better": each.better}
            for name, each in compare(ours, theirs, criterion, sampling).items()
        }
        for criterion in Criterion
    }


def report_facts(facts: Mapping[str, Facts], sampling: Sampling = STANDARD) -> dict[str, Any]:
    """``roles`` and ``relations`` to their scores, ``cutoffs`` by kind, and the ``chosen`` one of each kind or None."""
    return {what: _facts(each, sampling) for what, each in facts.items()}


def _facts(facts: Facts, sampling: Sampling) -> dict[str, Any]:
    table = cutoffs(facts)
    return {
        "papers": len(facts.papers),
        "scores": {
            matching.value: {
                name: _row(row)
                for name, row in score_counts(count_facts(facts, matching), len(facts.papers), sampling).items()
            }
            for matching in Matching
        },
        "cutoffs": {name: [_cutoff(each) for each in rows] for name, rows in table.items()},
        "precision": PRECISION,
        "chosen": {name: _cutoff(best) if (best := lowest(rows)) else None for name, rows in table.items()},
    }


def _cutoff(cutoff: Cutoff) -> dict[str, float]:
    precision, recall = cutoff.counts.precision, cutoff.counts.recall
    return {"score": cutoff.score, "precision": precision, "recall": recall, "found": cutoff.counts.found}


def _row(row: Row) -> dict[str, Any]:
    estimates = row.score._asdict()
    return {
        **{name: estimate.value for name, estimate in estimates.items()},
        "interval": {name: list(estimate[1:]) for name, estimate in estimates.items()},
        **(row.counts._asdict() if row.counts else {}),
    }


def _calibration(evaluation: Evaluation) -> dict[str, Any]:
    found = calibrate(evaluation)
    return {"error": found.error, "bins": [asdict(each) for each in found.bins]}


def _counts(counts: Counts) -> dict[str, float]:
    return {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1, **counts._asdict()}


def _worst(paper: ComparedPaper, found: list[Mistake]) -> dict[str, Any]:
    gold = paper.gold.paper
    return {
        "id": gold.id,
        "title": gold.title,
        "venue": gold.venue,
        "year": gold.year,
        "mistakes": [
            {
                "kind": each.kind.value,
                "wanted": _mention(paper, each.wanted),
                "found": _mention(paper, each.found),
                "sentence": "".join(sentence_around(gold.text(each.place.field), each.place.start, each.place.end)),
            }
            for each in found
        ],
    }


def _mention(paper: ComparedPaper, span: Span | None) -> dict[str, Any] | None:
    return {**span._asdict(), "text": paper.gold.paper.text(span.field)[span.start : span.end]} if span else None
