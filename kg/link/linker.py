"""Mentions of one paper to entities, by normal form and the paper's own abbreviations."""

from collections.abc import Iterable

from kg.iri import mint_slug
from kg.link.normal_form import normal_form
from kg.model import Extraction, Link, LinkedPaper

# Strings that name nothing by themselves, whatever an extractor says; in normal form.
NO_ENTITY = frozenset(
    """
    method approach model network algorithm framework system data dataset benchmark experiment result paper performance
    task problem technique architecture solution analysis study work code baseline setting process function procedure
    scheme strategy module pipeline tool sota
    """.split()
) | {"state of the art"}


class NormalFormLinker:
    """The ``Linker`` of this release: one paper at a time, so no paper changes another's links."""

    version = "normal-form.1"

    def link(self, extraction: Extraction) -> LinkedPaper:
        """Every mention whose name is worth a node, linked; abbreviations go to their long form."""
        long_forms = _long_forms(extraction.aliases)

        def slug(name: str) -> str | None:
            key = normal_form(name)
            key = long_forms.get(key, key)
            return mint_slug(key) if key and key not in NO_ENTITY else None

        links = tuple(Link(m, found) for m in extraction.mentions if (found := slug(m.text)) is not None)
        introduced = slug(extraction.system) if extraction.system else None
        proposed = frozenset(link.slug for link in links if link.slug == introduced)
        return LinkedPaper(extraction.paper, links, proposed)


def _long_forms(aliases: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Normal form of each abbreviation to that of its long form; the first definition wins."""
    keys: dict[str, str] = {}
    for long, short in aliases:
        key = normal_form(short)
        if key and normal_form(long):
            keys.setdefault(key, normal_form(long))
    return keys
