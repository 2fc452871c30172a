"""CoNLL columns to running text with labelled ranges: first column the token, last column its tag."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kg.errors import SourceError

GENERIC = "Generic"

_BREAK = "-DOCSTART-"
_TAG = re.compile(r"O|[BI]-\S+")
# Brackets and quotes as the Penn Treebank writes them, and what a paper holds in their place.
_PLAIN = {
    "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}",
    "``": '"', "''": '"', "`": "'", "\\/": "/", "\\*": "*",
}  # fmt: skip
_OPENING = frozenset("([{$#")
_CLOSING = frozenset([*".,:;?!)]}%'", "...", "n't", "'s", "'re", "'ve", "'ll", "'d", "'m"])


class Range(NamedTuple):
    """Characters of a document under one label; ``line`` is that of the first token."""

    start: int
    end: int
    label: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one document, its ranges in order, and the line it starts at."""

    text: str
    spans: tuple[Range, ...]
    line: int


class _Token(NamedTuple):
    text: str
    tag: str
    line: int


def is_conll(lines: Sequence[bytes]) -> bool:
    """Whether the first line that is not empty has columns, the last of them a tag."""
    first = next((line for line in lines if line.strip()), b"").decode("utf-8", "replace").split()
    return len(first) > 1 and bool(_TAG.fullmatch(first[-1]))


def read_documents(path: Path, lines: Sequence[bytes]) -> Iterator[Document]:
    """The documents between ``-DOCSTART-`` lines, or without any such line one for each sentence.

    Raises SourceError that names the line.
    """
    sentences: list[list[_Token]] = []
    marked = any(line.startswith(_BREAK.encode()) for line in lines)
    for sentence in _sentences(path, lines):
        if sentences and (not marked or sentence[0].text == _BREAK):
            yield _document(sentences)
            sentences = []
        if sentence[0].text != _BREAK:
            sentences.append(sentence)
    if sentences:
        yield _document(sentences)


def _sentences(path: Path, lines: Sequence[bytes]) -> Iterator[list[_Token]]:
    """Runs of tokens between empty lines; a ``-DOCSTART-`` stands alone."""
    sentence: list[_Token] = []
    for number, line in enumerate(lines, 1):
        token = _token(path, number, line)
        if sentence and (token is None or _BREAK in (token.text, sentence[0].text)):
            yield sentence
            sentence = []
        if token:
            sentence.append(token)
    if sentence:
        yield sentence


def _token(path: Path, number: int, line: bytes) -> _Token | None:
    try:
        columns = line.decode("utf-8").split()
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}:{number}", f"is not UTF-8: {error}") from error
    if not columns:
        return None
    if len(columns) < 2 or not _TAG.fullmatch(columns[-1]):
        raise SourceError(f"{path}:{number}", "is no token with a tag: the last column must be O, B-label or I-label")
    return _Token(columns[0], columns[-1], number)


def _document(sentences: list[list[_Token]]) -> Document:
    text = ""
    spans: list[Range] = []
    for sentence in sentences:
        places: list[tuple[int, int]] = []
        glued, quoted = True, False
        for token in sentence:
            plain = _PLAIN.get(token.text, token.text)
            # SciERC has closing marks where opening ones belong, so quotes go by turns.
            quoted ^= (is_quote := plain == '"')
            closes = not quoted if is_quote else plain in _CLOSING and token.text != "`"
            text += ("" if glued or closes or plain == "/" else " ") if places else (" " if text else "")
            places.append((len(text), len(text) + len(plain)))
            text += plain
            glued = quoted if is_quote else plain in _OPENING or plain == "/" or token.text == "`"
        spans += _ranges(sentence, places)
    return Document(text, tuple(spans), sentences[0][0].line)


def _ranges(sentence: list[_Token], places: list[tuple[int, int]]) -> Iterator[Range]:
    """The tagged ranges of a sentence, in IOB1 or IOB2: B- always begins one, I- where the label turns."""
    open_: Range | None = None
    for token, (start, end) in zip(sentence, places, strict=True):
        label = token.tag[2:]
        if open_ and (token.tag[0] != "I" or label != open_.label):
            yield open_
            open_ = None
        if label:
            open_ = open_._replace(end=end) if open_ else Range(start, end, label, token.line)
    if open_:
        yield open_
