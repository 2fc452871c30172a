"""What was typed, finished or not → what fits it; with other spellings where that is little or nothing."""

import sqlite3
from collections.abc import Collection

from kg.index import finding, spelling
from kg.index.folding import Typed, found_in, squeeze
from kg.index.hits import Found, PaperHit, Suggested, Suggestion, Within
from kg.model import Entity, Label

FEW = 3
"""Where fewer things are found, other spellings are tried."""
_PAPERS = 4
"""One place in so many is kept for papers."""


def search(db: sqlite3.Connection, text: str, labels: Collection[Label], within: Within | None, limit: int) -> Found:
    """Up to ``limit`` entities of these types, and as many papers; none of them if ``within`` is None."""

    def find(typed: Typed) -> tuple[list[Entity], list[PaperHit]]:
        entities = finding.entities(db, typed, labels, limit=limit) if labels else []
        return entities, finding.papers(db, typed, within, limit=limit) if within is not None else []

    entities, papers = find(Typed(text))
    meant = _meant(db, text) if len(entities) + len(papers) < FEW else None
    if not meant:
        return Found(entities, papers, None)
    others, more = find(Typed(meant))
    slugs, ids = {each.slug for each in entities}, {each.id for each in papers}
    others, more = [each for each in others if each.slug not in slugs], [each for each in more if each.id not in ids]
    return Found([*entities, *others][:limit], [*papers, *more][:limit], meant if others or more else None)


def suggest(db: sqlite3.Connection, text: str, limit: int) -> Suggested:
    """Entities first, then papers by their titles."""
    items = _fitting(db, Typed(text), limit)
    meant = _meant(db, text) if len(items) < FEW else None
    if not meant:
        return Suggested(items, None)
    ids = {(each.label is None, each.id) for each in items}
    others = [each for each in _fitting(db, Typed(meant), limit) if (each.label is None, each.id) not in ids]
    return Suggested([*items, *others][:limit], meant if others else None)


def _meant(db: sqlite3.Connection, text: str) -> str | None:
    words = spelling.meant(db, Typed(text).words)
    return " ".join(words) if words else None


def _fitting(db: sqlite3.Connection, typed: Typed, limit: int) -> list[Suggestion]:
    entities = finding.entities(db, typed, tuple(Label), limit=limit)
    papers = finding.titles(db, typed, limit=max(limit // _PAPERS, limit - len(entities)))
    items = [_named(each, typed) for each in entities[: limit - len(papers)]]
    return items + [Suggestion(key, title, None, title, found_in(title, typed)) for key, title in papers]


def _named(entity: Entity, typed: Typed) -> Suggestion:
    """With the name that made it fit: the one that is so called, else begins so, else the first that holds a word."""
    names = (entity.name, *entity.aliases)
    keys = [squeeze(name) for name in names]
    best = next((name for name, key in zip(names, keys, strict=True) if key == typed.key), None)
    best = best or next((name for name, key in zip(names, keys, strict=True) if key.startswith(typed.key)), None)
    best = best or max(names, key=lambda name: len(found_in(name, typed)))
    return Suggestion(entity.slug, entity.name, entity.label, best, found_in(best, typed))
