"""Related papers: what two papers share, weighted by how rare it is, with the sentences that show it."""

import math
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from kg.model import Entity, Evidence, Label
from kg.query.catalogue import Catalogue

# An entity in more than this share of the papers says nothing about two of them.
MAX_SHARE = 0.25
# Below this many papers a share means little, and nothing is left out for it.
MIN_CORPUS = 12
MIN_WEIGHT = 0.05


@dataclass(frozen=True, slots=True)
class Shared:
    """An entity that two papers share, its weight in their score, and one sentence that shows it."""

    entity: Entity
    weight: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Related:
    """A paper linked to the seed paper: ``score`` is the sum of the weights of ``shared``."""

    paper_id: str
    title: str
    year: int | None
    score: float
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    entity: Entity
    idf: float
    here: list[Evidence]


def inverse_document_frequency(papers: int, corpus: int) -> float:
    """``ln(N / n)`` (Spärck Jones 1972): 0 for what every paper has, ``ln N`` for what one paper has."""
    return math.log(corpus / papers) if 0 < papers <= corpus else 0.0


def links_papers(entity: Entity, corpus: int) -> bool:
    """False for generic entities, for those in too large a share of the corpus, and for those in one paper."""
    common = corpus >= MIN_CORPUS and entity.papers > corpus * MAX_SHARE
    return entity.papers > 1 and not entity.generic and not common


def related(
    catalogue: Catalogue,
    paper_id: str,
    *,
    corpus: int,
    labels: Collection[Label] = tuple(Label),
    limit: int = 10,
) -> list[Related]:
    """Papers that share entities of these types with a paper, best first; raises NotFoundError.

    The weight of a shared entity is its inverse document frequency over the ``corpus`` papers of the
    graph, times the confidence of the surest mention in the paper where that is lower; the score of a
    paper is the sum. Sharing generic or very common entities counts nothing. Ties are broken by title.
    """
    catalogue.paper(paper_id)
    shared: dict[str, list[_Candidate]] = defaultdict(list)
    for entity in catalogue.entities_of(paper_id):
        if entity.label in labels and links_papers(entity, corpus):
            idf = inverse_document_frequency(entity.papers, corpus)
            candidate = _Candidate(entity, idf, catalogue.evidence(paper_id, entity.slug))
            for other in catalogue.paper_ids_of(entity.slug):
                if other != paper_id:
                    shared[other].append(candidate)
    # Confidence can only lower a score, so once enough papers are weighed exactly, the rest may be left.
    bounds = {other: sum(c.idf for c in candidates) for other, candidates in shared.items()}
    best: list[Related] = []
    for other in sorted(bounds, key=lambda each: (-bounds[each], each)):
        if len(best) >= limit and bounds[other] < best[-1].score:
            break
        found = _weigh(catalogue, other, shared[other])
        if found.score > 0:
            best = sorted([*best, found], key=lambda r: (-r.score, r.title, r.paper_id))[:limit]
    return best


def _weigh(catalogue: Catalogue, other: str, candidates: list[_Candidate]) -> Related:
    reasons = []
    for candidate in candidates:
        here = candidate.here
        there = catalogue.evidence(other, candidate.entity.slug)
        confidence = min(max(e.score for e in here), max(e.score for e in there))
        weight = candidate.idf * confidence
        if weight >= MIN_WEIGHT:
            reasons.append(Shared(candidate.entity, round(weight, 4), _clearest(there, here)))
    reasons.sort(key=lambda s: (-s.weight, s.entity.slug))
    paper = catalogue.paper(other)
    score = round(sum(s.weight for s in reasons), 4)
    return Related(other, paper.title, paper.year, score, tuple(reasons))


def _clearest(there: list[Evidence], here: list[Evidence]) -> Evidence:
    """A sentence of an abstract rather than a title, of the other paper rather than the seed."""
    ranked = sorted([*there, *here], key=lambda e: (e.sentence == e.text or len(e.sentence) < 40, e not in there))
    return ranked[0]
