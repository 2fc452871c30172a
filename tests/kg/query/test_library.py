import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import SKOS

from kg.errors import OntologyError
from kg.protocols import Store
from kg.query import library
from kg.resources import sparql_dir
from kg.store.memory import MemoryStore
from kg.store.oxigraph import OxigraphStore
from kg.vocab import KG
from kg.workspace import Reader

S, G = URIRef("http://127.0.0.1:8000/id/paper/a"), URIRef("http://127.0.0.1:8000/graph/paper/a")
NAMES = sorted(path.stem for path in sparql_dir().glob("*.rq"))


def test_a_query_runs_with_its_parameters_bound() -> None:
    store = OxigraphStore(None)
    store.apply([], [(S, KG.contentSha256, Literal("0" * 64), G)])
    (row,) = library.run(store, "content_hash", paper=S)
    assert str(row["hash"]) == "0" * 64


@pytest.mark.parametrize("bindings", [{}, {"entity": S}, {"paper": S, "entity": S}])
def test_exactly_its_parameters_must_be_bound(bindings: dict[str, URIRef]) -> None:
    with pytest.raises(OntologyError, match="binds paper"):
        library.run(OxigraphStore(None), "content_hash", **bindings)


def test_an_unknown_query_is_named() -> None:
    with pytest.raises(OntologyError, match="nope"):
        library.load_query("nope")


@pytest.mark.parametrize("name", NAMES)
def test_every_query_gives_the_same_rows_on_every_store(name: str, reader: Reader) -> None:
    known = {
        "paper": reader.iris.paper("ntk"),
        "entity": reader.iris.entity("tangent-kernel"),
        "graph": reader.iris.entities_graph,
    }
    bindings = {name: known[name] for name in library.load_query(name).binds}
    alias = (known["entity"], SKOS.altLabel, Literal("TK"), known["graph"])
    stores: list[Store] = [OxigraphStore(None), MemoryStore()]
    for store in stores:
        store.apply([], [*reader.store.quads(), alias])
    answers = [
        sorted(sorted((key, str(value)) for key, value in row.items()) for row in library.run(store, name, **bindings))
        for store in stores
    ]
    assert answers[0] == answers[1]
    assert answers[0]
    for row in library.run(stores[0], name, **bindings):
        assert bindings.items() <= row.items()
