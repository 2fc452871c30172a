"""Whether the indexes of a snapshot are what its graph gives: every difference, with the id of what it is about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from rdflib import Graph
from rdflib.namespace import PROV

from kg.graph.shapes import violations
from kg.index.checking import Stored, StoredIndex, stored_entity, stored_paper
from kg.index.incidence import FIELDS, LABELS, ROLES, Incidence, PaperFact
from kg.index.terms import counted
from kg.index.wording import Wording
from kg.model import Entity, Paper
from kg.query import bulk, library
from kg.query.catalogue import Catalogue
from kg.vocab import KG

AT_ONCE = 512

Cell = tuple[np.float32, int, list[int]]


class Difference(NamedTuple):
    """``part`` is ``search``, ``matrix``, ``wording`` or ``graph``; ``id`` is a paper's, an entity's slug, or empty."""

    part: str
    id: str
    text: str


def differences(
    catalogue: Catalogue,
    index: StoredIndex,
    matrix: Incidence,
    wording: Wording,
    sample: Sequence[str] | None = None,
) -> Iterator[Difference]:
    """All of them, or those about the papers of a sample and what these name."""
    yield from (Difference("search", "", fault) for fault in index.faults())
    yield from _turned(matrix)
    ids, slugs = sample, set[str]()
    if ids is None:
        ids, slugs = sorted(set(catalogue.paper_ids())), catalogue.slugs()
        yield from _strangers("search", "paper", index.ids(), ids)
        yield from _strangers("search", "entity", index.slugs(), slugs)
        yield from _strangers("matrix", "paper", matrix.papers, ids)
        yield from _strangers("matrix", "entity", matrix.entities, slugs)
    for some in _chunks(ids):
        papers = {paper.id: paper for paper in bulk.papers(catalogue, some)}
        yield from _stored(index.papers(some), {key: stored_paper(each) for key, each in papers.items()})
        facts = {fact.id: fact for fact in bulk.facts(catalogue, ((p.id, p.year, p.venue) for p in papers.values()))}
        yield from _rows(matrix, some, facts)
        yield from _words(wording, matrix, papers)
        if sample is not None:
            slugs |= {slug for fact in facts.values() for slug, *_ in fact.named}
    for some in _chunks(sorted(slugs)):
        entities = {entity.slug: entity for entity in bulk.entities(catalogue, some)}
        yield from _stored(index.entities(some), {key: stored_entity(each) for key, each in entities.items()})
        yield from _columns(catalogue, matrix, some, entities)


def broken_shapes(catalogue: Catalogue, shapes: Graph, paper_ids: Iterable[str]) -> Iterator[Difference]:
    """What the graphs of these papers and the records of what they name say against the shapes."""
    iris, store = catalogue.iris, catalogue.store
    for some in _chunks(paper_ids):
        quads = [quad for each in some for quad in store.quads(iris.paper_graph(each))]
        runs = {str(o).removeprefix(iris.run("")) for _, p, o, _ in quads if p == PROV.wasGeneratedBy}
        named = {o for _, p, o, _ in quads if p == KG.mentions}
        for graph in (iris.agents_graph, *map(iris.run_graph, sorted(runs))):
            quads += store.quads(graph)
        for node in named:
            rows = library.run(store, "entity_record", graph=iris.entities_graph, entity=node)
            quads += [(node, row["predicate"], row["value"], iris.entities_graph) for row in rows]
        for found in violations(quads, shapes):
            yield Difference("graph", str(found.nodes[0]) if found.nodes else "", found.message)


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    keys = iter(keys)
    while some := list(islice(keys, AT_ONCE)):
        yield some


def _strangers(part: str, what: str, there: Iterable[str], wanted: Iterable[str]) -> Iterator[Difference]:
    for each in sorted(set(there).difference(wanted)):
        yield Difference(part, each, f"holds the {what}, which the graph does not describe")


def _stored(found: Mapping[str, Stored], wanted: Mapping[str, Stored]) -> Iterator[Difference]:
    for key in sorted(found.keys() | wanted.keys()):
        if key not in found:
            yield Difference("search", key, "is missing")
        elif key not in wanted:
            yield Difference("search", key, "is listed, but the graph does not describe it whole")
        elif found[key] != wanted[key]:
            pairs = [(a, b) for a, b in zip(found[key], wanted[key], strict=True) if a != b]
            yield Difference("search", key, f"is stored as {pairs[0][0]!r}; the graph says {pairs[0][1]!r}")


def _rows(matrix: Incidence, paper_ids: Iterable[str], facts: Mapping[str, PaperFact]) -> Iterator[Difference]:
    """Rows of the matrix beside what the graph says of these papers; a column that is missing is told of elsewhere."""
    for each in paper_ids:
        row, fact = matrix.papers.find(each), facts.get(each)
        if row is None or fact is None:
            if row is not None:
                yield Difference("matrix", each, "has a row, but the graph does not describe it whole")
            elif fact is not None:
                yield Difference("matrix", each, "has no row")
            continue
        venue = matrix.venue_names[matrix.venues[row]] if matrix.venues[row] >= 0 else None
        if (int(matrix.years[row]), venue) != (fact.year or 0, fact.venue or None):
            yield Difference(
                "matrix", each, f"is of {matrix.years[row]}, {venue}; in the graph {fact.year}, {fact.venue}"
            )
        yield from _cells(each, _row(matrix, row), _row_of(fact, matrix))


def _row(matrix: Incidence, row: int) -> dict[str, Cell]:
    begin = int(matrix.by_paper.indptr[row])
    columns, confidences, roles = matrix.entities_of(row)
    return {
        matrix.entities[column]: (confidence, int(role), matrix.places[begin + at].tolist())
        for at, (column, confidence, role) in enumerate(zip(columns, confidences, roles, strict=True))
    }


def _row_of(fact: PaperFact, matrix: Incidence) -> dict[str, Cell]:
    places = {slug: [FIELDS.index(place.field), *place[1:]] for slug, place in fact.places.items()}
    return {
        slug: (np.float32(confidence), ROLES.index(role), places[slug])
        for slug, confidence, role in fact.named
        if matrix.entities.find(slug) is not None
    }


def _cells(paper_id: str, found: Mapping[str, Cell], wanted: Mapping[str, Cell]) -> Iterator[Difference]:
    for slug in sorted(found.keys() | wanted.keys()):
        if found.get(slug) != wanted.get(slug):
            told = [_cell(each.get(slug)) for each in (found, wanted)]
            yield Difference("matrix", paper_id, f"its cell of {slug} holds {told[0]}; the graph gives {told[1]}")


def _cell(cell: Cell | None) -> str:
    return f"{cell[0]:.4f}, {ROLES[cell[1]] or 'named'}, at {cell[2]}" if cell else "nothing"


def _words(wording: Wording, matrix: Incidence, papers: Mapping[str, Paper]) -> Iterator[Difference]:
    """Rows of the matrix of terms beside the texts of these papers; a row that is missing is told of elsewhere."""
    for each, paper in papers.items():
        if (row := matrix.papers.find(each)) is None:
            continue
        if wording.row(row) != counted(paper.title, paper.abstract):
            yield Difference("wording", each, "its terms are not those of its title and abstract")


def _columns(
    catalogue: Catalogue, matrix: Incidence, slugs: Sequence[str], entities: Mapping[str, Entity]
) -> Iterator[Difference]:
    """Columns of the matrix beside what the graph says of these entities."""
    broader: dict[str, set[str]] = {slug: set() for slug in slugs}
    for narrow, broad in bulk.hierarchy(catalogue, slugs):
        broader[narrow].add(broad)
    for slug in slugs:
        column, entity = matrix.entities.find(slug), entities.get(slug)
        if column is None:
            if entity is not None:
                yield Difference("matrix", slug, "has no column")
        elif entity is None:
            yield Difference("matrix", slug, "has a column, but the graph does not describe it whole")
        else:
            yield from _column(matrix, column, entity)
            yield from _broader(matrix, column, broader[slug])


def _column(matrix: Incidence, column: int, entity: Entity) -> Iterator[Difference]:
    kind, generic = LABELS[matrix.labels[column]], bool(matrix.generic[column])
    if (kind, generic) != (entity.label, entity.generic):
        told = f"is {kind}, generic {generic}; in the graph {entity.label}, {entity.generic}"
        yield Difference("matrix", entity.slug, told)
    count = len(matrix.papers_of(column)[0])
    if count != entity.papers:
        yield Difference("graph", entity.slug, f"its paperCount is {entity.papers:,}, but {count:,} papers name it")


def _broader(matrix: Incidence, column: int, broader: Iterable[str]) -> Iterator[Difference]:
    cells = slice(matrix.broader.indptr[column], matrix.broader.indptr[column + 1])
    found = {matrix.entities[at] for at in matrix.broader.indices[cells]}
    wanted = {broad for broad in broader if matrix.entities.find(broad) is not None}
    if found != wanted:
        told = f"is below {sorted(found)}; in the graph below {sorted(wanted)}"
        yield Difference("matrix", matrix.entities[column], told)


def _turned(matrix: Incidence) -> Iterator[Difference]:
    """Where the matrix and the one turned over differ."""
    turned = matrix.by_paper.tocsc()
    numbers = matrix.by_paper.copy()
    numbers.data = matrix.roles.astype(np.int32) + 1
    roles = numbers.tocsc().data - 1
    same = (
        np.array_equal(turned.indptr, matrix.by_entity.indptr)
        and np.array_equal(turned.indices, matrix.by_entity.indices)
        and np.array_equal(turned.data, matrix.by_entity.data)
        and np.array_equal(roles, matrix.roles_by_entity)
    )
    if not same:
        yield Difference("matrix", "", "the cells by entity are not those by paper")
