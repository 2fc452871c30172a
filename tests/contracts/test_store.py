"""What every store must do; one suite over all of them."""

import itertools
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import RDFS, XSD

from kg.errors import BadQueryError
from kg.protocols import Store
from kg.store.memory import MemoryStore
from kg.store.oxigraph import OxigraphStore

S = URIRef("http://example.org/s")
P = URIRef("http://example.org/p")
G = URIRef("http://example.org/g")
H = URIRef("http://example.org/h")

LITERALS = [
    Literal("plain"),
    Literal(""),
    Literal('quote " backslash \\ newline \n tab \t'),
    Literal("Überraschung 深度学习 🧠 \u200f\u0301"),
    Literal("colour", lang="en"),
    Literal("Farbe", lang="de-CH"),
    Literal(7),
    Literal(True),
    Literal("0.875", datatype=XSD.decimal, normalize=False),
    Literal("1", datatype=XSD.decimal, normalize=False),
    Literal("2017", datatype=XSD.gYear, normalize=False),
    Literal(date(2020, 2, 29)),
    Literal("https://example.org/a b", datatype=XSD.anyURI),
]


@pytest.fixture(params=["memory", "oxigraph", "oxigraph-on-disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    match request.param:
        case "memory":
            made: Store = MemoryStore()
        case "oxigraph":
            made = OxigraphStore(None)
        case _:
            made = OxigraphStore(tmp_path / "store")
    yield made
    made.close()


def values(store: Store) -> list[object]:
    return [row["o"] for row in store.select("SELECT ?o WHERE { ?s ?p ?o }")]


@pytest.mark.parametrize("value", LITERALS, ids=repr)
def test_terms_survive_letter_by_letter(store: Store, value: Literal) -> None:
    store.apply([], [(S, P, value, G)])
    (found,) = values(store)
    assert isinstance(found, Literal)
    assert (str(found), found.datatype) == (str(value), value.datatype)
    # RDF 1.1 lets a store write language tags in lower case.
    assert (found.language or "").lower() == (value.language or "").lower()


def test_adding_twice_is_adding_once(store: Store) -> None:
    quad = (S, P, Literal("x"), G)
    store.apply([], [quad, quad])
    store.apply([], [quad])
    assert list(store.quads()) == [quad]


def test_removing_comes_before_adding(store: Store) -> None:
    old, new = (S, P, Literal("old"), G), (S, P, Literal("new"), G)
    store.apply([], [old])
    store.apply([old, new], [new])
    assert list(store.quads()) == [new]


def test_removing_what_is_not_there_changes_nothing(store: Store) -> None:
    kept = (S, P, Literal("kept"), G)
    store.apply([], [kept])
    store.apply([(S, P, Literal("kept"), H), (S, P, Literal("other"), G)], [])
    assert list(store.quads()) == [kept]


def test_the_default_graph_is_the_union(store: Store) -> None:
    store.apply([], [(S, P, Literal("g"), G), (S, P, Literal("h"), H)])
    assert sorted(map(str, values(store))) == ["g", "h"]


def test_quads_of_one_graph(store: Store) -> None:
    store.apply([], [(S, P, Literal("g"), G), (S, P, Literal("h"), H)])
    assert list(store.quads(H)) == [(S, P, Literal("h"), H)]
    assert list(store.quads(URIRef("http://example.org/none"))) == []


def test_quads_of_one_subject(store: Store) -> None:
    other = URIRef("http://example.org/other")
    store.apply([], [(S, P, Literal("g"), G), (S, P, Literal("h"), H), (other, P, Literal("h"), H)])
    assert list(store.quads(H, other)) == [(other, P, Literal("h"), H)]
    assert {g for *_, g in store.quads(subject=S)} == {G, H}
    assert list(store.quads(G, other)) == []


def test_a_query_can_name_its_graph(store: Store) -> None:
    store.apply([], [(S, P, Literal("g"), G), (S, P, Literal("h"), H)])
    rows = list(store.select("SELECT ?g ?o WHERE { GRAPH ?g { ?s ?p ?o } }", g=G))
    assert [(row["g"], str(row["o"])) for row in rows] == [(G, "g")]


def test_bound_parameters_are_terms_not_text(store: Store) -> None:
    store.apply([], [(S, P, Literal("mine"), G), (URIRef("http://example.org/t"), P, Literal("other"), G)])
    assert [str(row["o"]) for row in store.select("SELECT ?s ?o WHERE { ?s ?p ?o }", s=S)] == ["mine"]
    injected = Literal('x" } # ')
    assert list(store.select("SELECT ?o ?s WHERE { ?s ?p ?o }", o=injected)) == []


def test_an_unbound_variable_is_absent_from_the_row(store: Store) -> None:
    store.apply([], [(S, P, Literal("x"), G)])
    (row,) = store.select("SELECT ?o ?label WHERE { ?s ?p ?o OPTIONAL { ?s <http://example.org/none> ?label } }")
    assert "label" not in row
    assert str(row["o"]) == "x"


def test_texts_are_what_the_terms_of_the_same_rows_say(store: Store) -> None:
    store.apply([], [(S, P, value, G) for value in LITERALS])
    query = "SELECT ?s ?o ?none WHERE { ?s ?p ?o OPTIONAL { ?s <http://example.org/none> ?none } }"
    rows = [{name: str(term) for name, term in row.items()} for row in store.select(query)]
    assert sorted(map(sorted, map(dict.items, rows))) == sorted(sorted(row.items()) for row in store.texts(query))
    assert len(rows) == len(LITERALS)
    with pytest.raises(BadQueryError):
        list(store.texts("nonsense"))


def test_sums_of_decimals_are_exact(store: Store) -> None:
    store.apply([], [(S, P, Literal(f"0.{i:03d}", datatype=XSD.decimal, normalize=False), G) for i in range(1, 400)])
    (row,) = store.select("SELECT (SUM(?o) AS ?sum) WHERE { ?s ?p ?o }")
    assert round(float(str(row["sum"])) * 1000) == sum(range(1, 400))


@pytest.mark.parametrize("query", ["SELECT", "SELECT ?x WHERE { ?x", "nonsense", "ASK { ?s ?p ?o", ""])
def test_bad_queries_are_named(store: Store, query: str) -> None:
    with pytest.raises(BadQueryError):
        list(store.select(query))


def test_blank_nodes_and_iris_keep_their_kind(store: Store) -> None:
    store.apply([], [(S, P, BNode("b1"), G), (S, RDFS.seeAlso, H, G)])
    kinds = {type(row["o"]) for row in store.select("SELECT ?o WHERE { ?s ?p ?o }")}
    assert kinds == {BNode, URIRef}


def test_readers_see_all_of_a_change_or_nothing(store: Store) -> None:
    versions = [[(S, P, Literal(f"{v}-{i}"), G) for i in range(40)] for v in range(6)]
    store.apply([], versions[0])
    seen: list[int] = []
    mixed: list[set[str]] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            found = {str(row["o"]).partition("-")[0] for row in store.select("SELECT ?o WHERE { ?s ?p ?o }")}
            seen.append(len(found))
            if len(found) != 1:
                mixed.append(found)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for before, after in itertools.pairwise(versions):
        store.apply(before, after)
    while len(seen) < 3:
        time.sleep(0.01)
    stop.set()
    watcher.join()
    assert mixed == []


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_text_survives_in_oxigraph(text: str) -> None:
    store = OxigraphStore(None)
    store.apply([(S, P, Literal("gone"), G)], [(S, P, Literal(text), G)])
    assert [str(value) for value in values(store)] == [text]
