"""Many papers and entities at once say what each says alone; what is written in part says nothing."""

import pytest
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from kg.iri import Iris
from kg.model import Field, Label, Role
from kg.protocols import Quad
from kg.query import bulk
from kg.query.catalogue import Catalogue
from kg.store.oxigraph import OxigraphStore
from kg.vocab import KG
from kg.workspace import Reader
from tests.corpus import BASE

IRIS = Iris(BASE)
G, ATTENTION, P = URIRef("urn:mine"), IRIS.entity("attention"), IRIS.paper("p")


def catalogue_of(*triples: tuple[object, object, object]) -> Catalogue:
    store = OxigraphStore(None)
    quads: list[Quad] = [(s, p, o, G) for s, p, o in triples]  # type: ignore[misc]
    store.apply([], quads)
    return Catalogue(store, IRIS)


def mention(name: str, **other: object) -> list[tuple[object, object, object]]:
    said = {
        "inPaper": P,
        "refersTo": ATTENTION,
        "confidence": Literal("0.8"),
        "linkScore": Literal("0.5"),
        "field": DCTERMS.title,
        "beginIndex": Literal(4),
        "endIndex": Literal(9),
        "sentence": Literal("Some sentence."),
        "sentenceBegin": Literal(2),
        **other,
    }
    node = BNode(name[2:]) if name.startswith("_:") else URIRef(name)
    return [(node, getattr(KG, predicate), value) for predicate, value in said.items() if value is not None]


def test_papers_and_entities_are_those_of_the_catalogue(reader: Reader) -> None:
    ids, slugs = sorted(reader.catalogue.paper_ids()), sorted(reader.catalogue.slugs())
    assert list(bulk.papers(reader.catalogue, ids)) == [reader.catalogue.paper(each) for each in ids]
    entities = [reader.catalogue.entity(each) for each in slugs]
    assert list(bulk.entities(reader.catalogue)) == list(bulk.entities(reader.catalogue, slugs)) == entities
    assert list(bulk.papers(reader.catalogue, ["none", "mt"])) == [reader.catalogue.paper("mt")]


def test_the_order_is_kept_however_many_are_asked_for(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    ids = sorted(reader.catalogue.paper_ids(), reverse=True)
    assert [paper.id for paper in bulk.papers(reader.catalogue, ids)] == ids
    records = [(paper_id, None, None) for paper_id in ids]
    assert [fact.id for fact in bulk.facts(reader.catalogue, records)] == ids


def test_what_a_paper_names_is_what_its_mentions_and_edges_say(reader: Reader) -> None:
    (fact,) = bulk.facts(reader.catalogue, [("ntk", 2000, "ACL")])
    mentions = reader.catalogue.mentions("ntk")
    assert {slug for slug, *_ in fact.named} == {each.entity.slug for each in mentions}
    assert {slug: role for slug, _, role in fact.named if role} == reader.catalogue.roles("ntk")
    paper = reader.catalogue.paper("ntk")
    for slug, place in fact.places.items():
        evidence = reader.catalogue.evidence("ntk", slug)
        text, sentence = paper.text(place.field), slice(place.sentence_start, place.sentence_end)
        assert (text[place.start : place.end], text[sentence]) in {(e.text, e.sentence) for e in evidence}


def test_the_surest_mention_counts_and_the_best_place_is_shown() -> None:
    catalogue = catalogue_of(
        *mention("urn:sure", linkScore=Literal(1)),
        *mention("urn:shown", field=DCTERMS.abstract, confidence=Literal("0.3")),
        *mention("urn:late", field=DCTERMS.abstract, confidence=Literal("0.3"), beginIndex=Literal(5)),
        (P, KG.uses, ATTENTION),
        (P, KG.introduces, ATTENTION),
    )
    (fact,) = bulk.facts(catalogue, [("p", None, None)])
    assert fact.named == [("attention", 0.8, Role.PROPOSES)]
    assert fact.places["attention"] == (Field.ABSTRACT, 4, 9, 2, 16)
    catalogue.store.apply([], [(URIRef("urn:late"), KG.role, KG.uses, G)])
    assert next(bulk.facts(catalogue, [("p", None, None)])).places["attention"].start == 5


@pytest.mark.parametrize(
    "broken",
    [
        {"confidence": Literal("much")},
        {"confidence": Literal(7)},
        {"confidence": Literal("NaN")},
        {"linkScore": Literal(0)},
        {"linkScore": None},
        {"beginIndex": Literal(-1)},
        {"endIndex": Literal(10**12)},
        {"sentence": None},
        {"field": URIRef("urn:nowhere")},
    ],
)
def test_a_mention_that_is_none_names_nothing(broken: dict[str, object]) -> None:
    (fact,) = bulk.facts(catalogue_of(*mention("urn:broken", **broken)), [("p", None, None)])
    assert (fact.named, fact.places) == ([], {})


def test_a_mention_without_an_iri_names_nothing() -> None:
    assert next(bulk.facts(catalogue_of(*mention("_:b")), [("p", None, None)])).named == []


def test_records_in_part_say_nothing_and_double_ones_what_sorts_first() -> None:
    name, kind, count = (
        (ATTENTION, SKOS.prefLabel, Literal("attention")),
        (ATTENTION, RDF.type, KG.Method),
        (
            ATTENTION,
            KG.paperCount,
            Literal(2),
        ),
    )
    assert list(bulk.entities(catalogue_of(name, kind))) == []
    assert list(bulk.entities(catalogue_of(name, count, (ATTENTION, RDF.type, URIRef("urn:Kind"))))) == []
    both = catalogue_of(name, kind, count, (ATTENTION, SKOS.prefLabel, Literal("a")), (ATTENTION, RDF.type, KG.Task))
    (found,) = bulk.entities(both)
    assert (found.name, found.label) == ("a", Label.METHOD)
    assert list(bulk.entities(both, ["attention"])) == [found]
    # An IRI that is not as ours are written is no entity of ours.
    strange = URIRef(f"{BASE}id/entity/a%2520b")
    assert list(bulk.entities(catalogue_of(*((strange, p, o) for _, p, o in (name, kind, count))))) == []


def test_where_mentions_and_names_lead() -> None:
    catalogue = catalogue_of(*mention("urn:m"), (ATTENTION, SKOS.broader, IRIS.entity("model")))
    assert bulk.naming(catalogue, ["attention", "model"]) == {"p"}
    assert bulk.papers_with(catalogue, ["urn:m", "urn:none"]) == {"p"}
    assert bulk.narrower(catalogue, ["model", "attention"]) == {"attention"}
    assert list(bulk.hierarchy(catalogue)) == list(bulk.hierarchy(catalogue, ["attention"])) == [("attention", "model")]
