"""Findings of ``kg.analysis`` → the SPARQL that gives the same numbers, for who wants to see or change it."""

from collections.abc import Collection, Sequence

from rdflib import URIRef

from kg.graph.terms import CLASSES
from kg.iri import Iris
from kg.model import Label
from kg.query.library import load_query, load_question


def query_of_path(iris: Iris, paper_ids: Sequence[str], slugs: Sequence[str]) -> str:
    """The mentions of the entities of a path in its papers, with their sentences."""
    papers, entities = map(iris.paper, dict.fromkeys(paper_ids)), map(iris.entity, dict.fromkeys(slugs))
    return load_query("evidence").filled(paper=[*papers], entity=[*entities])


def query_of_timeline(iris: Iris, slug: str) -> str:
    """Papers of each year that name an entity, for years that have any."""
    return load_question("11-papers-per-year").filled(entity=iris.entity(slug))


def query_of_proposal(iris: Iris, slug: str) -> str:
    """Papers that propose or use an entity, with their years."""
    return load_question("10-proposer-and-users").filled(method=iris.entity(slug))


def query_of_trends(labels: Collection[Label]) -> str:
    """Papers of each year that name the entities of these types, of which slopes are made."""
    return load_query("papers_a_year").filled(type=_types(labels))


def query_of_company(iris: Iris, slug: str, labels: Collection[Label]) -> str:
    """What papers name together with an entity; of a task and methods also which were tried, and so which were not."""
    return load_query("named_with").filled(entity=iris.entity(slug), type=_types(labels))


def query_of_comparison(iris: Iris, paper_ids: Sequence[str], labels: Collection[Label]) -> str:
    """The cells of a table of papers by entities."""
    papers = [iris.paper(each) for each in dict.fromkeys(paper_ids)]
    return load_query("paper_cells").filled(paper=papers, type=_types(labels))


def _types(labels: Collection[Label]) -> list[URIRef]:
    return [iri for label, iri in CLASSES.items() if label in labels]
