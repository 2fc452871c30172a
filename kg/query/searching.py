"""A search, and what is suggested, by the index and by what papers define: an abbreviation may stand nowhere else."""

from collections.abc import Collection

from kg.index.folding import squeeze
from kg.index.hits import ALL, Found, Suggested, Suggestion, Within
from kg.index.search import SearchIndex
from kg.iri import mint_slug
from kg.link.normal_form import normal_form
from kg.model import Entity, Label
from kg.query.catalogue import Catalogue
from kg.query.things import defined_as

LONGEST = 12
"""Letters and digits of an abbreviation at most; so that what is typed is not looked up for nothing."""


def search(
    catalogue: Catalogue,
    index: SearchIndex,
    text: str,
    *,
    labels: Collection[Label] = tuple(Label),
    within: Within | None = ALL,
    limit: int = 20,
) -> Found:
    """As ``SearchIndex.search``; where no entity is called so, those come first that papers define it to stand for."""
    found = index.search(text, labels=labels, within=within, limit=limit)
    meant = [each for each in _defined(catalogue, index, text) if each.label in labels]
    slugs = {each.slug for each in meant}
    entities = [*meant, *(each for each in found.entities if each.slug not in slugs)]
    return found._replace(entities=entities[:limit])


def suggest(catalogue: Catalogue, index: SearchIndex, text: str, *, limit: int = 10) -> Suggested:
    """As ``SearchIndex.suggest``, and likewise."""
    found = index.suggest(text, limit=limit)
    meant = [Suggestion(e.slug, e.name, e.label, e.name, ()) for e in _defined(catalogue, index, text)]
    ids = {each.id for each in meant}
    items = [*meant, *(each for each in found.items if each.label is None or each.id not in ids)]
    return found._replace(items=items[:limit])


def entity_called(catalogue: Catalogue, index: SearchIndex, text: str) -> str | None:
    """The slug that a text is, or that of the entity which is found first by it; None where nothing is called so."""
    if next(index.entities_of([text]), None):
        return text
    found = search(catalogue, index, text, within=None, limit=1).entities
    return found[0].slug if found else None


def _defined(catalogue: Catalogue, index: SearchIndex, text: str) -> list[Entity]:
    """What a text stands for that is no name of an entity, most named first."""
    key = squeeze(text)
    if not key or len(key) > LONGEST or index.is_called(key):
        return []
    slugs = defined_as(catalogue, mint_slug(normal_form(text)))
    return sorted(index.entities_of(slugs), key=lambda each: (-each.papers, each.slug))
