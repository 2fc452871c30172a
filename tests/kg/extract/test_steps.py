"""The rules in their order, what each of them does, and the trail that they leave."""

from dataclasses import replace
from itertools import pairwise

import pytest

from kg.extract.gazetteer import Gazetteer
from kg.extract.spans import Found
from kg.extract.steps import STEPS, Context, Decision, decisions, run_steps
from kg.model import Field, Label, Paper

M, D, T = Label.METHOD, Label.DATASET, Label.TASK
TITLE = "CraneNet: Folding Paper Cranes"
ABSTRACT = (
    "A paper crane network (PCN) is a CNN-based model for crane folding. "
    "We train a paper crane network on Crane Bank, and crane folding is a CNN on Crane Bank."
)
CONTEXT = Context(Paper("p", TITLE, ABSTRACT), Gazetteer())


def found(text: str, label: Label = M, score: float = 0.9, field: Field = Field.ABSTRACT, nth: int = 0) -> Found:
    source, start = CONTEXT.texts[field], -1
    for _ in range(nth + 1):
        start = source.index(text, start + 1)
    return Found(field, start, start + len(text), text, label, score)


CUT = found("CNN-")
LONG = found("paper crane network")
BANK = found("Crane Bank", D, 0.8)
FOLDING = found("crane folding", T, 0.7)


def last(*spans: Found, without: frozenset[str] = frozenset()) -> dict[tuple[Field, int], Found]:
    [*_, (_, final)] = run_steps(spans, CONTEXT, without)
    return {(span.field, span.start): span for span in final}


def test_every_step_leaves_spans_in_order_and_apart() -> None:
    stages = list(run_steps([FOLDING, CUT, LONG, BANK, found("crane", nth=1), found("model")], CONTEXT))
    assert [name for name, _ in stages] == ["model", *STEPS]
    for _, spans in stages:
        assert spans == sorted(spans)
        for one, other in pairwise(spans):
            assert one.field is not other.field or one.end <= other.start
        for span in spans:
            assert CONTEXT.texts[span.field][span.start : span.end] == span.text


def test_a_step_that_is_left_out_is_not_there() -> None:
    names = [name for name, _ in run_steps([LONG], CONTEXT, {"repeat", "one label"})]
    assert names == ["model", *(name for name in STEPS if name not in {"repeat", "one label"})]


SHOWN = {
    "whole words": ([CUT], replace(CUT, end=CUT.end + 5, text="CNN-based")),
    "abbreviation": ([LONG], replace(found("PCN", M, 0.9), rule="abbreviation")),
    "title name": ([], Found(Field.TITLE, 0, 8, "CraneNet", M, 0.9, "title-name")),
    "repeat": ([BANK], replace(found("Crane Bank", D, 0.8, nth=1), rule="repeat")),
    "one label": ([FOLDING, found("crane folding", M, 0.6, nth=1)], found("crane folding", T, 0.6, nth=1)),
}


@pytest.mark.parametrize("step", SHOWN)
def test_what_a_step_adds_or_changes(step: str) -> None:
    spans, expected = SHOWN[step]
    assert last(*spans).get((expected.field, expected.start)) == expected
    assert last(*spans, without=frozenset({step})).get((expected.field, expected.start)) != expected


GONE = {"sure enough": found("Crane Bank", D, 0.4), "no fragments": found("model", M, 0.9)}


@pytest.mark.parametrize("step", GONE)
def test_what_a_step_takes_away(step: str) -> None:
    span = GONE[step]
    assert (span.field, span.start) not in last(span)
    assert last(span, without=frozenset({step}))[span.field, span.start] == span


def test_a_long_form_takes_the_label_of_its_abbreviation() -> None:
    final = last(found("PCN", T, 0.8))
    long = final[LONG.field, LONG.start]
    assert (long.text, long.label, long.score, long.rule) == ("paper crane network", T, 0.8, "abbreviation")


def test_the_context_knows_the_abbreviations_of_both_texts() -> None:
    assert CONTEXT.long_forms == {"PCN": "paper crane network"}
    assert Context(Paper("p", "Paper Crane Net (PCN)"), Gazetteer()).long_forms == {"PCN": "Paper Crane Net"}


def test_the_trail_of_what_stays_as_it_was() -> None:
    stages = [("model", [BANK, FOLDING]), ("one", [BANK, FOLDING]), ("two", [BANK, FOLDING])]
    assert decisions(stages) == sorted(
        [Decision(BANK, ("model Dataset 0.80",)), Decision(FOLDING, ("model Task 0.70",))]
    )


def test_the_trail_of_what_is_dropped() -> None:
    stages = [("model", [BANK, FOLDING]), ("one", [FOLDING]), ("two", [])]
    assert decisions(stages) == sorted(
        [
            Decision(FOLDING, ("model Task 0.70", "dropped by two"), dropped=True),
            Decision(BANK, ("model Dataset 0.80", "dropped by one"), dropped=True),
        ]
    )


def test_the_trail_of_what_changes_and_of_what_is_new() -> None:
    grown = replace(CUT, end=CUT.end + 5, text="CNN-based")
    other = replace(grown, label=D)
    surer = replace(other, score=0.95)
    stages = [("model", [CUT]), ("one", [grown, BANK]), ("two", [other, BANK]), ("three", [surer, BANK])]
    path = (
        "model Method 0.90",
        "one: 'CNN-' became 'CNN-based'",
        "two: Method became Dataset",
        "three: score 0.95",
    )
    assert decisions(stages) == sorted([Decision(surer, path), Decision(BANK, ("one Dataset 0.80",))])


def test_of_what_is_swallowed_the_first_goes_on_and_the_others_are_dropped() -> None:
    paper, crane = found("paper"), found("crane network", T)
    stages = [("model", [paper, crane]), ("one", [LONG])]
    assert decisions(stages) == sorted(
        [
            Decision(LONG, ("model Method 0.90", "one: 'paper' became 'paper crane network'")),
            Decision(crane, ("model Task 0.90", "dropped by one"), dropped=True),
        ]
    )


def test_the_same_place_in_the_other_field_is_another_thing() -> None:
    title, abstract = Found(Field.TITLE, 0, 8, "CraneNet", M, 0.9), Found(Field.ABSTRACT, 0, 7, "A paper", M, 0.9)
    [kept, dropped] = sorted(decisions([("model", [abstract]), ("one", [title])]), key=lambda d: d.dropped)
    assert (kept.span, kept.path) == (title, ("one Method 0.90",))
    assert (dropped.span, dropped.dropped) == (abstract, True)


def test_all_that_was_ever_there_has_a_decision() -> None:
    stages = list(run_steps([FOLDING, CUT, LONG, BANK, found("model"), found("CNN", D, 0.3, nth=1)], CONTEXT))
    final = decisions(stages)
    assert [d.span for d in final if not d.dropped] == stages[-1][1]
    assert {d.span.text for d in final if d.dropped} == {"model", "CNN"}
    assert all(d.path for d in final)
