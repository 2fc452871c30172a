import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.index.folding import Typed, fold, found_in, squeeze


@pytest.mark.parametrize(
    ("text", "key"),
    [("ResNet-50", "resnet50"), ("resnet 50", "resnet50"), ("Poincaré", "poincare"), ("ﬁne", "fine"), ("-?", "")],
)
def test_spellings_meet(text: str, key: str) -> None:
    assert squeeze(text) == key


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("a bc", '"a" "bc"*'),
        ('xy" OR y', '"xy" "or" "y"'),
        ("NEAR(ab)", '"near" "ab"*'),
        ("-*", '""'),
        ("", '""'),
        ("e\u0301a", '"éa"*'),
    ],
)
def test_operators_are_words_and_one_letter_is_no_beginning(typed: str, expression: str) -> None:
    assert Typed(typed).all_words() == expression


def test_phrases_and_beginnings() -> None:
    assert Typed("Graph neural-net").phrase() == '"graph neural net"*'
    assert Typed("a graph net").beginnings() == '"graph"* "net"*'
    assert Typed("?").phrase() == Typed("a").beginnings() == '""'


@pytest.mark.parametrize(
    ("text", "typed", "spans"),
    [
        ("ResNet-50 v2", "resnet5", ((0, 8),)),
        ("Graph neural networks", "neu gra", ((0, 3), (6, 9))),
        ("Poincaré ball", "poincaré b", ((0, 10),)),
        ("the ﬁne", "fin", ((4, 6),)),
        ("attention", "attentive", ()),
    ],
)
def test_what_fits_is_marked(text: str, typed: str, spans: tuple[tuple[int, int], ...]) -> None:
    assert found_in(text, Typed(typed)) == spans


@settings(deadline=None)
@given(text=st.text(max_size=30), typed=st.text(max_size=10))
def test_marks_stand_in_the_text_in_order(text: str, typed: str) -> None:
    at = 0
    for start, end in found_in(text, Typed(typed)):
        assert at <= start < end <= len(text)
        at = end


@settings(deadline=None)
@given(st.text(max_size=30))
@example("\U0001d400\u1d2c\u03d2")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)
    assert fold(text).isascii() or not text.isascii()
