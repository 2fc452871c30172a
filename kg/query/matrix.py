"""The graph, and its search index -> the matrix of papers and entities."""

from collections.abc import Iterable

from kg.graph.touched import Touched
from kg.index.incidence import EntityFact, Incidence, assemble, renewed
from kg.index.search import SearchIndex
from kg.query import bulk
from kg.query.catalogue import Catalogue


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


def _without(all_: Iterable[str], there: Iterable[str]) -> set[str]:
    return set(all_) - set(there)
