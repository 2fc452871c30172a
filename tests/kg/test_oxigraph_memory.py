import pytest
from rdflib import Literal, URIRef

from kg.oxigraph_memory import Scratch

S = URIRef("http://example.org/s")
P = URIRef("http://example.org/p")
SCRATCH = Scratch([(S, P, Literal('a "quoted"\nline')), (S, P, Literal(2))])


def test_a_question_has_an_answer_or_none() -> None:
    assert SCRATCH.holds('SELECT ?s WHERE { ?s ?p "a \\"quoted\\"\\nline" }')
    assert SCRATCH.holds("SELECT $this WHERE { $this ?p ?o FILTER(?o > 1) }", this=S)
    assert not SCRATCH.holds("SELECT $this WHERE { $this ?p ?o FILTER(?o > 1) }", this=P)


@pytest.mark.parametrize("query", ["SELECT nothing", "ASK { ?s ?p ?o }"])
def test_what_is_no_select_query_is_refused(query: str) -> None:
    with pytest.raises(SyntaxError):
        SCRATCH.holds(query)


def test_what_is_no_iri_is_refused() -> None:
    with pytest.raises(ValueError, match="IRI"):
        Scratch([(URIRef("no iri> <"), P, S)])
