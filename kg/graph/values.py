"""The constraints of SHACL that look at one value alone, as functions that say "surely" or "not so sure"."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache

from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.namespace import SH, XSD
from rdflib.term import Node

Test = Callable[[Node], bool]
"""True where the value surely keeps the constraint; what is False is not judged."""

# Forms in which text and value say the same, so that nobody's reading of them can differ.
_FORMS: Mapping[Node, re.Pattern[str]] = {
    XSD.integer: re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    XSD.decimal: re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?"),
    XSD.gYear: re.compile(r"(?!0000)[0-9]{4}"),
    XSD.dateTime: re.compile(
        r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(Z|[+-]0[0-9]:00)?"
    ),
    XSD.anyURI: re.compile(r"[!-~]+"),
}
_NUMBERS = frozenset({XSD.integer, XSD.decimal})


def number(value: Node) -> Decimal | None:
    """The number that a literal writes down plainly; None for what is none, or is written in another way."""
    if isinstance(value, Literal) and value.datatype in _NUMBERS:
        return _number(value.datatype, str(value))
    return None


@lru_cache(maxsize=1 << 14)
def _number(datatype: Node, text: str) -> Decimal | None:
    return Decimal(text) if _FORMS[datatype].fullmatch(text) else None


def _datatype(wanted: Node) -> Test:
    if wanted == XSD.string:
        return _is_string
    if (form := _FORMS.get(wanted)) is None:
        return _unjudged
    return lambda value: isinstance(value, Literal) and value.datatype == wanted and form.fullmatch(value) is not None


def _unjudged(_: Node) -> bool:
    return False


def _is_string(value: Node) -> bool:
    return isinstance(value, Literal) and value.language is None and value.datatype in (None, XSD.string)


def _min_length(least: Node) -> Test:
    length = int(str(least))
    return lambda value: _is_string(value) and len(str(value)) >= length


def _pattern(pattern: Node) -> Test:
    search = re.compile(str(pattern)).search
    return lambda value: isinstance(value, Literal) and search(str(value)) is not None


def _node_kind(kind: Node) -> Test:
    kinds = {SH.IRI: URIRef, SH.Literal: Literal}
    wanted = kinds.get(URIRef(str(kind)))
    return lambda value: wanted is not None and isinstance(value, wanted)


def _bound(holds: Callable[[Decimal, Decimal], bool]) -> Callable[[Node], Test]:
    def of(limit: Node) -> Test:
        bound = number(limit)
        return lambda value: bound is not None and (found := number(value)) is not None and holds(found, bound)

    return of


_TESTS: Mapping[Node, Callable[[Node], Test]] = {
    SH.datatype: _datatype,
    SH.minLength: _min_length,
    SH.pattern: _pattern,
    SH.nodeKind: _node_kind,
    SH.minInclusive: _bound(Decimal.__ge__),
    SH.minExclusive: _bound(Decimal.__gt__),
    SH.maxInclusive: _bound(Decimal.__le__),
    SH.maxExclusive: _bound(Decimal.__lt__),
}
PARAMETERS = frozenset({*_TESTS, SH["in"]})


def value_tests(shapes: Graph, shape: Node) -> list[Test]:
    """The tests of a shape that each of its values must stand."""
    lists: list[Test] = [frozenset(RdfList(shapes, each)).__contains__ for each in shapes.objects(shape, SH["in"])]
    return lists + [make(value) for word, make in _TESTS.items() for value in shapes.objects(shape, word)]
