"""The tables of the search index."""

import sqlite3

from kg.index import spelling

VERSION = 5
"""Counts up whenever an index that was written before can no longer be read, or would answer differently."""

FLOORS = (64, 8, 0)
"""Numbers of papers. What is named most is looked for first: common names are few, so that a search which finds enough
among them need not sort all that begin or end alike."""

COPIES = ("papers", "entities", "names", "words", "filed")
"""The tables that hold what the graph says, and nothing else."""

RETIRING = ("papers", "entities")
"""Those whose triggers keep what leaves them."""

_FTS5 = "USING fts5({}, tokenize='unicode61 remove_diacritics 2', prefix='2 3');"
TEXTS = {
    "paper_text": f"CREATE VIRTUAL TABLE IF NOT EXISTS paper_text {_FTS5.format('title, abstract, byline')}",
    "entity_text": f"CREATE VIRTUAL TABLE IF NOT EXISTS entity_text {_FTS5.format('name, aliases, floors')}",
}
"""The full text of both, and how each is made."""

_TABLES = (
    """
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS papers (
    rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, byline TEXT NOT NULL,
    year INTEGER, venue TEXT, url TEXT, doi TEXT, arxiv TEXT, identifier TEXT, key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entities (
    rowid INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, label TEXT NOT NULL,
    aliases TEXT NOT NULL, papers INTEGER NOT NULL, generic INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS names (
    entity INTEGER NOT NULL, alias INTEGER NOT NULL, key TEXT NOT NULL, papers INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS papers_by_title ON papers (title COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS papers_by_key ON papers (key);
CREATE INDEX IF NOT EXISTS entities_by_papers ON entities (papers DESC, slug);
CREATE INDEX IF NOT EXISTS entities_by_label ON entities (label, papers DESC, slug);
CREATE INDEX IF NOT EXISTS names_by_entity ON names (entity);
CREATE TABLE IF NOT EXISTS retired (kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS paper_goes AFTER DELETE ON papers
    BEGIN INSERT OR IGNORE INTO retired VALUES ('paper', OLD.id); END;
CREATE TRIGGER IF NOT EXISTS paper_comes AFTER INSERT ON papers
    BEGIN DELETE FROM retired WHERE kind = 'paper' AND id = NEW.id; END;
CREATE TRIGGER IF NOT EXISTS entity_goes AFTER DELETE ON entities
    BEGIN INSERT OR IGNORE INTO retired VALUES ('entity', OLD.slug); END;
CREATE TRIGGER IF NOT EXISTS entity_comes AFTER INSERT ON entities
    BEGIN DELETE FROM retired WHERE kind = 'entity' AND id = NEW.slug; END;
""",
    *(
        f"CREATE INDEX IF NOT EXISTS names_from_{floor} ON names (alias, key, papers, entity) WHERE papers >= {floor};"
        for floor in FLOORS
    ),
    spelling.SCHEMA,
    *TEXTS.values(),
)


def floors(papers: int) -> str:
    """What the column of this name holds: a word for each floor that so many papers reach."""
    return " ".join(f"f{floor}" for floor in FLOORS if papers >= floor)


def version_of(db: sqlite3.Connection) -> int:
    """The version that the tables of a file have; 0 for a new file."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def make(db: sqlite3.Connection) -> None:
    """Make the tables, in place of those of another version; what these held is retired until it is put back."""
    if version_of(db) != VERSION:
        there = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in (*COPIES, *TEXTS):
            if table in there:
                if table in RETIRING:
                    db.execute(f"DELETE FROM {table}")  # noqa: S608 - names are ours
                db.execute(f"DROP TABLE {table}")
        db.execute(f"PRAGMA user_version = {VERSION}")
    db.executescript("".join(_TABLES))


def clear(db: sqlite3.Connection) -> None:
    """Empty all copies, within a transaction of the caller's. Dropping full text costs less than emptying it."""
    for table in COPIES:
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - names are ours
    for table, statement in TEXTS.items():
        db.execute(f"DROP TABLE {table}")
        db.execute(statement)
