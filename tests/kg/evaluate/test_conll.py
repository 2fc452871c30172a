"""Columns to running text with ranges."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.evaluate.conll import Document, is_conll, read_documents

PATH = Path("x.txt")


def read(text: str) -> list[Document]:
    return list(read_documents(PATH, text.encode().splitlines()))


def columns(tokens: str) -> str:
    """``word/LABEL`` in place of columns; a word alone is outside."""
    pairs = [token.rpartition("|") if "|" in token else (token, "", "O") for token in tokens.split()]
    return "".join(f"{word} NN O {tag}\n" for word, _, tag in pairs)


def ranges(tokens: str) -> list[tuple[str, str]]:
    [document] = read("-DOCSTART- O\n\n" + columns(tokens))
    return [(document.text[r.start : r.end], r.label) for r in document.spans]


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("A -LRB- B -RRB- , -LSB- 4 -RSB- ; -LCB- c -RCB- .", "A (B), [4]; {c}."),
        ("it is 5 % of Byron 's : really ? does n't !", "it is 5% of Byron's: really? doesn't!"),
        ("a `` strong '' system", 'a "strong" system'),
        # Closing marks at both ends, as SciERC has them.
        ("'' one '' and '' two '' .", '"one" and "two".'),
        ("` new ' and the users ' view", "'new' and the users' view"),
        ("question / answer - pairs -- all", "question/answer - pairs -- all"),
        ("x \\* y and \\/ or", "x * y and/or"),
    ],
)
def test_tokens_are_joined_as_people_write(tokens: str, text: str) -> None:
    [document] = read("-DOCSTART- O\n\n" + columns(tokens))
    assert document.text == text


def test_ranges_hold_what_was_joined() -> None:
    assert ranges("the|O CNNs|I-M -LRB-|I-M nets|I-M -RRB-|I-M , are") == [("CNNs (nets)", "M")]


def test_the_start_of_a_range_is_marked_or_follows_from_the_label() -> None:
    assert ranges("a|I-M b|I-M c|B-M d|I-D e|B-D f|O g|I-D") == [
        ("a b", "M"), ("c", "M"), ("d", "D"), ("e", "D"), ("g", "D"),
    ]  # fmt: skip


def test_a_sentence_ends_ranges_and_quotes() -> None:
    [document] = read("-DOCSTART- O\n\n" + columns("a|I-M `` b|I-M") + "\n" + columns("'' c|I-M ''"))
    assert document.text == 'a "b "c"'
    assert [document.text[r.start : r.end] for r in document.spans] == ["a", "b", "c"]


def test_documents_end_where_the_next_starts() -> None:
    marked = "-DOCSTART- O\n\nA O\n\nB O\n\n\n-DOCSTART- O\nC O\n-DOCSTART- O\n"
    assert [(document.text, document.line) for document in read(marked)] == [("A B", 3), ("C", 9)]


def test_without_marks_a_sentence_is_a_document() -> None:
    assert [(document.text, document.line) for document in read("\nA O\nb O\n\nC O")] == [("A b", 2), ("C", 5)]


def test_a_line_that_fits_not_is_named() -> None:
    for text, reason in (
        ("A O\nB\n", "x.txt:2: is no token with a tag"),
        ("A O\nB NN E-Method\n", "x.txt:2: is no token"),
    ):
        with pytest.raises(SourceError, match=reason):
            read(text)
    with pytest.raises(SourceError, match=r"x.txt:2: is not UTF-8"):
        list(read_documents(PATH, [b"A O", b"\xff O"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n\nA NN O\n", True),
        ("A B-Method", True),
        ("-DOCSTART- -X- O O", True),
        ('{"title": "A"}', False),
        ("A O'Neill", False),
        ("O", False),
        ("", False),
        ("\xff\xfe O", True),
    ],
)
def test_columns_are_recognised(text: str, expected: bool) -> None:
    assert is_conll(text.encode("latin-1").splitlines()) is expected


words = st.text(st.sampled_from("abcXYZ019"), min_size=1, max_size=5) | st.sampled_from(
    "-LRB- -RRB- `` '' ` ' , . % 's / -- $".split()
)
tags = st.sampled_from(["O", "I-A", "B-A", "I-B", "B-B"])


@given(st.lists(st.lists(st.tuples(words, tags), min_size=1, max_size=8), min_size=1, max_size=4))
def test_ranges_stand_in_order_and_begin_and_end_with_a_token(sentences: list[list[tuple[str, str]]]) -> None:
    body = "\n".join("".join(f"{word} {tag}\n" for word, tag in sentence) for sentence in sentences)
    [document] = read("-DOCSTART- O\n\n" + body)
    assert document.text == document.text.strip()
    assert "  " not in document.text
    place = 0
    for each in document.spans:
        assert place <= each.start < each.end <= len(document.text)
        inside = document.text[each.start : each.end]
        assert inside == inside.strip() != ""
        place = each.end
    begun = sum(
        1
        for sentence in sentences
        for before, (_, tag) in zip([("", "O"), *sentence], sentence, strict=False)
        if tag != "O" and (tag[0] == "B" or before[1][1:] != tag[1:])
    )
    assert len(document.spans) == begun
