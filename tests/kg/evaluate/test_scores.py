"""Tables of scores and their intervals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.evaluate import AnnotatedPaper, Evaluation, Span, evaluate
from kg.evaluate.bootstrap import Bootstrap, Sampling
from kg.evaluate.counts import Counts
from kg.evaluate.groups import By
from kg.evaluate.mentions import MICRO, Criterion
from kg.evaluate.scores import MACRO, compare, score, score_groups
from tests.kg.evaluate.hand import D, M, Scripted, T, abstract, corpora, evaluated, paper, title

FEW = Sampling(draws=200, seed=7)
RIGHT = ([title(0, 5, M)], [title(0, 5, M)])
MISSED = ([title(0, 5, M)], [])
EMPTY: tuple[list[Span], list[Span]] = ([], [])


def test_rows_of_the_table() -> None:
    rows = score(evaluated(([title(0, 5, M), abstract(0, 5, D)], [title(0, 5, M), abstract(7, 9, D)])))
    assert list(rows) == ["Method", "Dataset", "Task", "Metric", "Concept", MICRO, MACRO]
    assert [rows[name].score.f1.value for name in (M, D, T, MICRO)] == [1, 0, 0, 0.5]
    # Task is neither found nor wanted, so it does not weigh the mean down.
    assert rows[MACRO].score.f1.value == 0.5
    assert rows[MACRO].counts is None
    assert rows[MICRO].counts == Counts(2, 2, 1, 1)


def test_macro_counts_a_label_that_is_never_found() -> None:
    rows = score(evaluated(([title(0, 5, M), abstract(0, 5, D)], [title(0, 5, M)])), sampling=FEW)
    assert rows[MACRO].score.precision == (0.5, 0.5, 0.5)


def test_spans_alone_have_one_row() -> None:
    assert list(score(evaluated(RIGHT), Criterion.SPANS)) == [MICRO]


def test_the_interval_of_two_papers_by_hand() -> None:
    # Drawn are both right, one of each, or both missed, with chances 1/4, 1/2 and 1/4.
    row = score(evaluated(RIGHT, MISSED), sampling=FEW)[MICRO].score
    assert row.recall == (0.5, 0.0, 1.0)
    assert row.precision == (1.0, 0.0, 1.0)
    assert row.f1 == (pytest.approx(2 / 3), 0.0, 1.0)


def test_the_interval_of_a_share_is_that_of_the_binomial() -> None:
    # 25 of 100 papers right: the standard error of recall is sqrt(.25 * .75 / 100) = 4.33 points.
    row = score(evaluated(*[RIGHT] * 25, *[MISSED] * 75), sampling=Sampling(draws=4000))[MICRO].score.recall
    assert row.value == 0.25
    assert row.low == pytest.approx(0.25 - 1.96 * 0.0433, abs=0.011)
    assert row.high == pytest.approx(0.25 + 1.96 * 0.0433, abs=0.011)


def test_draws_without_anything_to_score_are_dropped() -> None:
    # Two thirds of the draws hold the one paper that has a mention, and all of them are perfect.
    assert score(evaluated(RIGHT, EMPTY, EMPTY), sampling=FEW)[MICRO].score.f1 == (1, 1, 1)


@given(corpora(min_size=1), st.integers(0, 1000))
@settings(max_examples=50)
def test_intervals_hold_the_score_and_the_seed_decides_them(
    pairs: list[tuple[list[Span], list[Span]]], seed: int
) -> None:
    result = evaluated(*pairs)
    for criterion in Criterion:
        rows = score(result, criterion, Sampling(300, seed))
        for row in rows.values():
            for estimate in row.score:
                assert 0 <= estimate.low <= estimate.high <= 1
                if row.counts:
                    assert estimate.low <= estimate.value <= estimate.high
        assert score(result, criterion, Sampling(300, seed)) == rows
        for row in rows.values():
            if row.counts:
                values = [estimate.value for estimate in row.score]
                assert values == pytest.approx([row.counts.precision, row.counts.recall, row.counts.f1])


def test_another_seed_draws_other_papers() -> None:
    result = evaluated(*[RIGHT] * 3, *[MISSED] * 4, ([title(0, 3, M)], [title(0, 3, M), title(5, 8, T)]))
    one, other = (score(result, sampling=Sampling(50, seed))[MICRO].score.f1 for seed in (1, 2))
    assert one.value == other.value
    assert one != other


# --- groups


def grouped(*papers: tuple[str | None, int | None, bool]) -> Evaluation:
    gold = [AnnotatedPaper(paper(str(i), year, venue), (title(0, 5, M),)) for i, (venue, year, _) in enumerate(papers)]
    return evaluate(gold, Scripted(*(((title(0, 5, M),) if right else (), None, 1.0) for _, _, right in papers)))


def test_groups_are_scored_each_for_itself() -> None:
    result = grouped(("ICML", 2019, True), ("NIPS", 2020, False), ("ACL", 2024, True), (None, None, True))
    venues = score_groups(result, By.VENUE, FEW)
    assert {name: (papers, row.score.recall.value) for name, (papers, row) in venues.items()} == {
        "NLP": (1, 1.0),
        "ML": (2, 0.5),
        "unknown": (1, 1.0),
    }
    years = score_groups(result, By.YEAR, FEW)
    assert {name: (papers, row.score.recall.value) for name, (papers, row) in years.items()} == {
        "2015-2019": (1, 1.0),
        "2020-2024": (2, 0.5),
        "unknown": (1, 1.0),
    }


# --- one extractor against another


def test_the_same_against_itself_differs_by_nothing() -> None:
    result = evaluated(RIGHT, MISSED)
    for criterion in Criterion:
        for each in compare(result, result, criterion, FEW).values():
            assert each == ((0, 0, 0), 0)


def test_a_better_one_leads() -> None:
    better, worse = evaluated(*[RIGHT] * 20), evaluated(*[RIGHT] * 10, *[MISSED] * 10)
    there, back = compare(better, worse, sampling=FEW)[MICRO], compare(worse, better, sampling=FEW)[MICRO]
    assert there.f1.value == pytest.approx(1 - 2 / 3)
    assert 0 < there.f1.low < there.f1.value < there.f1.high
    assert there.better == 1
    assert back.better == 0
    assert back.f1 == pytest.approx((-there.f1.value, -there.f1.high, -there.f1.low))


def test_pairing_sees_what_apart_is_noise() -> None:
    """One more right in each hard paper: far less than papers differ among themselves, and sure all the same."""
    spans = [abstract(i, i + 2, M) for i in range(0, 30, 3)]
    hard = [(spans, spans[: i % 5]) for i in range(20)]
    easy = [(spans, spans)] * 20
    less, more = evaluated(*hard, *easy), evaluated(*((spans, spans[: len(found) + 1]) for _, found in hard), *easy)
    assert score(less)[MICRO].score.f1.high > score(more)[MICRO].score.f1.low
    assert compare(more, less)[MICRO].f1.low > 0


def test_a_label_that_only_one_finds_is_compared() -> None:
    wanted = [title(0, 5, M)]
    odd = evaluated((wanted, wanted))
    assert compare(odd, evaluated((wanted, [title(0, 5, T)])), sampling=FEW)[T].f1.value == 0
    generic = evaluated(([title(0, 5, "Generic")], []))
    assert "Generic" in compare(generic, generic, sampling=FEW)


def test_other_papers_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="same gold"):
        compare(evaluated(RIGHT), evaluated(EMPTY))


def test_no_papers_score_nothing() -> None:
    assert score(evaluated(), sampling=FEW)[MICRO].score.f1 == (0, 0, 0)
    assert Bootstrap(0, FEW).difference([], []).f1 == (0, 0, 0)
