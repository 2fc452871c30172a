"""Annotated papers made by hand."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from kg.evaluate.gold import AnnotatedPaper, Span
from kg.model import Field, Label, Paper

Named = Sequence[tuple[str, Label]]


def spans(text: str, named: Named, field: Field) -> list[Span]:
    """Each name where the text first writes it behind the name before it."""
    result, at = [], 0
    for name, label in named:
        at = text.index(name, at)
        result.append(Span(field, at, at + len(name), label.value))
        at += len(name)
    return result


def paper(
    title: str, abstract: str, in_title: Named = (), in_abstract: Named = (), place: str = "g:1"
) -> AnnotatedPaper:
    found = [*spans(title, in_title, Field.TITLE), *spans(abstract, in_abstract, Field.ABSTRACT)]
    return AnnotatedPaper(Paper(place, title, abstract), tuple(found))


def record(gold: AnnotatedPaper) -> Mapping[str, object]:
    mentions = [{**span._asdict(), "text": gold.paper.text(span.field)[span.start : span.end]} for span in gold.spans]
    return {"title": gold.paper.title, "abstract": gold.paper.abstract, "mentions": mentions}


def write_gold(path: Path, *papers: AnnotatedPaper) -> Path:
    path.write_text("".join(json.dumps(record(each)) + "\n" for each in papers), encoding="utf-8")
    return path


def crane(verb: str, place: str = "g:1") -> AnnotatedPaper:
    """A paper whose method and dataset are plain to see."""
    return paper(
        "CraneNet",
        f"We {verb} CraneNet on a CraneBank for folding.",
        [("CraneNet", Label.METHOD)],
        [("CraneNet", Label.METHOD), ("CraneBank", Label.DATASET), ("folding", Label.TASK)],
        place,
    )
