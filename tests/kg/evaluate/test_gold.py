"""Files of annotated papers, in both formats."""

import json
from pathlib import Path
from typing import Any

import pytest

from kg.errors import SourceError
from kg.evaluate import read_gold
from kg.model import Label
from tests.kg.evaluate.hand import D, M, T, abstract, title

MENTION = {"field": "title", "start": 0, "end": 4, "text": "BERT", "label": "Method"}
RECORD = {"title": "BERT 😀 GLUE", "abstract": "", "system": None, "mentions": [MENTION]}


def written(tmp_path: Path, *lines: object) -> Path:
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return file


def test_gold_is_read_as_it_stands(tmp_path: Path) -> None:
    glue = MENTION | {"start": 7, "end": 11, "text": "GLUE", "label": "Dataset"}
    rough = {"title": " \tx", "abstract": "a\u0000b", "mentions": [], "system": "x", "venue": "ACL", "year": 2020}
    file = written(tmp_path, RECORD | {"mentions": [glue, MENTION]}, "", rough)
    one, other = read_gold(file)
    assert one.spans == (title(7, 11, D), title(0, 4, M))
    assert one.system is None
    assert (one.paper.venue, one.paper.year) == (None, None)
    assert (other.paper.title, other.paper.abstract, other.system) == (" \tx", "a\u0000b", "x")
    assert (other.paper.venue, other.paper.year) == ("ACL", 2020)
    assert [each.paper.id for each in (one, other)] == [f"{file}:1", f"{file}:3"]


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
        (RECORD | {"year": "2020"}, "year must be a whole number"),
        (RECORD | {"venue": ["ACL"]}, "venue must be text"),
        (RECORD | {"system": 1}, "system must be text or null"),
        (RECORD | {"mentions": [5]}, "not subscriptable"),
        (broken(field="body"), "'body' is not a valid Field"),
        (broken(label="Topic"), "'Topic' is not a valid Label"),
        (broken(start="x"), "invalid literal"),
        (broken(end=5), "offsets 0-5 do not give 'BERT'"),
        (broken(text="BERD"), "offsets 0-4 do not give 'BERD'"),
        (broken(text="", end=0), "offsets 0-0 do not give ''"),
        (broken(start=-11, end=-7), "offsets -11--7 do not give 'BERT'"),
        (RECORD | {"mentions": [MENTION, MENTION]}, "mentions overlap in the title: 'BERT' and 'BERT'"),
        (
            RECORD | {"mentions": [MENTION | {"start": 2, "text": "RT"}, MENTION]},
            "overlap in the title: 'BERT' and 'RT'",
        ),
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
    with pytest.raises(SourceError, match=r"none.jsonl: cannot be read: No such file"):
        list(read_gold(tmp_path / "none.jsonl"))


def test_a_file_of_nothing_holds_no_papers(tmp_path: Path) -> None:
    assert list(read_gold(written(tmp_path, "", "  "))) == []


# --- CoNLL columns, told by their content

COLUMNS = """-DOCSTART- NN O O

Convolutional NN O I-Method
networks NN O I-Method
on NN O O
MNIST NN O I-Material

-DOCSTART- NN O O

This NN O I-Generic
parsing NN O I-Task
theory NN O I-OtherScientificTerm
"""


def test_columns_become_papers_without_a_title(tmp_path: Path) -> None:
    file = written(tmp_path, COLUMNS)
    one, other = read_gold(file)
    assert (one.paper.title, one.paper.abstract) == ("", "Convolutional networks on MNIST")
    assert one.spans == (abstract(0, 22, M), abstract(26, 31, D))
    assert other.spans == (abstract(5, 12, T), abstract(13, 19, Label.CONCEPT.value))
    assert [each.paper.id for each in (one, other)] == [f"{file}:3", f"{file}:10"]


def test_generic_is_kept_on_request(tmp_path: Path) -> None:
    _, other = read_gold(written(tmp_path, COLUMNS), generic=True)
    assert other.spans[0] == abstract(0, 4, "Generic")
    assert len(other.spans) == 3


def test_an_unknown_label_is_named(tmp_path: Path) -> None:
    file = written(tmp_path, COLUMNS.replace("I-Task", "I-Work"))
    with pytest.raises(SourceError, match=r"gold.jsonl:11: has the unknown label 'Work'; known are Method, .*Material"):
        list(read_gold(file))


GOLD = Path(__file__).resolve().parents[4] / "shared/gold"


@pytest.mark.skipif(not GOLD.is_dir(), reason="the annotated papers are not part of the repository")
@pytest.mark.parametrize(("name", "papers", "mentions"), [("papers-dev.jsonl", 50, 1283), ("scierc/dev.txt", 50, 661)])
def test_the_gold_sets_are_read_whole(name: str, papers: int, mentions: int) -> None:
    gold = list(read_gold(GOLD / name))
    assert (len(gold), sum(len(each.spans) for each in gold)) == (papers, mentions)
