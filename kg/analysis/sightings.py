"""Cells of the matrix → what they stand for: a paper, an entity, and the sentence in which the one names the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from kg.index.incidence import LABELS, ROLES, Incidence
from kg.index.search import SearchIndex
from kg.model import Entity, Evidence, Field, Place, Role


class Snapshot(Protocol):
    """What is asked here: the matrix that is counted in, and the lists beside it."""

    @property
    def incidence(self) -> Incidence:
        """Papers x entities."""

    @property
    def index(self) -> SearchIndex:
        """Names and texts."""


@dataclass(frozen=True, slots=True)
class Titled:
    """A paper where no more than its title is needed."""

    id: str
    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """That a paper names an entity: how surely at most, what it does with it, and the sentence that says so."""

    paper: Titled
    role: Role | None
    confidence: float
    evidence: Evidence | None


class Lookup:
    """Names, titles and sentences of one snapshot, each looked up once."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Look up in this snapshot."""
        self._incidence, self._index = snapshot.incidence, snapshot.index
        self._papers: dict[int, Titled] = {}
        self._texts: dict[str, tuple[str, str]] = {}
        self._entities: dict[int, Entity] = {}

    def paper(self, row: int) -> Titled:
        """The paper of a row."""
        if row not in self._papers:
            paper_id, year = self._incidence.papers[row], int(self._incidence.years[row])
            self._papers[row] = Titled(paper_id, self._text(paper_id)[0], year or None)
        return self._papers[row]

    def papers(self, rows: Iterable[int]) -> tuple[Titled, ...]:
        """The papers of these rows, in their order."""
        return tuple(self.paper(int(row)) for row in rows)

    def entity(self, column: int) -> Entity:
        """The entity of a column."""
        return self.entities([column])[0]

    def entities(self, columns: Iterable[int]) -> tuple[Entity, ...]:
        """The entities of these columns, in their order."""
        wanted = [int(column) for column in columns]
        missing = {self._incidence.entities[each]: each for each in wanted if each not in self._entities}
        for entity in self._index.entities_of([*missing]):
            self._entities[missing.pop(entity.slug)] = entity
        for slug, column in missing.items():  # in the graph alone, by an update that the lists could not follow
            self._entities[column] = Entity(slug, slug, LABELS[self._incidence.labels[column]])
        return tuple(self._entities[each] for each in wanted)

    def sighting(self, row: int, column: int) -> Sighting:
        """What a cell stands for; the paper must name the entity."""
        columns, confidences, roles = self._incidence.entities_of(row)
        at = int(columns.searchsorted(column))
        paper = self.paper(row)
        confidence = round(float(confidences[at]), 3)
        [place] = self._incidence.places_of([int(self._incidence.by_paper.indptr[row]) + at])
        evidence = shown(paper.id, self._text(paper.id), place, confidence) if place else None
        return Sighting(paper, ROLES[roles[at]], confidence, evidence)

    def _text(self, paper_id: str) -> tuple[str, str]:
        if paper_id not in self._texts:
            self._texts[paper_id] = self._index.texts([paper_id]).get(paper_id, ("", ""))
        return self._texts[paper_id]


def shown(paper_id: str, text: tuple[str, str], place: Place, confidence: float) -> Evidence:
    """The sentence at a place of a paper's ``text``, its title and its abstract."""
    title, abstract = text
    sentence = (title if place.field is Field.TITLE else abstract)[place.sentence_start : place.sentence_end]
    start, end = place.start - place.sentence_start, place.end - place.sentence_start
    return Evidence(paper_id, sentence, start, end, sentence[start:end], confidence, title)
