"""What counts as found, against counts made by hand."""

import pytest
from hypothesis import given

from kg.evaluate import AnnotatedPaper, Span, evaluate
from kg.evaluate.counts import Counts
from kg.evaluate.mentions import MICRO, Criterion, count
from kg.model import Field, Label, Paper
from tests.kg.evaluate.hand import ABSTRACT, TITLE, C, D, M, Scripted, T, abstract, corpora, evaluated, title

WANTED = [title(0, 5, M), title(6, 10, M), abstract(0, 5, D), abstract(10, 20, T)]
FOUND = [
    title(0, 5, M),  # right
    title(7, 10, M),  # overlaps
    abstract(0, 5, M),  # another label
    abstract(9, 10, T),  # touches, shares nothing
    title(10, 20, T),  # another field
]


def test_exact_by_hand() -> None:
    counts = count(evaluated((WANTED, FOUND)))
    assert counts[M] == Counts(found=3, wanted=2, found_right=1, wanted_right=1)
    assert counts[D] == Counts(wanted=1)
    assert counts[T] == Counts(found=2, wanted=1)
    assert counts[C] == Counts()
    assert counts[MICRO] == Counts(found=5, wanted=4, found_right=1, wanted_right=1)
    assert (counts[M].precision, counts[M].recall, counts[M].f1) == (1 / 3, 1 / 2, pytest.approx(0.4))
    assert (counts[MICRO].precision, counts[MICRO].recall) == (1 / 5, 1 / 4)
    assert counts[MICRO].f1 == pytest.approx(2 / 9)


def test_overlap_by_hand() -> None:
    counts = count(evaluated((WANTED, FOUND)), Criterion.OVERLAP)
    assert counts[M] == Counts(found=3, wanted=2, found_right=2, wanted_right=2)
    assert counts[T] == Counts(found=2, wanted=1)
    assert counts[MICRO] == Counts(found=5, wanted=4, found_right=2, wanted_right=2)


def test_spans_alone_forget_the_label() -> None:
    counts = count(evaluated((WANTED, FOUND)), Criterion.SPANS)
    assert counts == {MICRO: Counts(found=5, wanted=4, found_right=2, wanted_right=2)}


def test_overlap_counts_each_side_for_itself() -> None:
    one_long, two_short = [title(0, 10, M)], [title(0, 3, M), title(5, 8, M)]
    split = count(evaluated((one_long, two_short)), Criterion.OVERLAP)[M]
    assert split == Counts(found=2, wanted=1, found_right=2, wanted_right=1)
    merged = count(evaluated((two_short, one_long)), Criterion.OVERLAP)[M]
    assert merged == Counts(found=1, wanted=2, found_right=1, wanted_right=2)
    assert split.f1 == merged.f1 == 1


def test_entities_are_names_counted_once_a_paper() -> None:
    text = "Graph networks meet graph-networks; graph network nodes, CNNs, CNN and nets; BERT"

    def spans(*names: tuple[str, str]) -> tuple[Span, ...]:
        return tuple(
            sorted(Span(TITLE, text.index(name), text.index(name) + len(name), label) for name, label in names)
        )

    wanted = spans(("Graph networks", M), ("graph-networks", M), ("CNNs", M), ("nets", C), ("BERT", M))
    found = spans(("graph network", M), ("CNN and", M), ("nets", M), ("BERT", M))
    both = [AnnotatedPaper(Paper(name, text), wanted) for name in "ab"]
    counts = count(evaluate(both, Scripted((found, None, 1.0), ((), None, 1.0))), Criterion.ENTITIES)
    # Of each paper: "graph network", "cnn" and "bert" as Method, "net" as Concept.
    assert counts[M] == Counts(found=4, wanted=6, found_right=2, wanted_right=2)
    assert counts[C] == Counts(wanted=2)


def test_names_of_nothing_but_signs_stay_apart() -> None:
    gold = AnnotatedPaper(Paper("p", "'' and --"), (Span(TITLE, 0, 2, M), Span(TITLE, 7, 9, M)))
    counts = count(evaluate([gold], Scripted(([Span(TITLE, 7, 9, M)], None, 1.0))), Criterion.ENTITIES)
    assert counts[M] == Counts(found=1, wanted=2, found_right=1, wanted_right=1)


def test_papers_are_summed_before_dividing() -> None:
    counts = count(
        evaluated(
            ([title(0, 5, M)], [title(0, 5, M)]),
            ([title(0, 5, M), title(6, 8, M), title(9, 10, M)], []),
        )
    )
    assert (counts[MICRO].precision, counts[MICRO].recall) == (1.0, 1 / 4)
    assert counts[MICRO].f1 == pytest.approx(0.4)


def test_nothing_found_and_nothing_wanted_is_zero() -> None:
    for each in (evaluated(), evaluated(([], []))):
        for criterion in Criterion:
            counts = count(each, criterion)[MICRO]
            assert (counts.precision, counts.recall, counts.f1) == (0, 0, 0)


def test_other_labels_of_the_gold_come_last() -> None:
    result = evaluated(([title(0, 5, "Generic")], [title(0, 5, M)]))
    assert list(count(result)) == [*(label.value for label in Label), "Generic", MICRO]
    assert count(result)["Generic"] == Counts(wanted=1)


@given(corpora(min_size=1))
def test_a_corpus_against_itself_is_perfect(pairs: list[tuple[list[Span], list[Span]]]) -> None:
    result = evaluated(*((wanted, wanted) for wanted, _ in pairs))
    for criterion in Criterion:
        for counts in count(result, criterion).values():
            assert counts.f1 == (1 if counts.wanted else 0)
            assert counts.found == counts.wanted


@given(corpora(min_size=1))
def test_swapping_the_sides_swaps_precision_and_recall(pairs: list[tuple[list[Span], list[Span]]]) -> None:
    there, back = evaluated(*pairs), evaluated(*((found, wanted) for wanted, found in pairs))
    for criterion in Criterion:
        one, other = count(there, criterion), count(back, criterion)
        assert one.keys() == other.keys()
        for name, counts in one.items():
            assert (counts.precision, counts.recall) == (other[name].recall, other[name].precision)
            assert counts.f1 == pytest.approx(other[name].f1)


@given(corpora(min_size=1))
def test_lenient_criteria_find_no_less(pairs: list[tuple[list[Span], list[Span]]]) -> None:
    result = evaluated(*pairs)
    exact, spans, overlap = (count(result, criterion)[MICRO] for criterion in list(Criterion)[:3])
    assert exact.found_right <= min(spans.found_right, overlap.found_right)
    assert (exact.found, exact.wanted) == (spans.found, spans.wanted) == (overlap.found, overlap.wanted)


def test_fields_are_told_apart() -> None:
    counts = count(evaluated(([Span(Field.TITLE, 0, 5, M)], [Span(ABSTRACT, 0, 5, M)])), Criterion.OVERLAP)
    assert counts[M] == Counts(found=1, wanted=1)
