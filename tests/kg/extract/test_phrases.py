"""The mentions of a sentence as a reader takes them."""

import pytest

from kg.extract.phrases import SIGN, sentences
from kg.model import Field
from tests.kg.extract.marked import marked, texts


def phrases(text: str) -> list[list[str]]:
    mentions = marked(text)
    [sentence] = sentences(mentions)
    return [texts(mentions, phrase.numbers) for phrase in sentence.phrases]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We use [M A], [M B] and [M C] on [D X] and [D Y].", [["A", "B", "C"], ["X", "Y"]]),
        ("Neither [M A] or the [M B], as well as [M C], and [M D].", [["A", "B", "C", "D"]]),
        ("We use [M A]/ [M B] & [M C].", [["A", "B", "C"]]),
        ("We use [M A] on [M B].", [["A"], ["B"]]),
        ("[M A], a [M B], is new.", [["A"], ["B"]]),
        ("We use [M A] and [D B].", [["A"], ["B"]]),
    ],
)
def test_an_enumeration_is_one_phrase(text: str, found: list[list[str]]) -> None:
    assert phrases(text) == found


def test_an_abbreviation_in_brackets_is_part_of_its_name() -> None:
    assert phrases("[M Crane nets] ([M CN]) and [M other nets] ( [M ON]) fold.") == [["Crane nets", "other nets"]]
    assert phrases("[M Nets] ([M A] and [M B]) fold.") == [["Nets"], ["A", "B"]]
    assert phrases("[M Nets] (like [M A]) fold.") == [["Nets"], ["A"]]


def test_what_stands_around_phrases() -> None:
    [sentence] = sentences(marked("Here  [M A] and [M B] beat\n[M C] ([M CC]) on [D X]."))
    assert sentence.before(0) == "Here "
    assert sentence.before(2) == f"Here {SIGN} beat {SIGN} on "
    assert sentence.between(0, 1) == " beat "
    assert sentence.between(0, 2) == f" beat {SIGN} on "
    assert sentence.behind(0) == f" beat {SIGN} on {SIGN}."
    assert sentence.behind(2) == "."


def test_each_sentence_of_each_field_is_by_itself() -> None:
    title, one, other = marked("[M A]", Field.TITLE), marked("[M A] and"), marked("[M B] end.", begin=40)
    mentions = [*other, *title, *one]
    found = list(sentences(mentions))
    assert [(each.field, each.text) for each in found] == [
        (Field.ABSTRACT, "A and"),
        (Field.ABSTRACT, "B end."),
        (Field.TITLE, "A"),
    ]
    assert [each.phrases[0].numbers for each in found] == [(2,), (0,), (1,)]
    assert [(each.phrases[0].start, each.phrases[0].end) for each in found] == [(0, 1)] * 3


def test_no_mentions_no_sentences() -> None:
    assert list(sentences([])) == []
