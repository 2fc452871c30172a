"""Triples -> what a page shows of each of their subjects."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rdflib import BNode, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS
from rdflib.term import Node

from kg.prefixes import shorten
from kg.protocols import Triple
from kg.vocab import KG, NS

_NAMES = (SKOS.prefLabel, DCTERMS.title, RDFS.label, KG.exact)


class Shown(NamedTuple):
    """A term: its text, the address that it leads to on this site or elsewhere, and whether that is elsewhere."""

    text: str
    href: str | None = None
    outside: bool = False


class Facts(NamedTuple):
    """All that is said of one subject: of each property its values."""

    subject: Shown
    said: Sequence[tuple[Shown, Sequence[Shown]]]


def facts(triples: Iterable[Triple], first: URIRef, base: str) -> list[Facts]:
    """What is said of ``first``, then of every other subject in the order of their IRIs.

    IRIs below ``base``, and the terms of our vocabulary, lead to paths on the site that shows them.
    """
    by_subject: dict[Node, dict[Node, set[Node]]] = defaultdict(lambda: defaultdict(set))
    for s, p, o in triples:
        by_subject[s][p].add(o)
    names = {s: min(map(str, said[p])) for s, said in by_subject.items() for p in reversed(_NAMES) if p in said}

    def show(term: Node) -> Shown:
        if not isinstance(term, URIRef):
            return Shown(f"_:{term}" if isinstance(term, BNode) else str(term))
        if term.startswith(base):
            path = f"/{term.removeprefix(base)}"
            return Shown(names.get(term, path.removeprefix("/id/")), path)
        if term.startswith(NS):
            return Shown(shorten(term), f"/ns#{term.removeprefix(NS)}")
        return Shown(
            shorten(term).strip("<>"), str(term) if str(term).startswith(("http://", "https://")) else None, True
        )

    def about(subject: Node) -> Facts:
        said = by_subject[subject]
        ordered = sorted(said, key=lambda p: (p != RDF.type, str(p)))
        return Facts(show(subject), [(show(p), [show(o) for o in sorted(said[p], key=str)]) for p in ordered])

    others = sorted((s for s in by_subject if s != first), key=str)
    return [about(subject) for subject in ([first, *others] if first in by_subject else others)]
