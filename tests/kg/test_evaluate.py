"""Precision, recall and F1 against counts made by hand."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.errors import SourceError
from kg.evaluate import Counts, Span, evaluate, read_gold, spans_of
from kg.model import Extraction, Field, Label, Mention, Paper

M, D, T = Label.METHOD, Label.DATASET, Label.TASK
TITLE, ABSTRACT = Field.TITLE, Field.ABSTRACT


class Scripted:
    """Says of each paper, in turn, what it was told to."""

    name = version = "scripted"

    def __init__(self, *said: tuple[list[Span], str | None]) -> None:
        self.said = said

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for paper, (spans, system) in zip(papers, self.said, strict=True):
            mentions = [Mention(f, s, e, paper.text(f)[s:e], label, 1.0, paper.text(f), 0) for f, s, e, label in spans]
            yield Extraction(paper, tuple(mentions), (), system)


def paper(name: str = "p") -> Paper:
    return Paper(name, "0123456789" * 3, "abcdefghij" * 3)


def test_exact_and_overlap_by_hand() -> None:
    wanted: list[Span] = [(TITLE, 0, 5, M), (TITLE, 6, 10, M), (ABSTRACT, 0, 5, D), (ABSTRACT, 10, 20, T)]
    found: list[Span] = [
        (TITLE, 0, 5, M),  # right
        (TITLE, 7, 12, M),  # overlaps
        (ABSTRACT, 0, 5, M),  # another label
        (ABSTRACT, 9, 10, T),  # touches, shares nothing
        (TITLE, 10, 20, T),  # another field
    ]
    result = evaluate([(paper(), wanted, None)], Scripted((found, None)))
    assert result.exact[M] == Counts(found=3, wanted=2, found_right=1, wanted_right=1)
    assert result.overlap[M] == Counts(found=3, wanted=2, found_right=2, wanted_right=2)
    assert result.overlap[T] == Counts(found=2, wanted=1)
    table = result.table()
    assert table["Method"]["exact"] == {"precision": 1 / 3, "recall": 1 / 2, "f1": pytest.approx(0.4)}
    assert table["Method"]["overlap"] == {"precision": 2 / 3, "recall": 1.0, "f1": pytest.approx(0.8)}
    assert table["Dataset"]["exact"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert table["micro"]["exact"] == {"precision": 1 / 5, "recall": 1 / 4, "f1": pytest.approx(2 / 9)}
    assert table["micro"]["overlap"] == {"precision": 2 / 5, "recall": 2 / 4, "f1": pytest.approx(4 / 9)}


def test_overlap_counts_each_side_for_itself() -> None:
    one_long: list[Span] = [(TITLE, 0, 10, M)]
    two_short: list[Span] = [(TITLE, 0, 3, M), (TITLE, 5, 8, M)]
    split = evaluate([(paper(), one_long, None)], Scripted((two_short, None))).overlap[M]
    assert (split.precision, split.recall) == (1.0, 1.0)
    merged = evaluate([(paper(), two_short, None)], Scripted((one_long, None))).overlap[M]
    assert (merged.found, merged.wanted, merged.f1) == (1, 2, 1.0)


def test_papers_are_summed_before_dividing() -> None:
    gold: list[tuple[Paper, list[Span], str | None]] = [
        (paper("a"), [(TITLE, 0, 5, M)], None),
        (paper("b"), [(TITLE, 0, 5, M)] * 1 + [(TITLE, 6, 8, M), (TITLE, 9, 10, M)], None),
    ]
    result = evaluate(gold, Scripted(([(TITLE, 0, 5, M)], None), ([], None)))
    assert result.papers == 2
    assert result.table()["micro"]["exact"] == {"precision": 1.0, "recall": 1 / 4, "f1": pytest.approx(0.4)}


def test_nothing_found_and_nothing_wanted() -> None:
    assert evaluate([], Scripted()).table()["micro"]["exact"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    nothing = evaluate([(paper(), [], None)], Scripted(([], None)))
    assert nothing.table()["Task"]["overlap"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_the_table_names_every_label_in_both_ways() -> None:
    table = evaluate([(paper(), [], None)], Scripted(([], None))).table()
    assert list(table) == ["Method", "Dataset", "Task", "Metric", "Concept", "micro"]
    assert all(list(row) == ["exact", "overlap"] for row in table.values())


def test_names_of_what_is_introduced_count_to_the_letter() -> None:
    gold: list[tuple[Paper, list[Span], str | None]] = [(paper(str(i)), [], s) for i, s in enumerate(["A", "A", None])]
    result = evaluate(gold, Scripted(([], "A"), ([], "a"), ([], "B")))
    assert (result.systems_right, result.systems_found, result.systems_wanted) == (1, 3, 2)


def test_spans_of_keeps_what_is_compared() -> None:
    [extraction] = Scripted(([(ABSTRACT, 1, 4, D)], None)).extract([paper()])
    assert spans_of(extraction) == [(ABSTRACT, 1, 4, D)]


# --- gold files

MENTION = {"field": "title", "start": 0, "end": 4, "text": "BERT", "label": "Method"}
RECORD = {"title": "BERT 😀 GLUE", "abstract": "", "system": None, "mentions": [MENTION]}


def written(tmp_path: Path, *lines: object) -> Path:
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return file


def test_gold_is_read_as_it_stands(tmp_path: Path) -> None:
    glue = MENTION | {"start": 7, "end": 11, "text": "GLUE", "label": "Dataset"}
    rough = {"title": " \tx", "abstract": "a\u0000b", "mentions": [], "system": "x"}
    file = written(tmp_path, RECORD | {"mentions": [MENTION, glue]}, "", rough)
    (one, spans, system), (other, _, named) = read_gold(file)
    assert spans == [(TITLE, 0, 4, M), (TITLE, 7, 11, D)]
    assert system is None
    assert (other.title, other.abstract, named) == (" \tx", "a\u0000b", "x")
    assert one.id != other.id


def broken(**changes: Any) -> dict[str, Any]:
    return RECORD | {"mentions": [MENTION | changes]}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Expecting property name"),
        ("[]", "list indices"),
        ("5", "not subscriptable"),
        ("[" * 100_000, "recursion"),
        ({"abstract": "", "mentions": []}, "it has no 'title'"),
        ({"title": "", "mentions": []}, "it has no 'abstract'"),
        ({"title": "", "abstract": ""}, "it has no 'mentions'"),
        ({"title": 5, "abstract": "", "mentions": []}, "title and abstract must be text"),
        ({"title": "", "abstract": None, "mentions": []}, "title and abstract must be text"),
        (RECORD | {"mentions": [5]}, "not subscriptable"),
        (broken(field="body"), "'body' is not a valid Field"),
        (broken(label="Topic"), "'Topic' is not a valid Label"),
        (broken(start="x"), "invalid literal"),
        (broken(end=5), "offsets 0-5 do not give 'BERT'"),
        (broken(text="BERD"), "offsets 0-4 do not give 'BERD'"),
        (broken(text="", end=0), "offsets 0-0 do not give ''"),
        (broken(start=-11, end=-7), "offsets -11--7 do not give 'BERT'"),
    ],
    ids=lambda v: str(v)[:60],
)
def test_a_bad_line_of_gold_is_named(tmp_path: Path, line: object, reason: str) -> None:
    with pytest.raises(SourceError, match=r"gold.jsonl:3: is no annotated paper: ") as raised:
        list(read_gold(written(tmp_path, RECORD, "", line)))
    assert reason in str(raised.value)


def test_gold_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_bytes(json.dumps(RECORD).encode() + b'\n{"title": "\xff"}')
    with pytest.raises(SourceError, match=r"gold.jsonl:2: is no annotated paper: .*utf-8"):
        list(read_gold(file))


def test_missing_gold_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none.jsonl: cannot be read: "):
        list(read_gold(tmp_path / "none.jsonl"))
