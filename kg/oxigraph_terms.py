"""Terms of rdflib, which all of kg speaks, as those of Oxigraph, and back."""

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from kg.errors import StoreError


def to_ox(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """An rdflib term as Oxigraph's; raises ValueError for an IRI that is none."""
    match term:
        case URIRef():
            return ox.NamedNode(term)
        case BNode():
            return ox.BlankNode(term)
        case Literal(language=str(tag)):
            return ox.Literal(str(term), language=tag)
        case Literal(datatype=URIRef() as datatype):
            return ox.Literal(str(term), datatype=ox.NamedNode(datatype))
        case Literal():
            return ox.Literal(str(term))
    raise TypeError(f"not an RDF term: {term!r}")


def from_ox(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """The way back. Lexical forms are kept, and plain literals stay plain."""
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
