"""What an extraction says of mentions beside what annotators say of them: roles and relations, counted paper by paper.

A role is a fact of one mention, a relation one of two. The labels of the mentions do not matter here; that those are
right is counted of mentions.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from kg.evaluate.annotations import Annotation, mention_texts, written_form
from kg.evaluate.counts import Counts, total
from kg.evaluate.evaluation import ComparedPaper, Evaluation
from kg.evaluate.gold import Span
from kg.evaluate.mentions import MICRO, overlap
from kg.model import Mention, RelationKind, Role

_MUTUAL = frozenset([RelationKind.COMPARED_WITH.value])


class Matching(StrEnum):
    """When a found fact is right: it has the same kind and direction, and is of the same mentions.

    ``exact``: of the same characters. ``overlap``: each with a character in common. ``names``: of the same written
    forms, each fact counted once a paper, so that another mention of the same thing does as well. ``comparedWith`` has
    no direction.
    """

    EXACT = "exact"
    OVERLAP = "overlap"
    NAMES = "names"


class Fact(NamedTuple):
    """A role or the kind of a relation, and what it is of: spans without a label, and their written forms."""

    kind: str
    spans: tuple[Span, ...]
    names: tuple[str, ...]
    score: float = 1.0

    @property
    def readings(self) -> Iterator[tuple[Span, ...]]:
        """The spans, and where neither stands first also turned round."""
        yield self.spans
        if self.kind in _MUTUAL:
            yield self.spans[::-1]


@dataclass(frozen=True, slots=True)
class ComparedFacts:
    """The facts of one paper as annotated and as extracted."""

    wanted: tuple[Fact, ...]
    found: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of all papers that are annotated so; ``kinds`` are those that there may be."""

    kinds: tuple[str, ...]
    papers: tuple[ComparedFacts, ...]


def all_facts(evaluation: Evaluation, annotations: Mapping[str, Annotation]) -> dict[str, Facts]:
    """``roles`` and ``relations`` to these; nothing without annotations."""
    if not annotations:
        return {}
    return {"roles": roles(evaluation, annotations), "relations": relations(evaluation, annotations)}


def roles(evaluation: Evaluation, annotations: Mapping[str, Annotation]) -> Facts:
    """The roles of mentions in the papers that have an annotation."""
    papers = []
    for paper, annotation in _annotated(evaluation, annotations):
        wanted = (_wanted(paper, role, number) for number, role in annotation.roles.items())
        found = (_found(m.role, m.role_score, m) for m in paper.extraction.mentions if m.role)
        papers.append(ComparedFacts(tuple(wanted), tuple(found)))
    return Facts(tuple(Role), tuple(papers))


def relations(evaluation: Evaluation, annotations: Mapping[str, Annotation]) -> Facts:
    """The relations between mentions in the papers that have an annotation."""
    papers = []
    for paper, annotation in _annotated(evaluation, annotations):
        wanted = (_wanted(paper, kind, head, tail) for head, tail, kind in annotation.relations)
        found = (_found(r.kind, r.score, r.head, r.tail) for r in paper.extraction.relations)
        papers.append(ComparedFacts(tuple(wanted), tuple(found)))
    return Facts(tuple(RelationKind), tuple(papers))


def count_facts(facts: Facts, matching: Matching = Matching.EXACT, threshold: float = 0.0) -> dict[str, list[Counts]]:
    """Kind, and ``micro`` for all together, to the counts of each paper; found is what scores the threshold or more."""
    counted = [_by_kind(facts.kinds, paper, matching, threshold) for paper in facts.papers]
    return {
        **{kind: [paper[kind] for paper in counted] for kind in facts.kinds},
        MICRO: [total(paper.values()) for paper in counted],
    }


def _by_kind(kinds: Iterable[str], paper: ComparedFacts, matching: Matching, threshold: float) -> dict[str, Counts]:
    counts = {}
    for kind in kinds:
        found = [fact for fact in paper.found if fact.kind == kind and fact.score >= threshold]
        wanted = [fact for fact in paper.wanted if fact.kind == kind]
        if matching is Matching.OVERLAP:
            right = sum(_meets_any(f, wanted) for f in found), sum(_meets_any(f, found) for f in wanted)
            counts[kind] = Counts(len(found), len(wanted), *right)
        else:
            ours, theirs = ({_key(fact, matching) for fact in each} for each in (found, wanted))
            right = len(ours & theirs), len(ours & theirs)
            counts[kind] = Counts(len(ours), len(theirs), *right)
    return counts


def _key(fact: Fact, matching: Matching) -> tuple[object, ...]:
    if matching is Matching.NAMES:
        return tuple(sorted(fact.names)) if fact.kind in _MUTUAL else fact.names
    return min(fact.readings)


def _meets_any(fact: Fact, others: Iterable[Fact]) -> bool:
    return any(all(map(overlap, reading, other.spans)) for other in others for reading in fact.readings)


def _annotated(
    evaluation: Evaluation, annotations: Mapping[str, Annotation]
) -> Iterator[tuple[ComparedPaper, Annotation]]:
    for paper in evaluation.papers:
        if annotation := annotations.get(paper.gold.paper.id):
            yield paper, annotation


def _wanted(paper: ComparedPaper, kind: str, *numbers: int) -> Fact:
    texts, spans = mention_texts(paper.gold), paper.gold.spans
    return Fact(
        str(kind),
        tuple(spans[number]._replace(label="") for number in numbers),
        tuple(written_form(texts[number]) for number in numbers),
    )


def _found(kind: str, score: float, *mentions: Mention) -> Fact:
    return Fact(
        str(kind),
        tuple(Span(m.field, m.start, m.end, "") for m in mentions),
        tuple(written_form(m.text) for m in mentions),
        score,
    )
