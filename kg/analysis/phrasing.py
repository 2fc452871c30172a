"""How papers word an entity: by which names, how often each, and what it is in the words of one of them.

Of what very many papers name, as many as are read at once are looked at, spread evenly over all of them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from kg.analysis.sightings import Snapshot
from kg.index.folding import squeeze
from kg.model import Entity, Evidence

READ = 150
"""Papers that are looked at."""
LONGEST = 320
"""Letters of a sentence that says what something is, at most."""
_SHORTEST = 50
_OPENS = re.compile(r"(?:^|[.!?]\s+)$")
_IS = re.compile(
    r"(?: \([^()]{1,40}\))?,? (?:(?:is|are) (?:an?|one of the|the) |(?:is|are) defined as |refers? to )(?P<what>[\w-]+)"
)
_ENDS = re.compile(r"[.!?](?=\s|$)")
# Praise and blame say little of what something is.
_SAYS_LITTLE = frozenset(
    "active attractive big central challenging common critical crucial cornerstone difficult effective essential "
    "extremely fundamental good great hard hot important increasingly key known long-standing longstanding main major "
    "most natural necessary new next only open popular potential powerful practical promising prominent rapidly recent "
    "relatively significant simple strong successful suitable useful valuable very viable vital well-known "
    "widely".split()
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name as it is mostly written, and in how many of the papers that were looked at it stands."""

    text: str
    papers: int


@dataclass(frozen=True, slots=True)
class Wording:
    """The names of an entity, the commonest first; ``said`` is a sentence that says what it is, with the name marked.

    ``looked`` of its papers were looked at.
    """

    spellings: tuple[Spelling, ...]
    looked: int
    said: Evidence | None


def wording(snapshot: Snapshot, entity: Entity) -> Wording:
    """Of an entity with its other names; raises NotFoundError."""
    incidence = snapshot.incidence
    rows, surely, _ = incidence.papers_of(incidence.column(entity.slug))
    some = np.linspace(0, len(rows) - 1, min(READ, len(rows))).astype(np.int64)
    sure = {incidence.papers[row]: float(score) for row, score in zip(rows[some].tolist(), surely[some], strict=True)}
    texts = snapshot.index.texts(sure)
    names = _names(entity)
    return Wording(tuple(_spellings(names, texts.values())), len(texts), _said(names, texts, sure))


def other_names(entity: Entity, most: int = 3) -> list[str]:
    """Names that are more than another spelling or a piece of its own, each once, the shortest first."""
    own = squeeze(entity.name)
    keys = {squeeze(name).removesuffix("s"): " ".join(name.split()) for name in sorted(entity.aliases, reverse=True)}
    return sorted((name for key, name in keys.items() if key and key not in own), key=lambda name: (len(name), name))[
        :most
    ]


def _names(entity: Entity) -> dict[str, list[str]]:
    """Its names as they are written, by what they have in common: all but case, plurals and what stands between."""
    names: dict[str, list[str]] = {}
    for name in (entity.name, *entity.aliases):
        plain = " ".join(name.split())
        names.setdefault(squeeze(plain).removesuffix("s"), []).append(plain)
    return names


def _spellings(names: dict[str, list[str]], texts: Iterable[tuple[str, str]]) -> list[Spelling]:
    wholes = [f"{title}\n{abstract}" for title, abstract in texts]
    found = []
    for spelt in names.values():
        standing = {name: {at for at, text in enumerate(wholes) if _holds(text, name)} for name in spelt}
        if papers := len(set[int]().union(*standing.values())):
            found.append(Spelling(max(spelt, key=lambda name: len(standing[name])), papers))
    return sorted(found, key=lambda spelling: (-spelling.papers, spelling.text))


def _holds(text: str, name: str) -> bool:
    """Whether a name stands in a text as a word of its own; it mostly does not at all, which is quick to see."""
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _said(names: dict[str, list[str]], texts: dict[str, tuple[str, str]], surely: dict[str, float]) -> Evidence | None:
    """Of the sentences that begin with a name and go on to say what it is, one of the surest paper."""
    every = {written for spelt in names.values() for name in spelt for written in (name, name[:1].upper() + name[1:])}
    found = []
    for paper_id, (title, abstract) in texts.items():
        for start, end, stop in _explained(abstract, every):
            if _SHORTEST <= stop - start <= LONGEST:
                name, sentence = abstract[start:end], abstract[start:stop]
                found.append(Evidence(paper_id, sentence, 0, len(name), name, surely[paper_id], title))
    return min(found, key=lambda each: (-each.score, each.paper_id, each.sentence), default=None)


def _explained(text: str, names: Iterable[str]) -> Iterator[tuple[int, int, int]]:
    """Where sentences begin, their first name ends, and they end, that say what the name stands for."""
    for name in names:
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            match = _IS.match(text, end)
            if match and match["what"].lower() not in _SAYS_LITTLE and _OPENS.search(text[max(start - 3, 0) : start]):
                stop = _ENDS.search(text, match.end())
                yield start, end, stop.end() if stop else len(text)
            start = text.find(name, end)
