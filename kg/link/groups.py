"""Names that differ by spaces or by a slip of the pen, gathered into groups. Pure."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.link.names import is_slip
from kg.link.thresholds import THRESHOLDS
from kg.model import Target

_SPACING_SCORE = 0.98
_MIN_LETTERS = 3


def by_spacing(slugs: Iterable[str]) -> list[list[str]]:
    """Slugs that are one but for their hyphens: ``auto-encoder`` and ``autoencoder``. Only groups of two or more.

    Numbers stand as they are: ``gpt-3-5`` and ``gpt-35`` are two.
    """
    found = defaultdict(list)
    for slug in slugs:
        plain = slug.replace("-", "")
        if len(plain) >= _MIN_LETTERS:
            found[plain, tuple(re.findall(r"\d+", slug))].append(slug)
    return sorted(sorted(group) for group in found.values() if len(group) > 1)


def slips(slugs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of slugs in which one long word differs by a slip; each once, sorted."""
    blocks = defaultdict(set)
    for slug in slugs:
        words = slug.split("-")
        for i, word in enumerate(words):
            if len(word) >= THRESHOLDS.typo_letters and word.isalpha():
                blocks[(*words[:i], f"{word[:2]}*{word[-2:]}", *words[i + 1 :])].add((slug, word))
    found = set()
    for block in blocks.values():
        members = sorted(block)
        for n, (slug, word) in enumerate(members):
            found |= {(slug, other) for other, second in members[n + 1 :] if other != slug and is_slip(word, second)}
    return iter(sorted(found))


def canonical(group: Iterable[str], papers: Mapping[str, int], *, generic: Callable[[str], bool]) -> str:
    """The slug that a group goes by: a generic term if there is one, then that of most papers, then the first.

    Most papers rather than the first in the alphabet or the longest: an address is read, and a typo or an odd
    spelling should not become one. It is a function of the papers alone, whatever their order.
    """
    return min(group, key=lambda slug: (not generic(slug), -papers[slug], slug))


def spacing_targets(
    groups: Iterable[Iterable[str]], papers: Mapping[str, int], *, generic: Callable[[str], bool]
) -> dict[str, Target]:
    """Slugs that go to another of their group."""
    targets = {}
    for group in groups:
        members = list(group)
        chosen = canonical(members, papers, generic=generic)
        targets.update({slug: Target(chosen, "spacing", _SPACING_SCORE) for slug in members if slug != chosen})
    return targets
