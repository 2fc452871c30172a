"""The data folder: the live store for one writer, snapshots and a search index for many readers.

    kg-data/format.json     version of this layout, and the base IRI of the ids inside
    kg-data/store/          the live graph; only a writer opens it
    kg-data/search.sqlite   the writer's lists and text search, made of the graph
    kg-data/snapshots/N/    graph/, a checkpoint of hard links, with the search.sqlite, incidence/,
                            wording/ and atlas.json that fit it
    kg-data/current         the number of the newest snapshot, which readers open

A writer marks the index as behind before it touches the graph and as level after the snapshot, so
what a killed writer left undone is found and done by the next one.
"""

import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import URIRef

from kg.atlas import atlas
from kg.atlas.atlas import Atlas
from kg.errors import StoreError
from kg.index import files
from kg.index.checking import sound
from kg.index.incidence import Incidence
from kg.index.search import SearchIndex
from kg.index.shelf import Shelf
from kg.index.weights import Weights
from kg.index.word_weights import WordWeights
from kg.index.wording import Wording
from kg.iri import Iris
from kg.query.catalogue import Catalogue
from kg.query.matrix import newest_matrix, newest_wording, wording_of
from kg.store.oxigraph import OxigraphStore
from kg.writer import LiveWriter

log = logging.getLogger(__name__)

FORMAT = 1
KEPT_SNAPSHOTS = 3
KEPT_SECONDS = 30.0
"""For as long a snapshot stays whatever follows it: a reader that has just learned of it may still open it."""


@dataclass(slots=True)
class Reader:
    """One snapshot, opened to read: the graph and the indexes that fit it. ``path`` is its folder."""

    store: OxigraphStore
    index: SearchIndex
    incidence: Incidence
    iris: Iris
    path: Path
    _weights: Weights | None = None
    _wording: Wording | None = None
    _word_weights: WordWeights | None = None
    _shelf: Shelf | None = None
    _atlas: Atlas | None = None
    _making: threading.RLock = field(default_factory=threading.RLock)  # nothing is worked out twice

    @property
    def weights(self) -> Weights:
        """What the cells of the matrix count, worked out when first asked for."""
        if self._weights is None:
            with self._making:
                self._weights = self._weights or Weights.of(self.incidence)
        return self._weights

    @property
    def wording(self) -> Wording:
        """Which paper uses which term, opened when first asked for; made of the texts where it was never written.

        Raises StoreError.
        """
        if self._wording is None:
            with self._making:
                self._wording = self._wording or self._worded()
        return self._wording

    @property
    def word_weights(self) -> WordWeights:
        """What these terms count, worked out when first asked for; raises StoreError."""
        if self._word_weights is None:
            with self._making:
                self._word_weights = self._word_weights or WordWeights.of(self.wording)
        return self._word_weights

    @property
    def shelf(self) -> Shelf:
        """The papers in the orders of lists, worked out when first asked for."""
        if self._shelf is None:
            with self._making:
                self._shelf = self._shelf or Shelf.of(self.index)
        return self._shelf

    @property
    def atlas(self) -> Atlas:
        """The map of the concepts, read when first asked for; raises StoreError."""
        if self._atlas is None:
            with self._making:
                self._atlas = self._atlas or atlas.load(self.path / "atlas.json")
        return self._atlas

    def prepare(self) -> None:
        """Work out at once all that would be when first asked for; raises StoreError."""
        _ = self.weights, self.shelf, self.atlas, self.word_weights

    def _worded(self) -> Wording:
        folder, rows = self.path / "wording", len(self.incidence.papers)
        return files.load_wording(folder, rows) if folder.exists() else wording_of(self.incidence.papers, self.index)

    @property
    def graph_path(self) -> Path:
        """The folder of the graph, for those who open it themselves."""
        return self.path / "graph"

    @property
    def catalogue(self) -> Catalogue:
        """What the snapshot says of papers and entities."""
        return Catalogue(self.store, self.iris)

    def has_graph(self, name: str) -> bool:
        """Whether there is a named graph of this IRI, be it empty; raises BadQueryError for what is no IRI."""
        return self.store.has_graph(URIRef(name))

    def close(self) -> None:
        """Release all; maps of the matrix go with the last array that a thread still holds."""
        self.index.close()
        self.store.close()
        self._weights = self._wording = self._word_weights = None
        del self.incidence


class Workspace:
    """A data folder. Nothing is opened or made before it is asked for."""

    def __init__(self, path: Path, base: str) -> None:
        """Use folder ``path`` with ids below ``base``."""
        self.path = path
        self.iris = Iris(base)
        self._current = str(path / "current")

    @contextmanager
    def writer(self, *, anew: bool = False) -> Iterator[LiveWriter]:
        """Open to write, making the folder where there is none, and publish a snapshot at the end.

        ``anew`` makes the indexes of the graph first, be they broken. Raises StoreError if another process writes,
        or if the folder was made with another base.
        """
        self._check_format(create=True)
        store = OxigraphStore(self.path / "store")
        index = None
        try:
            if anew:
                self._drop_broken_index()
            index = SearchIndex(self.path / "search.sqlite")
            writer = LiveWriter(store, index, self.iris)
            if anew or index.stale:
                if not anew and (self.path / "current").exists():
                    log.warning("the search index was behind the graph; making it anew")
                writer.rebuild()
            yield writer
            if index.stale or not (self.path / "current").exists():
                self.publish(writer, whole=True)
        finally:
            if index:
                index.close()
            store.close()

    def publish(self, writer: LiveWriter, *, whole: bool = False) -> None:
        """Let readers see what was committed so far; ``whole`` if nothing is left undone, as at the end of a writer."""
        self._publish(writer)
        if whole:
            writer.index.mark(clean=True)

    def rebuild(self) -> None:
        """Make the indexes anew from the graph and publish them; raises as ``writer`` does."""
        with self.writer(anew=True):
            pass

    def level(self) -> bool:
        """Whether readers see all that is in the graph: no writer is at work, or was stopped before its end."""
        index = SearchIndex(self.path / "search.sqlite", read_only=True)
        try:
            return not index.stale
        finally:
            index.close()

    def reader(self) -> Reader:
        """Open the newest snapshot; raises StoreError where there is none yet."""
        number = self.generation()
        if number is None:
            raise StoreError(f"{self.path} holds no graph yet; make one with: kg ingest FILE... (or kg ingest --demo)")
        self._check_format(create=False)
        snapshot = self.path / "snapshots" / number
        store = OxigraphStore(snapshot / "graph", read_only=True)
        index = SearchIndex(snapshot / "search.sqlite", read_only=True)
        return Reader(store, index, files.load(snapshot / "incidence"), self.iris, snapshot)

    def generation(self) -> str | None:
        """The name of the newest snapshot; it changes whenever the graph does. None before the first."""
        try:
            name = (self.path / "current").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.path} is no data folder: {error}") from error
        if not name.isdecimal():
            raise StoreError(f"{self.path / 'current'} is broken; run any kg ingest again")
        return name

    def pointer(self) -> tuple[int, int] | None:
        """What changes whenever ``generation`` does, and costs less to read."""
        try:
            found = os.stat(self._current)  # noqa: PTH116 - each request asks, and a Path costs four times as much
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _check_format(self, *, create: bool) -> None:
        file = self.path / "format.json"
        if file.exists():
            try:
                found = dict(json.loads(file.read_text(encoding="utf-8")))
            except (OSError, ValueError, TypeError) as error:
                raise StoreError(f"{file} is broken: {error}") from error
            if found.get("format") != FORMAT:
                raise StoreError(f"{self.path} has layout {found.get('format')}; this release reads {FORMAT}")
            if found.get("base") != self.iris.base:
                raise StoreError(
                    f"{self.path} was made with KG_BASE={found.get('base')}, not {self.iris.base}; "
                    "set that, or ingest into another folder"
                )
        elif create:
            try:
                self.path.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps({"format": FORMAT, "base": self.iris.base}), encoding="utf-8")
            except OSError as error:
                raise StoreError(f"{self.path} cannot be made: {error}") from error

    def _drop_broken_index(self) -> None:
        """Throw a search index away that SQLite cannot read, and with it what it knew of things that are gone."""
        file = self.path / "search.sqlite"
        if file.exists() and not sound(file):
            log.warning("%s is broken; making a new one", file)
            for each in self.path.glob("search.sqlite*"):
                each.unlink()

    def _publish(self, writer: LiveWriter) -> None:
        """Checkpoint the graph, point ``current`` at it, drop snapshots that no reader needs."""
        folder = self.path / "snapshots"
        folder.mkdir(exist_ok=True)
        old = sorted(p for p in folder.iterdir() if p.name.isdigit())
        number = f"{int(old[-1].name) + 1 if old else 1:08d}"
        (folder / number).mkdir()
        writer.store.backup(folder / number / "graph")
        level = folder / (self.generation() or number)
        if writer.index.changed or not (level / "search.sqlite").exists():
            writer.index.copy_to(folder / number / "search.sqlite")
        else:  # nobody writes to the file of a snapshot, so two may share it
            (folder / number / "search.sqlite").hardlink_to(level / "search.sqlite")
        matrix = newest_matrix(level, writer.touched, Catalogue(writer.store, writer.iris), writer.index)
        files.save(matrix, folder / number / "incidence")
        wording = newest_wording(level, matrix, writer.touched, writer.index)
        files.save_wording(wording, folder / number / "wording")
        self._draw(matrix, folder / number / "atlas.json")
        pointer = self.path / "current.new"
        pointer.write_text(number, encoding="ascii")
        pointer.replace(self.path / "current")
        for path in old[: -(KEPT_SNAPSHOTS - 1)]:
            if time.time() - path.stat().st_mtime >= KEPT_SECONDS:
                shutil.rmtree(path, ignore_errors=True)

    def _draw(self, matrix: Incidence, path: Path) -> None:
        """The map of the concepts, drawn so that what was on the one before stays where it was."""
        from kg.atlas.drawing import draw  # what draws takes half a second to import, and readers never draw

        before = None
        with suppress(StoreError):  # there is none, or it is broken
            before = atlas.load(self.path / "snapshots" / (self.generation() or "none") / "atlas.json")
        atlas.save(draw(matrix, before), path)
