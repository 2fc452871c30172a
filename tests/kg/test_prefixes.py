"""Short names of IRIs."""

import pytest
from rdflib import Graph, URIRef

from kg.prefixes import PREFIXES, shorten
from kg.vocab import NS


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (f"{NS}Method", "kg:Method"),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "rdf:type"),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#_1", "rdf:_1"),
        ("http://www.w3.org/2001/XMLSchema#gYear", "xsd:gYear"),
        ("https://schema.org/name", "schema:name"),
        (NS, f"<{NS}>"),
        (f"{NS}a/b", f"<{NS}a/b>"),
        (f"{NS}a b", f"<{NS}a b>"),
        (f"{NS}-a", f"<{NS}-a>"),
        (f"{NS}a²", f"<{NS}a²>"),
        (f"{NS}a.", f"<{NS}a.>"),
        ("http://example.org/x", "<http://example.org/x>"),
        ("", "<>"),
    ],
)
def test_shorten(iri: str, short: str) -> None:
    assert shorten(iri) == short


def test_namespaces_are_not_inside_each_other() -> None:
    names = list(PREFIXES.values())
    assert not [(a, b) for a in names for b in names if a != b and a.startswith(b)]
    assert all(name.endswith(("/", "#")) for name in names)


def test_what_is_shortened_reads_back_as_the_same_iri() -> None:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    for namespace in PREFIXES.values():
        graph = Graph().parse(data=f"{head}{shorten(namespace + '_a-1')} <http://e/p> 1 .", format="turtle")
        assert list(graph.subjects()) == [URIRef(namespace + "_a-1")]
