"""Related papers: those that share rare things with a paper, best first, each with its reasons."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kg.analysis.sharing import Share, Side, scores, shares
from kg.index.incidence import LABELS, ROLES, Incidence
from kg.index.search import SearchIndex
from kg.index.weights import Weights
from kg.model import Entity, Evidence, Field, Label, Place, Role


class Via(StrEnum):
    """What papers may be related by, as people ask for it."""

    ANY = "any"
    METHOD = "method"
    DATASET = "dataset"
    TASK = "task"
    METRIC = "metric"
    CONCEPT = "concept"

    @property
    def labels(self) -> tuple[Label, ...]:
        """The types of entities."""
        return tuple(Label) if self is Via.ANY else (Label(self.value.capitalize()),)


class Snapshot(Protocol):
    """What is needed of a reader."""

    @property
    def index(self) -> SearchIndex:
        """Names and texts."""

    @property
    def incidence(self) -> Incidence:
        """Who names what."""

    @property
    def weights(self) -> Weights:
        """What that counts."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which papers: by what they share, at least how many such things, and of which years, both included."""

    labels: Collection[Label] = tuple(Label)
    min_shared: int = 1
    year_from: int | None = None
    year_to: int | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class PaperEnd:
    """A paper at one end of a link."""

    id: str
    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """How one paper names what is shared: as ``entities``, the thing itself or kinds of it.

    ``role`` and ``confidence`` in (0, 1] are of the first of these, which counts, and ``evidence`` shows it; None where
    the graph holds no sentence.
    """

    entities: tuple[Entity, ...]
    role: Role | None
    confidence: float
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Shared:
    """A thing that two papers share: what it adds to their score, and how each of them names it.

    Its rarity is measured by the ``papers`` of all ``corpus`` that name it, or that name it or a kind of it where the
    two only meet so, ``through_parent``.
    """

    entity: Entity
    weight: float
    papers: int
    corpus: int
    through_parent: bool
    here: Part
    there: Part

    @property
    def reason(self) -> str:
        """The weight and where it comes from, in words."""
        named = "it or a kind of it in" if self.through_parent else "in"
        return f"weight {self.weight:.2f}, {named} {self.papers:,} of {self.corpus:,} papers"


@dataclass(frozen=True, slots=True)
class Related:
    """A paper linked to the one asked for: ``score`` is the sum of the weights of ``shared``, the heaviest first."""

    paper_id: str
    title: str
    year: int | None
    score: float
    shared: tuple[Shared, ...]

    @property
    def here(self) -> Evidence | None:
        """The sentence of the paper asked for that shows most of what is shared."""
        return _best((shared.weight, shared.here.evidence) for shared in self.shared)

    @property
    def there(self) -> Evidence | None:
        """The same of this paper."""
        return _best((shared.weight, shared.there.evidence) for shared in self.shared)


def related(snapshot: Snapshot, paper_id: str, wanted: Wanted = Wanted()) -> list[Related]:
    """Papers that share what counts with a paper, best first, ties by id; raises NotFoundError.

    Weights are those of ``kg.index.weights``: what is named in over 5 % of the papers of a large corpus counts
    nothing, and papers that share nothing else are not related.
    """
    weights, incidence = snapshot.weights, snapshot.incidence
    here, labels = Side.of(weights, incidence.row(paper_id)), frozenset(map(LABELS.index, wanted.labels))
    found = []
    for row in _best_rows(incidence, *scores(weights, here, labels), wanted):
        there = Side.of(weights, row)
        counting = [s for s in shares(weights, here, there) if s.weight and incidence.labels[s.column] in labels]
        found.append((there, counting))
    told = Told.of(snapshot, (here, *(there for there, _ in found)), [share for _, each in found for share in each])
    return [told.related(here, there, each) for there, each in found]


def _best_rows(
    incidence: Incidence,
    rows: NDArray[np.int64],
    sums: NDArray[np.float64],
    counts: NDArray[np.int64],
    wanted: Wanted,
) -> list[int]:
    kept = counts >= wanted.min_shared
    years = incidence.years[rows]
    if wanted.year_from is not None:
        kept &= years >= wanted.year_from
    if wanted.year_to is not None:
        kept &= (years <= wanted.year_to) & (years != 0)
    rows, sums = rows[kept], np.round(sums[kept], 9)  # sums of the same weights in another order are a tie
    if len(rows) > wanted.limit:
        least = np.partition(sums, -wanted.limit)[-wanted.limit]
        rows, sums = rows[sums >= least], sums[sums >= least]
    order = np.lexsort((rows, -sums))[: wanted.limit]
    found: list[int] = rows[order].tolist()
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of the papers and things of an answer, read once for all of them."""

    weights: Weights
    papers: Mapping[int, str]
    texts: Mapping[str, tuple[str, str]]
    entities: Mapping[int, Entity]

    @classmethod
    def of(cls, snapshot: Snapshot, sides: Iterable[Side], found: Iterable[Share]) -> "Told":
        """Texts of these papers, and names of what is shared."""
        incidence = snapshot.incidence
        papers = {side.row: incidence.papers[side.row] for side in sides}
        columns = sorted({column for share in found for column in (share.column, *share.here, *share.there)})
        slugs = {incidence.entities[column]: column for column in columns}
        return cls(
            snapshot.weights,
            papers,
            snapshot.index.texts(papers.values()),
            {slugs[entity.slug]: entity for entity in snapshot.index.entities_of(slugs)},
        )

    def related(self, here: Side, there: Side, found: Iterable[Share]) -> Related:
        """The second paper, and what it shares with the first."""
        end, reasons = self.end(there), self.shared(here, there, found)
        return Related(end.id, end.title, end.year, sum(shared.weight for shared in reasons), reasons)

    def shared(self, here: Side, there: Side, found: Iterable[Share]) -> tuple[Shared, ...]:
        """What two papers share, the heaviest first, then the rarest."""
        reasons = [
            Shared(
                self.entities[share.column],
                share.weight,
                int(self.weights.kin_papers[share.column])
                if share.through_parent
                else self.entities[share.column].papers,
                len(self.weights.incidence.papers),
                share.through_parent,
                self._part(here, share.here),
                self._part(there, share.there),
            )
            for share in found
        ]
        return tuple(sorted(reasons, key=lambda s: (-s.weight, s.papers, s.entity.slug)))

    def end(self, side: Side) -> PaperEnd:
        """One of the papers."""
        title, _ = self.texts.get(self.papers[side.row], ("", ""))
        return PaperEnd(self.papers[side.row], title, int(self.weights.incidence.years[side.row]) or None)

    def _part(self, side: Side, columns: tuple[int, ...]) -> Part:
        incidence, cell = self.weights.incidence, side.cells[columns[0]]
        confidence = round(float(incidence.by_paper.data[cell]), 6)
        evidence = self._evidence(self.papers[side.row], incidence.place(cell), confidence)
        return Part(tuple(map(self.entities.__getitem__, columns)), ROLES[incidence.roles[cell]], confidence, evidence)

    def _evidence(self, paper_id: str, place: Place | None, confidence: float) -> Evidence | None:
        if place is None or paper_id not in self.texts:
            return None
        title, abstract = self.texts[paper_id]
        sentence = (title if place.field is Field.TITLE else abstract)[place.sentence_start : place.sentence_end]
        start, end = place.start - place.sentence_start, place.end - place.sentence_start
        return Evidence(paper_id, sentence, start, end, sentence[start:end], confidence, title)


def _best(found: Iterable[tuple[float, Evidence | None]]) -> Evidence | None:
    """Of the heaviest thing in the sentence that shows most."""
    sums: dict[str, float] = {}
    first: dict[str, Evidence] = {}
    for weight, evidence in found:
        if evidence:
            sums[evidence.sentence] = sums.get(evidence.sentence, 0.0) + weight
            first.setdefault(evidence.sentence, evidence)
    return first[max(sums, key=lambda sentence: sums[sentence])] if first else None
