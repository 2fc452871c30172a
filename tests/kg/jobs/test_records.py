import gzip

import pytest

from kg.errors import SourceError
from kg.jobs import records
from kg.jobs.job import Problem, Source
from kg.jobs.records import problem_of, read_records

LINES = Source("a.jsonl", b'{"title": "One"}\n{"title": \n\n{"title": "Two"}\n{"abstract": "none"}\n')


def problems(*sources: Source) -> list[Problem]:
    return [
        problem_of(record, source.name, number)
        for source, number, record in read_records(sources)
        if isinstance(record, SourceError)
    ]


def test_records_are_numbered_in_each_source() -> None:
    packed = Source("b.jsonl.gz", gzip.compress(LINES.body))
    found = [(source.name, number) for source, number, _ in read_records([LINES, packed])]
    assert found == [(name, n) for name in ("a.jsonl", "b.jsonl.gz") for n in (1, 2, 3, 4)]


def test_a_bad_record_says_where_it_stands_what_is_wrong_and_what_to_do() -> None:
    broken, untitled = problems(LINES)
    assert (broken.file, broken.record, broken.line) == ("a.jsonl", 2, 2)
    assert broken.reason.startswith("is not JSON")
    assert (untitled.record, untitled.line, untitled.reason) == (4, 5, "has no title")
    assert "Correct this record" in untitled.advice


def test_advice_fits_what_is_wrong() -> None:
    pair = "Title {} of it\n\n" + "About this and more of it. " * 12 + "\n\n"
    (orphan,) = problems(Source("page", (pair.format(1) + "An orphan\n\n" + pair.format(2)).encode()))
    assert orphan.reason == "no abstract follows the line 'An orphan'"
    assert "put its abstract on the line below" in orphan.advice
    assert problem_of(SourceError("paper x", "cannot be read"), "page", 2, "T").advice.startswith("Hand it in again")
    (gibberish,) = problems(Source("C:1.pdf", b"%PDF-1.7"))
    assert (gibberish.file, gibberish.record, gibberish.line) == ("C:1.pdf", 1, 0)


def test_there_is_an_end_to_what_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_RECORDS", 2)
    found = list(read_records([LINES]))
    assert len(found) == 3
    (last,) = problems(LINES)[1:]
    assert "more than the 2 records" in last.reason
    assert last.advice == "Hand in the rest by itself."
