"""Our nouns to terms of the vocabulary, and back."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, XSD
from rdflib.term import Node

from kg.model import Label, RelationKind, Role
from kg.vocab import KG

# A namespace of rdflib makes its terms anew each time they are named.
TYPE = RDF.type

CLASSES: Mapping[Label, URIRef] = {
    Label.METHOD: KG.Method,
    Label.DATASET: KG.Dataset,
    Label.TASK: KG.Task,
    Label.METRIC: KG.Metric,
    Label.CONCEPT: KG.Concept,
}
LABELS: Mapping[Node, Label] = {iri: label for label, iri in CLASSES.items()}

ROLE_EDGES: Mapping[Role, URIRef] = {
    Role.PROPOSES: KG.introduces,
    Role.USES: KG.uses,
    Role.COMPARES: KG.comparesWith,
    Role.EVALUATES: KG.evaluatesOn,
    Role.ADDRESSES: KG.addresses,
    Role.REPORTS: KG.reports,
}
"""From a paper to an entity, whatever the entity's type is."""
ROLES: Mapping[Node, Role] = {iri: role for role, iri in ROLE_EDGES.items()}

PREDICATES: Mapping[RelationKind, URIRef] = {
    RelationKind.USED_FOR: KG.usedFor,
    RelationKind.EVALUATED_ON: KG.evaluatedOn,
    RelationKind.PART_OF: KG.partOf,
    RelationKind.IS_A: KG.kindOf,
    RelationKind.COMPARED_WITH: KG.contrastedWith,
    RelationKind.MEASURED_BY: KG.measuredBy,
}
"""From an entity to another."""
KINDS: Mapping[Node, RelationKind] = {iri: kind for kind, iri in PREDICATES.items()}


@lru_cache(maxsize=1 << 12)
def decimal(score: float) -> Literal:
    """An xsd:decimal of three places in canonical form, so that stores give it back letter by letter."""
    number = Decimal(f"{score:.3f}").normalize()
    return Literal(f"{number:f}", datatype=XSD.decimal, normalize=False)


@lru_cache(maxsize=1 << 14)
def text(string: str) -> Literal:
    """A plain literal; one object for equal strings, as long as they follow each other closely."""
    return Literal(string)


@lru_cache(maxsize=1 << 12)
def integer(number: int) -> Literal:
    """An xsd:integer."""
    return Literal(number)


TRUE = Literal(True)
