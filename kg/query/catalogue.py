"""Rows to our nouns: what the graph says of papers and entities."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from rdflib import URIRef

from kg.errors import NotFoundError
from kg.graph.terms import KINDS, ROLES
from kg.iri import Iris
from kg.model import Entity, Evidence, Field, Label, Mention, Paper, RelationKind, Role
from kg.protocols import Row, Store
from kg.query import library


@dataclass(frozen=True, slots=True)
class LinkedMention:
    """A mention as the graph holds it, with the entity it names and the run that found it."""

    mention: Mention
    entity: Entity
    run: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper in the list of an entity's papers; ``role`` is what it does with the entity, None if it only names it."""

    id: str
    title: str
    year: int | None
    role: Role | None

    @property
    def introduces(self) -> bool:
        """Whether the entity is new with the paper."""
        return self.role is Role.PROPOSES


@dataclass(frozen=True, slots=True)
class Statement:
    """What ``papers`` papers state of two entities; of some of them a sentence, with the score of its relation."""

    subject: Entity
    kind: RelationKind
    object: Entity
    papers: int
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ReadBy:
    """A run that read papers: its IRI, and the name and version of its extractor."""

    run: str
    extractor: str
    version: str


def in_words(kind: RelationKind) -> str:
    """What stands between two names: ``used for``, ``is a``."""
    return re.sub(r"([A-Z])", r" \1", kind.value).lower()


class Catalogue:
    """Reads one store under one base; holds no state of its own, so it is safe from many threads."""

    def __init__(self, store: Store, iris: Iris) -> None:
        """Read ``store``, whose ids ``iris`` minted."""
        self.store = store
        self.iris = iris

    def paper(self, paper_id: str) -> Paper:
        """The record of a paper; raises NotFoundError."""
        row = next(library.run(self.store, "paper_metadata", paper=self.iris.paper(paper_id)), None)
        if row is None:
            raise NotFoundError("paper", paper_id)
        return paper_of(paper_id, row)

    def paper_ids(self) -> Iterator[str]:
        """Ids of all papers, in no order."""
        return (self.iris.paper_id(row["paper"]) for row in library.run(self.store, "all_papers"))

    def slugs(self) -> set[str]:
        """Slugs of all entities."""
        return {self.iris.slug(row["entity"]) for row in library.run(self.store, "all_entities")}

    def mentions(self, paper_id: str) -> list[LinkedMention]:
        """All mentions of a paper in reading order, the title first."""
        rows = library.texts(self.store, "paper_mentions", paper=self.iris.paper(paper_id))
        return [self._mention(row) for row in rows]

    def _mention(self, row: Mapping[str, str]) -> LinkedMention:
        mention = Mention(
            Field(local_name(row["field"])),
            int(row["start"]),
            int(row["end"]),
            row["text"],
            Label(local_name(row["label"])),
            float(row["score"]),
            row["sentence"],
            int(row["sentenceStart"]),
            row["rule"],
            _role(row),
            float(row.get("roleScore", 0)),
        )
        entity = self._named(row["entity"], row["name"], row["type"])
        return LinkedMention(mention, entity, row["run"])

    def _named(self, entity: object, name: object, label: object) -> Entity:
        """An entity of which no more is known."""
        return Entity(self.iris.slug(entity), str(name), Label(local_name(label)))

    def roles(self, paper_id: str) -> dict[str, Role]:
        """What a paper does with the entities that it names, by slug; without those that it only names."""
        rows = library.run(self.store, "paper_roles", paper=self.iris.paper(paper_id))
        return {self.iris.slug(row["entity"]): ROLES[row["role"]] for row in rows}

    def entities_of(self, paper_id: str) -> list[Entity]:
        """The entities that a paper mentions, without their aliases, in no order."""
        rows = library.run(self.store, "paper_entities", paper=self.iris.paper(paper_id))
        return [self._entity(row) for row in rows]

    def entity(self, slug: str) -> Entity:
        """An entity with its aliases; raises NotFoundError."""
        node = self.iris.entity(slug)
        row = next(library.run(self.store, "entity_summary", entity=node), None)
        if row is None:
            raise NotFoundError("entity", slug)
        aliases = (str(r["alias"]) for r in library.run(self.store, "entity_aliases", entity=node))
        return entity_of(slug, row, aliases)

    def matches(self, slug: str) -> list[str]:
        """IRIs of the same thing elsewhere, such as in Wikidata."""
        rows = library.run(self.store, "entity_matches", entity=self.iris.entity(slug))
        return [str(row["item"]) for row in rows]

    def _entity(self, row: Row) -> Entity:
        return entity_of(self.iris.slug(row["entity"]), row)

    def papers_of(self, slug: str) -> list[PaperRow]:
        """Papers that mention an entity, newest first, then by title."""
        rows = library.run(self.store, "entity_papers", entity=self.iris.entity(slug))
        return [PaperRow(self.iris.paper_id(row["paper"]), str(row["title"]), _year(row), _role(row)) for row in rows]

    def evidence(self, paper_id: str, slug: str) -> list[Evidence]:
        """The mentions of an entity in a paper with their sentences: abstract before title, surest first."""
        rows = library.run(self.store, "evidence", paper=self.iris.paper(paper_id), entity=self.iris.entity(slug))
        return [_evidence(paper_id, row) for row in rows]

    def sentences(self, slug: str, *, limit: int) -> list[Evidence]:
        """Sentences from different papers that mention an entity: abstracts before titles, surest first."""
        return self._of_different_papers(
            library.run(self.store, "entity_evidence", entity=self.iris.entity(slug)), limit
        )

    def _of_different_papers(self, rows: Iterable[Row], limit: int) -> list[Evidence]:
        found: dict[str, Evidence] = {}
        for row in rows:
            paper_id = self.iris.paper_id(row["paper"])
            found.setdefault(paper_id, _evidence(paper_id, row))
            if len(found) >= limit:
                break
        return list(found.values())

    def statements(self, slug: str, *, limit: int, sentences: int = 1) -> list[Statement]:
        """What most papers state of an entity and another, each with sentences from different papers, surest first."""
        rows = library.run(self.store, "entity_statements", entity=self.iris.entity(slug))
        return [self._statement(row, sentences) for row in islice(rows, limit)]

    def statements_between(self, paper_id: str, other_id: str, *, limit: int) -> list[Statement]:
        """What most papers state of an entity that only one of two papers names and one that only the other does."""
        one, two = self.iris.paper(paper_id), self.iris.paper(other_id)
        rows = [
            row
            for subject, object_ in ((one, two), (two, one))
            for row in library.run(self.store, "statements_between", paper=subject, other=object_)
        ]
        rows.sort(key=lambda row: (-int(str(row["papers"])), -float(str(row["score"])), str(row["statement"])))
        return [self._statement(row, 1) for row in rows[:limit]]

    def _statement(self, row: Row, sentences: int) -> Statement:
        found = library.run(self.store, "statement_evidence", statement=row["statement"])
        return Statement(
            self._named(row["subject"], row["subjectName"], row["subjectType"]),
            KINDS[row["kind"]],
            self._named(row["object"], row["objectName"], row["objectType"]),
            int(str(row["papers"])),
            float(str(row["score"])),
            tuple(self._of_different_papers(found, sentences)),
        )

    def runs(self) -> list[ReadBy]:
        """What read the papers, by name and version."""
        rows = library.run(self.store, "runs")
        return [ReadBy(str(row["run"]), str(row["extractor"]), str(row["version"])) for row in rows]

    def totals(self) -> tuple[int, int]:
        """Numbers of mentions and of paper-to-entity edges."""
        row = next(library.run(self.store, "totals"))
        return int(str(row["mentions"])), int(str(row["edges"]))


def paper_of(paper_id: str, row: Mapping[str, object]) -> Paper:
    """What a row of ``paper_metadata`` says; raises ValueError."""
    byline = _text(row, "byline")
    return Paper(
        paper_id,
        str(row["title"]),
        _text(row, "abstract") or "",
        authors=tuple(byline.split("; ")) if byline else (),
        year=_year(row),
        venue=_text(row, "venue"),
        url=_text(row, "url"),
        doi=_text(row, "doi"),
        arxiv=_text(row, "arxiv"),
        identifier=_text(row, "identifier"),
    )


def entity_of(slug: str, row: Mapping[str, object], aliases: Iterable[str] = ()) -> Entity:
    """What a row of ``entity_summary`` or ``paper_entities`` says; raises ValueError."""
    name, label, papers = str(row["name"]), Label(local_name(row["type"])), int(str(row["count"]))
    return Entity(slug, name, label, tuple(aliases), papers, "generic" in row)


def _evidence(paper_id: str, row: Row) -> Evidence:
    text = str(row["text"])
    start = int(str(row["start"])) - int(str(row["sentenceStart"]))
    score, title = float(str(row["score"])), _text(row, "title") or ""
    return Evidence(paper_id, str(row["sentence"]), start, start + len(text), text, score, title)


def _text(row: Mapping[str, object], name: str) -> str | None:
    return str(row[name]) if name in row else None


def _role(row: Mapping[str, object]) -> Role | None:
    return ROLES[URIRef(str(row["role"]))] if "role" in row else None


def _year(row: Mapping[str, object]) -> int | None:
    return int(str(row["year"])[:4]) if "year" in row else None


def local_name(iri: object) -> str:
    """What stands behind the last # or / of an IRI."""
    return str(iri).rpartition("#")[2].rpartition("/")[2]
