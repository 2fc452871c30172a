"""Shapes turned into plain functions: a quick word on whether triples surely conform.

pySHACL is the judge, and needs a tenth of a second a paper. Here "surely" is said only where it would find nothing to
complain of: whatever is unknown, unusual or wrong is not judged, and goes to it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain

from rdflib import OWL, Graph, URIRef
from rdflib.namespace import RDFS, SH
from rdflib.term import Node

from kg.graph.paths import Path, Triples, compiled_path
from kg.graph.terms import TYPE
from kg.graph.values import PARAMETERS, Test, number, value_tests

Check = Callable[[Triples, Node, Collection[Node]], bool]
"""Of a focus node and its values: True where they surely keep a constraint."""

_TARGETS = frozenset({SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf})
_SILENT = frozenset({SH.message, SH.name, SH.description, SH.order, SH.group, SH.path, SH.inversePath})
_PARTS = frozenset({SH.alternativePath, SH.declare, SH.prefix, SH.namespace, SH.prefixes, SH.select})
_COUNTS = frozenset({SH.minCount, SH.maxCount})
_MANY = 1 << 30


def surely_conform(statements: Iterable[tuple[Node, ...]], shapes: Graph) -> bool:
    """Whether these triples, or quads, keep all shapes. False says nothing of what is wrong, nor that anything is."""
    try:
        compiled = [_compiled(shapes, shape) for shape in sorted(_targeted(shapes), key=str)]
    except NotImplementedError:
        return False
    if not compiled:
        return True
    data = Triples(statements)
    # With subclasses in the data a node would have more types than it says.
    if data.objects(RDFS.subClassOf):
        return False
    return all(shape.holds(data, shape.focus_nodes(data)) for shape in compiled)


def _targeted(shapes: Graph) -> set[Node]:
    """All shapes that look for nodes themselves; raises NotImplementedError for words of SHACL that are not known."""
    words = {each for each in shapes.predicates() if str(each).startswith(str(SH))}
    unknown = words - _TARGETS - _SILENT - _PARTS - _COUNTS - PARAMETERS - {SH["class"]} - _CHECKS.keys()
    implied = {*shapes.subjects(TYPE, RDFS.Class), *shapes.subjects(TYPE, OWL.Class)}
    if unknown or implied:
        raise NotImplementedError(f"shapes with {unknown | implied}")
    return {shape for target in _TARGETS for shape in shapes.subjects(target)}


@dataclass(frozen=True, slots=True)
class _Shape:
    """``targets`` by kind; without a path the focus node is its own only value.

    Of the values of a node there are from ``least`` to ``most``, each of ``classes`` and fit for ``tests``.
    """

    targets: Mapping[Node, frozenset[Node]]
    path: URIRef | Path | None
    least: int
    most: int
    classes: frozenset[Node]
    tests: tuple[Test, ...]
    checks: tuple[Check, ...]

    def focus_nodes(self, data: Triples) -> Iterable[Node]:
        """Some of them twice."""
        found: list[Iterable[Node]] = [self.targets[SH.targetNode]]
        found += [data.subjects(TYPE).get(each, ()) for each in self.targets[SH.targetClass]]
        found += [data.objects(each) for each in self.targets[SH.targetSubjectsOf]]
        found += [data.subjects(each) for each in self.targets[SH.targetObjectsOf]]
        return chain.from_iterable(found)

    def holds(self, data: Triples, nodes: Iterable[Node]) -> bool:
        """Whether all these focus nodes surely conform."""
        # Many nodes share a value, often one object, and whatever a value is tested for depends on it alone.
        values_of, distinct = self._values(data), dict[int, Node]()
        least, most, checks = self.least, self.most, self.checks
        for node in nodes:
            values = values_of(node)
            if not least <= len(values) <= most:
                return False
            for check in checks:
                if not check(data, node, values):
                    return False
            for value in values:
                distinct[id(value)] = value
        return self._all_fit(data, distinct.values())

    def _values(self, data: Triples) -> Callable[[Node], Collection[Node]]:
        if self.path is None:
            return lambda node: (node,)
        if isinstance(self.path, URIRef):
            objects = data.objects(self.path)
            return lambda node: objects.get(node, ())
        return partial(self.path, data)

    def _all_fit(self, data: Triples, values: Collection[Node]) -> bool:
        types = data.objects(TYPE)
        return all(test(value) for test in self.tests for value in values) and all(
            each in types.get(value, ()) for each in self.classes for value in values
        )


def _compiled(shapes: Graph, shape: Node) -> _Shape:
    path = shapes.value(shape, SH.path)
    least, most = ([int(str(each)) for each in shapes.objects(shape, word)] for word in (SH.minCount, SH.maxCount))
    if max(least, default=0) > 1:
        # What is found in two ways is one value, but here it counts twice.
        raise NotImplementedError("sh:minCount of two or more")
    return _Shape(
        {kind: frozenset(shapes.objects(shape, kind)) for kind in _TARGETS},
        path if path is None or isinstance(path, URIRef) else compiled_path(shapes, path),
        max(least, default=0),
        min(most, default=_MANY),
        frozenset(shapes.objects(shape, SH["class"])),
        tuple(value_tests(shapes, shape)),
        tuple(make(shapes, each) for word, make in _CHECKS.items() for each in shapes.objects(shape, word)),
    )


def _property(shapes: Graph, shape: Node) -> Check:
    nested = _compiled(shapes, shape)
    return lambda data, _, values: nested.holds(data, values)


def _equals(_: Graph, other: Node) -> Check:
    return lambda data, node, values: set(values) == set(data.objects(other).get(node, ()))


def _disjoint(_: Graph, other: Node) -> Check:
    return lambda data, node, values: not values or set(values).isdisjoint(data.objects(other).get(node, ()))


def _less(*, equal: bool) -> Callable[[Graph, Node], Check]:
    def make(_: Graph, other: Node) -> Check:
        def check(data: Triples, node: Node, values: Collection[Node]) -> bool:
            highs = [number(each) for each in data.objects(other).get(node, ())]
            pairs = ((number(value), high) for value in values for high in highs)
            return all(
                low is not None and high is not None and (low < high or (equal and low == high)) for low, high in pairs
            )

        return check

    return make


def _sparql(shapes: Graph, constraint: Node) -> Check:
    declared = chain.from_iterable(shapes.objects(each, SH.declare) for each in shapes.objects(constraint, SH.prefixes))
    names = (f"PREFIX {shapes.value(each, SH.prefix)}: <{shapes.value(each, SH.namespace)}>" for each in declared)
    query = "\n".join([*names, str(shapes.value(constraint, SH.select))])

    def check(data: Triples, node: Node, _: Collection[Node]) -> bool:
        try:
            return not data.scratch.holds(query, this=node)
        except (SyntaxError, ValueError, TypeError, OSError, RuntimeError):
            return False

    return check


_CHECKS: Mapping[Node, Callable[[Graph, Node], Check]] = {
    SH.property: _property,
    SH.equals: _equals,
    SH.disjoint: _disjoint,
    SH.lessThan: _less(equal=False),
    SH.lessThanOrEquals: _less(equal=True),
    SH.sparql: _sparql,
}
