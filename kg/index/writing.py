"""Papers and entities → rows, those that are there already brought up to date. What did not change is not written."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.index import schema, spelling
from kg.index.folding import squeeze
from kg.model import Entity, Paper

KEY = 80
"""Letters of a title by which it is found from its beginning."""


def put_papers(db: sqlite3.Connection, papers: Iterable[Paper], gone: Iterable[str]) -> None:
    """Within a transaction of the caller's."""
    words = Counter[str]()
    for paper_id in gone:
        row = db.execute("DELETE FROM papers WHERE id = ? RETURNING rowid, title", (paper_id,)).fetchone()
        if row:
            db.execute("DELETE FROM paper_text WHERE rowid = ?", row[:1])
            words.subtract(spelling.words_of(row[1:]))
    for paper in papers:
        _put_paper(db, paper, words)
    spelling.count(db, words)


def _put_paper(db: sqlite3.Connection, paper: Paper, words: Counter[str]) -> None:
    byline = "; ".join(paper.authors)
    values = {
        "title": paper.title, "byline": byline, "year": paper.year, "venue": paper.venue, "url": paper.url,
        "doi": paper.doi, "arxiv": paper.arxiv, "identifier": paper.identifier, "key": squeeze(paper.title)[:KEY],
    }  # fmt: skip
    old, row = _upsert(db, "papers", ("id", paper.id), values)
    if old:
        words.subtract(spelling.words_of([old["title"]]))
        db.execute("DELETE FROM paper_text WHERE rowid = ?", row)
    text = (paper.title, paper.abstract, byline)
    db.execute("INSERT INTO paper_text (rowid, title, abstract, byline) VALUES (?, ?, ?, ?)", (*row, *text))
    words.update(spelling.words_of([paper.title]))


def put_entities(db: sqlite3.Connection, entities: Iterable[Entity], gone: Iterable[str]) -> None:
    """Within a transaction of the caller's."""
    words = Counter[str]()
    for slug in gone:
        row = db.execute("DELETE FROM entities WHERE slug = ? RETURNING rowid, name, aliases", (slug,)).fetchone()
        if row:
            _forget_names(db, row[:1])
            words.subtract(spelling.words_of(row[1:]))
    for entity in entities:
        _put_entity(db, entity, words)
    spelling.count(db, words)


def _put_entity(db: sqlite3.Connection, entity: Entity, words: Counter[str]) -> None:
    aliases = "\n".join(sorted(entity.aliases))  # in the order that the graph gives them in
    values = {
        "name": entity.name, "label": entity.label.value, "aliases": aliases, "papers": entity.papers,
        "generic": int(entity.generic),
    }  # fmt: skip
    old, row = _upsert(db, "entities", ("slug", entity.slug), values)
    floors = schema.floors(entity.papers)
    if old and (old["name"], old["aliases"], schema.floors(old["papers"])) == (entity.name, aliases, floors):
        if old["papers"] != entity.papers:
            db.execute("UPDATE names SET papers = ? WHERE entity = ?", (entity.papers, *row))
        return
    if old:
        words.subtract(spelling.words_of([old["name"], old["aliases"]]))
        _forget_names(db, row)
    text = (entity.name, aliases, floors)
    db.execute("INSERT INTO entity_text (rowid, name, aliases, floors) VALUES (?, ?, ?, ?)", (*row, *text))
    keys = dict.fromkeys([squeeze(entity.name), *(squeeze(alias) for alias in entity.aliases)])
    rows = [(*row, int(alias > 0), key, entity.papers) for alias, key in enumerate(keys) if key]
    db.executemany("INSERT INTO names (entity, alias, key, papers) VALUES (?, ?, ?, ?)", rows)
    words.update(spelling.words_of([entity.name, aliases]))


def _forget_names(db: sqlite3.Connection, row: Sequence[int]) -> None:
    db.execute("DELETE FROM entity_text WHERE rowid = ?", row)
    db.execute("DELETE FROM names WHERE entity = ?", row)


def _upsert(
    db: sqlite3.Connection, table: str, key: tuple[str, str], values: Mapping[str, Any]
) -> tuple[Mapping[str, Any] | None, tuple[int]]:
    """Insert a row, or bring the one with this key up to date; returns what that said before, and its number."""
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    old = db.execute(f"SELECT rowid, {columns} FROM {table} WHERE {key[0]} = ?", key[1:]).fetchone()  # noqa: S608
    if old:
        said = dict(zip(values, old[1:], strict=True))
        if said != values:
            changes = ", ".join(f"{column} = ?" for column in values)
            db.execute(f"UPDATE {table} SET {changes} WHERE rowid = ?", (*values.values(), old[0]))  # noqa: S608
        return said, old[:1]
    insert = f"INSERT INTO {table} ({key[0]}, {columns}) VALUES (?, {marks})"  # noqa: S608 - names are ours
    return None, (int(db.execute(insert, (key[1], *values.values())).lastrowid or 0),)
