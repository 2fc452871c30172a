"""Mentions of one paper to entities, by normal form and the paper's own abbreviations."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kg.hearst import find_hyponyms
from kg.iri import mint_slug
from kg.link.normal_form import normal_form
from kg.link.thresholds import THRESHOLDS
from kg.model import (
    Definition,
    Extraction,
    Field,
    Hyponym,
    Label,
    Link,
    LinkedPaper,
    Mention,
    Relation,
    RelationKind,
    Role,
)

# Strings that name nothing by themselves, whatever an extractor says; in normal form.
NO_ENTITY = frozenset(
    """
    method approach model network algorithm framework system data dataset benchmark experiment result paper performance
    task problem technique architecture solution analysis study work code baseline setting process function procedure
    scheme strategy module pipeline tool sota metric score evaluation issue challenge application implementation
    contribution example sample author literature theory
    """.split()
) | {
    "state of the art", "state of the art method", "state of the art model", "state of the art result",
    "state of the art performance", "state of the art approach", "baseline method", "baseline model",
    "proposed method", "proposed model", "proposed approach", "proposed framework", "proposed algorithm",
    "real world data", "real world dataset", "benchmark dataset", "public dataset", "et al",
}  # fmt: skip
_MAX_SENTENCE = 400
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(])")


class NormalFormLinker:
    """The ``Linker`` of this release: one paper at a time, so no paper changes another's links.

    What only the corpus can tell is decided afterwards, see ``kg.consolidate.resolution``; its thresholds are a part
    of the version.
    """

    version = f"corpus.4.{THRESHOLDS.digest}"

    def link(self, extraction: Extraction) -> LinkedPaper:
        """Every mention whose name is worth a node, linked; abbreviations go to their long form.

        A paper introduces what the extractor names as its system and all that has the role.
        """
        long_forms = _long_forms(extraction.aliases)
        links = tuple(
            Link(m, found, own_rule(m.text, found))
            for m in extraction.mentions
            if (found := _slug(m.text, long_forms)) is not None
        )
        introduced = _slug(extraction.system, long_forms) if extraction.system else None
        proposed = frozenset(
            link.slug for link in links if link.slug == introduced or link.mention.role is Role.PROPOSES
        )
        definitions = tuple(sorted(_definitions(extraction, links, long_forms), key=lambda d: (d.short, d.long)))
        slugs = {link.mention: link.slug for link in links}
        relations = tuple(_relations(extraction.relations, slugs))
        return LinkedPaper(extraction.paper, links, proposed, definitions, tuple(_hyponyms(slugs)), relations)


def own_rule(text: str, slug: str) -> str:
    """By what a paper alone links this text to this slug: ``name`` or ``definition``."""
    return "name" if mint_slug(normal_form(text)) == slug else "definition"


def _slug(name: str, long_forms: Mapping[str, str]) -> str | None:
    key = normal_form(name)
    key = long_forms.get(key, key)
    return mint_slug(key) if key and key not in NO_ENTITY else None


def _definitions(extraction: Extraction, links: Iterable[Link], long_forms: Mapping[str, str]) -> Iterator[Definition]:
    links = list(links)
    labels = {link.slug: Counter[Label]() for link in links}
    for link in links:
        labels[link.slug][link.mention.label] += round(link.mention.score * 1000)
    for long, short in dict.fromkeys(extraction.aliases):
        key, form = normal_form(short), normal_form(long)
        if not key or not form or key == form:
            continue
        # Of two definitions of one abbreviation only the one that counts has the paper's long form.
        chosen = long_forms[key] if long_forms.get(form, form) == long_forms[key] else form
        if chosen == key or chosen in NO_ENTITY:
            continue
        slug = mint_slug(chosen)
        given = labels.get(slug)
        label = max(sorted(given), key=lambda each: given[each]) if given else None
        yield Definition(short, long, mint_slug(key), slug, _sentence(extraction, long, short), label)


def _sentence(extraction: Extraction, long: str, short: str) -> str:
    """The sentence that defines: that of a mention if it holds both forms, else cut from the text around them."""
    for mention in extraction.mentions:
        if mention.text in (long, short) and long in mention.sentence and short in mention.sentence:
            return mention.sentence
    for field in Field:
        text = extraction.paper.text(field)
        for sentence in _SENTENCE_END.split(text):
            if long in sentence and short in sentence:
                at = max(0, sentence.index(long) - _MAX_SENTENCE // 2)
                return sentence[at : at + _MAX_SENTENCE].strip()
    return f"{long} ({short})"


def _hyponyms(slugs: Mapping[Mention, str]) -> Iterator[Hyponym]:
    """What the sentences say of mentions that are linked to two entities."""
    return (each for each in find_hyponyms(slugs) if slugs[each.narrow] != slugs[each.broad])


def _relations(relations: Iterable[Relation], slugs: Mapping[Mention, str]) -> Iterable[Relation]:
    """Those between mentions that are linked to two entities; of two that say the same the surer."""
    found: dict[tuple[Mention, Mention, RelationKind], Relation] = {}
    for relation in relations:
        head, tail = slugs.get(relation.head), slugs.get(relation.tail)
        if head is not None and tail is not None and head != tail:
            what = relation.head, relation.tail, relation.kind
            found[what] = max(found.get(what, relation), relation, key=lambda each: (each.score, each.rule))
    return found.values()


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
