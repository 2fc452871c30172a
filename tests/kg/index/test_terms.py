from hypothesis import given
from hypothesis import strategies as st

from kg.index.terms import COLUMNS, LAST, MOST, TITLE, column_of, counted, term_at, terms, whole


def test_words_are_small_and_phrases_join_two_that_stand_side_by_side() -> None:
    assert [term.text for term in terms("Label-Noise, robust")] == ["label", "noise", "label noise", "robust"]
    assert [term.text for term in terms("noise in labels")] == ["noise", "in", "labels"]
    assert list(terms("")) == list(terms("... (!)")) == []


def test_words_have_even_columns_and_phrases_odd_ones() -> None:
    assert column_of("noise") % 2 == 0
    assert column_of("label noise") % 2 == 1
    assert all(0 <= column_of(term) < COLUMNS for term in ("a", "a b", "é", "x" * 99))


def test_a_title_counts_more_and_nothing_counts_for_ever() -> None:
    found = {column: count for column, count, _ in counted("Label noise", "noise " * 300 + "label")}
    assert found[column_of("label")] == TITLE + 1
    assert found[column_of("label noise")] == TITLE
    assert found[column_of("noise")] == MOST
    assert [column for column, _, _ in counted("b d", "c")] == sorted(map(column_of, ["b", "d", "c", "b d"]))


def test_places_are_those_where_a_term_stands_first() -> None:
    title, abstract = "Label-noise", "The İ noise: label, LABEL noise!"
    places = {column: place for column, _, place in counted(title, abstract)}
    text = whole(title, abstract)
    for term, place in (("label", 0), ("noise", 6), ("label noise", 0), ("the", len(title) + 1)):
        assert places[column_of(term)] == place
        assert term_at(text, place, column_of(term)).text == term
    assert "noise the" not in {term.text for term in terms(title)}
    assert column_of("noise the") not in places


def test_what_is_too_far_on_does_not_count() -> None:
    found = counted("Far", "x " * (LAST // 2) + "beyond")
    assert column_of("beyond") not in {column for column, _, _ in found}
    assert max(place for _, _, place in found) <= LAST


@given(st.text("ab-, .B_ı", max_size=30), st.text("ab-, .B_ı", max_size=30))
def test_all_terms_of_a_paper_can_be_read_where_they_stand(title: str, abstract: str) -> None:
    text = whole(title, abstract)
    for column, _, place in counted(title, abstract):
        term = term_at(text, place, column)
        assert column_of(term.text) == column
        assert list(terms(text[term.start : term.end]))[-1].text == term.text
