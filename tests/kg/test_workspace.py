import json
import multiprocessing
from contextlib import closing
from pathlib import Path

import pytest

from kg.build import build
from kg.errors import StoreError
from kg.index.search import SearchIndex
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
