"""An extractor's findings beside the annotations of the same papers: what all numbers are made of.

Each kind of thing that is scored has a module that counts it over these pairs, as ``mentions`` does: what else an
extraction comes to hold gets a module beside that one, and its counts go to ``scores.score_counts``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.evaluate.counts import Counts
from kg.evaluate.gold import AnnotatedPaper, Span
from kg.model import Extraction, Label
from kg.protocols import Extractor


@dataclass(frozen=True, slots=True)
class ComparedPaper:
    """One paper as annotated and as extracted."""

    gold: AnnotatedPaper
    extraction: Extraction

    @property
    def wanted(self) -> frozenset[Span]:
        """The annotated spans."""
        return frozenset(self.gold.spans)

    @property
    def found(self) -> frozenset[Span]:
        """The extracted mentions as spans."""
        return frozenset(Span(m.field, m.start, m.end, str(m.label)) for m in self.extraction.mentions)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every gold paper, in order, with what one extractor found in it."""

    papers: tuple[ComparedPaper, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Our labels in their order, then others that occur."""
        ours = [label.value for label in Label]
        seen = {span.label for paper in self.papers for span in paper.wanted | paper.found}
        return (*ours, *sorted(seen.difference(ours)))

    @property
    def systems(self) -> Counts:
        """The names of what papers introduce; right is right letter by letter."""
        pairs = [(paper.extraction.system, paper.gold.system) for paper in self.papers]
        right = sum(1 for found, wanted in pairs if wanted and found == wanted)
        return Counts(sum(1 for f, _ in pairs if f), sum(1 for _, w in pairs if w), right, right)


def evaluate(gold: Iterable[AnnotatedPaper], extractor: Extractor) -> Evaluation:
    """Run the extractor over the gold papers."""
    gold = list(gold)
    extractions = extractor.extract(each.paper for each in gold)
    return Evaluation(tuple(ComparedPaper(*pair) for pair in zip(gold, extractions, strict=True)))
