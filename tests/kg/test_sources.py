"""Files and streams to papers: nothing that comes in may raise, and nothing is lost in silence."""

import gzip
import io
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Paper
from kg.sources import MAX_ABSTRACT, MAX_LINE, MAX_TITLE, make_paper, paper_from_record, read_papers, read_stream

PASTED = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "hf_papers_page.txt"
LONG = "We fold paper cranes by machine and count the creases that remain afterwards. " * 5
OTHER = "A kettle that whistles in tune is built from scrap and its overtones are measured. " * 4


def read(data: bytes | str, name: str = "f") -> list[Paper | SourceError]:
    return list(read_stream(io.BytesIO(data.encode() if isinstance(data, str) else data), name))


def papers(records: list[Paper | SourceError]) -> list[Paper]:
    return [r for r in records if isinstance(r, Paper)]


def faults(records: list[Paper | SourceError]) -> list[str]:
    return [str(r) for r in records if isinstance(r, SourceError)]


def only(data: bytes | str) -> Paper:
    [record] = read(data)
    assert isinstance(record, Paper), record
    return record


def refusal(data: bytes | str) -> str:
    [record] = read(data)
    assert isinstance(record, SourceError), record
    return str(record)


# --- a pasted page


def page(*pairs: tuple[str, str], header: str = "new\n\nSubscribe\n\nMay 27\n\n", newline: str = "\n") -> str:
    text = header + "".join(f"{title}\n\n{abstract}\n\n" for title, abstract in pairs)
    return text.replace("\n", newline)


@pytest.mark.skipif(not PASTED.exists(), reason="the pasted page is not part of the repository")
def test_the_pasted_page_has_47_papers() -> None:
    found = list(read_papers([PASTED]))
    assert faults(found) == []
    assert len(found) == 47
    assert len({p.id for p in papers(found)}) == 47
    lines = {line.strip() for line in PASTED.read_text(encoding="utf-8").splitlines()}
    assert all(p.title in lines and p.abstract in lines for p in papers(found))
    assert all(p.year is None and p.authors == () for p in papers(found))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("header", ["", "new\n\nSubscribe\n\nMay 27\n\n"])
def test_a_page_is_pairs_after_a_header(newline: str, bom: bytes, header: str) -> None:
    found = read(bom + page(("Cranes", LONG), ("Kettles", OTHER), header=header, newline=newline).encode())
    assert [(p.title, p.abstract) for p in papers(found)] == [("Cranes", LONG.strip()), ("Kettles", OTHER.strip())]
    assert faults(found) == []


def test_a_title_without_abstract_in_a_page_is_named_with_its_line() -> None:
    text = page(("Cranes", LONG), ("Lost", ""), ("Kettles", OTHER), header="new\n")
    found = read(text)
    assert [p.title for p in papers(found)] == ["Cranes", "Kettles"]
    assert text.splitlines()[5] == "Lost"
    assert faults(found) == ["f:6: no abstract follows the line 'Lost'"]


def test_a_second_paragraph_of_an_abstract_is_reported_not_taken_for_a_paper() -> None:
    found = read(page(("Cranes", LONG + "\n\n" + OTHER), ("Kettles", OTHER)))
    assert [p.title for p in papers(found)] == ["Cranes", "Kettles"]
    assert len(faults(found)) == 1


def test_tabs_around_lines_of_a_page_are_no_text() -> None:
    found = read(page(("\tCranes\t", "  " + LONG), ("Kettles", OTHER + "\t")))
    assert [p.title for p in papers(found)] == ["Cranes", "Kettles"]
    assert all(p.abstract == p.abstract.strip() for p in papers(found))


def test_a_bad_title_in_a_page_costs_only_itself() -> None:
    found = read(page(("\x00", LONG), ("Kettles", OTHER), ("Spoons", LONG)))
    assert [p.title for p in papers(found)] == ["Kettles", "Spoons"]
    assert faults(found) == ["f:7: has no title"]


# --- JSON lines

GOOD = '{"title": "Good", "abstract": "It works."}'


def test_every_key_is_read() -> None:
    record = {
        "title": "Cranes",
        "abstract": "Folding.",
        "authors": ["Ada Lovelace", "Turing; Alan", " "],
        "year": "1999",
        "venue": "ICRA",
        "url": "https://example.org/a?b=c#d",
        "doi": "https://doi.org/10.1000/ABC",
        "arxiv": "https://arxiv.org/abs/1706.03762v5",
        "id": 17,
        "unknown": {"is": "left out"},
    }
    assert only(json.dumps(record)) == Paper(
        "17",
        "Cranes",
        "Folding.",
        ("Ada Lovelace", "Turing, Alan"),
        1999,
        "ICRA",
        "https://example.org/a?b=c#d",
        "10.1000/abc",
        "1706.03762",
        "17",
    )


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"abstract": "x"}, "has no title"),
        ({"title": ""}, "has no title"),
        ({"title": "\u200b\ufeff"}, "has no title"),
        ({"title": " \x01 "}, "has no title"),
        ({"title": None}, "has no title"),
        ({"title": 5}, "title must be text, not int"),
        ({"title": ["x"]}, "title must be text, not list"),
        ({"title": "x" * (MAX_TITLE + 1)}, "title has 1,001 characters; at most 1,000 are read"),
        ({"title": "x", "abstract": False}, "abstract must be text, not bool"),
        ({"title": "x", "abstract": "y" * (MAX_ABSTRACT + 1)}, "abstract has 50,001 characters"),
        ({"title": "x", "abstract": "\ud83d"}, "abstract holds half a surrogate pair"),
        ({"title": "\udc00x"}, "title holds half a surrogate pair"),
        ({"title": "x", "authors": {"a": 1}}, "authors must be a list of names"),
        ({"title": "x", "authors": [1]}, "authors must be a list of names"),
        ({"title": "x", "authors": ["\ud800"]}, "author holds half a surrogate pair"),
        ({"title": "x", "year": "199"}, "year must be a number of four digits, not '199'"),
        ({"title": "x", "year": 3000}, "year must be a number of four digits, not 3000"),
        ({"title": "x", "year": -199}, "year must be a number of four digits, not -199"),
        ({"title": "x", "year": True}, "year must be a number of four digits, not True"),
        ({"title": "x", "year": 1999.0}, "year must be a number of four digits, not 1999.0"),
        ({"title": "x", "year": [1999]}, "year must be a number of four digits, not [1999]"),
        ({"title": "x", "venue": 1.5}, "venue must be text, not float"),
        ({"title": "x", "venue": "v" * 1001}, "venue has 1,001 characters"),
        ({"title": "x", "url": "ftp://example.org"}, "url 'ftp://example.org' is no http(s) address"),
        ({"title": "x", "url": "javascript:alert(1)"}, "is no http(s) address"),
        ({"title": "x", "url": "https://a b"}, "is no http(s) address"),
        ({"title": "x", "url": 1.0}, "url must be text, not float"),
        ({"title": "x", "doi": "11.1000/x"}, "doi '11.1000/x' is none; expected one like 10.1000/182"),
        ({"title": "x", "doi": {}}, "doi must be text, not dict"),
        ({"title": "x", "arxiv": "170.1"}, "arxiv '170.1' is none; expected one like 1706.03762"),
        ({"title": "x", "arxiv": 1706.03762}, "arxiv must be text, not float"),
        ({"title": "x", "id": True}, "id must be text, not bool"),
        ({"title": "x", "id": ["a"]}, "id must be text, not list"),
        ([], "must be a JSON object with a title, not list"),
        ("text", "must be a JSON object with a title, not str"),
        (None, "must be a JSON object with a title, not NoneType"),
    ],
    ids=repr,
)
def test_a_bad_record_is_named_and_costs_only_itself(record: Any, reason: str) -> None:
    found = read("\n".join([GOOD, json.dumps(record), "", GOOD]))
    assert len(papers(found)) == 2
    [fault] = faults(found)
    assert fault.startswith("f:2: ")
    assert reason in fault


def test_messages_stay_short_whatever_the_record_holds() -> None:
    huge = "9" * 100_000
    for key in ("title", "year", "url", "doi", "arxiv", "id", "venue"):
        assert len(refusal(json.dumps({"title": "x", key: huge} | ({"title": huge} if key == "title" else {})))) < 1500


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"title": "a"', "is not JSON: Expecting ',' delimiter at column 14"),
        (b"{'title': 'a'}", "is not JSON: "),
        (b'{"title": "a"} {"title": "b"}', "is not JSON: Extra data"),
        (b'{"title": "caf\xe9"}', "is not UTF-8 (byte 15 of the line)"),
        (b'{"title": "\xed\xa0\x80"}', "is not UTF-8"),
        (b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is nested too deeply"),
        (b'{"title": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "is nested too deeply"),
        (b'{"year": ' + b"1" * 10_000 + b"}", "Exceeds the limit"),
        (b'{"title": "' + b"x" * MAX_LINE + b'"}', "is longer than 1,048,576 bytes"),
        (b"x" * (3 * MAX_LINE), "is longer than 1,048,576 bytes"),
    ],
    ids=lambda v: str(v)[:40],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_bad_line_anywhere_costs_only_itself(line: bytes, reason: str, place: int) -> None:
    lines = [GOOD.encode()] * 2
    lines.insert(place, line)
    found = read(b"\n".join(lines))
    assert [p.title for p in papers(found)] == ["Good", "Good"]
    [fault] = faults(found)
    assert fault.startswith(f"f:{place + 1}: ")
    assert reason in fault


def test_a_line_of_exactly_the_limit_is_read() -> None:
    line = GOOD + " " * (MAX_LINE - len(GOOD))
    assert only(line + "\n").title == "Good"
    assert "longer" in refusal(line + " \n")


def test_the_last_of_two_equal_keys_counts() -> None:
    assert only('{"title": "first", "title": "second"}').title == "second"


@pytest.mark.parametrize("head", ["\n", "\n\n \t\n", "\r\n", "\ufeff", "\ufeff\n", "  "])
def test_blank_beginnings_do_not_hide_json(head: str) -> None:
    assert only(head + GOOD + "\r\n\r\n").title == "Good"


def test_control_characters_are_blanked_in_place() -> None:
    paper = only(json.dumps({"title": "a\x00b\x7fc", "abstract": "x\ty\x0bz\ufffe\uffff BERT"}))
    assert (paper.title, paper.abstract) == ("a b c", "x\ty z   BERT")
    assert paper.abstract.index("BERT") == 8


def test_offsets_count_code_points() -> None:
    assert only('{"title": "\\ud83d\\ude00 BERT"}').title.index("BERT") == 2
    assert only('{"title": "😀 BERT"}').title == "😀 BERT"


@pytest.mark.parametrize(
    "title", ["深度学习的卷积网络", "تعلم عميق", "\u202eright to left\u202c", "e\u0301clair", "a\u200bb", "👩‍👩‍👧"]
)
def test_any_script_is_kept_as_it_is(title: str) -> None:
    assert only(json.dumps({"title": title, "abstract": title})).abstract == title


def test_an_empty_abstract_is_allowed() -> None:
    for record in ({"title": "x"}, {"title": "x", "abstract": None}, {"title": "x", "abstract": " \n "}):
        assert paper_from_record(record).abstract == ""


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Ada Lovelace and Alan Turing", ("Ada Lovelace", "Alan Turing")),
        ("Ada Lovelace; Alan Turing;", ("Ada Lovelace", "Alan Turing")),
        ("Anderson Sandoval", ("Anderson Sandoval",)),
        ("", ()),
        ([], ()),
        (None, ()),
    ],
)
def test_authors_may_be_one_text(authors: object, names: tuple[str, ...]) -> None:
    assert paper_from_record({"title": "x", "authors": authors}).authors == names


@pytest.mark.parametrize("array", ['[{"title": "x"}]', '[\n{"title": "x"}\n]', "[]", "[ [1] ]"])
def test_a_json_array_is_refused_and_not_read_as_prose(array: str) -> None:
    found = read(array)
    assert all(p.title == "x" for p in papers(found))
    assert "f:1: " in faults(found)[0]


# --- the text of one paper


@pytest.mark.parametrize(
    "text",
    [
        "Cranes\n\nWe fold paper\nby machine.\n",
        "\n\nCranes\nAda Lovelace\nMIT\n\nAbstract\nWe fold paper\nby machine.\n\n1 Introduction\nLong ago",
        "Cranes\r\nAbstract\r\n\r\nWe fold paper\r\nby machine.\r\n\r\nIntroduction\r\nLong ago",
        "Cranes\nAda Lovelace\nAbstract: We fold paper\nby machine.\nKeywords: paper, machine\nmore",
        "Cranes\nABSTRACT — We fold paper\nby machine.\nIndex Terms—paper\nmore",
        "Cranes\nAbstract - We fold paper\nby machine.\nI. INTRODUCTION\nmore",
        "Cranes\n\tWe fold paper  \n   by machine.",
    ],
)
def test_title_and_abstract_of_a_plain_text(text: str) -> None:
    paper = only(text)
    assert (paper.title, paper.abstract) == ("Cranes", "We fold paper by machine.")


@pytest.mark.parametrize(
    "body",
    [
        "Abstractive summaries of cranes.",
        "Abstract-level features of cranes.",
        "Abstract interpretation of cranes.",
        "We study the\nintroduction of cranes into ponds.",
        "We fold.\nKeywords matter to us.\nWe count.",
        "An essay in the\nabstract. It goes on.",
    ],
)
def test_prose_that_looks_like_a_heading_is_kept(body: str) -> None:
    assert only("Cranes\n" + body).abstract == body.replace("\n", " ")


def test_a_paper_with_unwrapped_sections_is_no_page() -> None:
    text = f"Cranes\n\n{LONG}\n\n1 Introduction\n\n{OTHER}\n\n2 Method\n\n{LONG}\n"
    paper = only(text)
    assert (paper.title, paper.abstract) == ("Cranes", LONG.strip())
    assert only(f"Cranes\n\nAbstract\n\n{LONG}\n\nMethod\n\n{OTHER}").title == "Cranes"


@pytest.mark.parametrize("title", ["[Re] Cranes", "(Almost) all cranes", "Cranes"])
def test_a_title_alone_is_a_paper(title: str) -> None:
    assert only(title) == make_paper(title)


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n \t\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n\n"])
def test_nothing_to_read_is_said(data: bytes) -> None:
    assert refusal(data).startswith("f: is empty; expected JSON lines, a pasted papers page")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n", "is a PDF"),
        (b"PK\x03\x04abc\ndef", "is a zip archive"),
        ("Cranes\nWe fold.".encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        (b"\xfe\xff" + "Cranes\nWe fold.".encode("utf-16-be"), "is UTF-16 text"),
    ],
)
def test_other_kinds_of_files_are_one_clear_refusal(data: bytes, kind: str) -> None:
    assert kind in refusal(data)


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    found = read(data)
    assert found
    assert all(isinstance(r, Paper | SourceError) for r in found)
    for paper in papers(found):
        assert paper.id
        assert paper.title.strip() == paper.title != ""


@given(
    st.lists(st.one_of(st.text(), st.just(GOOD), st.just(LONG), st.just("Abstract"), st.text(max_size=3)), max_size=9)
)
def test_no_text_makes_it_raise(lines: list[str]) -> None:
    found = read("\n".join(lines).encode("utf-8", "surrogatepass"))
    assert all(isinstance(r, Paper | SourceError) for r in found)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=6,
)
KEYS = ("title", "abstract", "authors", "year", "venue", "url", "doi", "arxiv", "id")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)))
def test_no_record_makes_it_raise(record: dict[str, Any]) -> None:
    [found] = read(json.dumps(record))
    assert isinstance(found, Paper | SourceError)


@given(st.text(min_size=1))
def test_cleaning_moves_no_character(text: str) -> None:
    try:
        paper = make_paper("t", f"x{text}x")
    except ValueError:
        return
    assert len(paper.abstract) == len(text) + 2
    assert all(a in (b, " ") for a, b in zip(paper.abstract[1:-1], text, strict=True))
    assert make_paper("t", paper.abstract) == paper


# --- files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.jsonl").write_text('{"title": "B"}', encoding="utf-8")
    (tmp_path / "a.txt").write_text("A\nText.", encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "c.txt.gz").write_bytes(gzip.compress(b"C\nText."))
    (tmp_path / "deep" / "d.jsonl.gz").write_bytes(gzip.compress(b'{"title": "D"}'))
    (tmp_path / "notes.md").write_text("not ours", encoding="utf-8")
    return tmp_path


def test_a_folder_stands_for_its_files_in_order(folder: Path) -> None:
    assert [p.title for p in papers(list(read_papers([folder])))] == ["A", "B", "C", "D"]


def test_a_folder_without_papers_is_said(tmp_path: Path) -> None:
    [fault] = faults(list(read_papers([tmp_path])))
    assert "holds no file that ends in .jsonl" in fault


def test_a_missing_file_costs_only_itself(folder: Path) -> None:
    found = list(read_papers([folder / "none.txt", folder / "b.jsonl"]))
    assert [p.title for p in papers(found)] == ["B"]
    assert faults(found) == [f"{folder / 'none.txt'}: cannot be read: No such file or directory"]


def test_a_cut_off_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    # Numbers that do not compress, so that the cut falls behind many whole records.
    lines = "".join(json.dumps({"title": f"{i * 7919 % 104729}", "id": i}) + "\n" for i in range(5000))
    whole = gzip.compress(lines.encode())
    file = tmp_path / "cut.jsonl.gz"
    file.write_bytes(whole[: len(whole) * 3 // 4])
    found = list(read_papers([file]))
    assert 1000 < len(papers(found)) < 5000
    [fault] = faults(found)
    assert "cut.jsonl.gz:" in fault
    assert "cannot be read: Compressed file ended" in fault


@pytest.mark.parametrize("damage", [b"\x00" * 40, b"\xff" * 40])
def test_a_damaged_gzip_is_a_refusal(tmp_path: Path, damage: bytes) -> None:
    whole = gzip.compress((GOOD + "\n").encode() * 50)
    file = tmp_path / "bad.jsonl.gz"
    file.write_bytes(whole[:10] + damage + whole[50:])
    found = list(read_papers([file]))
    assert papers(found) == []
    assert "cannot be read" in faults(found)[0]


def test_gzip_is_known_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    (tmp_path / "plain.gz").write_text(GOOD, encoding="utf-8")
    (tmp_path / "packed.txt").write_bytes(gzip.compress(GOOD.encode()))
    assert len(papers(list(read_papers([tmp_path / "plain.gz", tmp_path / "packed.txt"])))) == 2


@pytest.mark.parametrize("data", [GOOD.encode(), gzip.compress(GOOD.encode())], ids=["plain", "packed"])
def test_a_pipe_is_read(tmp_path: Path, data: bytes) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(data,))
    writer.start()
    assert [p.title for p in papers(list(read_papers([pipe])))] == ["Good"]
    writer.join()


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.BytesIO]:
    data = io.BytesIO()
    with io.TextIOWrapper(data, encoding="utf-8") as text:
        monkeypatch.setattr("sys.stdin", text)
        yield data


def test_a_hyphen_is_standard_input(stdin: io.BytesIO) -> None:
    stdin.write(b'{"title": "x"}\n{"title": 1}')
    stdin.seek(0)
    found = list(read_papers([Path("-")]))
    assert [p.title for p in papers(found)] == ["x"]
    assert faults(found) == ["standard input:2: title must be text, not int"]


def test_a_stream_that_breaks_is_a_refusal() -> None:
    class Broken(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError("the disk is gone")
            return super().readline(size)

    found = list(read_stream(Broken(GOOD.encode() + b"\n" + GOOD.encode()), "f"))
    assert len(papers(found)) == 1
    assert faults(found) == ["f:2: cannot be read: the disk is gone"]
