"""Which papers belong together by what is outside our graph: their authors, and the systems that titles introduce."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, TypeAlias

Relevance: TypeAlias = Mapping[int, set[int]]
"""For the number of a paper those of the papers that belong to it."""

COMMON_AUTHORS, YEARS_APART, MOST_PAPERS = 2, 3, 60
_SYSTEM = re.compile(r"([A-Za-z][\w+-]{3,20}): ")
_DISTINCT = re.compile(r"[A-Z].*[A-Z]|\d")
_WORD = re.compile(r"[A-Za-z][\w+-]{3,20}")


class Record(NamedTuple):
    """What is known of a paper without reading it for entities."""

    title: str
    abstract: str
    authors: tuple[str, ...]
    year: int | None


def follow_ups(papers: Sequence[Record]) -> Relevance:
    """Papers that share two authors, with at most three years between, unless they are the same paper twice.

    A name that more than sixty papers bear is not of one person.
    """
    by_author: dict[str, list[int]] = defaultdict(list)
    for number, paper in enumerate(papers):
        for author in set(paper.authors):
            by_author[author].append(number)
    together = Counter(
        pair for numbers in by_author.values() if len(numbers) <= MOST_PAPERS for pair in combinations(numbers, 2)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for (one, other), authors in together.items():
        first, second = papers[one], papers[other]
        near = first.year and second.year and abs(first.year - second.year) <= YEARS_APART
        if authors >= COMMON_AUTHORS and near and _plain(first.title) != _plain(second.title):
            found[one].add(other)
            found[other].add(one)
    return found


def title_citations(papers: Sequence[Record]) -> Relevance:
    """Papers of which one names in its abstract the system that the other's title introduces, as in "CatBERT: ...".

    Only names that look like one (two capitals or a digit) and that one title alone begins with.
    """
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, paper in enumerate(papers):
        match = _SYSTEM.match(paper.title)
        if match and _DISTINCT.search(match[1]):
            by_name[match[1]].append(number)
    systems = {name: numbers[0] for name, numbers in by_name.items() if len(numbers) == 1}
    found: dict[int, set[int]] = defaultdict(set)
    for number, paper in enumerate(papers):
        for word in set(_WORD.findall(paper.abstract)) & systems.keys():
            cited = systems[word]
            if cited != number and (paper.year or 0) >= (papers[cited].year or 0):
                found[number].add(cited)
                found[cited].add(number)
    return found


def _plain(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))
