from rdflib import BNode, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from kg.view.facts import Shown, facts
from kg.vocab import KG

BASE = "http://x.example/kg/"
PAPER, ENTITY = URIRef(f"{BASE}id/paper/a"), URIRef(f"{BASE}id/entity/b%20c")


def test_the_thing_comes_first_and_its_type_before_all_else() -> None:
    said = facts(
        [
            (ENTITY, SKOS.prefLabel, Literal("Bee")),
            (PAPER, DCTERMS.title, Literal("A title")),
            (PAPER, KG.mentions, ENTITY),
            (PAPER, RDF.type, KG.Paper),
        ],
        PAPER,
        BASE,
    )
    assert [about.subject.text for about in said] == ["A title", "Bee"]
    properties = [(prop.text, [value.text for value in values]) for prop, values in said[0].said]
    assert properties == [("rdf:type", ["kg:Paper"]), ("dcterms:title", ["A title"]), ("kg:mentions", ["Bee"])]


def test_what_is_ours_leads_to_this_site_and_nothing_leads_to_a_script() -> None:
    values = [ENTITY, KG.Paper, DCTERMS.title, URIRef("javascript:alert(1)"), BNode("x"), Literal("<b>")]
    [about] = facts([(PAPER, KG.mentions, value) for value in values], PAPER, BASE)
    assert set(about.said[0][1]) == {
        Shown("entity/b%20c", "/id/entity/b%20c"),
        Shown("kg:Paper", "/ns#Paper"),
        Shown("dcterms:title", str(DCTERMS.title), True),
        Shown("javascript:alert(1)", None, True),
        Shown("_:x"),
        Shown("<b>"),
    }


def test_nothing_said_is_nothing_shown() -> None:
    assert facts([], PAPER, BASE) == []
