"""A snapshot made of a few lines, without a store: of each paper its year, and what it names."""

from collections.abc import Iterable, Iterator, Mapping

from kg.index.incidence import EntityFact, PaperFact, assemble
from kg.model import Entity, Evidence, Label, Paper, Role

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
        self._years = {paper: year for paper, (year, _) in papers.items()}
        self.incidence = assemble(
            [PaperFact(p, year, (venues or {}).get(p), named[p]) for p, (year, _) in papers.items()],
            [EntityFact(slug, LABELS[slug[0]], slug in generic) for slug in slugs],
            broader,
        )
        self.index = self.catalogue = self

    def entities_of(self, slugs: Iterable[str]) -> Iterator[Entity]:
        counts = self.incidence.counts
        for slug in slugs:
            papers = int(counts[self.incidence.column(slug)])
            yield Entity(slug, slug.upper(), LABELS[slug[0]], papers=papers)

    def paper(self, paper_id: str) -> Paper:
        return Paper(paper_id, f"On {paper_id}", year=self._years[paper_id])

    def evidence(self, paper_id: str, slug: str) -> list[Evidence]:
        return [Evidence(paper_id, f"Here {slug} is.", 5, 5 + len(slug), slug, 1.0)]
