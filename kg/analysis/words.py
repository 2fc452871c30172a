"""Papers that are worded alike: what that adds to their score, and by which words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kg.index.terms import column_of, place_of, terms
from kg.index.word_weights import PHRASE, WordWeights
from kg.model import Evidence

LEAST = 2
"""Rare terms that two papers must have in common to be related by nothing else."""
CANDIDATES = 300
"""Papers whose words are all compared: those nearest by entities and rare terms. More are slower, and no better."""
SHOWN = 5
_END = re.compile(r"[.!?]\s+(?=[^\Wa-z_])")  # a sign that a capital or a digit follows

Text = tuple[str, str]
Scored = tuple[NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class SharedWords:
    """What two papers have in common as texts: ``weight`` is of all their words, ``words`` are those that count most.

    Neither common words are among these nor such as stand in the names of what both papers share. ``here`` and
    ``there`` are the sentences with the first, where the papers share nothing else that is shown.
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


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The terms of the paper in a row that others may use too, in order, and what each counts where they do.

    ``ends`` says of the last sixteen bits of a column whether a term has them.
    """

    weights: WordWeights
    row: int
    columns: NDArray[np.int32]
    counting: NDArray[np.float64]
    ends: NDArray[np.bool_]

    @classmethod
    def of(cls, weights: WordWeights, row: int) -> Self:
        """Of a paper."""
        cells = slice(*weights.counts.indptr[row : row + 2])
        columns, counts = weights.counts.indices[cells], weights.counts.data[cells]
        counting = weights.factors[columns] * _strength(counts, weights.damping[row])
        used = (weights.users[columns] > 1) & (counting > 0)
        columns, ends = columns[used], np.zeros(1 << 16, dtype=np.bool_)
        ends[columns.astype(np.uint16)] = True
        return cls(weights, row, columns, counting[used], ends)

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
        weights, size = self.weights, self.weights.counts.shape[0]
        begins, ends = weights.begins[self.columns], weights.begins[self.columns + 1]
        cells = [slice(begin, end) for begin, end in zip(begins.tolist(), ends.tolist(), strict=True) if begin < end]
        if not cells:
            return np.zeros(size), np.zeros(size, dtype=np.intp)
        papers = np.concatenate([weights.papers[each] for each in cells])
        strengths = np.concatenate([weights.strengths[each] for each in cells])
        counting = np.repeat(self.counting, ends - begins)
        return np.asarray(np.bincount(papers, strengths * counting, size)), np.bincount(papers, minlength=size)

    def weigh(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """What all terms count that each of these papers shares with this one."""
        papers, _, weights = self._shared(rows)
        return np.asarray(np.bincount(papers, weights, len(rows)), dtype=np.float64)

    def told(self, rows: NDArray[np.int64]) -> list[tuple[float, list[int]]]:
        """The same, and the columns of these terms, what counts most first, without what is common."""
        papers, own, weights = self._shared(rows)
        sums = np.bincount(papers, weights, len(rows)).tolist()
        columns, telling = self.columns[own], self.weights.telling(self.columns)[own]
        weights[columns % 2 == 1] /= PHRASE  # words that are rarer together tell more
        order = np.lexsort((-(columns % 2), -np.round(weights, 6), papers))
        order = order[telling[order]]
        cuts = np.searchsorted(papers[order], np.arange(1, len(rows)))
        return [(total, each.tolist()) for total, each in zip(sums, np.split(columns[order], cuts), strict=True)]

    def _shared(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Each term that one of these papers shares with this one, as positions in both, and what it counts."""
        found = self.weights.counts[rows]
        # Looking every column up would take most of the time: few are in both papers, and most others end otherwise.
        cells = np.flatnonzero(self.ends[found.indices.astype(np.uint16)])
        columns = found.indices[cells]
        own = np.searchsorted(self.columns, columns)
        same = np.flatnonzero(self.columns.take(own, mode="clip") == columns) if len(self.columns) else cells[:0]
        cells, own = cells[same], own[same]
        papers = np.searchsorted(found.indptr, cells, side="right") - 1
        return papers, own, self.counting[own] * _strength(found.data[cells], self.weights.damping[rows][papers])


def _strength(counts: NDArray[np.uint8], damping: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return np.asarray(counts / (counts + damping))


class Spelling:
    """The terms of one paper as they are spelt in it, by their columns."""

    def __init__(self, paper_id: str, text: Text) -> None:
        """Read its title and abstract."""
        self._id, self._text = paper_id, text
        self._terms = {column_of(term): term for part in text for term in terms(part)}

    def shared(self, weight: float, columns: Iterable[int], names: Iterable[str], text: Text) -> SharedWords:
        """What is in these columns, and not in ``names``, without sentences.

        ``text`` is of the other paper. It has what it seems to have, unless two terms have one number.
        """
        title, abstract = (part.lower() for part in text)
        spelt = (self._terms[column] for column in columns if column in self._terms)
        there = (term for term in spelt if all(word in title or word in abstract for word in term.split()))
        told = " ".join(names).lower()
        new = (term for term in there if not all(word in told for word in term.split()))
        return SharedWords(weight, tuple(islice(_apart(new), SHOWN)), None, None)

    def shown(self, shared: SharedWords, paper_id: str, text: Text) -> SharedWords:
        """The same with the sentences, of this paper and of another."""
        first = shared.words[0] if shared.words else ""
        return replace(shared, here=_showing(first, self._id, self._text), there=_showing(first, paper_id, text))


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
