import pyoxigraph as ox
import pytest
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

from kg.errors import StoreError
from kg.oxigraph_terms import from_ox, to_ox

S, P = "http://example.org/s", "http://example.org/p"


@pytest.mark.parametrize(
    "term",
    [
        URIRef(S),
        BNode("b1"),
        Literal("plain"),
        Literal("größer", lang="de"),
        Literal("07", datatype=XSD.integer, normalize=False),
        Literal("x", datatype=URIRef(P)),
    ],
)
def test_terms_come_back_as_they_were(term) -> None:
    back = from_ox(to_ox(term))
    assert (back, type(back)) == (term, type(term))
    if isinstance(term, Literal):
        assert (str(back), back.datatype, back.language) == (str(term), term.datatype, term.language)


def test_what_is_no_iri_is_refused() -> None:
    with pytest.raises(ValueError, match="IRI"):
        to_ox(URIRef("http://example.org/a b"))


def test_triple_terms_are_refused() -> None:
    term = ox.Triple(ox.NamedNode(S), ox.NamedNode(P), ox.Literal("x"))
    with pytest.raises(StoreError, match="triple terms"):
        from_ox(term)
