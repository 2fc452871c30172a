"""SQLite tables and full text (FTS5) over papers and entities: a copy of the graph, rebuilt from it at will.

One table is no copy: ids that were in the graph and are no more, so that their IRIs can say so. The graph itself
depends on the set of its papers alone and keeps no history.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kg.errors import StoreError
from kg.index import finding, listing, schema, suggesting, writing
from kg.index.folding import Typed
from kg.index.hits import ALL, ENTITY, PAPER, Found, PaperHit, Suggested, Within, entity
from kg.index.listing import Listed, Part
from kg.model import Entity, Label, Paper

SLUGS_AT_ONCE = 500
KNOWN = 50_000
"""Entities that are kept once they were read; about 20 MB."""
MAPPED = 1 << 30
"""Bytes of the file that readers map into memory rather than read."""


class SearchIndex:
    """One SQLite file; many readers, one writer. Cheap to open: one a thread or a request."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open or make the file; raises StoreError. ``changed`` says whether rows were written since."""
        self.changed = False
        self._known: dict[str, Entity] = {}
        self._counted: dict[str, int] | None = None
        self._most = KNOWN if read_only else 0  # what is written too may not stay as it is
        try:
            if read_only:
                self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
                self._db.execute(f"PRAGMA mmap_size={MAPPED}")
                version = schema.version_of(self._db)
            else:
                self._db = sqlite3.connect(path, check_same_thread=False)
                self._db.execute("PRAGMA journal_mode=WAL")
                schema.make(self._db)
                version = schema.VERSION
        except sqlite3.Error as error:
            raise StoreError(f"search index {path} cannot be opened: {error}") from error
        if version != schema.VERSION:
            self._db.close()
            raise StoreError(f"search index {path} is of another version; make it anew with: kg index --rebuild")

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
        return row is None or row[0] != str(schema.VERSION)

    def mark(self, *, clean: bool) -> None:
        """Say before a write to the graph that the index is behind it, and afterwards that it is not."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO state VALUES ('clean', ?)", (str(schema.VERSION) if clean else "",))

    def clear(self) -> None:
        """Forget all papers and entities, but that there were such: what is not put back is retired."""
        self.changed = True
        with self._transaction() as db:
            schema.clear(db)

    def paper_facts(self, paper_ids: Iterable[str] | None = None) -> Iterator[tuple[str, int | None, str | None]]:
        """Id, year and venue of those of these papers that there are, or of all."""
        yield from self._facts("SELECT id, year, venue FROM papers", "id", paper_ids)

    def entity_facts(self, slugs: Iterable[str] | None = None) -> Iterator[tuple[str, Label, bool]]:
        """Slug and type of those of these entities that there are, or of all, and whether each is generic."""
        for slug, label, generic in self._facts("SELECT slug, label, generic FROM entities", "slug", slugs):
            yield slug, Label(label), bool(generic)

    def _facts(self, select: str, key: str, wanted: Iterable[str] | None) -> Iterator[Any]:
        if wanted is None:
            yield from self._db.execute(f"{select} ORDER BY {key}")
            return
        keys = sorted(wanted)
        for at in range(0, len(keys), SLUGS_AT_ONCE):
            some = keys[at : at + SLUGS_AT_ONCE]
            yield from self._db.execute(f"{select} WHERE {key} IN ({', '.join('?' * len(some))})", some)

    def put_papers(self, papers: Iterable[Paper], gone: Iterable[str] = ()) -> None:
        """Insert papers, or replace those with the same id, and drop those with the ids that are gone."""
        self.changed = True
        with self._transaction() as db:
            writing.put_papers(db, papers, gone)

    def put_entities(self, entities: Iterable[Entity], gone: Iterable[str] = ()) -> None:
        """Insert or replace entities by slug, and drop those that are gone."""
        self.changed = True
        with self._transaction() as db:
            writing.put_entities(db, entities, gone)

    def papers(self, *, after: tuple[str, str] | None = None, limit: int = 50) -> list[PaperHit]:
        """Papers by title; ``after`` is the (title, id) of the last one seen."""
        where = "WHERE (title COLLATE NOCASE, id) > (?, ?)" if after else ""
        rows = self._db.execute(
            f"SELECT {PAPER} FROM papers {where} "  # noqa: S608 - a constant
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
            f"SELECT {ENTITY} FROM entities "  # noqa: S608 - constants
            f"WHERE {' AND '.join(where)} ORDER BY papers DESC, slug LIMIT ?",
            (*values, limit),
        )
        return [entity(row) for row in rows]

    def by_name(self, listed: Listed, *, after: tuple[str, int, int] | None = None, limit: int = 50) -> Part:
        """Entities of one type by their names; ``after`` is what an earlier part gave."""
        return listing.by_name(self._db, listed, after, limit)

    def by_papers(self, listed: Listed, *, after: tuple[int, str] | None = None, limit: int = 50) -> Part:
        """Entities of one type with most papers first; ``after`` is what an earlier part gave."""
        return listing.by_papers(self._db, listed, after, limit)

    def entities_of(self, slugs: Iterable[str]) -> Iterator[Entity]:
        """The entities with these slugs, in no order; slugs of none are passed over."""
        missing = []
        for slug in dict.fromkeys(slugs):
            if slug in self._known:
                yield self._known[slug]
            else:
                missing.append(slug)
        select = f"SELECT {ENTITY} FROM entities"  # noqa: S608 - constants
        for each in map(entity, self._facts(select, "slug", missing)):
            if len(self._known) < self._most:
                self._known[each.slug] = each
            yield each

    def texts(self, paper_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Title and abstract of each of these papers that there is."""
        select = "SELECT p.id, t.title, t.abstract FROM papers p JOIN paper_text t ON t.rowid = p.rowid"
        rows = self._facts(select, "p.id", paper_ids)
        return {paper_id: (title, abstract) for paper_id, title, abstract in rows}

    def retired(self, kind: str, name: str) -> bool:
        """Whether there was a ``paper`` of this id, or an ``entity`` of this slug, and is none now."""
        query = "SELECT EXISTS (SELECT 1 FROM retired WHERE kind = ? AND id = ?)"
        return bool(self._db.execute(query, (kind, name)).fetchone()[0])

    def records(self, ids: Sequence[str]) -> Iterator[Paper]:
        """The papers with these ids, in their order, each whole; ids of none are passed over."""
        for at in range(0, len(ids), SLUGS_AT_ONCE):
            some = ids[at : at + SLUGS_AT_ONCE]
            rows = self._db.execute(
                "SELECT p.id, p.title, t.abstract, p.byline, p.year, p.venue, p.url, p.doi, p.arxiv, p.identifier "  # noqa: S608
                f"FROM papers p JOIN paper_text t ON t.rowid = p.rowid WHERE p.id IN ({', '.join('?' * len(some))})",
                some,
            )
            found = {row[0]: _paper(row) for row in rows}
            yield from (found[each] for each in some if each in found)

    def search(
        self, text: str, *, labels: Collection[Label] = tuple(Label), within: Within | None = ALL, limit: int = 20
    ) -> Found:
        """Entities of these types and papers, as ``suggesting.search`` finds them; without papers if None."""
        return suggesting.search(self._db, text, labels, within, limit)

    def suggest(self, text: str, *, limit: int = 10) -> Suggested:
        """What an unfinished text may become."""
        return suggesting.suggest(self._db, text, limit)

    def search_papers(self, text: str, *, within: Within = ALL, limit: int = 20) -> list[PaperHit]:
        """Papers that hold all words (the last one as a beginning), spelt as they are; see ``finding.papers``."""
        return finding.papers(self._db, Typed(text), within, limit=limit)

    def search_entities(self, text: str, *, labels: Collection[Label] = tuple(Label), limit: int = 20) -> list[Entity]:
        """Entities whose names hold all words, spelt as they are; see ``finding.entities``."""
        return finding.entities(self._db, Typed(text), labels, limit=limit)

    def is_called(self, key: str) -> bool:
        """Whether an entity has a name that is squeezed to this key; see ``kg.index.folding``."""
        query = "SELECT 1 FROM names INDEXED BY names_from_0 WHERE alias IN (0, 1) AND key = ? AND papers >= 0 LIMIT 1"
        return self._db.execute(query, (key,)).fetchone() is not None

    def numbers(self, order: Literal["id", "title COLLATE NOCASE, id"]) -> NDArray[np.int64]:
        """What all papers are numbered as in this file, in an order that it has an index of."""
        rows = self._db.execute(f"SELECT rowid FROM papers ORDER BY {order}")  # noqa: S608 - a constant
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def holding(self, text: str, *, in_title: bool = False) -> NDArray[np.int64]:
        """Numbers of the papers that hold all words, the last one as a beginning, in no order."""
        words = Typed(text).all_words()
        (found,) = self._db.execute(  # as one text: tens of thousands of rows would take several times as long
            "SELECT json_group_array(rowid) FROM paper_text WHERE paper_text MATCH ?",
            (f"title : ({words})" if in_title else words,),
        ).fetchone()
        return np.array(json.loads(found), dtype=np.int64)

    def hits(self, numbers: Sequence[int], text: str = "") -> list[PaperHit]:
        """The papers of these numbers, in their order, with the part of the abstract that holds words of a text."""
        return finding.numbered(self._db, Typed(text), numbers)

    def titles_like(self, text: str, *, limit: int = 6) -> list[PaperHit]:
        """Papers whose title holds this text, shortest title first."""
        rows = self._db.execute(
            f"SELECT {PAPER} FROM papers WHERE instr(lower(title), lower(?)) > 0 "  # noqa: S608 - a constant
            "ORDER BY length(title), id LIMIT ?",
            (text.strip(), limit),
        )
        return [PaperHit(*row) for row in rows]

    def counts(self) -> dict[str, int]:
        """Number of papers, and of entities by label."""
        if self._counted is None or not self._most:
            (papers,) = self._db.execute("SELECT count(*) FROM papers").fetchone()
            by_label = dict(self._db.execute("SELECT label, count(*) FROM entities GROUP BY label"))
            self._counted = {"Paper": papers, **{label.value: by_label.get(label.value, 0) for label in Label}}
        return dict(self._counted)


def _paper(row: Sequence[Any]) -> Paper:
    paper_id, title, abstract, byline, *rest = row
    return Paper(paper_id, title, abstract, tuple(byline.split("; ")) if byline else (), *rest)
