import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

from kg.errors import StoreError
from kg.oxigraph_terms import from_ox, n_quads, to_ox

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


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_lines_of_n_quads_say_what_they_are_made_of(text: str) -> None:
    s, p, g = (URIRef(f"http://example.org/{name}") for name in "spg")
    statements = [(s, p, Literal(text), g), (s, p, Literal(text, lang="en"))]
    lines = list(n_quads(statements))
    assert all(line.count("\n") == 1 for line in lines)
    found = ox.parse("".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    assert [from_ox(quad.object) for quad in found] == [o for _, _, o, *_ in statements]
