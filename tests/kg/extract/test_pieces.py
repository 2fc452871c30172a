"""Text to words, their shapes, and windows of pieces."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.extract.pieces import SHAPES, WORD, Reader, shape

OPENING, CLOSING, UNKNOWN = 1, 2, 3


def letters(word: str) -> list[int]:
    """One piece a letter; of "z" there is none."""
    return [10 + ord(c) for c in word if c != "z"]


def reader(limit: int = 512) -> Reader:
    return Reader(letters, opening=OPENING, closing=CLOSING, unknown=UNKNOWN, limit=limit)


def words(text: str) -> list[str]:
    read = reader().read(text)
    return [text[start:end] for start, end in zip(read.starts, read.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\n ", []),
        ("CIFAR-10's", ["CIFAR", "-", "10", "'", "s"]),
        ("x_1, F1!!", ["x", "_", "1", ",", "F", "1", "!", "!"]),
        ("naïve über-Größe", ["naïve", "über", "-", "Größe"]),
        ("A title\nbroken", ["A", "title", "broken"]),
        ("Title\n \nText", ["Title", "\n \n", "Text"]),
    ],
)
def test_words_are_runs_of_letters_or_digits_or_single_signs(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
@example("a\n\n b\r\n\r\nc")
def test_every_sign_that_is_no_space_is_in_one_word(text: str) -> None:
    read = reader().read(text)
    assert all(end <= start for end, start in zip(read.ends, read.starts[1:], strict=False))
    assert "".join("".join(words(text)).split()) == "".join(text.split())
    assert all(word.isspace() or not any(c.isspace() for c in word) for word in WORD.findall(text))


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("crane", 1),
        ("Crane", 2),
        ("CNN", 3),
        ("A", 3),
        ("CraneNet", 4),
        ("mAP", 4),
        ("折", 4),
        ("2020", 5),
        ("²", 5),
        ("-", 6),
        ("_", 6),
    ],
)
def test_how_a_word_is_written(word: str, number: int) -> None:
    assert shape(word) == number


def test_a_word_that_touches_the_one_before_it_has_another_shape() -> None:
    [window] = reader().read("Net-10, Net").windows
    assert [window.shapes[first] for first in window.first] == [2, 12, 11, 12, 2]
    assert window.shapes[0] == window.shapes[-1] == 0


@given(st.text())
def test_shapes_are_as_many_as_there_are_vectors_for(text: str) -> None:
    for window in reader().read(text).windows:
        assert all(0 <= each < SHAPES for each in window.shapes)


def test_a_blank_line_reads_as_a_separator() -> None:
    [window] = reader().read("Ab\n\nc").windows
    assert window.ids == [OPENING, *letters("Ab"), CLOSING, *letters("c"), CLOSING]
    assert window.shapes[3] == 0
    assert window.first == [1, 3, 4]


def test_a_word_without_pieces_is_unknown_and_an_endless_one_is_cut() -> None:
    [window] = reader().read("zz " + "a" * 50).windows
    assert window.ids == [OPENING, UNKNOWN, *letters("a" * 12), CLOSING]
    assert window.first == [1, 2]


def test_a_text_without_words_has_no_windows() -> None:
    assert reader().read("").windows == reader().read(" \n").windows == []


texts = st.lists(st.sampled_from(["a", "bcd", "efghijkl", "-", "zz", "m" * 40]), max_size=60).map(" ".join)


@given(texts, st.integers(20, 60), st.integers(0, 15))
def test_windows_hold_every_word_in_order(text: str, limit: int, overlap: int) -> None:
    read = reader(limit).read(text, overlap)
    for window in read.windows:
        assert len(window.ids) == len(window.shapes) <= limit
        assert (window.ids[0], window.ids[-1]) == (OPENING, CLOSING)
        assert window.first, "a window without a word says nothing"
        for number, first in enumerate(window.first, window.begin):
            word = text[read.starts[number] : read.ends[number]]
            pieces = letters(word)[:12] or [UNKNOWN]
            assert window.ids[first : first + len(pieces)] == pieces
    ends = [window.begin + len(window.first) for window in read.windows]
    assert [window.begin for window in read.windows[:1]] == [0] * bool(read.starts)
    assert ends[-1:] == [len(read.starts)][: len(ends)]
    for (one, other), end in zip(pairwise(read.windows), ends, strict=False):
        assert one.begin < other.begin <= end
        shared = end - other.begin
        assert shared == overlap or shared == len(one.first) // 2 < overlap


def test_windows_of_long_words_do_not_creep() -> None:
    """Sixty words of twelve pieces are more than a window holds: sharing them all, it would move by one word."""
    read = Reader(letters, opening=OPENING, closing=CLOSING, unknown=UNKNOWN).read("abcdefghijkl " * 420, 60)
    assert len(read.windows) == 19
