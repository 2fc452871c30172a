"""Papers as lists of the entities that they name → their matrix, and an index that knows the entities' names."""

import random
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from kg.index.incidence import LABELS, EntityFact, Incidence, PaperFact, assemble
from kg.index.search import SearchIndex
from kg.model import Entity

Papers = Mapping[str, Sequence[str]]


def matrix(
    papers: Papers,
    *,
    generic: Collection[str] = (),
    years: Mapping[str, int] = {},
    venues: Mapping[str, str] = {},
    confidence: Mapping[tuple[str, str], float] = {},
) -> Incidence:
    """Entities have the types by turns, in the order of their names."""
    slugs = sorted({slug for named in papers.values() for slug in named})
    facts = (
        PaperFact(
            paper,
            years.get(paper),
            venues.get(paper),
            [(slug, confidence.get((paper, slug), 0.9), None) for slug in sorted(set(named))],
        )
        for paper, named in papers.items()
    )
    kinds = (EntityFact(slug, LABELS[n % len(LABELS)], slug in generic) for n, slug in enumerate(slugs))
    return assemble(facts, kinds, ())


def index_of(incidence: Incidence) -> SearchIndex:
    """An index in memory in which each entity is called like its slug in capitals."""
    index = SearchIndex(Path(":memory:"))
    index.put_entities(
        Entity(slug, slug.upper(), LABELS[label])
        for slug, label in zip(incidence.entities, incidence.labels.tolist(), strict=True)
    )
    return index


def corpus(papers: int = 300, vocabulary: int = 400, seed: int = 1) -> dict[str, list[str]]:
    """Papers of nine entities each, a few of them frequent and many rare, as in real text."""
    rng = random.Random(seed)  # noqa: S311 - a test corpus
    weights = [1 / (rank + 3) for rank in range(vocabulary)]
    names = [f"e{number}" for number in range(vocabulary)]
    return {f"p{number}": rng.choices(names, weights, k=9) for number in range(papers)}


def topical(papers: int = 600, topics: int = 6, seed: int = 3) -> dict[str, list[str]]:
    """Papers of some topics: six entities of their own topic's thirty, two of any, and one that all name."""
    rng = random.Random(seed)  # noqa: S311 - a test corpus
    weights = [1 / (rank + 2) for rank in range(30)]
    found = {}
    for number in range(papers):
        topic = rng.randrange(topics)
        own = rng.choices([f"t{topic}-{n}" for n in range(30)], weights, k=6)
        others = [f"t{rng.randrange(topics)}-{rng.randrange(30)}" for _ in range(2)]
        found[f"p{number}"] = [*own, *others, "everywhere"]
    return found
