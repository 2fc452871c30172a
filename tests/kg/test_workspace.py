import gc
import json
import logging
import multiprocessing
import os
import shutil
import signal
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import kg.workspace
from kg.build import build
from kg.errors import StoreError
from kg.index import files
from kg.index.search import SearchIndex
from kg.query.matrix import matrix_of, wording_of
from kg.sources import make_paper
from kg.workspace import Workspace
from tests.corpus import BASE, corpus_parts

ONE = make_paper("One", "Attention on ImageNet.", identifier="one")
TWO = make_paper("Two", "Translation by attention.", identifier="two")


def ingest(workspace: Workspace, *papers: object) -> None:
    with workspace.writer() as writer:
        build(papers, corpus_parts(), writer)


def test_no_graph_yet_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kg ingest"):
        Workspace(tmp_path / "none", BASE).reader()


def test_a_reader_sees_the_state_it_was_opened_on(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    before = workspace.reader()
    ingest(workspace, TWO)
    after = workspace.reader()
    assert set(before.catalogue.paper_ids()) == {"one"}
    assert set(after.catalogue.paper_ids()) == {"one", "two"}
    before.close()
    after.close()


def test_each_snapshot_has_the_map_of_its_papers(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    with closing(workspace.reader()) as before:
        assert {place.slug for place in before.atlas.places} == {"attention", "imagenet"}
        ingest(workspace, TWO)
        with closing(workspace.reader()) as after:
            assert {place.slug for place in after.atlas.places} == {"attention", "imagenet", "translation"}
            assert after.atlas.papers == 2
            assert before.atlas.papers == 1


def test_a_broken_map_is_drawn_anew_with_the_next_snapshot(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    for file in (tmp_path / "d" / "snapshots").glob("*/atlas.json"):
        file.write_text("{}")
    with closing(workspace.reader()) as reader, pytest.raises(StoreError, match=r"atlas\.json"):
        _ = reader.atlas
    ingest(workspace, TWO)
    with closing(workspace.reader()) as reader:
        assert len(reader.atlas.places) == 3


def test_nothing_new_publishes_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    generation = workspace.generation()
    ingest(workspace, ONE)
    assert workspace.generation() == generation
    ingest(workspace, TWO)
    assert workspace.generation() != generation


def test_old_snapshots_are_dropped_and_young_ones_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    monkeypatch.setattr("kg.workspace.KEPT_SECONDS", 600)
    for i in range(4):
        ingest(workspace, make_paper(f"Young {i}", "Attention.", identifier=f"y{i}"))
    assert len(list((tmp_path / "d" / "snapshots").iterdir())) == 4
    monkeypatch.setattr("kg.workspace.KEPT_SECONDS", 0)
    for i in range(6):
        ingest(workspace, make_paper(f"Paper {i}", "Attention.", identifier=f"p{i}"))
    assert len(list((tmp_path / "d" / "snapshots").iterdir())) == 3
    workspace.reader().close()


def test_another_base_is_refused(tmp_path: Path) -> None:
    ingest(Workspace(tmp_path / "d", BASE), ONE)
    other = Workspace(tmp_path / "d", "https://example.org/")
    with pytest.raises(StoreError, match=r"KG_BASE=http://127\.0\.0\.1:8000/"):
        other.reader()
    with pytest.raises(StoreError, match="another folder"), other.writer():
        pass


@pytest.mark.parametrize("text", ["{", "[]", "[1]", '{"format": 99, "base": "http://127.0.0.1:8000/"}'])
def test_a_folder_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "format.json").write_text(text)
    with pytest.raises(StoreError, match=r"format\.json|layout"), Workspace(tmp_path, BASE).writer():
        pass


def test_a_base_that_is_no_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="KG_BASE"):
        Workspace(tmp_path, "not an address")


def _hold(path: str, opened: "multiprocessing.synchronize.Event", done: "multiprocessing.synchronize.Event") -> None:
    with Workspace(Path(path), BASE).writer():
        opened.set()
        done.wait(30)


def test_a_second_writing_process_is_told_plainly(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    opened, done = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(str(tmp_path / "d"), opened, done))
    holder.start()
    try:
        assert opened.wait(30)
        with pytest.raises(StoreError, match="in use by another process"), Workspace(tmp_path / "d", BASE).writer():
            pass
    finally:
        done.set()
        holder.join()


def test_an_index_that_lost_its_rows_is_rebuilt_from_the_graph(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE, TWO)
    with closing(SearchIndex(tmp_path / "d" / "search.sqlite")) as index:
        index.mark(clean=False)
        index.clear()
    with workspace.writer():
        pass
    reader = workspace.reader()
    assert reader.index.counts()["Paper"] == 2
    assert [e.slug for e in reader.index.search_entities("attention")] == ["attention"]
    reader.close()


def test_a_failed_write_keeps_the_old_snapshot_and_is_recovered(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    generation = workspace.generation()

    class PowerCutError(Exception):
        pass

    def fail() -> None:
        with workspace.writer() as writer:
            build([TWO], corpus_parts(), writer)
            raise PowerCutError

    with pytest.raises(PowerCutError):
        fail()
    assert workspace.generation() == generation
    with workspace.writer():
        pass
    reader = workspace.reader()
    assert set(reader.catalogue.paper_ids()) == {"one", "two"}
    assert reader.index.counts()["Paper"] == 2
    reader.close()


def test_readers_see_one_state_while_a_writer_is_at_work(tmp_path: Path) -> None:
    """Lists and graph of a reader are of one snapshot, however far the writer is."""
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    with workspace.writer() as writer:
        build([TWO], corpus_parts(), writer)
        reader = workspace.reader()
        assert [hit.id for hit in reader.index.papers()] == ["one"]
        assert set(reader.catalogue.paper_ids()) == {"one"}
        reader.close()
    reader = workspace.reader()
    assert [hit.id for hit in reader.index.papers()] == ["one", "two"]
    reader.close()


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _ingest_and_die(path: str, where: str) -> None:
    match where:
        case "at the matrix":
            kg.workspace.files.save = _die
        case "before the mark":
            SearchIndex.mark = lambda self, clean, mark=SearchIndex.mark: _die() if clean else mark(self, clean=clean)
    with Workspace(Path(path), BASE).writer() as writer:
        build([TWO], corpus_parts(), writer)
        if where == "after the commit":
            _die()


def saved(workspace: Workspace, folder: Path) -> dict[str, list[bytes]]:
    """Of each file of the matrices: as it is in the newest snapshot, and as the snapshot's graph gives it."""
    with closing(workspace.reader()) as reader:
        folder.mkdir()
        files.save(matrix_of(reader.catalogue, reader.index), folder / "incidence")
        files.save_wording(wording_of(reader.incidence.papers, reader.index), folder / "wording")
        names = sorted(str(file.relative_to(folder)) for file in folder.glob("*/*"))
        return {name: [(place / name).read_bytes() for place in (reader.path, folder)] for name in names}


@pytest.mark.parametrize("where", ["after the commit", "at the matrix", "before the mark"])
def test_what_a_killed_writer_left_behind_is_mended_by_the_next(tmp_path: Path, where: str) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    killed = multiprocessing.get_context("spawn").Process(target=_ingest_and_die, args=(str(tmp_path / "d"), where))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    assert not workspace.level()
    with closing(workspace.reader()) as reader:  # of one state, be it the old one or the new
        assert len(reader.incidence.papers) == len(list(reader.catalogue.paper_ids()))
    with workspace.writer():
        pass
    assert workspace.level()
    with closing(workspace.reader()) as reader:
        assert list(reader.incidence.papers) == ["one", "two"]
        assert reader.index.counts()["Paper"] == 2
    assert all(kept == anew for kept, anew in saved(workspace, tmp_path / "anew").values())


def test_an_ingest_reads_no_papers_but_those_it_touches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE, make_paper("Apart", "The rare trick.", identifier="apart"))
    for made in ("matrix_of", "wording_of"):
        monkeypatch.setattr(f"kg.query.matrix.{made}", lambda *_: pytest.fail("a whole matrix is made"))
    ingest(workspace, TWO)
    assert all(kept == anew for kept, anew in saved(workspace, tmp_path / "anew").values())


def test_a_snapshot_without_a_matrix_of_terms_has_one_from_its_texts(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    folder = tmp_path / "d" / "snapshots" / str(workspace.generation()) / "wording"
    with closing(workspace.reader()) as reader:
        kept = reader.wording.columns.tolist()
    shutil.rmtree(folder)
    with closing(workspace.reader()) as reader:
        assert reader.wording.columns.tolist() == kept
        assert reader.word_weights.wording.rows == 1
    ingest(workspace, TWO)
    assert all(kept == anew for kept, anew in saved(workspace, tmp_path / "anew").values())


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_a_matrix_that_is_lost_is_told_of_and_made_anew(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    folder = tmp_path / "d" / "snapshots" / str(workspace.generation()) / "incidence"
    if damage == "missing":
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    else:
        np.save(folder / "years.npy", np.load(folder / "years.npy")[:-1])
    with pytest.raises(StoreError, match="run: kg index --rebuild"):
        workspace.reader()
    with caplog.at_level(logging.WARNING):
        ingest(workspace, TWO)
    assert ("years has 0 entries and not 1" in caplog.text) == (damage == "cut")
    assert all(kept == anew for kept, anew in saved(workspace, tmp_path / "anew").values())


def test_a_folder_of_an_older_release_heals_at_the_next_write(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE, TWO)
    with closing(sqlite3.connect(tmp_path / "d" / "search.sqlite")) as db, db:
        db.execute("UPDATE state SET value = '2' WHERE key = 'clean'")
        db.execute("DELETE FROM papers")
    with workspace.writer():
        pass
    with closing(workspace.reader()) as reader:
        assert list(reader.incidence.papers) == ["one", "two"]
        assert reader.index.counts()["Paper"] == 2


@pytest.mark.parametrize("broken", [False, True])
def test_the_indexes_can_be_made_anew(tmp_path: Path, broken: bool) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE, TWO)
    if broken:
        (tmp_path / "d" / "search.sqlite").write_bytes(b"no database" * 1000)
    else:
        with closing(SearchIndex(tmp_path / "d" / "search.sqlite")) as index:
            index.put_papers([], gone=["one"])
    generation = workspace.generation()
    workspace.rebuild()
    assert workspace.generation() != generation
    with closing(workspace.reader()) as reader:
        assert {hit.id for hit in reader.index.papers()} == {"one", "two"}
        assert [hit.id for hit in reader.index.search_papers("translation")] == ["two"]


def test_readers_see_one_state_while_papers_come(tmp_path: Path) -> None:
    """Graph, lists and matrix of a reader have the same papers at any time, and counts that fit."""
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    done, seen = threading.Event(), list[tuple[int, int, int, int]]()

    def look() -> None:
        while not done.is_set():
            with closing(workspace.reader()) as reader:
                attention = reader.incidence.counts[reader.incidence.column("attention")]
                seen.append(
                    (
                        len(list(reader.catalogue.paper_ids())),
                        reader.index.counts()["Paper"],
                        len(reader.incidence.papers),
                        int(attention),
                    )
                )

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for i in range(4):
            ingest(workspace, make_paper(f"More {i}", "More attention.", identifier=f"more{i}"))
    finally:
        done.set()
        looking.join(60)
    assert seen
    assert all(len(set(numbers)) == 1 for numbers in seen)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_closed_reader_holds_no_maps(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)

    def maps() -> int:
        gc.collect()
        return Path("/proc/self/maps").read_text().count(str(tmp_path / "d"))

    reader = workspace.reader()
    assert maps() > 0
    held = reader.incidence
    reader.close()
    assert held.entities_of(held.row("one"))[0].tolist()  # a thread that still works with it is not disturbed
    del held
    assert maps() == 0


@pytest.mark.parametrize("name", ["../store", "", "x", "00000009"])
def test_a_broken_pointer_is_named(tmp_path: Path, name: str) -> None:
    workspace = Workspace(tmp_path / "d", BASE)
    ingest(workspace, ONE)
    (tmp_path / "d" / "current").write_text(name)
    with pytest.raises(StoreError):
        workspace.reader()


def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="no data folder"):
        Workspace(tmp_path / "file", BASE).reader()


def test_the_folder_says_its_format(tmp_path: Path) -> None:
    ingest(Workspace(tmp_path / "d", BASE), ONE)
    assert json.loads((tmp_path / "d" / "format.json").read_text()) == {"format": 1, "base": BASE}
