from rdflib import Graph
from rdflib.namespace import OWL, RDF

from kg.resources import load_graph, ontology_dir
from kg.view.vocabulary import TermLink, vocabulary
from kg.vocab import NS


def test_every_term_of_the_ontology_is_there_once() -> None:
    ontology = load_graph(ontology_dir() / "kg.ttl")
    shown = vocabulary(ontology)
    terms = {str(s).removeprefix(NS) for s in ontology.subjects(RDF.type) if str(s).startswith(NS)}
    names = [term.name for term in (*shown.classes, *shown.properties)]
    assert sorted(names) == sorted(terms)
    assert "Method" in [term.name for term in shown.classes]
    assert all(term.domain and term.range for term in shown.properties)
    assert shown.version == str(ontology.value(None, OWL.versionInfo) or next(ontology.objects(None, OWL.versionInfo)))


def test_terms_of_others_lead_away_and_unions_are_taken_apart() -> None:
    ontology = Graph().parse(
        format="turtle",
        data="""
        @prefix kg: <https://w3id.org/paperkg/ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix ex: <http://example.org/> .
        ex:o a owl:Ontology .
        kg:p a owl:ObjectProperty ; rdfs:label "p" ; rdfs:comment "Joins." ; rdfs:subPropertyOf ex:q ;
            rdfs:domain [ owl:unionOf ( kg:A ex:B ) ] ; rdfs:range kg:A .
        """,
    )
    [term] = vocabulary(ontology).properties
    assert term.above == (TermLink("ex:q", "http://example.org/q"),)
    assert term.domain == (TermLink("ex:B", "http://example.org/B"), TermLink("kg:A", "#A"))
    assert term.range == (TermLink("kg:A", "#A"),)
