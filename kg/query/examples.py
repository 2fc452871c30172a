"""The competency questions as queries that run: with values from the graph at hand, for which there are answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TypeAlias

from rdflib import Literal
from rdflib.namespace import PROV
from rdflib.term import Node

from kg.errors import QueryError
from kg.graph.terms import CLASSES
from kg.index.search import SearchIndex
from kg.model import Label
from kg.protocols import Row
from kg.query import library
from kg.query.catalogue import Catalogue
from kg.query.library import Query
from kg.resources import ontology_dir

Ask: TypeAlias = Callable[[str], Sequence[Row]]
"""The text of a SELECT query -> its rows; raises QueryError."""
Values: TypeAlias = Mapping[str, Sequence[Node]]
"""Of each parameter the values to try, the most promising first."""

# Values of one parameter, and bindings of all parameters of a question, that are tried.
_VALUES = 8
_TRIES = 24
_BROAD = 2000


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the query that asks it. ``answered`` is False where no values were found that have rows."""

    id: str
    summary: str
    query: str
    parameters: Mapping[str, Node]
    answered: bool

    @property
    def title(self) -> str:
        """What stands above it: its id in words."""
        return self.id.partition("-")[2].replace("-", " ").capitalize()

    @property
    def question(self) -> str:
        """The summary as a sentence."""
        return f"{self.summary[0].upper()}{self.summary[1:]}."


def questions() -> list[Query]:
    """The competency questions, in their order."""
    return [library.read_query(path, path.stem) for path in sorted((ontology_dir() / "queries").glob("*.rq"))]


def unfilled() -> list[Example]:
    """Every question as it is asked of everything, for where nothing is known of a graph."""
    return [Example(query.name, query.summary, query.bare, {}, answered=True) for query in questions()]


def values(catalogue: Catalogue, index: SearchIndex) -> Values:
    """What parameters may be: common things of the graph, and papers that share the most common of them."""
    by_label = {label: [e for e in index.entities(label=label, limit=50) if not e.generic] for label in Label}
    common = sorted((e for found in by_label.values() for e in found), key=lambda e: (-e.papers, e.slug))[:_VALUES]
    iris = catalogue.iris
    named = {label: [iris.entity(e.slug) for e in found[:_VALUES]] for label, found in by_label.items()}
    papers = [row["paper"] for e in common[:1] for row in _edges(catalogue, e.slug)]
    broad = islice(catalogue.store.quads(iris.hierarchy_graph), _BROAD)
    return {
        "paper": papers,
        "target": papers[::-1],
        "entity": [iris.entity(e.slug) for e in common],
        "method": named[Label.METHOD],
        "dataset": named[Label.DATASET],
        "task": named[Label.TASK],
        "area": sorted({o for _, _, o, _ in broad}, key=str)[:_VALUES],
        "name": [Literal(name) for e in common for name in (*e.aliases[:1], e.name)][:_VALUES],
        "run": [o for paper in papers[:1] for o in _runs(catalogue, paper)],
        "type": list(CLASSES.values()),
    }


def _edges(catalogue: Catalogue, slug: str) -> Iterator[Row]:
    rows = library.run(catalogue.store, "entity_edges", entity=catalogue.iris.entity(slug))
    return islice(rows, _VALUES)


def _runs(catalogue: Catalogue, paper: Node) -> Iterator[Node]:
    graph = catalogue.iris.paper_graph(catalogue.iris.paper_id(paper))
    return islice((o for _, p, o, _ in catalogue.store.quads(graph) if p == PROV.wasGeneratedBy), 1)


def examples(candidates: Values, ask: Ask) -> list[Example]:
    """Every question with the first values that have rows."""
    return [_example(query, candidates, ask) for query in questions()]


def _example(query: Query, candidates: Values, ask: Ask) -> Example:
    tried = list(islice(_bindings(query, candidates), _TRIES))
    for bindings in tried:
        if _rows(query.filled(**bindings), ask):
            return Example(query.name, query.summary, query.filled(**bindings), bindings, answered=True)
    # A question asked of everything says itself what it has answers for, where the graph is small enough.
    for row in _rows(query.text, ask) if query.binds else ():
        bindings = {name: row[name] for name in query.binds if name in row}
        if len(set(bindings.values())) == len(query.binds):
            return Example(query.name, query.summary, query.filled(**bindings), bindings, answered=True)
    bindings = tried[0] if tried else {}
    text = query.filled(**bindings) if tried else query.bare
    return Example(query.name, query.summary, text, bindings, answered=False)


def _bindings(query: Query, candidates: Values) -> Iterator[dict[str, Node]]:
    # What ``other`` is depends on what stands beside it: a paper, or an area.
    beside = candidates["area" if "area" in query.binds else "target"]
    lists = (beside if name == "other" else candidates[name] for name in query.binds)
    for chosen in product(*lists):
        if len(set(chosen)) == len(chosen):
            yield dict(zip(query.binds, chosen, strict=True))


def _rows(text: str, ask: Ask) -> Sequence[Row]:
    """The rows of a query; none, where it would take too long."""
    try:
        return ask(text)
    except QueryError:
        return ()
