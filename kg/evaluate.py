"""Extractions against annotated papers: precision, recall and F1, exact and by overlap."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from kg.errors import SourceError
from kg.model import Extraction, Field, Label, Paper
from kg.protocols import Extractor

Span: TypeAlias = tuple[Field, int, int, Label]


@dataclass(slots=True)
class Counts:
    """Found and wanted spans of one label; ``found_right`` of the found, ``wanted_right`` of the wanted."""

    found: int = 0
    wanted: int = 0
    found_right: int = 0
    wanted_right: int = 0

    @property
    def precision(self) -> float:
        """In [0, 1]; 0 if nothing was found."""
        return self.found_right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """In [0, 1]; 0 if nothing was wanted."""
        return self.wanted_right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def numbers(self) -> dict[str, float]:
        """The three, by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}

    def add(self, other: "Counts") -> None:
        """Sum up; micro averages come of this."""
        self.found += other.found
        self.wanted += other.wanted
        self.found_right += other.found_right
        self.wanted_right += other.wanted_right


@dataclass(slots=True)
class Evaluation:
    """Counts by label, for exact spans and for spans that share a character; label must agree in both.

    ``systems_*`` count the names of what papers introduce: right letter by letter, found, and wanted.
    """

    papers: int = 0
    systems_right: int = 0
    systems_found: int = 0
    systems_wanted: int = 0
    exact: dict[Label, Counts] = field(default_factory=lambda: {label: Counts() for label in Label})
    overlap: dict[Label, Counts] = field(default_factory=lambda: {label: Counts() for label in Label})

    def table(self) -> dict[str, dict[str, dict[str, float]]]:
        """Label, or "micro" for all together, to "exact" and "overlap" to the numbers of ``Counts``."""
        rows = {"exact": _with_micro(self.exact), "overlap": _with_micro(self.overlap)}
        names = [*(label.value for label in self.exact), "micro"]
        return {name: {kind: rows[kind][name].numbers() for kind in rows} for name in names}


def _with_micro(counts: dict[Label, Counts]) -> dict[str, Counts]:
    total = Counts()
    for each in counts.values():
        total.add(each)
    return {**{label.value: each for label, each in counts.items()}, "micro": total}


def read_gold(path: Path) -> Iterator[tuple[Paper, list[Span], str | None]]:
    """Annotated papers, one JSON object a line; raises SourceError that names the line."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _gold(json.loads(line), number)
            except KeyError as error:
                raise SourceError(f"{path}:{number}", f"is no annotated paper: it has no {error}") from error
            except (ValueError, TypeError, RecursionError) as error:
                raise SourceError(f"{path}:{number}", f"is no annotated paper: {error}") from error


def _gold(record: dict[str, Any], number: int) -> tuple[Paper, list[Span], str | None]:
    # Texts are taken as they stand: cleaning could move the offsets of the annotations.
    paper = Paper(f"gold-{number}", record["title"], record["abstract"])
    if not isinstance(paper.title, str) or not isinstance(paper.abstract, str):
        raise TypeError("title and abstract must be text")
    spans = []
    for m in record["mentions"]:
        span = Field(m["field"]), int(m["start"]), int(m["end"]), Label(m["label"])
        if span[1] < 0 or not m["text"] or paper.text(span[0])[span[1] : span[2]] != m["text"]:
            raise ValueError(f"offsets {span[1]}-{span[2]} do not give {m['text']!r}")
        spans.append(span)
    return paper, spans, record.get("system")


def evaluate(gold: Iterable[tuple[Paper, list[Span], str | None]], extractor: Extractor) -> Evaluation:
    """Run the extractor over the gold papers and count."""
    gold = list(gold)
    result = Evaluation(papers=len(gold))
    extractions = extractor.extract(paper for paper, _, _ in gold)
    for (_, wanted, system), extraction in zip(gold, extractions, strict=True):
        found = spans_of(extraction)
        _count(result.exact, found, wanted, exact=True)
        _count(result.overlap, found, wanted, exact=False)
        result.systems_found += extraction.system is not None
        if system:
            result.systems_wanted += 1
            result.systems_right += extraction.system == system
    return result


def spans_of(extraction: Extraction) -> list[Span]:
    """The mentions as comparable spans."""
    return [(m.field, m.start, m.end, m.label) for m in extraction.mentions]


def _count(into: dict[Label, Counts], found: list[Span], wanted: list[Span], *, exact: bool) -> None:
    for span in found:
        into[span[3]].found += 1
        into[span[3]].found_right += _matches(span, wanted, exact=exact)
    for span in wanted:
        into[span[3]].wanted += 1
        into[span[3]].wanted_right += _matches(span, found, exact=exact)


def _matches(span: Span, others: list[Span], *, exact: bool) -> bool:
    if exact:
        return span in others
    field_, start, end, label = span
    return any(f == field_ and s < end and start < e and lab == label for f, s, e, lab in others)
