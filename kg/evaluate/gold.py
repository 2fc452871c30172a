"""Files of annotated papers to papers with their spans: our JSON lines, or the CoNLL columns of SciERC."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import SourceError
from kg.evaluate import conll
from kg.model import Field, Label, Paper

_CONLL_LABELS = {
    **{label.value: label.value for label in Label},
    "Material": Label.DATASET.value,
    "OtherScientificTerm": Label.CONCEPT.value,
    conll.GENERIC: conll.GENERIC,
}


class Span(NamedTuple):
    """A labelled character range. ``label`` is a string, for gold may hold a type that ``Label`` does not."""

    field: Field
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class AnnotatedPaper:
    """A paper and what annotators marked in it; spans never overlap and stand as in the file.

    ``system`` is the name of what the paper introduces, or None. The paper's id is its place, ``file:line``.
    """

    paper: Paper
    spans: tuple[Span, ...]
    system: str | None = None


def read_gold(path: Path, *, generic: bool = False) -> Iterator[AnnotatedPaper]:
    """Annotated papers in file order; the content tells the format. Raises SourceError that names the line.

    SciERC's Material becomes Dataset and OtherScientificTerm Concept; Generic is dropped, or with ``generic``
    kept as a sixth label.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror or error}") from error
    if conll.is_conll(lines):
        yield from _read_conll(path, lines, generic=generic)
    else:
        yield from _read_json_lines(path, lines)


def _read_json_lines(path: Path, lines: list[bytes]) -> Iterator[AnnotatedPaper]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _annotated(json.loads(line), f"{path}:{number}")
            except KeyError as error:
                raise SourceError(f"{path}:{number}", f"is no annotated paper: it has no {error}") from error
            except (ValueError, TypeError, RecursionError) as error:
                raise SourceError(f"{path}:{number}", f"is no annotated paper: {error}") from error


def _annotated(record: dict[str, Any], place: str) -> AnnotatedPaper:
    # Texts are taken as they stand: cleaning could move the offsets of the annotations.
    paper = Paper(place, record["title"], record["abstract"], year=record.get("year"), venue=record.get("venue"))
    if not isinstance(paper.title, str) or not isinstance(paper.abstract, str):
        raise TypeError("title and abstract must be text")
    if not isinstance(paper.year, int | None) or not isinstance(paper.venue, str | None):
        raise TypeError("year must be a whole number and venue must be text")
    system = record.get("system")
    if not isinstance(system, str | None):
        raise TypeError("system must be text or null")
    spans = [_span(m, paper) for m in record["mentions"]]
    _check_overlaps(spans, paper)
    return AnnotatedPaper(paper, tuple(spans), system)


def _span(mention: dict[str, Any], paper: Paper) -> Span:
    field, start, end = Field(mention["field"]), int(mention["start"]), int(mention["end"])
    if start < 0 or not mention["text"] or paper.text(field)[start:end] != mention["text"]:
        raise ValueError(f"offsets {start}-{end} do not give {mention['text']!r}")
    return Span(field, start, end, Label(mention["label"]).value)


def _check_overlaps(spans: list[Span], paper: Paper) -> None:
    for one, other in pairwise(sorted(spans)):
        if one.field is other.field and other.start < one.end:
            texts = [paper.text(s.field)[s.start : s.end] for s in (one, other)]
            raise ValueError(f"mentions overlap in the {one.field}: {texts[0]!r} and {texts[1]!r}")


def _read_conll(path: Path, lines: list[bytes], *, generic: bool) -> Iterator[AnnotatedPaper]:
    for document in conll.read_documents(path, lines):
        spans = []
        for start, end, name, line in document.spans:
            if name not in _CONLL_LABELS:
                known = ", ".join(_CONLL_LABELS)
                raise SourceError(f"{path}:{line}", f"has the unknown label {name!r}; known are {known}")
            if generic or name != conll.GENERIC:
                spans.append(Span(Field.ABSTRACT, start, end, _CONLL_LABELS[name]))
        # The columns tell no title from the text.
        yield AnnotatedPaper(Paper(f"{path}:{document.line}", "", document.text), tuple(spans))
