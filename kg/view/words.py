"""The ontology and its shapes -> the words that queries are made of, each with what it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH

from kg.prefixes import shorten
from kg.view.vocabulary import Term, vocabulary
from kg.vocab import NS

WordKind = Literal["class", "property"]


@dataclass(frozen=True, slots=True)
class Word:
    """A class or property under its short name, such as ``kg:usesMethod``.

    ``source`` are the classes whose things have the property, ``target`` those that it leads to.
    """

    name: str
    kind: WordKind
    label: str
    comment: str
    source: tuple[str, ...]
    target: tuple[str, ...]


def words(ontology: Graph, shapes: Graph) -> list[Word]:
    """Our classes and properties, then what our graphs take from other vocabularies, as the shapes tell of it."""
    ours = vocabulary(ontology)
    return [
        *(_own(term, "class") for term in ours.classes),
        *(_own(term, "property") for term in ours.properties),
        *_foreign(shapes),
    ]


def _own(term: Term, kind: WordKind) -> Word:
    source, target = (tuple(link.text for link in links) for links in (term.domain, term.range))
    return Word(f"kg:{term.name}", kind, term.label, term.comment, source, target)


def _foreign(shapes: Graph) -> Iterator[Word]:
    """Queries write ``a`` for rdf:type."""
    paths = {path for path in shapes.objects(None, SH.path) if isinstance(path, URIRef) and path != RDF.type}
    for path in sorted(paths, key=shorten):
        if not path.startswith(NS):
            said = sorted(shapes.subjects(SH.path, path), key=str)
            comment = " ".join(str(text) for shape in said for text in shapes.objects(shape, SH.message))
            source = sorted({shorten(str(each)) for shape in said for each in shapes.objects(shape, SH.targetClass)})
            name = shorten(path)
            yield Word(name, "property", _in_words(name.partition(":")[2]), comment, tuple(source), ())


def _in_words(name: str) -> str:
    return re.sub(r"([A-Z])", r" \1", name).lower()
