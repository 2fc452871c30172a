"""Where sentences begin."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.extract.sentences import sentence_starts


def sentences(text: str) -> list[str]:
    starts = sentence_starts(text)
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


@pytest.mark.parametrize(
    "text",
    [
        "We fold. |They fly! |Do they? |Yes.",
        'He said "cranes." |"They fly," she said.',
        "We fold (cranes.) |(They fly.)",
        "They fly.\n|We fold.",
        "We gain 3%. |12 cranes fly. |$k$ of them fold.",
        r"They fly. |\textbf{We} fold.",
        # What ends no sentence.
        "We gain 3.5 points over v1.2 of it.",
        "As Crane et al. (2019) and Net et al. The authors fold, e.g. Cranes, i.e. Birds.",
        "See Fig. 3, Eq. 4, Secs. 2 and Refs. 5, cf. Crane vs. Net (resp. Paper).",
        "By J. R. Crane, Dr. Net and Prof. Fold.",
        "We fold w.r.t. Paper, a.k.a. Origami.",
        "we use node.js and so on. which is lower case.",
        "We like vitamins. |We fold.",
        # A blank line ends a title, whatever stands before and behind it.
        "Folding cranes\n\n|we fold.",
        "Folding by Crane et al.\n\n|We fold.",
        "Folding, Part I.\n \n|We fold.",
        "Folding\n\n    |we fold",
        "We fold.\n\n\n|They fly.",
    ],
)
def test_where_sentences_begin(text: str) -> None:
    assert sentences(text.replace("|", "")) == text.split("|")


@pytest.mark.parametrize("text", ["", "One.", "One. ", "One.\n\n", " one", "\n\n"])
def test_there_is_always_one_sentence_and_none_at_the_end(text: str) -> None:
    assert sentence_starts(text) == [0]


@given(st.text(alphabet=st.sampled_from("aB1.!?\"')( \n")))
@example("\n\na")
def test_sentences_begin_at_signs_behind_each_other(text: str) -> None:
    starts = sentence_starts(text)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert all(start < len(text) and not text[start].isspace() for start in starts[1:])
    assert "".join(sentences(text)) == text


@pytest.mark.parametrize("row", [". ", "\n", " ", ".\n", '."', "(", ". (", "A."])
def test_a_long_row_takes_no_time_to_speak_of(row: str) -> None:
    started = time.process_time()
    sentence_starts("." + row * 20_000 + "x")
    assert time.process_time() - started < 5
