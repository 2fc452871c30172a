"""Rows to our nouns: what the graph says of papers and entities."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib.term import Node

from kg.errors import NotFoundError
from kg.iri import Iris
from kg.model import Entity, Evidence, Field, Label, Mention, Paper
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
    """A paper in the list of an entity's papers."""

    id: str
    title: str
    year: int | None
    introduces: bool


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

    def paper_ids(self) -> Iterator[str]:
        """Ids of all papers, in no order."""
        return (self.iris.paper_id(row["paper"]) for row in library.run(self.store, "all_papers"))

    def mentions(self, paper_id: str) -> list[LinkedMention]:
        """All mentions of a paper in reading order, the title first."""
        rows = library.run(self.store, "paper_mentions", paper=self.iris.paper(paper_id))
        return [self._mention(row) for row in rows]

    def _mention(self, row: Row) -> LinkedMention:
        mention = Mention(
            Field(_local(row["field"])),
            int(str(row["start"])),
            int(str(row["end"])),
            str(row["text"]),
            Label(_local(row["label"])),
            float(str(row["score"])),
            str(row["sentence"]),
            int(str(row["sentenceStart"])),
            str(row["rule"]),
        )
        entity = Entity(self.iris.slug(row["entity"]), str(row["name"]), Label(_local(row["type"])))
        return LinkedMention(mention, entity, str(row["run"]))

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
        found = self._entity(row)
        return Entity(found.slug, found.name, found.label, tuple(aliases), found.papers, found.generic)

    def _entity(self, row: Row) -> Entity:
        return Entity(
            self.iris.slug(row["entity"]),
            str(row["name"]),
            Label(_local(row["type"])),
            papers=int(str(row["count"])),
            generic="generic" in row,
        )

    def papers_of(self, slug: str) -> list[PaperRow]:
        """Papers that mention an entity, newest first, then by title."""
        rows = library.run(self.store, "entity_papers", entity=self.iris.entity(slug))
        return [
            PaperRow(self.iris.paper_id(row["paper"]), str(row["title"]), _year(row), "introduced" in row)
            for row in rows
        ]

    def evidence(self, paper_id: str, slug: str) -> list[Evidence]:
        """The mentions of an entity in a paper with their sentences: abstract before title, surest first."""
        rows = library.run(self.store, "evidence", paper=self.iris.paper(paper_id), entity=self.iris.entity(slug))
        return [_evidence(paper_id, row) for row in rows]

    def sentences(self, slug: str, *, limit: int) -> list[Evidence]:
        """Sentences from different papers that mention an entity: abstracts before titles, surest first."""
        found: dict[str, Evidence] = {}
        for row in library.run(self.store, "entity_evidence", entity=self.iris.entity(slug)):
            paper_id = self.iris.paper_id(row["paper"])
            found.setdefault(paper_id, _evidence(paper_id, row))
            if len(found) >= limit:
                break
        return list(found.values())

    def paper_ids_of(self, slug: str) -> list[str]:
        """Ids of the papers that mention an entity."""
        rows = library.run(self.store, "entity_edges", entity=self.iris.entity(slug))
        return [self.iris.paper_id(row["paper"]) for row in rows]

    def totals(self) -> tuple[int, int]:
        """Numbers of mentions and of paper-to-entity edges."""
        row = next(library.run(self.store, "totals"))
        return int(str(row["mentions"])), int(str(row["edges"]))


def _evidence(paper_id: str, row: Row) -> Evidence:
    text = str(row["text"])
    start = int(str(row["start"])) - int(str(row["sentenceStart"]))
    score, title = float(str(row["score"])), _text(row, "title") or ""
    return Evidence(paper_id, str(row["sentence"]), start, start + len(text), text, score, title)


def _text(row: Row, name: str) -> str | None:
    return str(row[name]) if name in row else None


def _year(row: Row) -> int | None:
    return int(str(row["year"])[:4]) if "year" in row else None


def _local(iri: Node) -> str:
    return str(iri).rpartition("#")[2].rpartition("/")[2]
