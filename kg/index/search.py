"""SQLite tables and full text (FTS5) over papers and entities: a copy of the graph, rebuilt from it at will.

One table is no copy: ids that were in the graph and are no more, so that their IRIs can say so. The graph itself
depends on the set of its papers alone and keeps no history.
"""

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.errors import StoreError
from kg.model import Entity, Label, Paper

VERSION = 3
MAX_WORDS = 32
SLUGS_AT_ONCE = 500

_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS papers (
    rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, byline TEXT NOT NULL,
    year INTEGER, venue TEXT);
CREATE TABLE IF NOT EXISTS entities (
    rowid INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, label TEXT NOT NULL,
    aliases TEXT NOT NULL, papers INTEGER NOT NULL, generic INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS papers_by_title ON papers (title COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS entities_by_papers ON entities (papers DESC, slug);
CREATE INDEX IF NOT EXISTS entities_by_label ON entities (label, papers DESC, slug);
CREATE VIRTUAL TABLE IF NOT EXISTS paper_text USING fts5(
    title, abstract, byline, tokenize='unicode61 remove_diacritics 2', prefix='2 3');
CREATE VIRTUAL TABLE IF NOT EXISTS entity_text USING fts5(
    name, aliases, tokenize='unicode61 remove_diacritics 2', prefix='2 3');
CREATE TABLE IF NOT EXISTS retired (kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS paper_goes AFTER DELETE ON papers
    BEGIN INSERT OR IGNORE INTO retired VALUES ('paper', OLD.id); END;
CREATE TRIGGER IF NOT EXISTS paper_comes AFTER INSERT ON papers
    BEGIN DELETE FROM retired WHERE kind = 'paper' AND id = NEW.id; END;
CREATE TRIGGER IF NOT EXISTS entity_goes AFTER DELETE ON entities
    BEGIN INSERT OR IGNORE INTO retired VALUES ('entity', OLD.slug); END;
CREATE TRIGGER IF NOT EXISTS entity_comes AFTER INSERT ON entities
    BEGIN DELETE FROM retired WHERE kind = 'entity' AND id = NEW.slug; END;
"""


@dataclass(frozen=True, slots=True)
class PaperHit:
    """A paper in a list or a search result.

    ``pieces`` cut a part of its abstract into what was searched for (True) and what was not (False).
    """

    id: str
    title: str
    byline: str
    year: int | None
    venue: str | None
    pieces: tuple[tuple[str, bool], ...] = ()

    @property
    def snippet(self) -> str:
        """The pieces as plain text."""
        return "".join(text for text, _ in self.pieces)


class SearchIndex:
    """One SQLite file; many readers, one writer. Cheap to open: one a thread or a request."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open or make the file; raises StoreError. ``changed`` says whether rows were written since."""
        self.changed = False
        try:
            if read_only:
                self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            else:
                self._db = sqlite3.connect(path, check_same_thread=False)
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise StoreError(f"search index {path} cannot be opened: {error}") from error

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def copy_to(self, path: Path) -> None:
        """Write a copy into a new file."""
        try:
            with closing(sqlite3.connect(path)) as target:
                self._db.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise StoreError(f"search index could not be copied to {path}: {error}") from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._db:
                yield self._db
        except sqlite3.Error as error:
            raise StoreError(f"search index could not be written: {error}") from error

    @property
    def stale(self) -> bool:
        """True if the graph may hold more than the index: a writer died between the two."""
        row = self._db.execute("SELECT value FROM state WHERE key = 'clean'").fetchone()
        return row is None or row[0] != str(VERSION)

    def mark(self, *, clean: bool) -> None:
        """Say before a write to the graph that the index is behind it, and afterwards that it is not."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO state VALUES ('clean', ?)", (str(VERSION) if clean else "",))

    def clear(self) -> None:
        """Forget all papers and entities, but that there were such: what is not put back is retired."""
        self.changed = True
        with self._transaction() as db:
            for table in ("papers", "entities", "paper_text", "entity_text"):
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - names are ours

    def paper_facts(self) -> Iterator[tuple[str, int | None, str | None]]:
        """Id, year and venue of every paper, by id."""
        yield from self._db.execute("SELECT id, year, venue FROM papers ORDER BY id")

    def entity_facts(self) -> Iterator[tuple[str, Label, bool]]:
        """Slug and type of every entity and whether it is generic, by slug."""
        for slug, label, generic in self._db.execute("SELECT slug, label, generic FROM entities ORDER BY slug"):
            yield slug, Label(label), bool(generic)

    def put_papers(self, papers: Iterable[Paper], gone: Iterable[str] = ()) -> None:
        """Insert papers, or replace those with the same id, and drop those with the ids that are gone."""
        self.changed = True
        with self._transaction() as db:
            for paper_id in gone:
                row = db.execute("DELETE FROM papers WHERE id = ? RETURNING rowid", (paper_id,)).fetchone()
                if row:
                    db.execute("DELETE FROM paper_text WHERE rowid = ?", row)
            for paper in papers:
                byline = "; ".join(paper.authors)
                row = db.execute(
                    "INSERT INTO papers (id, title, byline, year, venue) VALUES (?, ?, ?, ?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET title = excluded.title, byline = excluded.byline, "
                    "year = excluded.year, venue = excluded.venue RETURNING rowid",
                    (paper.id, paper.title, byline, paper.year, paper.venue),
                ).fetchone()
                db.execute("DELETE FROM paper_text WHERE rowid = ?", row)
                db.execute(
                    "INSERT INTO paper_text (rowid, title, abstract, byline) VALUES (?, ?, ?, ?)",
                    (row[0], paper.title, paper.abstract, byline),
                )

    def put_entities(self, entities: Iterable[Entity], gone: Iterable[str] = ()) -> None:
        """Insert or replace entities by slug, and drop those that are gone."""
        self.changed = True
        with self._transaction() as db:
            for slug in gone:
                row = db.execute("DELETE FROM entities WHERE slug = ? RETURNING rowid", (slug,)).fetchone()
                if row:
                    db.execute("DELETE FROM entity_text WHERE rowid = ?", row)
            for e in entities:
                aliases = "\n".join(e.aliases)
                row = db.execute(
                    "INSERT INTO entities (slug, name, label, aliases, papers, generic) VALUES (?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (slug) DO UPDATE SET name = excluded.name, label = excluded.label, "
                    "aliases = excluded.aliases, papers = excluded.papers, generic = excluded.generic RETURNING rowid",
                    (e.slug, e.name, e.label.value, aliases, e.papers, e.generic),
                ).fetchone()
                db.execute("DELETE FROM entity_text WHERE rowid = ?", row)
                db.execute(
                    "INSERT INTO entity_text (rowid, name, aliases) VALUES (?, ?, ?)",
                    (row[0], e.name, aliases),
                )

    def papers(self, *, after: tuple[str, str] | None = None, limit: int = 50) -> list[PaperHit]:
        """Papers by title; ``after`` is the (title, id) of the last one seen."""
        where = "WHERE (title COLLATE NOCASE, id) > (?, ?)" if after else ""
        rows = self._db.execute(
            f"SELECT id, title, byline, year, venue FROM papers {where} "  # noqa: S608 - a constant
            "ORDER BY title COLLATE NOCASE, id LIMIT ?",
            (*(after or ()), limit),
        )
        return [PaperHit(*row) for row in rows]

    def entities(
        self, *, label: Label | None = None, after: tuple[int, str] | None = None, limit: int = 50
    ) -> list[Entity]:
        """Entities with most papers first; ``after`` is the (papers, slug) of the last one seen."""
        where = ["1"] + ["label = ?"] * (label is not None)
        values: list[str | int] = [label.value] if label else []
        if after:
            where.append("(-papers, slug) > (-?, ?)")
            values += after
        rows = self._db.execute(
            "SELECT slug, name, label, aliases, papers, generic FROM entities "  # noqa: S608 - constants
            f"WHERE {' AND '.join(where)} ORDER BY papers DESC, slug LIMIT ?",
            (*values, limit),
        )
        return [_entity(row) for row in rows]

    def entities_of(self, slugs: Iterable[str]) -> Iterator[Entity]:
        """The entities with these slugs, in no order; slugs of none are passed over."""
        wanted = list(slugs)
        for at in range(0, len(wanted), SLUGS_AT_ONCE):
            some = wanted[at : at + SLUGS_AT_ONCE]
            rows = self._db.execute(
                "SELECT slug, name, label, aliases, papers, generic FROM entities "  # noqa: S608 - question marks
                f"WHERE slug IN ({', '.join('?' * len(some))})",
                some,
            )
            yield from map(_entity, rows)

    def texts(self, paper_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Title and abstract of each of these papers that there is."""
        wanted = list(paper_ids)
        rows = self._db.execute(
            "SELECT p.id, t.title, t.abstract FROM papers p JOIN paper_text t ON t.rowid = p.rowid "  # noqa: S608
            f"WHERE p.id IN ({', '.join('?' * len(wanted))})",
            wanted,
        )
        return {paper_id: (title, abstract) for paper_id, title, abstract in rows}

    def retired(self, kind: str, name: str) -> bool:
        """Whether there was a ``paper`` of this id, or an ``entity`` of this slug, and is none now."""
        query = "SELECT EXISTS (SELECT 1 FROM retired WHERE kind = ? AND id = ?)"
        return bool(self._db.execute(query, (kind, name)).fetchone()[0])

    def search_papers(self, text: str, *, limit: int = 20) -> list[PaperHit]:
        """Papers that hold all words (the last one as a beginning), best first by BM25, the title counting more."""
        rows = self._db.execute(
            "SELECT p.id, p.title, p.byline, p.year, p.venue, snippet(paper_text, 1, char(2), char(3), '…', 24) "
            "FROM paper_text JOIN papers p ON p.rowid = paper_text.rowid WHERE paper_text MATCH ? "
            "ORDER BY bm25(paper_text, 8.0, 1.0, 2.0), p.id LIMIT ?",
            (match_expression(text), limit),
        )
        return [
            PaperHit(paper_id, title, byline, year, venue, _pieces(snippet))
            for paper_id, title, byline, year, venue, snippet in rows
        ]

    def search_entities(self, text: str, *, limit: int = 20) -> list[Entity]:
        """Entities whose names hold all words: the exact name first, then those with most papers."""
        rows = self._db.execute(
            "SELECT e.slug, e.name, e.label, e.aliases, e.papers, e.generic "
            "FROM entity_text JOIN entities e ON e.rowid = entity_text.rowid WHERE entity_text MATCH ? "
            "ORDER BY e.name = ? COLLATE NOCASE DESC, "
            "instr(char(10) || lower(e.aliases) || char(10), char(10) || lower(?) || char(10)) > 0 DESC, "
            "e.papers DESC, length(e.name), e.slug LIMIT ?",
            (match_expression(text), text.strip(), text.strip(), limit),
        )
        return [_entity(row) for row in rows]

    def titles_like(self, text: str, *, limit: int = 6) -> list[PaperHit]:
        """Papers whose title holds this text, shortest title first."""
        rows = self._db.execute(
            "SELECT id, title, byline, year, venue FROM papers WHERE instr(lower(title), lower(?)) > 0 "
            "ORDER BY length(title), id LIMIT ?",
            (text.strip(), limit),
        )
        return [PaperHit(*row) for row in rows]

    def entity_count(self, labels: Collection[Label] = tuple(Label)) -> int:
        """Number of entities of these types that are not generic."""
        marks = ", ".join("?" * len(labels))
        (count,) = self._db.execute(
            f"SELECT count(*) FROM entities WHERE NOT generic AND label IN ({marks})",  # noqa: S608 - question marks
            [label.value for label in labels],
        ).fetchone()
        return int(count)

    def counts(self) -> dict[str, int]:
        """Number of papers, and of entities by label."""
        (papers,) = self._db.execute("SELECT count(*) FROM papers").fetchone()
        by_label = dict(self._db.execute("SELECT label, count(*) FROM entities GROUP BY label"))
        return {"Paper": papers, **{label.value: by_label.get(label.value, 0) for label in Label}}


def match_expression(text: str) -> str:
    """FTS5 expression for what a person typed: every word quoted, so that no operator gets in."""
    words = list(dict.fromkeys(re.findall(r"\w+", text)))[:MAX_WORDS]
    if not words:
        return '""'
    return " ".join(f'"{word}"' for word in words) + "*"


def _pieces(snippet: str) -> tuple[tuple[str, bool], ...]:
    """Cut at the control characters that mark what was found; no text of ours holds them."""
    parts = re.split(r"[\x02\x03]", snippet)
    return tuple((part, i % 2 == 1) for i, part in enumerate(parts) if part)


def _entity(row: tuple[str, str, str, str, int, int]) -> Entity:
    slug, name, label, aliases, papers, generic = row
    return Entity(slug, name, Label(label), tuple(aliases.split("\n")) if aliases else (), papers, bool(generic))
