"""Files to Papers: a pasted papers page, JSON lines, or the plain text of one paper.

Every reader yields a Paper for each good record and a SourceError for each bad one, in file order,
so that one bad record never costs the good ones beside it.
"""

import gzip
import io
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from kg import iri
from kg.errors import SourceError
from kg.model import Paper

Record: TypeAlias = Paper | SourceError

MAX_LINE = 1 << 20
MAX_TITLE = 1_000
MAX_ABSTRACT = 50_000
SUFFIXES = (".jsonl", ".ndjson", ".txt", ".jsonl.gz")

# In a pasted page an abstract is one long line and everything else is short.
_ABSTRACT_CHARS = 280
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HEADING = re.compile(r"\s*abstract\s*[:.—-]?\s*", re.IGNORECASE)
_HEADED = re.compile(r"abstract\s*[:.—-]\s*", re.IGNORECASE)
_NEXT_SECTION = re.compile(r"\s*(?:\d+\.?|I\.)?\s*(?:introduction|keywords|index terms)\b.{0,80}", re.IGNORECASE)


def read_papers(paths: Iterable[Path]) -> Iterator[Record]:
    """The records of all files; ``-`` is standard input, a folder stands for the files in it."""
    for path in paths:
        for file in _files(path):
            try:
                yield from _read_file(file)
            except (OSError, EOFError) as error:
                yield SourceError(str(file), f"cannot be read: {error}")


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(p for p in path.rglob("*") if p.is_file() and p.name.endswith(SUFFIXES))
    else:
        yield path


def _read_file(path: Path) -> Iterator[Record]:
    if str(path) == "-":
        yield from read_stream(sys.stdin.buffer, "standard input")
        return
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        with gzip.open(raw) if zipped else raw as stream:
            yield from read_stream(stream, str(path))  # type: ignore[arg-type]  # GzipFile reads bytes


def read_stream(stream: BinaryIO, name: str) -> Iterator[Record]:
    """The records of one stream of bytes; its first characters tell the format."""
    lines = _lines(stream, name)
    head = []
    first = next(lines, None)
    while first is not None and isinstance(first[1], str) and not first[1].strip():
        head.append(first)
        first = next(lines, None)
    if first is None:
        yield SourceError(name, "is empty; expected JSON lines, a pasted papers page or the text of one paper")
        return
    everything = itertools.chain([first], lines)
    if isinstance(first[1], str) and first[1].lstrip().startswith("{"):
        yield from _read_json_lines(everything, name)
    else:
        yield from _read_text(itertools.chain(head, everything), name)


def _lines(stream: BinaryIO, name: str) -> Iterator[tuple[int, str | SourceError]]:
    for number in itertools.count(1):
        raw = stream.readline(MAX_LINE + 1)
        if not raw:
            return
        if len(raw) > MAX_LINE:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(MAX_LINE)
            yield number, SourceError(f"{name}:{number}", f"line is longer than {MAX_LINE:,} bytes")
            continue
        try:
            yield number, raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            yield (
                number,
                SourceError(f"{name}:{number}", f"is not UTF-8 (byte {error.start + 1} of the line)"),
            )


def _read_json_lines(lines: Iterable[tuple[int, str | SourceError]], name: str) -> Iterator[Record]:
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
    if not title:
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
    record = {key: value}
    return _clean(_text(record, key), key, MAX_TITLE) or None


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
        raise ValueError(f"year must be a number of four digits, not {value!r}")
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


def _read_text(lines: Iterable[tuple[int, str | SourceError]], name: str) -> Iterator[Record]:
    good: list[tuple[int, str]] = []
    size = 0
    for number, line in lines:
        if isinstance(line, SourceError):
            yield line
        else:
            good.append((number, line))
            size += len(line)
            if size > 64 << 20:
                yield SourceError(name, "is larger than 64 MB; split it, or use JSON lines")
                return
    filled = [(number, line.strip()) for number, line in good if line.strip()]
    starts = [i for i in range(1, len(filled)) if _is_pair(filled[i - 1][1], filled[i][1])]
    if len(starts) >= 2:
        yield from _read_page(filled, starts, name)
    elif filled:
        yield _read_single(io.StringIO("\n".join(line for _, line in good)), name)


def _is_pair(title: str, abstract: str) -> bool:
    return len(title) < _ABSTRACT_CHARS <= len(abstract)


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


def _read_single(text: io.StringIO, name: str) -> Record:
    """The first line is the title, the rest the abstract, up to an introduction where there is one."""
    title = ""
    while not title:
        title = text.readline().strip()
    body: list[str] = []
    for line in text:
        if _HEADING.fullmatch(line):
            body.clear()
        elif body and _NEXT_SECTION.fullmatch(line.strip()):
            break
        else:
            body.append(line.strip())
    abstract = " ".join(part for part in body if part)
    if headed := _HEADED.match(abstract):
        abstract = abstract[headed.end() :]
    try:
        return make_paper(title, abstract)
    except ValueError as error:
        return SourceError(name, str(error))
