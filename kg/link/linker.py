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

    version = "normal-form.2"

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
    """Normal form of each abbreviation to that of its longest form, in any order of the definitions.

    Of two definitions of one abbreviation the alphabetically first wins. Where a long form is itself an
    abbreviation of something, the last of the chain counts.
    """
    keys: dict[str, str] = {}
    for long, short in sorted(aliases):
        key, form = normal_form(short), normal_form(long)
        if key and form and key != form:
            keys.setdefault(key, form)
    return {key: _end_of_chain(key, keys) for key in keys}


def _end_of_chain(key: str, keys: dict[str, str]) -> str:
    seen = [key]
    while (form := keys.get(seen[-1])) is not None:
        if form in seen:
            # A circle has no end: all of it goes to one of its forms.
            return min(seen[seen.index(form) :])
        seen.append(form)
    return seen[-1]
