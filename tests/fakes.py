"""Stand-ins that do what the protocols ask, without a model."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kg.errors import ExtractionError
from kg.model import Extraction, Field, Label, Mention, Paper, Relation, RelationKind, Role

M, D, T, C = Label.METHOD, Label.DATASET, Label.TASK, Label.CONCEPT
# The word before a name that says its role, and the text between two names that relates them.
CUES = {
    "propose": Role.PROPOSES,
    "with": Role.USES,
    "against": Role.COMPARES,
    "on": Role.EVALUATES,
    "does": Role.ADDRESSES,
    "has": Role.REPORTS,
    "gives": Role.REPORTS,
}
GAPS = {
    " for ": RelationKind.USED_FOR,
    " on ": RelationKind.EVALUATED_ON,
    " of ": RelationKind.PART_OF,
    " is a ": RelationKind.IS_A,
    " against ": RelationKind.COMPARED_WITH,
    " by ": RelationKind.MEASURED_BY,
}


@dataclass
class FakeExtractor:
    """Finds the given names, with the roles and relations that ``CUES`` and ``GAPS`` give them.

    A name may have another label in a paper whose text holds ``as Label``.
    """

    names: Mapping[str, Label]
    version: str = "1"
    broken: frozenset[str] = frozenset()
    name: str = "fake"
    read: list[str] = field(default_factory=list)

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for paper in papers:
            if paper.id in self.broken:
                raise ExtractionError(f"cannot read {paper.id}")
            self.read.append(paper.id)
            yield self._read(paper)

    def _read(self, paper: Paper) -> Extraction:
        mentions = sorted(mention for which in Field for mention in self._mentions(paper, which))
        system = next((m.text for m in mentions if f"propose {m.text}" in paper.abstract), None)
        return Extraction(paper, tuple(mentions), (), system, tuple(relations(paper, mentions)))

    def _mentions(self, paper: Paper, which: Field) -> Iterator[Mention]:
        text = paper.text(which)
        for name, label in self.names.items():
            for match in re.finditer(re.escape(name), text, re.IGNORECASE):
                override = re.match(r" as (\w+)", text[match.end() :])
                given = Label(override[1]) if override else label
                score = round(0.4 + len(text) % 50 / 100, 3)
                role = CUES.get((text[: match.start()].split() or [""])[-1].casefold())
                sure = round(0.5 + len(text) % 40 / 100, 3) if role else 0.0
                yield Mention(which, *match.span(), match[0], given, score, text, 0, "fake", role, sure)


def relations(paper: Paper, mentions: Sequence[Mention]) -> Iterator[Relation]:
    """Between neighbours; the longer the text, the surer."""
    for head, tail in pairwise(mentions):
        text = paper.text(head.field)
        kind = GAPS.get(text[head.end : tail.start]) if head.field is tail.field else None
        if kind:
            yield Relation(head, tail, kind, round(0.3 + len(text) % 70 / 100, 3), "fake")


class DefiningExtractor(FakeExtractor):
    """Also takes ``long (short)`` of two of its names for a definition."""

    def _read(self, paper: Paper) -> Extraction:
        found = super()._read(paper)
        text = f"{paper.title} {paper.abstract}".casefold()
        pairs = ((long, short) for long in self.names for short in self.names if long != short)
        aliases = tuple(pair for pair in pairs if f"{pair[0]} ({pair[1]})".casefold() in text)
        return replace(found, aliases=aliases)


@dataclass
class TopicEmbedder:
    """Contexts lie near each other if they hold the same of the given words."""

    topics: tuple[str, ...]
    version: str = "topics"

    def embed(self, contexts: Sequence[tuple[str, int, int]]) -> NDArray[np.float32]:
        rows = [[float(topic in sentence) for topic in self.topics] + [0.1] for sentence, _, _ in contexts]
        array = np.array(rows, dtype=np.float32)
        return np.asarray(array / np.linalg.norm(array, axis=1, keepdims=True), dtype=np.float32)
