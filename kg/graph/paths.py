"""The property paths of SHACL, walked over triples that lie in dictionaries."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from itertools import chain

from rdflib import Graph, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from kg.oxigraph_memory import Scratch

_NONE: Mapping[Node, list[Node]] = {}


class Triples:
    """Triples by predicate and subject. One that is given twice is held twice."""

    def __init__(self, statements: Iterable[tuple[Node, ...]]) -> None:
        """Look at each once; of quads the graphs do not matter."""
        self._all = list(statements)
        self._objects: dict[Node, dict[Node, list[Node]]] = defaultdict(lambda: defaultdict(list))
        self._subjects: dict[Node, dict[Node, list[Node]]] = {}
        objects = self._objects
        for statement in self._all:
            objects[statement[1]][statement[0]].append(statement[2])

    def objects(self, predicate: Node) -> Mapping[Node, list[Node]]:
        """By subject."""
        return self._objects.get(predicate, _NONE)

    def subjects(self, predicate: Node) -> Mapping[Node, list[Node]]:
        """By object."""
        if predicate not in self._subjects:
            found = self._subjects[predicate] = defaultdict(list)
            for subject, objects in self.objects(predicate).items():
                for each in objects:
                    found[each].append(subject)
        return self._subjects[predicate]

    @cached_property
    def scratch(self) -> Scratch:
        """All of them under SPARQL; raises ValueError where an IRI is none."""
        return Scratch((s, p, o) for s, p, o, *_ in self._all)


Path = Callable[[Triples, Node], Collection[Node]]
"""From a node to all that its path leads to, what is reached in two ways twice."""


def compiled_path(shapes: Graph, path: Node) -> Path:
    """The path that a node of a shapes graph writes down; raises NotImplementedError where it stars or repeats."""
    if isinstance(path, URIRef):
        return lambda triples, node: triples.objects(path).get(node, ())
    if (path, RDF.first, None) in shapes:
        return _sequence([compiled_path(shapes, step) for step in RdfList(shapes, path)])
    inverse = shapes.value(path, SH.inversePath)
    if isinstance(inverse, URIRef):
        return lambda triples, node: triples.subjects(inverse).get(node, ())
    choices = shapes.value(path, SH.alternativePath)
    if choices is not None:
        return _alternative([compiled_path(shapes, choice) for choice in RdfList(shapes, choices)])
    raise NotImplementedError(f"a path of SHACL with {set(shapes.predicates(path))}")


def _sequence(steps: list[Path]) -> Path:
    def walk(triples: Triples, node: Node) -> Collection[Node]:
        found: Collection[Node] = (node,)
        for step in steps:
            found = [far for near in found for far in step(triples, near)]
        return found

    return walk


def _alternative(choices: list[Path]) -> Path:
    return lambda triples, node: list(chain.from_iterable(choice(triples, node) for choice in choices))
