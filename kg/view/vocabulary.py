"""The ontology as a graph -> what a page about it says: its classes and properties, each with what it means."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from kg.prefixes import shorten
from kg.vocab import NS


@dataclass(frozen=True, slots=True)
class TermLink:
    """A term that another is explained by; ``href`` is a place on the same page where it is one of ours."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Term:
    """A class or a property. ``name`` is its part of the IRI behind the namespace; ``near`` are close matches."""

    name: str
    label: str
    comment: str
    above: tuple[TermLink, ...]
    domain: tuple[TermLink, ...]
    range: tuple[TermLink, ...]
    near: tuple[TermLink, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All of the ontology that a page shows, classes and properties in alphabetical order."""

    title: str
    description: str
    version: str
    licence: str
    classes: tuple[Term, ...]
    properties: tuple[Term, ...]


def vocabulary(ontology: Graph) -> Vocabulary:
    """Read the one ontology that a graph describes."""
    [head] = ontology.subjects(RDF.type, OWL.Ontology)
    return Vocabulary(
        str(ontology.value(head, DCTERMS.title)),
        str(ontology.value(head, DCTERMS.description)),
        str(ontology.value(head, OWL.versionInfo)),
        str(ontology.value(head, DCTERMS.license)),
        _terms(ontology, OWL.Class),
        _terms(ontology, OWL.ObjectProperty, OWL.DatatypeProperty),
    )


def _terms(ontology: Graph, *types: URIRef) -> tuple[Term, ...]:
    named = {s for each in types for s in ontology.subjects(RDF.type, each) if str(s).startswith(NS)}
    return tuple(_term(ontology, each) for each in sorted(named, key=lambda s: str(s).casefold()))


def _term(ontology: Graph, term: Node) -> Term:
    return Term(
        str(term).removeprefix(NS),
        str(ontology.value(term, RDFS.label)),
        str(ontology.value(term, RDFS.comment)),
        _links(ontology, term, RDFS.subClassOf) + _links(ontology, term, RDFS.subPropertyOf),
        _links(ontology, term, RDFS.domain),
        _links(ontology, term, RDFS.range),
        _links(ontology, term, SKOS.closeMatch),
    )


def _links(ontology: Graph, term: Node, predicate: URIRef) -> tuple[TermLink, ...]:
    """The values of a property, those of a union one by one."""
    found = (iri for value in ontology.objects(term, predicate) for iri in _members(ontology, value))
    return tuple(sorted({_link(ontology, str(iri)) for iri in found}, key=lambda link: link.text))


def _members(ontology: Graph, value: Node) -> Iterator[Node]:
    union = ontology.value(value, OWL.unionOf) if isinstance(value, BNode) else None
    yield from Collection(ontology, union) if union else [value]


def _link(ontology: Graph, iri: str) -> TermLink:
    if iri.startswith(NS):
        return TermLink(shorten(iri), f"#{iri.removeprefix(NS)}")
    prefix, _, local = ontology.compute_qname(iri, generate=False)
    return TermLink(f"{prefix}:{local}", iri)
