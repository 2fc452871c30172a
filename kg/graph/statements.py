"""What all papers together state of two entities, as quads; pure."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rdflib import Literal, URIRef
from rdflib.namespace import RDF

from kg.graph.terms import PREDICATES, decimal
from kg.iri import Iris
from kg.model import Label, RelationKind, may_relate
from kg.protocols import Quad
from kg.vocab import KG

_MOST = 0.999


class Stated(NamedTuple):
    """A relation of one paper between what its mentions refer to; ``mention`` is the node of its head."""

    subject: str
    kind: RelationKind
    object: str
    paper: str
    score: float
    mention: URIRef


@dataclass(slots=True)
class _Support:
    papers: dict[str, float] = field(default_factory=dict)
    mentions: set[URIRef] = field(default_factory=set)


def statement_quads(relations: Iterable[Stated], types: Mapping[str, Label], iris: Iris) -> Iterator[Quad]:
    """All statements with the triples that they are about; ``types`` are those of all entities.

    Depends on the set of relations only. What has no direction is stated of the entity whose id comes first.
    """
    found: dict[tuple[str, RelationKind, str], _Support] = defaultdict(_Support)
    for subject, kind, object_, paper, score, mention in relations:
        if fits(kind, subject, object_, types):
            turned = kind is RelationKind.COMPARED_WITH and object_ < subject
            support = found[(object_, kind, subject) if turned else (subject, kind, object_)]
            support.papers[paper] = max(score, support.papers.get(paper, 0.0))
            support.mentions.add(mention)
    for (subject, kind, object_), support in found.items():
        yield from _quads(iris.entity(subject), PREDICATES[kind], iris.entity(object_), support, iris)


def fits(kind: RelationKind, subject: str, object_: str, types: Mapping[str, Label]) -> bool:
    """Whether two entities of these types can be so related."""
    one, other = types.get(subject), types.get(object_)
    return subject != object_ and one is not None and other is not None and may_relate(kind, one, other)


def confidence(scores: Collection[float]) -> float:
    """The chance that at least one of independent papers is read rightly; never certain, whatever their order."""
    doubt = math.prod(1 - score for score in sorted(scores))
    return min(_MOST, round(1 - doubt, 3))


def _quads(subject: URIRef, predicate: URIRef, object_: URIRef, support: _Support, iris: Iris) -> Iterator[Quad]:
    node, graph = iris.statement(subject, predicate, object_), iris.statements_graph
    yield subject, predicate, object_, graph
    yield node, RDF.type, KG.Statement, graph
    yield node, RDF.subject, subject, graph
    yield node, RDF.predicate, predicate, graph
    yield node, RDF.object, object_, graph
    yield node, KG.support, Literal(len(support.papers)), graph
    yield node, KG.confidence, decimal(confidence(support.papers.values())), graph
    for mention in support.mentions:
        yield node, KG.evidence, mention, graph
