"""Cells of the matrix → what they stand for: a paper, an entity, and the sentence in which the one names the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from kg.index.incidence import LABELS, ROLES, Incidence
from kg.index.search import SearchIndex
from kg.model import Entity, Evidence, Role
from kg.query.catalogue import Catalogue


class Snapshot(Protocol):
    """What is asked here: the matrix that is counted in, and the graph and the lists that it is a copy of."""

    @property
    def incidence(self) -> Incidence:
        """Papers x entities."""

    @property
    def index(self) -> SearchIndex:
        """Names of entities."""

    @property
    def catalogue(self) -> Catalogue:
        """Papers and sentences."""


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
        self._incidence, self._index, self._catalogue = snapshot.incidence, snapshot.index, snapshot.catalogue
        self._papers: dict[int, Titled] = {}
        self._entities: dict[int, Entity] = {}

    def paper(self, row: int) -> Titled:
        """The paper of a row."""
        if row not in self._papers:
            paper = self._catalogue.paper(self._incidence.papers[row])
            self._papers[row] = Titled(paper.id, paper.title, paper.year)
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
        evidence = next(iter(self._catalogue.evidence(paper.id, self._incidence.entities[column])), None)
        return Sighting(paper, ROLES[roles[at]], round(float(confidences[at]), 3), evidence)
