"""A snapshot made of a few lines, without a store: of each paper its year, and what it names."""

from collections.abc import Iterable, Iterator, Mapping

from kg.index.incidence import EntityFact, PaperFact, assemble
from kg.index.weights import Weights
from kg.model import Entity, Field, Label, Place, Role

LABELS = {"m": Label.METHOD, "d": Label.DATASET, "t": Label.TASK, "c": Label.CONCEPT, "x": Label.METRIC}
ROLES = {"!": Role.PROPOSES, "+": Role.USES}


class Made:
    """The first letter of an entity's slug says its type; behind it in a paper ``!`` proposes and ``+`` uses it."""

    def __init__(
        self,
        papers: Mapping[str, tuple[int | None, str]],
        *,
        generic: Iterable[str] = (),
        broader: Iterable[tuple[str, str]] = (),
        venues: Mapping[str, str] | None = None,
        sure: float = 1.0,
    ) -> None:
        generic = set(generic)
        named = {
            paper: [(word.strip("!+"), sure, ROLES.get(word[-1])) for word in words.split()]
            for paper, (_, words) in papers.items()
        }
        slugs = {slug for cells in named.values() for slug, _, _ in cells} | {s for pair in broader for s in pair}
        self._texts = {paper: (f"On {paper}", " ".join(f"Here {s} is." for s, *_ in named[paper])) for paper in papers}
        self.incidence = assemble(
            [
                PaperFact(p, year, (venues or {}).get(p), named[p], _places(self._texts[p][1], named[p]))
                for p, (year, _) in papers.items()
            ],
            [EntityFact(slug, LABELS[slug[0]], slug in generic) for slug in slugs],
            broader,
        )
        self.index = self
        self.weights = Weights.of(self.incidence)

    def entities_of(self, slugs: Iterable[str]) -> Iterator[Entity]:
        counts = self.incidence.counts
        for slug in slugs:
            papers = int(counts[self.incidence.column(slug)])
            yield Entity(slug, slug.upper(), LABELS[slug[0]], papers=papers)

    def texts(self, paper_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        return {paper_id: self._texts[paper_id] for paper_id in paper_ids}


def _places(abstract: str, named: Iterable[tuple[str, float, Role | None]]) -> dict[str, Place]:
    found = {}
    for slug, *_ in named:
        begin = abstract.index(f"Here {slug} is.")
        start, end = begin + 5, begin + 5 + len(slug)
        found[slug] = Place(Field.ABSTRACT, start, end, begin, end + 4)
    return found
