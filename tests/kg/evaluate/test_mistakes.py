"""Mistakes sorted by hand, and the confusion that sums to what was wanted and found."""

from collections import Counter

import pytest
from hypothesis import given

from kg.evaluate import Span
from kg.evaluate.mentions import MICRO, count
from kg.evaluate.mistakes import CONTEXT, Kind, Mistake, confusion, mistakes, sentence_around, worst
from kg.model import Label
from tests.kg.evaluate.hand import C, D, M, T, abstract, corpora, evaluated, title

WANTED = [title(0, 5, M), title(6, 10, M), abstract(0, 5, D), abstract(10, 20, T), abstract(25, 28, C)]
FOUND = [
    title(0, 5, M),  # right
    title(7, 12, T),  # boundary, and another label
    abstract(0, 5, M),  # wrong label
    abstract(11, 14, T),  # boundary: the smaller half
    abstract(15, 20, T),  # boundary: the larger half
    abstract(21, 24, C),  # spurious
]


def test_mistakes_by_hand() -> None:
    [paper] = evaluated((WANTED, FOUND)).papers
    assert mistakes(paper) == [
        Mistake(Kind.BOUNDARY, title(6, 10, M), title(7, 12, T)),
        Mistake(Kind.LABEL, abstract(0, 5, D), abstract(0, 5, M)),
        Mistake(Kind.BOUNDARY, abstract(10, 20, T), abstract(11, 14, T)),
        Mistake(Kind.BOUNDARY, abstract(10, 20, T), abstract(15, 20, T)),
        Mistake(Kind.SPURIOUS, None, abstract(21, 24, C)),
        Mistake(Kind.MISSED, abstract(25, 28, C), None),
    ]


def test_two_wanted_in_one_found_are_two_mistakes() -> None:
    [paper] = evaluated(([title(0, 3, M), title(5, 8, M)], [title(0, 8, M)])).papers
    assert [mistake.kind for mistake in mistakes(paper)] == [Kind.BOUNDARY, Kind.BOUNDARY]


def test_the_worst_papers_come_first_and_good_ones_never() -> None:
    right = [title(0, 5, M)]
    result = evaluated((right, right), (right, []), (WANTED, FOUND), ([], right))
    assert [(paper.gold.paper.id, len(found)) for paper, found in worst(result, 5)] == [("2", 6), ("1", 1), ("3", 1)]
    assert len(worst(result, 1)) == 1
    assert worst(result, 0) == []


def test_confusion_by_hand() -> None:
    cells = confusion(evaluated((WANTED, FOUND)))
    labels = [label.value for label in Label]
    assert list(cells) == [*labels, "boundary", "spurious"]
    assert list(cells[M]) == [*labels, "boundary", "missed"]
    assert list(cells["spurious"]) == labels
    filled = {(row, column): n for row, columns in cells.items() for column, n in columns.items() if n}
    assert filled == {
        (M, M): 1,
        (M, "boundary"): 1,
        (D, M): 1,
        (T, "boundary"): 1,
        (C, "missed"): 1,
        ("boundary", T): 3,
        ("spurious", C): 1,
    }


@given(corpora())
def test_rows_sum_to_wanted_and_columns_to_found(pairs: list[tuple[list[Span], list[Span]]]) -> None:
    result = evaluated(*pairs)
    cells, counts = confusion(result), count(result)
    for label in result.labels:
        assert sum(cells[label].values()) == counts[label].wanted
        assert sum(columns.get(label, 0) for columns in cells.values()) == counts[label].found
        assert cells[label][label] == counts[label].found_right


@given(corpora())
def test_mistakes_agree_with_the_confusion(pairs: list[tuple[list[Span], list[Span]]]) -> None:
    result = evaluated(*pairs)
    cells = confusion(result)
    kinds = Counter(mistake.kind for paper in result.papers for mistake in mistakes(paper))
    assert kinds[Kind.MISSED] == sum(cells[label]["missed"] for label in result.labels)
    assert kinds[Kind.SPURIOUS] == sum(cells["spurious"].values())
    wrong = sum(cells[a][b] for a in result.labels for b in result.labels if a != b)
    assert kinds[Kind.LABEL] == wrong
    halves = sum(cells[label]["boundary"] for label in result.labels), sum(cells["boundary"].values())
    assert max(halves) <= kinds[Kind.BOUNDARY] <= sum(halves)
    assert bool(kinds.total()) == (count(result)[MICRO].f1 < 1 and any(w or f for w, f in pairs))


TEXT = 'First one, e.g. this. We use BERT (v. 2) on GLUE! "Then?" Three more follow.'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("First", ("", "First", " one, e.g. this.")),
        ("BERT", ("We use ", "BERT", " (v. 2) on GLUE!")),
        ("follow", ("Three more ", "follow", ".")),
        ("this. We use", ("First one, e.g. ", "this. We use", " BERT (v. 2) on GLUE!")),
        (TEXT, ("", TEXT, "")),
    ],
)
def test_the_sentence_around(text: str, sentence: tuple[str, str, str]) -> None:
    start = TEXT.index(text)
    assert sentence_around(TEXT, start, start + len(text)) == sentence


def test_long_sentences_are_cut_at_words() -> None:
    text = "word " * 100 + "HERE" + " word" * 100
    before, inside, after = sentence_around(text, 500, 504)
    assert inside == "HERE"
    assert before.startswith("…word ")
    assert after.endswith(" word…")
    assert max(len(before), len(after)) <= CONTEXT + 1
