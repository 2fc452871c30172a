"""Named queries: load a ``.rq`` file, check its parameters, run it on a store or write them into its text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rdflib.term import Node

from kg.errors import OntologyError
from kg.protocols import Row, Store
from kg.resources import ontology_dir, sparql_dir


@dataclass(frozen=True, slots=True)
class Query:
    """A query file: what it answers, the variables it needs bound, its text."""

    name: str
    summary: str
    binds: tuple[str, ...]
    text: str

    @property
    def bare(self) -> str:
        """The text without its header."""
        return _HEADER.sub("", self.text)

    def require(self, bindings: Mapping[str, object]) -> None:
        """Raise OntologyError unless exactly its parameters are bound."""
        if set(self.binds) != bindings.keys():
            raise OntologyError(
                f"query {self.name!r} binds {', '.join(sorted(self.binds)) or 'nothing'}, "
                f"not {', '.join(sorted(bindings)) or 'nothing'}"
            )

    def tabled(self, columns: str, rows: Iterable[Iterable[Node | float]]) -> "Query":
        """The same query with rows in each of its data blocks ``VALUES (columns) {}``; floats become doubles.

        ``columns`` stand as in the text, like ``?entity ?weight``. Raises OntologyError where there is no such block.
        """
        block = f"VALUES ({columns}) {{}}"
        if block not in self.text:
            raise OntologyError(f"query {self.name!r} has no {block}")
        lines = ("(" + " ".join(map(_written, row)) + ")" for row in rows)
        return replace(self, text=self.text.replace(block, f"VALUES ({columns}) {{ {' '.join(lines)} }}"))

    def filled(self, **bindings: Node | Sequence[Node]) -> str:
        """The text with its parameters given in it, of each one value or several, for those who take text alone.

        Each SELECT whose clause names a parameter gets it as VALUES, so that inner ones are narrowed too.
        """
        self.require(bindings)

        def with_values(select: re.Match[str]) -> str:
            named = [name for name in self.binds if re.search(rf"\?{name}\b", select["clause"])]
            values = (f"VALUES ?{name} {{ {_listed(bindings[name])} }}{select['gap']}" for name in named)
            return select[0] + "".join(values)

        return _SELECT.sub(with_values, self.bare)


def _listed(value: Node | Sequence[Node]) -> str:
    return " ".join(each.n3() for each in ([value] if isinstance(value, Node) else value))


def _written(value: Node | float) -> str:
    match value:
        case float():
            return f"{value:.12f}e0"  # a decimal of so many places would overflow where it is multiplied
        case int():
            return str(value)
    return value.n3()


_HEADER = re.compile(r"^#\+ (\w+): *(.*)\n", re.MULTILINE)
_SELECT = re.compile(r"\bSELECT\b(?P<clause>[^{]*)\bWHERE \{(?P<gap>\s*)")


@cache
def load_query(name: str) -> Query:
    """The query of ``sparql/<name>.rq``; raises OntologyError if there is none or its header is wrong."""
    return read_query(sparql_dir() / f"{name}.rq", name)


@cache
def load_question(name: str) -> Query:
    """The competency question of ``ontology/queries/<name>.rq``; raises OntologyError as ``load_query`` does."""
    return read_query(ontology_dir() / "queries" / f"{name}.rq", name)


def read_query(path: Path, name: str) -> Query:
    """The query in a file, under this name; raises OntologyError as ``load_query`` does."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise OntologyError(f"no query {name!r}: {error}") from error
    header = dict(_HEADER.findall(text))
    if "summary" not in header:
        raise OntologyError(f"{path}: the header needs a line '#+ summary: ...'")
    return Query(name, header["summary"], tuple(header.get("binds", "").split()), text)


def run(store: Store, name: str, /, **bindings: Node) -> Iterator[Row]:
    """Rows of a named query; raises OntologyError unless exactly its parameters are bound."""
    return store.select(_asked(name, bindings), **bindings)


def texts(store: Store, name: str, /, **bindings: Node) -> Iterator[Mapping[str, str]]:
    """The same, of each term only its IRI or lexical form: rdflib's terms take most of the time of many rows."""
    return store.texts(_asked(name, bindings), **bindings)


def _asked(name: str, bindings: Mapping[str, Node]) -> str:
    query = load_query(name)
    query.require(bindings)
    return query.text
