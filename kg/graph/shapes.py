"""Validate quads against the SHACL shapes, as a list of Violations."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyshacl
from rdflib import Graph
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from kg.graph.conformance import surely_conform
from kg.protocols import Quad


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken constraint: the nodes it is about (focus, then value) and what the shape says."""

    nodes: tuple[Node, ...]
    message: str


def violations(quads: Iterable[Quad], shapes: Graph) -> list[Violation]:
    """All violations in the union of the quads' graphs; warnings are not among them."""
    quads = list(quads)
    if surely_conform(quads, shapes):
        return []
    data = Graph()
    for s, p, o, _ in quads:
        data.add((s, p, o))
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", allow_warnings=True)
    if conforms or not isinstance(report, Graph):
        return []
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        if report.value(result, SH.resultSeverity) == SH.Violation:
            about = (report.value(result, SH.focusNode), report.value(result, SH.value))
            message = str(report.value(result, SH.resultMessage) or "breaks a shape")
            found.append(Violation(tuple(node for node in about if node is not None), message))
    return sorted(found, key=lambda v: (str(v.nodes), v.message))
