"""The search index as it lies on the disk, to be held against the graph."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.index.schema import floors
from kg.model import Entity, Paper

_AT_ONCE = 500
_PAPERS = (
    "SELECT p.id, p.title, p.byline, p.year, p.venue, p.url, p.doi, p.arxiv, p.identifier, "
    "t.title, t.abstract, t.byline FROM papers p "
    "LEFT JOIN paper_text t ON t.rowid = p.rowid"
)
_ENTITIES = (
    "SELECT e.slug, e.name, e.label, e.aliases, e.papers, e.generic, t.name, t.aliases, t.floors FROM entities e "
    "LEFT JOIN entity_text t ON t.rowid = e.rowid"
)

Stored = tuple[object, ...]


class StoredIndex:
    """A copy of the file, which takes commands that a reader's file would refuse. Methods raise StoreError."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db, self._path = db, path

    def faults(self) -> Iterator[str]:
        """What SQLite finds wrong with the file, and full text that does not fit what it was made of."""
        for (found,) in self._rows("PRAGMA integrity_check"):
            if found != "ok":
                yield str(found)
        for table, of in (("paper_text", "papers"), ("entity_text", "entities")):
            try:
                self._db.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")  # noqa: S608 - ours
            except sqlite3.Error as error:
                yield f"the full text {table} is broken: {error}"
                continue
            ((texts, rows),) = self._rows(f"SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM {of})")  # noqa: S608
            if texts != rows:
                yield f"{table} has {texts:,} rows for {rows:,} {of}"

    def ids(self) -> set[str]:
        """Ids of all papers."""
        return {paper_id for (paper_id,) in self._rows("SELECT id FROM papers")}

    def slugs(self) -> set[str]:
        """Slugs of all entities."""
        return {slug for (slug,) in self._rows("SELECT slug FROM entities")}

    def papers(self, paper_ids: Sequence[str]) -> dict[str, Stored]:
        """What is stored of these papers, as ``stored_paper`` has it."""
        return self._of(_PAPERS, "p.id", paper_ids)

    def entities(self, slugs: Sequence[str]) -> dict[str, Stored]:
        """What is stored of these entities, as ``stored_entity`` has it."""
        return self._of(_ENTITIES, "e.slug", slugs)

    def _of(self, select: str, key: str, wanted: Sequence[str]) -> dict[str, Stored]:
        rows: list[Any] = []
        for at in range(0, len(wanted), _AT_ONCE):
            some = wanted[at : at + _AT_ONCE]
            rows += self._rows(f"{select} WHERE {key} IN ({', '.join('?' * len(some))})", some)
        return {row[0]: tuple(row[1:]) for row in rows}

    def _rows(self, query: str, values: Sequence[str] = ()) -> Iterable[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"search index {self._path} cannot be read: {error}") from error


def sound(path: Path) -> bool:
    """Whether SQLite finds the file in order, whatever it says; nobody else may write to it."""
    try:
        with closing(sqlite3.connect(path)) as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)])
    except sqlite3.Error:
        return False


@contextmanager
def stored(path: Path) -> Iterator[StoredIndex]:
    """A copy of a snapshot's search index, for as long as it is looked at; raises StoreError."""
    with tempfile.TemporaryDirectory(prefix="kg-verify-") as folder:
        try:
            with (
                closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(Path(folder) / path.name)) as copy,
            ):
                source.backup(copy)
                yield StoredIndex(copy, path)
        except sqlite3.Error as error:
            raise StoreError(f"search index {path} cannot be read: {error}") from error


def stored_paper(paper: Paper) -> Stored:
    """What the index must hold of a paper."""
    byline = "; ".join(paper.authors)
    places = (paper.url, paper.doi, paper.arxiv, paper.identifier)
    return paper.title, byline, paper.year, paper.venue, *places, paper.title, paper.abstract, byline


def stored_entity(entity: Entity) -> Stored:
    """What the index must hold of an entity."""
    aliases = "\n".join(sorted(entity.aliases))
    text = (entity.name, aliases, floors(entity.papers))
    return entity.name, entity.label.value, aliases, entity.papers, int(entity.generic), *text
