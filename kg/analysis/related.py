"""Related papers: those that share rare things with a paper and are worded like it, best first, with all reasons."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np

from kg.analysis.sharing import Share, Side, scores, shares
from kg.analysis.sightings import Titled, shown
from kg.analysis.words import Common, Scored, SharedWords, Spelt, Words
from kg.index.incidence import LABELS, ROLES, Incidence
from kg.index.search import SearchIndex
from kg.index.weights import Weights
from kg.index.word_weights import WordWeights
from kg.model import Entity, Evidence, Label, Place, Role

TIE = 9
"""Places to which scores are compared: sums of the same weights in another order are a tie."""
_LAST_YEAR = 9999


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

    @property
    def word_weights(self) -> WordWeights:
        """What the words of papers count."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which papers: by what they share, at least how many such things, and of which years, both included.

    Words count only where all types of things do. If none need be shared, papers that are worded alike are related too.
    """

    labels: Collection[Label] = tuple(Label)
    min_shared: int = 1
    year_from: int | None = None
    year_to: int | None = None
    limit: int = 10

    @property
    def by_words(self) -> bool:
        """Whether words count."""
        return set(self.labels) == set(Label)


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
    """A paper linked to the one asked for: ``score`` is the sum of the weights of ``shared`` and of ``wording``.

    The heaviest thing is the first of ``shared``; ``wording`` is None where words do not count.
    """

    paper_id: str
    title: str
    year: int | None
    score: float
    shared: tuple[Shared, ...]
    wording: SharedWords | None

    @property
    def here(self) -> Evidence | None:
        """The sentence of the paper asked for that shows most of what is shared."""
        found = _best((shared.weight, shared.here.evidence) for shared in self.shared)
        return found or (self.wording.here if self.wording else None)

    @property
    def there(self) -> Evidence | None:
        """The same of this paper."""
        found = _best((shared.weight, shared.there.evidence) for shared in self.shared)
        return found or (self.wording.there if self.wording else None)


def related(snapshot: Snapshot, paper_id: str, wanted: Wanted = Wanted()) -> list[Related]:
    """Papers that share what counts with a paper, best first, ties by id; raises NotFoundError.

    Weights are those of ``kg.index.weights`` and ``kg.index.word_weights``: what is named in over 5 % of the papers of
    a large corpus counts nothing, and papers that share nothing else and no rare words are not related.
    """
    weights, incidence = snapshot.weights, snapshot.incidence
    here, labels = Side.of(weights, incidence.row(paper_id)), frozenset(map(LABELS.index, wanted.labels))
    words = Words.of(snapshot.word_weights, here.row) if wanted.by_words else None
    found = []
    for row in _best_rows(incidence, scores(weights, here, labels, max(wanted.min_shared, 1)), words, wanted):
        there = Side.of(weights, row, here)
        counting = [s for s in shares(weights, here, there) if s.weight and incidence.labels[s.column] in labels]
        found.append((there, counting))
    told = Told.of(snapshot, here, found, words)
    return told.related(here, found)


def _best_rows(incidence: Incidence, found: Scored, words: Words | None, wanted: Wanted) -> list[int]:
    kept = None
    if wanted.year_from is not None or wanted.year_to is not None:
        years = incidence.years
        kept = (years >= (wanted.year_from or 1)) & (years <= (wanted.year_to or _LAST_YEAR))
    if words:
        rows, sums = words.added(found, kept, alone=not wanted.min_shared, least=wanted.limit)
    else:
        rows, sums = found if kept is None else (found[0][kept[found[0]]], found[1][kept[found[0]]])
    if len(rows) > wanted.limit:
        near = sums >= np.partition(sums, -wanted.limit)[-wanted.limit] - 10.0**-TIE
        rows, sums = rows[near], sums[near]
    order = np.lexsort((rows, -np.round(sums, TIE)))[: wanted.limit]
    best: list[int] = rows[order].tolist()
    return best


class _Cell(NamedTuple):
    """What the matrix tells of a paper and an entity."""

    confidence: float
    role: Role | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of the papers and things of an answer, read once for all of them."""

    weights: Weights
    papers: Mapping[int, str]
    texts: Mapping[str, tuple[str, str]]
    entities: Mapping[int, Entity]
    cells: Mapping[int, _Cell]
    words: Words | None
    _parts: dict[tuple[int, tuple[int, ...]], Part] = field(default_factory=dict)  # those of one paper come up again

    @classmethod
    def of(
        cls, snapshot: Snapshot, here: Side, found: Sequence[tuple[Side, Sequence[Share]]], words: Words | None
    ) -> "Told":
        """Of a paper, and of others with what each shares with it; ``words`` are the paper's, where they count."""
        incidence = snapshot.incidence
        papers = {side.row: incidence.papers[side.row] for side in (here, *(there for there, _ in found))}
        every = [(there, share) for there, each in found for share in each]
        columns = {column for _, share in every for column in (share.column, *share.here, *share.there)}
        slugs = {incidence.entities[column]: column for column in columns}
        cells = {here.cell(share.here[0]) for _, share in every} | {side.cell(share.there[0]) for side, share in every}
        return cls(
            snapshot.weights,
            papers,
            snapshot.index.texts(papers.values()),
            {slugs[entity.slug]: entity for entity in snapshot.index.entities_of(slugs)},
            _cells(incidence, list(cells)),
            words,
        )

    def related(self, here: Side, found: Sequence[tuple[Side, Sequence[Share]]]) -> list[Related]:
        """The others, and what each shares with the paper."""
        answer = []
        for (there, each), wording in zip(found, self.wording(here, found), strict=True):
            end, reasons = self.end(there), self.shared(here, there, each)
            score = sum(shared.weight for shared in reasons) + (wording.weight if wording else 0.0)
            answer.append(Related(end.id, end.title, end.year, score, reasons, wording))
        return answer

    def wording(self, here: Side, found: Sequence[tuple[Side, Sequence[Share]]]) -> list[SharedWords | None]:
        """What the words count that each of the others has in common with the paper, and which they are."""
        if self.words is None or not found:
            return [None] * len(found)
        spelling = self._spelling(here)

        def told(there: Side, shared: Sequence[Share], common: Common) -> SharedWords | None:
            names = [self.entities[column].name for each in shared for column in (*each.here, *each.there)]
            return spelling.shared(self._spelling(there), common, names, shown=not shared) if common.weight else None

        words = self.words.told(np.array([there.row for there, _ in found], dtype=np.int64))
        return [told(*each, common) for each, common in zip(found, words, strict=True)]

    def _spelling(self, side: Side) -> Spelt:
        return Spelt.of(self.papers[side.row], self._text(side))

    def _text(self, side: Side) -> tuple[str, str]:
        return self.texts.get(self.papers[side.row], ("", ""))

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

    def end(self, side: Side) -> Titled:
        """One of the papers."""
        title, _ = self._text(side)
        return Titled(self.papers[side.row], title, int(self.weights.incidence.years[side.row]) or None)

    def _part(self, side: Side, columns: tuple[int, ...]) -> Part:
        found = self._parts.get((side.row, columns))
        if found is None:
            confidence, role, place = self.cells[side.cell(columns[0])]
            paper_id = self.papers[side.row]
            text = self.texts.get(paper_id) if place else None
            evidence = shown(paper_id, text, place, confidence) if place and text else None
            found = Part(tuple([self.entities[column] for column in columns]), role, confidence, evidence)
            self._parts[side.row, columns] = found
        return found


def _cells(incidence: Incidence, cells: list[int]) -> dict[int, _Cell]:
    confidences = np.round(incidence.by_paper.data[cells].astype(np.float64), 6).tolist()
    roles, places = incidence.roles[cells].tolist(), incidence.places_of(cells)
    return {
        cell: _Cell(confidence, ROLES[role], place)
        for cell, confidence, role, place in zip(cells, confidences, roles, places, strict=True)
    }


def _best(found: Iterable[tuple[float, Evidence | None]]) -> Evidence | None:
    """Of the heaviest thing in the sentence that shows most."""
    sums: dict[str, float] = {}
    first: dict[str, Evidence] = {}
    for weight, evidence in found:
        if evidence:
            sums[evidence.sentence] = sums.get(evidence.sentence, 0.0) + weight
            first.setdefault(evidence.sentence, evidence)
    return first[max(sums, key=lambda sentence: sums[sentence])] if first else None
