"""Named queries: load a ``.rq`` file, check its parameters, run it on a store."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rdflib.term import Node

from kg.errors import OntologyError
from kg.protocols import Row, Store
from kg.resources import sparql_dir


@dataclass(frozen=True, slots=True)
class Query:
    """A query file: what it answers, the variables it needs bound, its text."""

    name: str
    summary: str
    binds: frozenset[str]
    text: str


@cache
def load_query(name: str) -> Query:
    """The query of ``sparql/<name>.rq``; raises OntologyError if there is none or its header is wrong."""
    path = sparql_dir() / f"{name}.rq"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise OntologyError(f"no query {name!r}: {error}") from error
    header = dict(re.findall(r"^#\+ (\w+): *(.*)$", text, re.MULTILINE))
    if "summary" not in header:
        raise OntologyError(f"{path}: the header needs a line '#+ summary: ...'")
    return Query(name, header["summary"], frozenset(header.get("binds", "").split()), text)


def run(store: Store, name: str, /, **bindings: Node) -> Iterator[Row]:
    """Rows of a named query; raises OntologyError unless exactly its parameters are bound."""
    query = load_query(name)
    if query.binds != bindings.keys():
        raise OntologyError(
            f"query {name!r} binds {', '.join(sorted(query.binds)) or 'nothing'}, "
            f"not {', '.join(sorted(bindings)) or 'nothing'}"
        )
    return store.select(query.text, **bindings)
