import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SKOS

from kg.errors import OntologyError
from kg.protocols import Quad, Store
from kg.query import library
from kg.resources import sparql_dir
from kg.store.memory import MemoryStore
from kg.store.oxigraph import OxigraphStore
from kg.vocab import KG
from kg.workspace import Reader

S, G = URIRef("http://127.0.0.1:8000/id/paper/a"), URIRef("http://127.0.0.1:8000/graph/paper/a")
# What has tables to be filled in is run by tests/kg/analysis/test_ranking.py.
NAMES = sorted(path.stem for path in sparql_dir().glob("*.rq") if path.stem != "related")


def test_a_query_runs_with_its_parameters_bound() -> None:
    store = OxigraphStore(None)
    store.apply([], [(S, KG.contentSha256, Literal("0" * 64), G)])
    (row,) = library.run(store, "content_hash", paper=S)
    assert str(row["hash"]) == "0" * 64


@pytest.mark.parametrize("bindings", [{}, {"entity": S}, {"paper": S, "entity": S}])
def test_exactly_its_parameters_must_be_bound(bindings: dict[str, URIRef]) -> None:
    with pytest.raises(OntologyError, match="binds paper"):
        library.run(OxigraphStore(None), "content_hash", **bindings)


def test_a_query_can_be_written_out_with_its_parameters() -> None:
    text = library.load_query("documents/paper").filled(paper=S)
    assert "#+" not in text
    assert text.count(f"VALUES ?paper {{ <{S}> }}") == text.count("SELECT ?paper")
    assert library.load_query("surfaces").filled() == library.load_query("surfaces").text.partition("\n")[2]
    with pytest.raises(OntologyError, match="binds paper"):
        library.load_query("documents/paper").filled(entity=S)


def test_a_text_written_into_a_query_stays_a_text() -> None:
    store = OxigraphStore(None)
    text = "\"} \\ SELECT * WHERE { ?s ?p ?o\n'''\" ?surface"
    store.apply([], [(S, KG.surface, Literal(text), G), (S, KG.refersTo, S, G)])
    [row] = store.select(library.load_query("surface_leads").filled(surface=Literal(text)))
    assert row == {"surface": Literal(text), "entity": S}


def test_an_unknown_query_is_named() -> None:
    with pytest.raises(OntologyError, match="nope"):
        library.load_query("nope")


def said_of_names(reader: Reader) -> list[Quad]:
    """A definition, a hyponymy, and pairs of the hierarchy, which the small corpus has not."""
    entity, graph = reader.iris.entity, reader.iris.paper_graph("ntk")
    mentions = {o: s for s, p, o, _ in reader.store.quads(graph) if p == KG.refersTo}
    definition, hyponymy = (
        URIRef("http://127.0.0.1:8000/id/definition/d"),
        URIRef("http://127.0.0.1:8000/id/hyponymy/h"),
    )
    facts = [
        (definition, KG.abbreviation, Literal("TK")),
        (definition, KG.longForm, Literal("tangent kernel")),
        (definition, KG.abbreviationKey, Literal("tk")),
        (definition, KG.longFormKey, Literal("tangent-kernel")),
        (definition, KG.sentence, Literal("The tangent kernel (TK).")),
        (definition, KG.statedIn, reader.iris.paper("ntk")),
        (hyponymy, KG.narrowMention, mentions[entity("tangent-kernel")]),
        (hyponymy, KG.broadMention, mentions[entity("neural-network")]),
        (hyponymy, KG.rule, Literal("is-a")),
        (mentions[entity("rare-trick")], KG.surface, Literal("trick")),
        (hyponymy, KG.statedIn, reader.iris.paper("ntk")),
        (entity("tangent-kernel"), SKOS.broader, entity("neural-network")),
        (entity("rare-trick"), SKOS.broader, entity("tangent-kernel")),
    ]
    return [(s, p, o, graph) for s, p, o in facts]


@pytest.mark.parametrize("name", NAMES)
def test_every_query_gives_the_same_rows_on_every_store(name: str, reader: Reader) -> None:
    known = {
        "paper": reader.iris.paper("ntk"),
        "entity": reader.iris.entity("tangent-kernel"),
        "graph": reader.iris.entities_graph,
        "base": Literal(f"{reader.iris.base}id/"),
        "thing": reader.iris.paper("ntk"),
        "rule": Literal("name"),
        "surface": Literal("tangent-kernel"),
        "mention": min(s for s, p, _, _ in reader.store.quads() if p == KG.inPaper),
        "short": Literal("tk"),
        "long": Literal("tangent-kernel"),
        "narrow": reader.iris.entity("tangent-kernel"),
        "broad": reader.iris.entity("neural-network"),
        "other": reader.iris.paper("other"),
        "type": KG.Method,
        "statement": min(s for s, p, _, _ in reader.store.quads(reader.iris.statements_graph) if p == KG.support),
    }
    if name == "entity_statements":
        known["entity"] = reader.iris.entity("attention")
    if name == "entity_generic":
        known["entity"] = reader.iris.entity("neural-network")
    bindings = {name: known[name] for name in library.load_query(name).binds}
    more = [(known["entity"], SKOS.altLabel, Literal("TK"), known["graph"]), *said_of_names(reader)]
    more += [(known["entity"], SKOS.exactMatch, URIRef("http://www.wikidata.org/entity/Q1"), known["graph"])]
    if name == "statements_between":
        bindings["paper"] = reader.iris.paper("one")
        ends = {p: o for s, p, o, _ in reader.store.quads(reader.iris.statements_graph) if s == known["statement"]}
        more += [
            (bindings["paper"], KG.mentions, ends[RDF.subject], G),
            (known["other"], KG.mentions, ends[RDF.object], G),
        ]
    stores: list[Store] = [OxigraphStore(None), MemoryStore()]
    for store in stores:
        store.apply([], [*reader.store.quads(), *more])
    answers = [
        sorted(sorted((key, str(value)) for key, value in row.items()) for row in library.run(store, name, **bindings))
        for store in stores
    ]
    assert answers[0] == answers[1]
    assert answers[0]
    for row in library.run(stores[0], name, **bindings):
        assert bindings.items() <= row.items()


def test_data_blocks_take_rows_of_terms_and_numbers() -> None:
    query = library.Query(
        "q", "", (), "SELECT * WHERE { VALUES (?entity ?weight) {} ?a ?b ?c . VALUES (?entity ?weight) {} }"
    )
    filled = query.tabled("?entity ?weight", [(URIRef("http://e/a"), 0.5), (Literal('b"'), 2)]).text
    assert filled.count(r'VALUES (?entity ?weight) { (<http://e/a> 0.500000000000e0) ("b\"" 2) }') == 2
    assert query.tabled("?entity ?weight", []).text.count("VALUES (?entity ?weight) {  }") == 2
    with pytest.raises(OntologyError, match="has no VALUES"):
        query.tabled("?weight", [])
