import io
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Literal, URIRef

from kg.errors import StoreError
from kg.store.oxigraph import OxigraphStore

S = URIRef("http://example.org/s")
P = URIRef("https://w3id.org/paperkg/ns#exact")
G = URIRef("http://example.org/g")
H = URIRef("http://example.org/h")


def filled(path: Path | None = None) -> OxigraphStore:
    store = OxigraphStore(path)
    store.apply([], [(S, P, Literal("b"), H), (S, P, Literal("a"), H), (S, P, Literal("a"), G)])
    return store


def dumped(store: OxigraphStore, form: str) -> str:
    out = io.BytesIO()
    store.dump(form, out)
    return out.getvalue().decode()


def test_a_second_writer_is_told_plainly(tmp_path: Path) -> None:
    first = OxigraphStore(tmp_path / "store")
    with pytest.raises(StoreError, match="in use by another process"):
        OxigraphStore(tmp_path / "store")
    first.close()


def test_a_snapshot_keeps_its_state_while_the_store_goes_on(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    store.backup(tmp_path / "snapshot")
    store.apply([(S, P, Literal("b"), H)], [(S, P, Literal("new"), H)])
    snapshot = OxigraphStore(tmp_path / "snapshot", read_only=True)
    assert {str(o) for _, _, o, _ in snapshot.quads()} == {"a", "b"}
    with pytest.raises(StoreError):
        snapshot.apply([], [(S, P, Literal("x"), G)])
    snapshot.close()
    store.close()


def test_no_snapshot_over_an_existing_folder(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    store.backup(tmp_path / "snapshot")
    with pytest.raises(StoreError, match="snapshot"):
        store.backup(tmp_path / "snapshot")
    store.close()


def test_opening_what_is_no_store_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="missing"):
        OxigraphStore(tmp_path / "missing", read_only=True)


@pytest.mark.parametrize("form", ["nquads", "trig", "jsonld"])
def test_dumps_with_graphs_come_back_whole(form: str) -> None:
    formats = {"nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
    quads = set(ox.parse(dumped(filled(), form), formats[form]))
    assert len(quads) == 3
    assert {str(q.graph_name) for q in quads} == {f"<{G}>", f"<{H}>"}


def test_a_turtle_dump_is_the_union() -> None:
    text = dumped(filled(), "turtle")
    assert len(list(ox.parse(text, ox.RdfFormat.TURTLE))) == 2
    assert "kg:exact" in text


def test_dumps_do_not_depend_on_the_order_of_writing() -> None:
    other = OxigraphStore(None)
    for quad in [(S, P, Literal("a"), G), (S, P, Literal("a"), H), (S, P, Literal("b"), H)]:
        other.apply([], [quad])
    assert dumped(other, "nquads") == dumped(filled(), "nquads")


def test_only_select_is_answered() -> None:
    with pytest.raises(Exception, match="SELECT"):
        list(filled().select("ASK { ?s ?p ?o }"))
