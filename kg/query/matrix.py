"""The graph, and its search index -> the matrices of papers and entities, and of papers and terms."""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from kg.errors import StoreError
from kg.graph.touched import Touched
from kg.index import files
from kg.index.incidence import EntityFact, Incidence, assemble, renewed
from kg.index.names import Names
from kg.index.search import SearchIndex
from kg.index.wording import Wording
from kg.query import bulk
from kg.query.catalogue import Catalogue

_AT_ONCE = 1000
log = logging.getLogger(__name__)


def newest_matrix(last: Path, touched: Touched, catalogue: Catalogue, index: SearchIndex) -> Incidence:
    """The matrix of the graph as it is now: that of the last snapshot, a folder, brought along where that can be."""
    if not touched.everything and (last / "incidence").exists():
        try:
            return matrix_after(files.load(last / "incidence"), touched, catalogue, index)
        except StoreError as error:
            log.warning("%s; making it anew", error)
    return matrix_of(catalogue, index)


def newest_wording(last: Path, matrix: Incidence, touched: Touched, index: SearchIndex) -> Wording:
    """The same of the terms: ``matrix`` says which papers there are now."""
    if not touched.everything and (last / "wording").exists():
        try:
            before = files.load(last / "incidence").papers
            old = files.load_wording(last / "wording", len(before))
            return wording_after(old, before, matrix.papers, touched.papers, index)
        except StoreError as error:
            log.warning("%s; making it anew", error)
    return wording_of(matrix.papers, index)


def matrix_of(catalogue: Catalogue, index: SearchIndex) -> Incidence:
    """The matrix of the whole graph; the index must be level with it."""
    entities = (EntityFact(*fact) for fact in index.entity_facts())
    return assemble(bulk.facts(catalogue, index.paper_facts()), entities, bulk.hierarchy(catalogue))


def matrix_after(old: Incidence, touched: Touched, catalogue: Catalogue, index: SearchIndex) -> Incidence:
    """The same, from a matrix that was level before these papers and entities were touched.

    An entity that was not there before gives cells to all papers that name it, and pairs to all that it is broader
    than, touched or not.
    """
    new = [slug for slug, *_ in index.entity_facts(touched.entities) if old.entities.find(slug) is None]
    papers = touched.papers | bulk.naming(catalogue, new)
    slugs = touched.entities | bulk.narrower(catalogue, new)
    entities = [EntityFact(*fact) for fact in index.entity_facts(slugs)]
    records = list(index.paper_facts(papers))
    return renewed(
        old,
        bulk.facts(catalogue, records),
        entities,
        bulk.hierarchy(catalogue, [fact.slug for fact in entities]),
        _without(papers, (paper_id for paper_id, *_ in records)),
        _without(slugs, (fact.slug for fact in entities)),
    )


def wording_of(papers: Sequence[str], index: SearchIndex) -> Wording:
    """The matrix of the terms of these papers, in their order; the index must have their texts."""
    return Wording.of(_texts(papers, index))


def wording_after(old: Wording, before: Names, now: Names, touched: Collection[str], index: SearchIndex) -> Wording:
    """The same, from a matrix of the papers that there were ``before`` some were touched.

    Raises StoreError if others came or went.
    """
    told, gone = np.zeros(len(now), dtype=np.bool_), np.zeros(len(before), dtype=np.bool_)
    told[[row for each in touched if (row := now.find(each)) is not None]] = True
    gone[[row for each in touched if (row := before.find(each)) is not None]] = True
    if np.count_nonzero(~told) != np.count_nonzero(~gone):
        raise StoreError("the matrix of terms has not the papers that it should have")
    return old.renewed(~gone, told, _texts([now[row] for row in np.flatnonzero(told).tolist()], index))


def _texts(papers: Sequence[str], index: SearchIndex) -> Iterator[tuple[str, str]]:
    for at in range(0, len(papers), _AT_ONCE):
        some = papers[at : at + _AT_ONCE]
        texts = index.texts(some)
        yield from (texts[each] for each in some)


def _without(all_: Iterable[str], there: Iterable[str]) -> set[str]:
    return set(all_) - set(there)
