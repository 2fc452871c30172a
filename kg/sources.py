"""Files to Papers: a pasted papers page, JSON lines, or the plain text of one paper.

Every reader yields a Paper for each good record and a SourceError for each bad one, in file order,
so that one bad record never costs the good ones beside it.
"""

import gzip
import io
import itertools
import json
import re
import reprlib
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast

from kg import iri
from kg.errors import SourceError
from kg.model import Paper

Record: TypeAlias = Paper | SourceError
Line: TypeAlias = tuple[int, str | SourceError]

MAX_TEXT = 64 << 20
MAX_LINE = 1 << 20
MAX_TITLE = 1_000
MAX_ABSTRACT = 50_000
SUFFIXES = tuple(f".{kind}{packed}" for kind in ("jsonl", "ndjson", "txt") for packed in ("", ".gz"))

# In a pasted page an abstract is one long line and everything else is short.
_ABSTRACT_CHARS = 280
# What XML, and so an answer in it, cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_HEADING = re.compile(r"abstract\s*[:.\u2013\u2014-]?", re.IGNORECASE)
# A hyphen without spaces makes a word: "Abstract-level features".
_HEADED = re.compile(r"(?:Abstract|ABSTRACT)(?:\s*[:.\u2013\u2014]|\s+-|-\s)\s*(?=\S)")
_NEXT_SECTION = re.compile(
    r"(?:(?:\d+|I)\.?\s+)?introduction\s*[:.]?|(?:key ?words|index terms)(?:\s*[:.\u2013\u2014-].*)?", re.IGNORECASE
)
_SECTION = re.compile(f"{_HEADING.pattern}|{_NEXT_SECTION.pattern}", re.IGNORECASE)
# Bytes that other kinds of file start with; they would read as one paper of gibberish, or as a thousand bad lines.
_FOREIGN = {
    b"%PDF-": "a PDF; extract its text first",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
}
# A record of JSON lines, or a JSON array, which is none; a title may start with a bracket: "[Re] ...".
_JSON = re.compile(r"\s*(?:\{|\[\s*(?:[{\[\]]|$))")


def read_papers(paths: Iterable[Path]) -> Iterator[Record]:
    """The records of all files; ``-`` is standard input, a folder stands for the files in it."""
    for path in paths:
        files = _files(path)
        if not files:
            yield SourceError(str(path), f"holds no file that ends in {', '.join(SUFFIXES)}")
        for file in files:
            try:
                yield from _read_file(file)
            except OSError as error:
                yield SourceError(str(file), f"cannot be read: {error.strerror or error}")


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(p for p in path.rglob("*") if p.is_file() and p.name.endswith(SUFFIXES))
    return [path]


def _read_file(path: Path) -> Iterator[Record]:
    if str(path) == "-":
        yield from read_packed(sys.stdin.buffer, "standard input")
    else:
        with path.open("rb") as stream:
            yield from read_packed(stream, str(path))


def read_packed(stream: BinaryIO, name: str) -> Iterator[Record]:
    """The records of a stream, unpacked first where it can be peeked at and is gzip: a pipe cannot be wound back."""
    if isinstance(stream, io.BufferedReader) and stream.peek(2)[:2] == b"\x1f\x8b":
        with gzip.open(stream) as unpacked:
            yield from read_stream(cast("BinaryIO", unpacked), name)
    else:
        yield from read_stream(stream, name)


def read_stream(stream: BinaryIO, name: str) -> Iterator[Record]:
    """The records of one stream of bytes; its first readable characters tell the format."""
    head: list[Line] = []
    lines = _lines(stream, name)
    for line in lines:
        head.append(line)
        if isinstance(line[1], str) and line[1].strip():
            read = _read_json_lines if _JSON.match(line[1]) else _read_text
            yield from read(itertools.chain(head, lines), name)
            return
    yield from [text for _, text in head if isinstance(text, SourceError)] or [
        SourceError(name, "is empty; expected JSON lines, a pasted papers page or the text of one paper")
    ]


def _lines(stream: BinaryIO, name: str) -> Iterator[Line]:
    """Numbered lines; what cannot be read is a SourceError in its place."""
    for number in itertools.count(1):
        where = f"{name}:{number}"
        try:
            raw, cut = _raw_line(stream)
        except (OSError, EOFError, zlib.error) as error:
            yield number, SourceError(where, f"cannot be read: {error}")
            return
        if not raw:
            return
        if number == 1 and (kinds := [kind for start, kind in _FOREIGN.items() if raw.startswith(start)]):
            yield number, SourceError(name, f"is {kinds[0]}")
            return
        yield number, SourceError(where, f"is longer than {MAX_LINE:,} bytes") if cut else _decoded(raw, number, where)


def _raw_line(stream: BinaryIO) -> tuple[bytes, bool]:
    """The next line, empty at the end; of one that is too long its beginning, and True."""
    raw = rest = stream.readline(MAX_LINE + 1)
    while rest and not rest.endswith(b"\n"):
        rest = stream.readline(MAX_LINE)
    return raw, len(raw.rstrip(b"\r\n")) > MAX_LINE


def _decoded(raw: bytes, number: int, where: str) -> str | SourceError:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        return SourceError(where, f"is not UTF-8 (byte {error.start + 1} of the line)")


def _read_json_lines(lines: Iterable[Line], name: str) -> Iterator[Record]:
    for number, line in lines:
        if isinstance(line, SourceError):
            yield line
        elif line.strip():
            try:
                yield paper_from_record(json.loads(line))
            except json.JSONDecodeError as error:
                yield SourceError(f"{name}:{number}", f"is not JSON: {error.msg} at column {error.colno}")
            except RecursionError:
                yield SourceError(f"{name}:{number}", "is nested too deeply")
            except ValueError as error:
                yield SourceError(f"{name}:{number}", str(error))


def paper_from_record(record: object) -> Paper:
    """A Paper of one decoded JSON object; raises ValueError that says which key is wrong and why."""
    if not isinstance(record, dict):
        raise ValueError(f"must be a JSON object with a title, not {type(record).__name__}")
    arxiv = _identifier(record, "arxiv", iri.normal_arxiv, "1706.03762")
    doi = _identifier(record, "doi", iri.normal_doi, "10.1000/182")
    identifier = _short(record, "id")
    return make_paper(
        _text(record, "title"),
        _text(record, "abstract"),
        authors=_authors(record),
        year=_year(record),
        venue=_short(record, "venue"),
        url=_url(record),
        doi=doi,
        arxiv=arxiv,
        identifier=identifier,
    )


def make_paper(title: str, abstract: str = "", **metadata: Any) -> Paper:  # noqa: ANN401 - the fields of Paper
    """A Paper with its id minted and control characters blanked; raises ValueError on bad texts.

    Blanking keeps every character's place, so offsets count in the text that is stored.
    """
    title, abstract = _clean(title, "title", MAX_TITLE), _clean(abstract, "abstract", MAX_ABSTRACT)
    if not re.search(r"[^\s\u200b-\u200f\u2060\ufeff]", title):
        raise ValueError("has no title")
    paper_id = iri.mint_paper_id(
        title,
        identifier=metadata.get("identifier"),
        arxiv=metadata.get("arxiv"),
        doi=metadata.get("doi"),
    )
    return Paper(paper_id, title, abstract, **metadata)


def _clean(text: str, key: str, limit: int) -> str:
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError(f"{key} holds half a surrogate pair; it was cut inside a character")
    cleaned = _CONTROL.sub(" ", text).strip()
    if len(cleaned) > limit:
        raise ValueError(f"{key} has {len(cleaned):,} characters; at most {limit:,} are read")
    return cleaned


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key} must be text, not {type(value).__name__}")
    return value


def _short(record: dict[str, Any], key: str) -> str | None:
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return _clean(_text({key: value}, key), key, MAX_TITLE) or None


def _identifier(record: dict[str, Any], key: str, normal: Callable[[str], str | None], example: str) -> str | None:
    text = _short(record, key)
    if text is None:
        return None
    found = normal(text)
    if found is None:
        raise ValueError(f"{key} {text!r} is none; expected one like {example}")
    return found


def _url(record: dict[str, Any]) -> str | None:
    text = _short(record, "url")
    if text is not None and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", text):
        raise ValueError(f"url {text!r} is no http(s) address")
    return text


def _year(record: dict[str, Any]) -> int | None:
    value = record.get("year")
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not re.fullmatch(r"\d{4}", str(value)) or not 1000 <= int(value) <= 2999:
        raise ValueError(f"year must be a number of four digits, not {reprlib.repr(value)}")
    return int(value)


def _authors(record: dict[str, Any]) -> tuple[str, ...]:
    value = record.get("authors")
    if value is None:
        return ()
    names = re.split(r"\s*;\s*|\s+and\s+", value) if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("authors must be a list of names")
    # The byline joins names by semicolons.
    return tuple(cleaned for name in names if (cleaned := _clean(name.replace(";", ","), "author", MAX_TITLE)))


def _read_text(lines: Iterable[Line], name: str) -> Iterator[Record]:
    filled: list[tuple[int, str]] = []
    size = 0
    for number, line in lines:
        if isinstance(line, SourceError):
            yield line
        elif line := line.strip():
            filled.append((number, line))
            size += len(line)
            if size > MAX_TEXT:
                yield SourceError(name, f"is larger than {MAX_TEXT >> 20} MB; split it, or use JSON lines")
                return
    sizes = [len(line) for _, line in filled]
    starts = [i for i in range(1, len(filled)) if sizes[i - 1] < _ABSTRACT_CHARS <= sizes[i]]
    if len(starts) >= 2 and not any(_SECTION.fullmatch(filled[i - 1][1]) for i in starts):
        yield from _read_page(filled, starts, name)
    elif filled:
        yield _read_single(filled[0][1], [line for _, line in filled[1:]], name)


def _read_page(filled: list[tuple[int, str]], starts: list[int], name: str) -> Iterator[Record]:
    """Title and abstract pairs; what stands before the first and after the last is the page's own."""
    expected = starts[0] - 1
    for start in starts:
        for number, line in filled[expected : start - 1]:
            yield SourceError(f"{name}:{number}", f"no abstract follows the line {line[:60]!r}")
        number = filled[start - 1][0]
        try:
            yield make_paper(filled[start - 1][1], filled[start][1])
        except ValueError as error:
            yield SourceError(f"{name}:{number}", str(error))
        expected = start + 1


def _read_single(title: str, lines: Iterable[str], name: str) -> Record:
    """The first line is the title, the rest the abstract, up to an introduction where there is one."""
    body: list[str] = []
    for line in lines:
        if _HEADING.fullmatch(line):
            body.clear()
        elif headed := _HEADED.match(line):
            body = [line[headed.end() :]]
        elif body and _NEXT_SECTION.fullmatch(line):
            break
        else:
            body.append(line)
    try:
        return make_paper(title, " ".join(body))
    except ValueError as error:
        return SourceError(name, str(error))
