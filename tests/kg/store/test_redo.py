from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from kg.errors import StoreError
from kg.protocols import Quad
from kg.store import oxigraph
from kg.store.oxigraph import OxigraphStore
from kg.store.redo import Redo

S = URIRef("http://example.org/s")
P = URIRef("http://example.org/p")
G = URIRef("http://example.org/g")
OLD, KEPT, NEW = ((S, P, Literal(text), G) for text in ("old", "kept", 'new "line"\n\\ é'))


def filled(path: Path) -> OxigraphStore:
    store = OxigraphStore(path)
    store.apply([], [OLD, KEPT])
    return store


def after(path: Path) -> set[Quad]:
    store = OxigraphStore(path)
    found = set(store.quads())
    store.close()
    return found


@pytest.mark.parametrize("large", [0, 100])
def test_a_large_change_ends_as_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(oxigraph, "LARGE", large)
    store = filled(tmp_path / "store")
    store.apply([OLD], [NEW, KEPT])
    assert set(store.quads()) == {KEPT, NEW}
    store.close()
    assert after(tmp_path / "store") == {KEPT, NEW}
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


class Dying:
    """A store whose process ends between the removal and the rest."""

    def __init__(self, store):
        self._store = store

    def update(self, text):
        self._store.update(text)

    def bulk_load(self, **_):
        raise OSError("killed")


@pytest.mark.parametrize("begun", [True, False])
def test_what_was_cut_off_is_done_at_the_next_opening(tmp_path: Path, begun: bool) -> None:
    store, redo = filled(tmp_path / "store"), Redo(tmp_path / "store.redo")
    removal = f'DELETE DATA {{ GRAPH <{G}> {{ <{S}> <{P}> "old" }} }}'
    redo.write(removal, [f'<{S}> <{P}> "late" <{G}> .\n'])
    if begun:
        with pytest.raises(OSError, match="killed"):
            redo.perform(Dying(store._store))
    assert redo.pending
    store.close()
    assert after(tmp_path / "store") == {KEPT, (S, P, Literal("late"), G)}
    assert not redo.pending


def test_one_that_was_not_written_down_is_as_if_it_never_was(tmp_path: Path) -> None:
    filled(tmp_path / "store").close()

    def broken():
        yield f'<{S}> <{P}> "late" <{G}> .\n'
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        Redo(tmp_path / "store.redo").write("", broken())
    assert after(tmp_path / "store") == {OLD, KEPT}


def test_what_cannot_be_written_down_is_a_store_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oxigraph, "LARGE", 0)
    store = filled(tmp_path / "store")
    (tmp_path / "store.new").write_text("in the way")
    (tmp_path / "store.redo").write_text("in the way")
    with pytest.raises(StoreError, match="refused"):
        store.apply([OLD], [NEW])
    assert set(store.quads()) == {OLD, KEPT}
    store.close()
