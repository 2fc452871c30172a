"""What was typed → entities and papers, best first. Each step runs only if those before it did not find enough."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from typing import Any

from kg.index.folding import Typed
from kg.index.hits import ENTITY, PAPER, PaperHit, Within, entity, pieces
from kg.index.schema import FLOORS, TEXTS
from kg.model import Entity, Label

_LAST = chr(0x10FFFF)
# Names that an entity has in several spellings take places from others.
_SPELLINGS = 4
# So many words leave few names, whatever they are.
_SPECIFIC = 3


def entities(db: sqlite3.Connection, typed: Typed, labels: Collection[Label], *, limit: int) -> list[Entity]:
    """Called so, then those whose name begins so, then another name, then that hold all words; common ones first."""
    if not typed.key:
        return []
    types = [] if set(labels) == set(Label) else [label.value for label in labels]
    found: dict[int, None] = {}
    for step in (_called, _beginning, _beginning_otherwise, _holding):
        if len(found) < limit:
            found |= dict.fromkeys(step(db, typed, types, limit + len(found)))
    order = list(found)[:limit]
    rows = db.execute(f"SELECT rowid, {ENTITY} FROM entities WHERE rowid IN ({_marks(order)})", order)  # noqa: S608
    by_id = {row[0]: entity(row[1:]) for row in rows}
    return [by_id[each] for each in order]


def _called(db: sqlite3.Connection, typed: Typed, types: Sequence[str], limit: int) -> list[int]:
    """By name, then by another name."""
    query = (
        "SELECT n.entity FROM names n INDEXED BY names_from_0 "  # noqa: S608 - question marks
        f"WHERE n.alias IN (0, 1) AND n.key = ? AND n.papers >= 0 {_of(types, 'n.entity')} "
        "ORDER BY n.alias, n.papers DESC, n.entity LIMIT ?"
    )
    return _distinct(db.execute(query, (typed.key, *types, limit)))


def _beginning(db: sqlite3.Connection, typed: Typed, types: Sequence[str], limit: int) -> list[int]:
    return _from(db, typed, types, limit, alias=0)


def _beginning_otherwise(db: sqlite3.Connection, typed: Typed, types: Sequence[str], limit: int) -> list[int]:
    return _from(db, typed, types, limit, alias=1)


def _from(db: sqlite3.Connection, typed: Typed, types: Sequence[str], limit: int, *, alias: int) -> list[int]:
    def rows(floor: int) -> Iterable[tuple[int]]:
        query = (
            f"SELECT n.entity FROM names n INDEXED BY names_from_{floor} "  # noqa: S608 - numbers, question marks
            f"WHERE n.alias = {alias} AND n.key >= ? AND n.key < ? AND n.papers >= {floor} {_of(types, 'n.entity')} "
            "ORDER BY n.papers DESC, length(n.key), n.key, n.entity LIMIT ?"
        )
        return db.execute(query, (typed.key, typed.key + _LAST, *types, limit * _SPELLINGS))

    return _commonest(rows, limit)


def _holding(db: sqlite3.Connection, typed: Typed, types: Sequence[str], limit: int) -> list[int]:
    query = (
        "SELECT e.rowid FROM entity_text JOIN entities e ON e.rowid = entity_text.rowid "  # noqa: S608 - question marks
        f"WHERE entity_text MATCH ? {_of(types, 'e.rowid')} ORDER BY e.papers DESC, length(e.name), e.slug LIMIT ?"
    )

    def rows(floor: int) -> Iterable[tuple[int]]:
        words = f"{{name aliases}} : ({typed.all_words()})"
        return db.execute(query, (f"{words} AND floors : f{floor}" if floor else words, *types, limit))

    return _commonest(rows, limit, FLOORS if len(typed.words) < _SPECIFIC else FLOORS[-1:])


def _commonest(rows: Callable[[int], Iterable[tuple[int]]], limit: int, floors: Sequence[int] = FLOORS) -> list[int]:
    """Among those that are named most, if there are enough; else among more."""
    found: list[int] = []
    for floor in floors:
        found = _distinct(rows(floor))
        if len(found) >= limit:
            break
    return found


def _of(types: Sequence[str], entity_id: str) -> str:
    if not types:
        return ""
    return f"AND (SELECT label FROM entities WHERE rowid = {entity_id}) IN ({_marks(types)})"  # noqa: S608 - ours


def papers(db: sqlite3.Connection, typed: Typed, within: Within, *, limit: int) -> list[PaperHit]:
    """Those that hold the words one after the other, in the title or anywhere, then those that hold all; by BM25.

    The last word may be a beginning. Where nothing is found, all may.
    """
    if not typed.words:
        return []
    found: dict[int, None] = {}
    for expression in dict.fromkeys((f"title : {typed.phrase()}", typed.phrase(), typed.all_words())):
        if len(found) < limit:
            found |= dict.fromkeys(_ranked(db, expression, within, limit + len(found)))
    marking = typed.all_words()
    if not found:
        marking = typed.beginnings()
        found = dict.fromkeys(_ranked(db, marking, within, limit))
    order = list(found)[:limit]
    hits = _with_snippets(db, order, marking)
    return [hits[each] for each in order]


def numbered(db: sqlite3.Connection, typed: Typed, numbers: Sequence[int]) -> list[PaperHit]:
    """The papers of these numbers, in their order; those that hold a word are shown where they do."""
    order = list(numbers)
    rows = db.execute(f"SELECT rowid, {PAPER} FROM papers WHERE rowid IN ({_marks(order)})", order)  # noqa: S608
    found = {row[0]: PaperHit(*row[1:]) for row in rows}
    if typed.words:
        found |= _with_snippets(db, order, typed.all_words())
    return [found[each] for each in order]


def _ranked(db: sqlite3.Connection, expression: str, within: Within, limit: int) -> list[int]:
    conditions = {
        "p.year >= ?": within.year_from,
        "p.year <= ?": within.year_to,
        "instr(lower(p.venue) || ' ', lower(?) || ' ') = 1": within.venue,
    }
    asked = {condition: value for condition, value in conditions.items() if value is not None}
    query = (
        "SELECT p.rowid FROM paper_text JOIN papers p ON p.rowid = paper_text.rowid "  # noqa: S608 - constants
        f"WHERE {' AND '.join(['paper_text MATCH ?', *asked])} ORDER BY bm25(paper_text, 8.0, 1.0, 2.0), p.id LIMIT ?"
    )
    return _distinct(db.execute(query, (expression, *asked.values(), limit)))


def _with_snippets(db: sqlite3.Connection, order: list[int], marking: str) -> dict[int, PaperHit]:
    """Those of these papers that hold what is to be marked, with a part of the abstract where it is.

    They are searched in a table of their own: to look for few, FTS5 goes through all that hold the words.
    """
    columns = ", ".join(f"p.{column}" for column in PAPER.split(", "))
    rows = db.execute(
        f"SELECT p.rowid, t.title, t.abstract, t.byline, {columns} "  # noqa: S608 - constants
        f"FROM papers p JOIN paper_text t ON t.rowid = p.rowid WHERE p.rowid IN ({_marks(order)})",
        order,
    ).fetchall()
    with closing(sqlite3.connect(":memory:")) as few:
        few.execute(TEXTS["paper_text"])
        few.executemany(
            "INSERT INTO paper_text (rowid, title, abstract, byline) VALUES (?, ?, ?, ?)", (row[:4] for row in rows)
        )
        snippet = (
            "SELECT rowid, snippet(paper_text, 1, char(2), char(3), '…', 24) FROM paper_text WHERE paper_text MATCH ?"
        )
        found = dict(few.execute(snippet, (marking,)).fetchall())
    return {number: _hit((*row, found[number])) for number, _, _, _, *row in rows if number in found}


def _hit(row: Sequence[Any]) -> PaperHit:
    paper_id, title, byline, year, venue, snippet = row
    return PaperHit(paper_id, title, byline, year, venue, pieces(snippet))


def titles(db: sqlite3.Connection, typed: Typed, *, limit: int) -> list[tuple[str, str]]:
    """Ids and titles that begin so, then those that hold the words one after the other."""
    query = "SELECT id, title FROM papers WHERE key >= ? AND key < ? ORDER BY key, id LIMIT ?"
    found = dict(db.execute(query, (typed.key, typed.key + _LAST, limit)).fetchall()) if typed.key else {}
    if len(found) < limit and typed.words and len(typed.words[-1]) > 1:
        query = (
            "SELECT p.id, p.title FROM paper_text JOIN papers p ON p.rowid = paper_text.rowid "
            "WHERE paper_text MATCH ? LIMIT ?"
        )
        rows = db.execute(query, (f"title : {typed.phrase()}", limit + len(found))).fetchall()
        found |= dict(sorted(rows, key=lambda row: (len(row[1]), row[0])))
    return list(found.items())[:limit]


def _distinct(rows: Iterable[tuple[int]]) -> list[int]:
    return list(dict.fromkeys(row[0] for row in rows))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
