"""Lists of entities in an order, from some place in it on: each page costs the same, however far down it is."""

import sqlite3
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from kg.index.hits import ENTITY, entity
from kg.index.schema import FLOORS
from kg.model import Entity, Label

# Joined by CROSS JOIN, which SQLite takes as said: names in their order first, then the entity of each.
_ENTITY = ", ".join(f"e.{column}" for column in ENTITY.split(", "))
# Behind all signs that may begin a name.
_LAST = chr(0x10FFFF)


class Initial(StrEnum):
    """What names begin with, without case, accents and signs; whatever is no digit and no Latin letter is other."""

    DIGIT = "0-9"
    A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z = "abcdefghijklmnopqrstuvwxyz"  # noqa: E741 - letters
    OTHER = "other"

    @property
    def range(self) -> tuple[str, str]:
        """From which key on names begin so, and before which."""
        match self:
            case Initial.DIGIT:
                return "0", ":"
            case Initial.OTHER:
                return "{", _LAST
        return self.value, chr(ord(self.value) + 1)


class Part(NamedTuple):
    """A part of a list, and the position from which it goes on, if it does."""

    entities: list[Entity]
    after: tuple[str | int, ...] | None


class Listed(NamedTuple):
    """Which entities: of one type, whose names begin so, that so many papers name at least."""

    label: Label
    initial: Initial | None = None
    least: int = 1


def by_name(db: sqlite3.Connection, listed: Listed, after: tuple[str, int, int] | None, limit: int) -> Part:
    """As names are ordered without case and what stands between letters."""
    low, high = listed.initial.range if listed.initial else ("", _LAST)
    further, position = ("AND (n.key, n.papers, n.entity) > (?, ?, ?)", after) if after else ("", ())
    rows = db.execute(
        f"SELECT n.key, n.papers, n.entity, {_ENTITY} FROM names n INDEXED BY names_from_0 "  # noqa: S608 - constants
        "CROSS JOIN entities e ON e.rowid = n.entity "
        f"WHERE n.alias = 0 AND n.papers >= 0 AND n.key >= ? AND n.key < ? {further} AND n.papers >= ? AND e.label = ? "
        "ORDER BY n.key, n.papers, n.entity LIMIT ?",
        (max(low, after[0]) if after else low, high, *position, listed.least, listed.label.value, limit + 1),
    ).fetchall()
    return Part([entity(row[3:]) for row in rows[:limit]], _position(rows, limit, 3))


def by_papers(db: sqlite3.Connection, listed: Listed, after: tuple[int, str] | None, limit: int) -> Part:
    """Those in most papers first."""
    further, position = ("AND (-e.papers, e.slug) > (-?, ?)", after) if after else ("", ())
    values = (listed.least, *position, limit + 1)
    if listed.initial is None:
        query = (
            f"SELECT e.papers, e.slug, {_ENTITY} FROM entities e INDEXED BY entities_by_label "  # noqa: S608 - constants
            f"WHERE e.label = ? AND e.papers >= ? {further} ORDER BY e.papers DESC, e.slug LIMIT ?"
        )
        rows = db.execute(query, (listed.label.value, *values)).fetchall()
        return Part([entity(row[2:]) for row in rows[:limit]], _position(rows, limit, 2))
    rows = []
    for floor in FLOORS:  # what is named most is found without a look at the many that few papers name
        query = (
            f"SELECT e.papers, e.slug, {_ENTITY} FROM names n INDEXED BY names_from_{floor} "  # noqa: S608 - constants
            f"CROSS JOIN entities e ON e.rowid = n.entity WHERE n.alias = 0 AND n.papers >= {floor} AND n.key >= ? "
            f"AND n.key < ? AND e.label = ? AND e.papers >= ? {further} ORDER BY e.papers DESC, e.slug LIMIT ?"
        )
        rows = db.execute(query, (*listed.initial.range, listed.label.value, *values)).fetchall()
        if len(rows) > limit:
            break
    return Part([entity(row[2:]) for row in rows[:limit]], _position(rows, limit, 2))


def _position(rows: Sequence[Sequence[Any]], limit: int, width: int) -> tuple[str | int, ...] | None:
    return tuple(rows[limit - 1][:width]) if len(rows) > limit else None
