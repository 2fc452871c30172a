"""The JSON of an evaluation."""

import json

from kg.evaluate import AnnotatedPaper, evaluate
from kg.evaluate.bootstrap import Sampling
from kg.evaluate.groups import By
from kg.evaluate.report import report, report_difference
from tests.kg.evaluate.hand import C, M, Scripted, T, abstract, paper, title

FEW = Sampling(draws=100, seed=3)
GOLD = AnnotatedPaper(paper("gold.jsonl:1", 2021, "ACL"), (title(0, 5, M), abstract(0, 5, T)), "01234")
FOUND = (title(0, 5, M), abstract(0, 6, C))


def test_a_report_is_json_and_holds_everything() -> None:
    result = evaluate([GOLD], Scripted((FOUND, "01234", 0.9)))
    made = report(result, sampling=FEW, by=By, number=1)
    assert json.loads(json.dumps(made)) == made
    assert made["papers"] == 1
    assert made["bootstrap"] == {"draws": 100, "seed": 3, "level": 0.95}
    assert list(made["scores"]) == ["exact", "spans", "overlap", "entities"]
    half = {name: [0.5, 0.5] for name in ("precision", "recall", "f1")}
    micro = {"precision": 0.5, "recall": 0.5, "f1": 0.5, "interval": half}
    counts = {"found": 2, "wanted": 2, "found_right": 1, "wanted_right": 1}
    assert made["scores"]["exact"]["micro"] == {**micro, **counts}
    assert made["scores"]["exact"]["macro"]["f1"] == 1 / 3
    assert made["systems"]["f1"] == 1
    assert made["confusion"]["Task"]["boundary"] == made["confusion"]["boundary"]["Concept"] == 1
    assert made["calibration"]["bins"][8] == {"low": 0.8, "high": 0.9, "mentions": 2, "score": 0.9, "right": 0.5}
    assert made["groups"]["venue"]["NLP"]["papers"] == made["groups"]["year"]["2020-2024"]["papers"] == 1
    [worst] = made["worst"]
    assert (worst["id"], worst["venue"], worst["year"]) == ("gold.jsonl:1", "ACL", 2021)
    assert worst["mistakes"] == [
        {
            "kind": "boundary",
            "wanted": {"field": "abstract", "start": 0, "end": 5, "label": "Task", "text": "abcde"},
            "found": {"field": "abstract", "start": 0, "end": 6, "label": "Concept", "text": "abcdef"},
            "sentence": "abcdefghij" * 3,
        }
    ]


def test_what_was_not_asked_for_is_empty() -> None:
    made = report(evaluate([GOLD], Scripted((FOUND, None, 0.9))), sampling=FEW)
    assert (made["groups"], made["worst"]) == ({}, [])


def test_a_difference_is_told_for_every_way_to_count() -> None:
    one, other = (evaluate([GOLD], Scripted((found, None, 0.9))) for found in (GOLD.spans, FOUND))
    made = report_difference(one, other, FEW)
    assert list(made) == ["exact", "spans", "overlap", "entities"]
    assert made["exact"]["micro"] == {"f1": 0.5, "interval": [0.5, 0.5], "better": 1.0}
    assert json.loads(json.dumps(made)) == made
