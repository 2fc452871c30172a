"""Hand-made gold, and an extractor that says what it is told to."""

from collections.abc import Iterable, Iterator, Sequence

from hypothesis import strategies as st

from kg.evaluate import AnnotatedPaper, Evaluation, Span, evaluate
from kg.model import Extraction, Field, Label, Mention, Paper

M, D, T, METRIC, C = "Method", "Dataset", "Task", "Metric", "Concept"
TITLE, ABSTRACT = Field.TITLE, Field.ABSTRACT


class Scripted:
    """Says of each paper, in turn, what it was told to: spans, the name of the system, a score for all mentions."""

    name = version = "scripted"

    def __init__(self, *said: tuple[Sequence[Span], str | None, float]) -> None:
        self.said = said

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for paper, (spans, system, score) in zip(papers, self.said, strict=True):
            mentions = [
                Mention(s.field, s.start, s.end, paper.text(s.field)[s.start : s.end], Label(s.label), score, "", 0)
                for s in spans
            ]
            yield Extraction(paper, tuple(mentions), (), system)


def paper(name: str = "p", year: int | None = None, venue: str | None = None) -> Paper:
    return Paper(name, "0123456789" * 3, "abcdefghij" * 3, year=year, venue=venue)


def title(start: int, end: int, label: str) -> Span:
    return Span(TITLE, start, end, label)


def abstract(start: int, end: int, label: str) -> Span:
    return Span(ABSTRACT, start, end, label)


def evaluated(*pairs: tuple[Sequence[Span], Sequence[Span]]) -> Evaluation:
    """One paper for each pair of wanted and found spans."""
    gold = [AnnotatedPaper(paper(str(i)), tuple(wanted)) for i, (wanted, _) in enumerate(pairs)]
    return evaluate(gold, Scripted(*((found, None, 1.0) for _, found in pairs)))


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Spans of one paper that do not overlap, as gold and the protocol promise."""
    result = []
    for field in Field:
        edges = sorted(draw(st.sets(st.integers(0, 30), max_size=8)))
        for start, end in zip(edges[::2], edges[1::2], strict=False):
            result.append(Span(field, start, end, draw(st.sampled_from(Label)).value))
    return result


def corpora(min_size: int = 0) -> st.SearchStrategy[list[tuple[list[Span], list[Span]]]]:
    return st.lists(st.tuples(spans(), spans()), min_size=min_size, max_size=6)
