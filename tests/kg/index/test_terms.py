import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.index.terms import COLUMNS, MOST, TITLE, column_of, counted, place_of, terms


def test_words_are_small_and_phrases_join_two_that_stand_side_by_side() -> None:
    assert list(terms("Label-Noise, robust")) == ["label", "noise", "label noise", "robust"]
    assert list(terms("noise in labels")) == ["noise", "in", "labels"]
    assert list(terms("")) == list(terms("... (!)")) == []


def test_words_have_even_columns_and_phrases_odd_ones() -> None:
    assert column_of("noise") % 2 == 0
    assert column_of("label noise") % 2 == 1
    assert all(0 <= column_of(term) < COLUMNS for term in ("a", "a b", "é", "x" * 99))


def test_a_title_counts_more_and_nothing_counts_for_ever() -> None:
    found = dict(counted("Label noise", "noise " * 300 + "label"))
    assert found[column_of("label")] == TITLE + 1
    assert found[column_of("label noise")] == TITLE
    assert found[column_of("noise")] == MOST
    assert [column for column, _ in counted("b a", "c")] == sorted(map(column_of, ["a", "b", "c", "b a"]))


@pytest.mark.parametrize(
    ("term", "text", "place"),
    [
        ("noise", "Noise", (0, 5)),
        ("noise", "denoise noises noise", (15, 20)),
        ("label noise", "label, label-noise", (7, 18)),
        ("label noise", "label noises, labelnoise, label. noise", None),
        ("ab", "İ ab", (2, 4)),
        ("noise", "", None),
    ],
)
def test_a_term_is_found_where_it_stands(term: str, text: str, place: tuple[int, int] | None) -> None:
    assert place_of(term, text) == place


@given(st.text("ab-, .B", max_size=30))
def test_all_terms_of_a_text_have_a_place_in_it(text: str) -> None:
    for term in terms(text):
        place = place_of(term, text)
        assert place
        assert list(terms(text[slice(*place)]))[-1] == term
