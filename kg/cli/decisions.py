"""What ``kg extract --explain`` tells of a paper: what became a mention, what did not, and what decided."""

from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

from kg.cli.output import print_table, say
from kg.errors import ExtractionError
from kg.extract.steps import Decision
from kg.model import Extraction, Field, Mention, Paper
from kg.protocols import Extractor
from kg.query.catalogue import in_words

Explain: TypeAlias = Callable[[Paper], tuple[Extraction, list[Decision]]]

_Place: TypeAlias = tuple[Field, int, int]


def explainer(extractor: Extractor) -> Explain:
    """The ``explain`` of an extractor that has one; raises ExtractionError."""
    explain = getattr(extractor, "explain", None)
    if not callable(explain):
        raise ExtractionError(f"{extractor.name} does not tell what decided; --explain is for the shipped extractor")
    return cast("Explain", explain)


def show_decisions(extraction: Extraction, made: Sequence[Decision]) -> None:
    """Blocks under the title: mentions, what was dropped, relations; one that would be empty is left out."""
    ways = {_place_of(each): each.path for each in made if not each.dropped}
    mentions = sorted(extraction.mentions, key=lambda m: (m.field is not Field.TITLE, m.start))
    dropped = sorted((d for d in made if d.dropped), key=lambda d: (d.span.field is not Field.TITLE, d.span))
    say("")
    say(extraction.paper.title, style="bold")
    if extraction.system:
        say(f"introduces {extraction.system}")
    rows = [[m.field, m.text, m.label, m.score, _role(m), _told(ways.get(_place(m), (m.rule,)))] for m in mentions]
    _block("", ["in", "mention", "label", "score", "role", "decided by"], rows)
    rows = [[d.span.field, d.span.text, d.span.label, round(d.span.score, 3), _told(d.path)] for d in dropped]
    _block("Dropped", ["in", "text", "label", "score", "decided by"], rows)
    rows = [[f"{r.head.text} {in_words(r.kind)} {r.tail.text}", r.score, r.rule] for r in extraction.relations]
    _block("Relations", ["relation", "score", "rule"], rows)


def as_records(made: Sequence[Decision]) -> list[dict[str, object]]:
    """For JSON: one object a span, dropped ones among them."""
    return [
        {
            "field": each.span.field.value,
            "start": each.span.start,
            "end": each.span.end,
            "text": each.span.text,
            "label": each.span.label.value,
            "score": round(each.span.score, 3),
            "path": list(each.path),
            "dropped": each.dropped,
        }
        for each in made
    ]


def _block(heading: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if rows:
        say("")
        if heading:
            say(heading)
        print_table(columns, rows)


def _place(mention: Mention) -> _Place:
    return mention.field, mention.start, mention.end


def _place_of(decision: Decision) -> _Place:
    return decision.span.field, decision.span.start, decision.span.end


def _role(mention: Mention) -> str:
    return f"{mention.role} {mention.role_score:.2f}" if mention.role else ""


def _told(path: Sequence[str]) -> str:
    return "; ".join(path)
