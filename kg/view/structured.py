"""Papers and entities as schema.org has them, in JSON-LD: what search engines and reference managers read in a page."""

from collections.abc import Iterable

from kg.graph.terms import CLASSES
from kg.iri import Iris
from kg.model import Entity, Paper


def structured(paper: Paper, entities: Iterable[Entity], iris: Iris) -> dict[str, object]:
    """The record of a paper, and what it is about."""
    said: dict[str, object] = {
        "name": paper.title,
        "abstract": paper.abstract,
        "author": [{"@type": "Person", "name": name} for name in paper.authors],
        "datePublished": str(paper.year) if paper.year else None,
        "isPartOf": {"@type": "CreativeWork", "name": paper.venue} if paper.venue else None,
        "url": paper.url,
        "identifier": [f"doi:{paper.doi}"] * bool(paper.doi) + [f"arXiv:{paper.arxiv}"] * bool(paper.arxiv),
        "about": [
            {"@type": "DefinedTerm", "@id": str(iris.entity(entity.slug)), "name": entity.name} for entity in entities
        ],
    }
    return {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": str(iris.paper(paper.id)),
        **{name: value for name, value in said.items() if value},
    }


def structured_term(entity: Entity, described: str | None, iris: Iris) -> dict[str, object]:
    """An entity: its names, and what it is in the words of a paper, if one says so."""
    said: dict[str, object] = {
        "name": entity.name,
        "alternateName": [" ".join(alias.split()) for alias in entity.aliases],
        "description": described,
        "additionalType": str(CLASSES[entity.label]),
    }
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "@id": str(iris.entity(entity.slug)),
        **{name: value for name, value in said.items() if value},
    }
