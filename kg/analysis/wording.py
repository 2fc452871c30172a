"""Papers that are worded alike: what that adds to their score, and by which words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kg.index.terms import column_of, place_of, terms
from kg.index.word_weights import PHRASE, WordWeights
from kg.model import Evidence

LEAST = 2
"""Rare terms that two papers must have in common to be related by nothing else."""
CANDIDATES = 500
"""Papers whose words are all compared: those nearest by entities and rare terms. More are slower, and no better."""
SHOWN = 5
_LOOKED_AT = 24
_END = re.compile(r"[.!?]\s+(?=[^\Wa-z_])")  # a sign that a capital or a digit follows

Text = tuple[str, str]
Scored = tuple[NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class SharedWords:
    """What two papers have in common as texts: ``weight`` is of all their words, ``words`` are those that count most.

    Neither common words are among these nor such as stand in the names of what both papers share. ``here`` and
    ``there`` are the sentences with the first.
    """

    weight: float
    words: tuple[str, ...]
    here: Evidence | None
    there: Evidence | None

    @property
    def reason(self) -> str:
        """The weight and where it comes from, in words."""
        if not self.words:
            return f"weight {self.weight:.2f}, of all words that both use"
        return f"weight {self.weight:.2f}, and shares the words: {', '.join(self.words)}"


@dataclass(frozen=True, slots=True)
class Words:
    """The terms of the paper in a row that others may use too, and what each counts where they do."""

    weights: WordWeights
    row: int
    columns: NDArray[np.int32]
    counting: NDArray[np.float64]

    @classmethod
    def of(cls, weights: WordWeights, row: int) -> Self:
        """Of a paper."""
        columns, counts = weights.wording.row(row)
        counting = weights.factors[columns] * _strength(counts, weights.damping[row])
        used = (weights.users[columns] > 1) & (counting > 0)
        return cls(weights, row, columns[used], counting[used])

    def added(self, found: Scored, kept: NDArray[np.bool_] | None, *, alone: bool, least: int) -> Scored:
        """Papers, at least the ``least`` nearest, in order of rows, with what their words and entities count.

        ``found`` are those that share entities, with what these count; where papers may be related by words ``alone``,
        there are others too. Of all these only the ``kept`` are looked at, if that is given.
        """
        sums, rare = self._near()
        near = rare >= LEAST if alone else np.zeros(len(sums), dtype=np.bool_)
        near[found[0]] = True
        near[self.row] = False
        by_entities = np.zeros(len(sums))
        by_entities[found[0]] = found[1]
        rows = np.flatnonzero(near if kept is None else near & kept)
        least = max(least, CANDIDATES)
        if len(rows) > least:
            nearest = (sums + by_entities)[rows]
            rows = np.sort(rows[np.argpartition(nearest, -least)[-least:]])
        return rows, by_entities[rows] + self.weigh(rows)

    def _near(self) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Of every paper what the rare terms in it count, and how many there are."""
        weights = self.weights
        begins, ends = weights.begins[self.columns], weights.begins[self.columns + 1]
        cells = [slice(begin, end) for begin, end in zip(begins.tolist(), ends.tolist(), strict=True) if begin < end]
        if not cells:
            return np.zeros(weights.wording.rows), np.zeros(weights.wording.rows, dtype=np.int64)
        papers = np.concatenate([weights.papers[each] for each in cells])
        strengths = np.concatenate([weights.strengths[each] for each in cells])
        counting = np.repeat(self.counting, ends - begins)
        size = weights.wording.rows
        return np.asarray(np.bincount(papers, strengths * counting, size)), np.bincount(papers, minlength=size)

    def weigh(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """What all terms that papers share with this one count."""
        wording = self.weights.wording
        begins = wording.begins[rows]
        lengths = wording.begins[rows + 1] - begins
        before = np.cumsum(lengths) - lengths
        cells = np.repeat(begins - before, lengths) + np.arange(int(lengths.sum()))
        number = np.zeros(len(self.weights.factors), dtype=np.int16)
        number[self.columns] = np.arange(1, len(self.columns) + 1)
        numbers = number[wording.columns[cells]]
        shared = np.flatnonzero(numbers)
        papers = np.repeat(np.arange(len(rows)), lengths)[shared]
        strengths = _strength(wording.counts[cells[shared]], self.weights.damping[rows[papers]])
        parts = self.counting[numbers[shared] - 1] * strengths
        return np.asarray(np.bincount(papers, parts, len(rows)), dtype=np.float64)

    def heaviest(self, row: int) -> list[int]:
        """Columns of what the paper in another row has too, what counts most first, without what is common."""
        columns, counts = self.weights.wording.row(row)
        both, mine, theirs = np.intersect1d(self.columns, columns, assume_unique=True, return_indices=True)
        weights = self.counting[mine] * _strength(counts[theirs], self.weights.damping[row])
        weights[both % 2 == 1] /= PHRASE  # words that are rarer together tell more
        telling = self.weights.telling(both)
        found: list[int] = both[telling][np.argsort(-weights[telling], kind="stable")].tolist()
        return found


def _strength(counts: NDArray[np.uint8], damping: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return np.asarray(counts / (counts + damping))


class Spelling:
    """The terms of one paper as they are spelt in it, by their columns."""

    def __init__(self, paper_id: str, text: Text) -> None:
        """Read its title and abstract."""
        self._id, self._text = paper_id, text
        self._terms = {column_of(term): term for part in text for term in terms(part)}

    def shared(
        self, words: Words, row: int, weight: float, names: Iterable[str], paper_id: str, text: Text
    ) -> SharedWords:
        """What this paper, whose ``words`` these are, and the one in another row have in common beside these names."""
        spelt = (self._terms[column] for column in words.heaviest(row)[:_LOOKED_AT] if column in self._terms)
        told = {word for name in names for word in terms(name)}
        new = (term for term in _apart(spelt) if not told.issuperset(term.split()))
        shown = tuple(islice((term for term in new if any(place_of(term, part) for part in text)), SHOWN))
        first = shown[0] if shown else ""
        return SharedWords(weight, shown, _showing(first, self._id, self._text), _showing(first, paper_id, text))


def _apart(found: Iterable[str]) -> Iterator[str]:
    """Terms without those that are a part of one before, or have one before as a part."""
    before: list[set[str]] = []
    for term in found:
        parts = set(term.split())
        if not any(parts <= each or each <= parts for each in before):
            before.append(parts)
            yield term


def _showing(term: str, paper_id: str, text: Text) -> Evidence | None:
    """The first sentence of a paper that has a term, one of the abstract if there is one."""
    title, abstract = text
    for part in (abstract, title) if term else ():
        if place := place_of(term, part):
            begin = max((end.end() for end in _END.finditer(part, 0, place[0])), default=0)
            until = _END.search(part, place[1])
            sentence = part[begin : until.start() + 1 if until else None].rstrip()
            start, end = place[0] - begin, place[1] - begin
            return Evidence(paper_id, sentence, start, end, sentence[start:end], 1.0, title)
    return None
