"""Terms of rdflib, which all of kg speaks, as those of Oxigraph, and back."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from kg.errors import StoreError

OxTerm: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal


def to_ox(term: Node) -> OxTerm:
    """An rdflib term as Oxigraph's; raises ValueError for an IRI that is none."""
    if isinstance(term, URIRef):
        return ox.NamedNode(term)
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(term, language=term.language)
        return ox.Literal(term, datatype=ox.NamedNode(term.datatype)) if term.datatype else ox.Literal(term)
    if isinstance(term, BNode):
        return ox.BlankNode(term)
    raise TypeError(f"not an RDF term: {term!r}")


class Texts(dict[Node, str]):
    """Terms of one lot of statements as N-Triples and SPARQL write them, each made once: most stand in many.

    Raises ValueError for an IRI that is none, so nothing but terms gets into a text that is made of them.
    """

    def __missing__(self, term: Node) -> str:
        """Oxigraph escapes what must be."""
        found = self[term] = str(to_ox(term))
        return found


def n_quads(statements: Iterable[tuple[Node, ...]]) -> Iterator[str]:
    """Lines of N-Triples or N-Quads."""
    texts = Texts()
    for s, p, o, *graph in statements:
        yield f"{texts[s]} {texts[p]} {texts[o]} {texts[graph[0]] if graph else ''} .\n"


@lru_cache(maxsize=1 << 14)
def from_ox(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """The way back. Lexical forms are kept, and plain literals stay plain. Terms that come again are not made again."""
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal():
            if term.language:
                return Literal(term.value, lang=term.language)
            datatype = URIRef(term.datatype.value)
            return Literal(term.value, datatype=None if datatype == XSD.string else datatype, normalize=False)
    raise StoreError(f"RDF 1.2 triple terms are not supported: {term}")
