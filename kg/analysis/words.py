"""Papers that are worded alike: what that adds to their score, and by which words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from kg.index.terms import Term, term_at, whole
from kg.index.word_weights import PHRASE, WordWeights
from kg.model import Evidence

LEAST = 2
"""Rare terms that two papers must have in common to be related by nothing else."""
CANDIDATES = 100
"""Papers whose words are all compared: those nearest by entities and rare terms. More are slower, and hardly better."""
_TIMES = 4  # as many as are asked for are compared at least
SHOWN = 5
_TOLD = 2.0  # how much sooner a phrase is told than a word that counts as much: it says more
_TRIED = 12  # of the terms that count most, for some are parts of others, or of names
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


class Both(NamedTuple):
    """A term of two papers: its column, and where the two have it first."""

    column: int
    here: int
    there: int


@dataclass(frozen=True, slots=True)
class Common:
    """What all terms count that another paper shares, and those that tell most, without what is common."""

    weight: float
    terms: Sequence[Both]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The terms of the paper in a row that others may use too, in order, and what each counts where they do.

    ``ends`` says of the last sixteen bits of a column whether a term has them.
    """

    weights: WordWeights
    row: int
    columns: NDArray[np.int32]
    counting: NDArray[np.float64]
    places: NDArray[np.uint16]
    ends: NDArray[np.bool_]

    @classmethod
    def of(cls, weights: WordWeights, row: int) -> Self:
        """Of a paper."""
        wording = weights.wording
        cells = slice(*wording.begins[row : row + 2].tolist())
        columns = wording.columns[cells]
        counting = weights.factors[columns] * _strength(wording.counts[cells], weights.damping[row])
        used = np.flatnonzero((weights.users[columns] > 1) & (counting > 0))
        columns, ends = columns[used], np.zeros(1 << 16, dtype=np.bool_)
        ends[columns.astype(np.uint16)] = True
        return cls(weights, row, columns, counting[used], wording.places[cells][used], ends)

    def added(self, found: Scored, kept: NDArray[np.bool_] | None, *, alone: bool, least: int) -> Scored:
        """Papers in order of rows, more than the ``least`` nearest, with what their words and entities count.

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
        least = max(_TIMES * least, CANDIDATES)
        if len(rows) > least:
            nearest = (sums + by_entities)[rows]
            rows = np.sort(rows[np.argpartition(nearest, -least)[-least:]])
        return rows, by_entities[rows] + self.weigh(rows)

    def _near(self) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Of every paper what the rare terms in it count, and how many there are."""
        weights, size = self.weights, self.weights.wording.rows
        lengths = weights.begins[self.columns + 1] - weights.begins[self.columns]
        rare = np.flatnonzero(lengths)
        if not len(rare):
            return np.zeros(size), np.zeros(size, dtype=np.intp)
        begins = weights.begins[self.columns[rare]].tolist()
        cells = [slice(at, at + length) for at, length in zip(begins, lengths[rare].tolist(), strict=True)]
        papers = np.concatenate([weights.papers[each] for each in cells])
        strengths = np.concatenate([weights.strengths[each] for each in cells])
        counting = np.repeat(self.counting[rare], lengths[rare])
        return np.asarray(np.bincount(papers, strengths * counting, size)), np.bincount(papers, minlength=size)

    def weigh(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """What all terms count that each of these papers shares with this one."""
        papers, _, _, weights = self._shared(rows)
        return np.asarray(np.bincount(papers, weights, len(rows)), dtype=np.float64)

    def told(self, rows: NDArray[np.int64]) -> list[Common]:
        """The same, with the terms, what counts most first."""
        papers, own, cells, weights = self._shared(rows)
        sums = np.bincount(papers, weights, len(rows)).tolist()
        columns, telling = self.columns[own], self.weights.telling(self.columns)[own]
        weights[columns % 2 == 1] *= _TOLD / PHRASE
        order = np.lexsort((-(columns % 2), -np.round(weights, 6), papers))
        order = order[telling[order]]
        here, there = self.places[own], self.weights.wording.places[cells]
        cuts = np.searchsorted(papers[order], np.arange(len(rows) + 1)).tolist()
        answer = []
        for total, begin, end in zip(sums, cuts, cuts[1:], strict=False):
            best = order[begin : min(end, begin + _TRIED)]
            places = zip(columns[best].tolist(), here[best].tolist(), there[best].tolist(), strict=True)
            answer.append(Common(total, [Both(*each) for each in places]))
        return answer

    def _shared(
        self, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64], NDArray[np.float64]]:
        """Each term that one of these papers shares with this one, and what it counts.

        A term is given as the position of the paper in ``rows`` and its own here, and as a cell of the matrix.
        """
        wording = self.weights.wording
        begins, ends = wording.begins[rows], wording.begins[rows + 1]
        parts = [wording.columns[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
        every = np.concatenate([wording.columns[:0], *parts])
        # Looking every column up would take most of the time: few are in both papers, and most others end otherwise.
        found = np.flatnonzero(self.ends[every.astype(np.uint16)])
        columns = every[found]
        own = np.searchsorted(self.columns, columns)
        same = np.flatnonzero(self.columns.take(own, mode="clip") == columns) if len(self.columns) else found[:0]
        found, own = found[same], own[same]
        until = np.cumsum(ends - begins)
        papers = np.searchsorted(until, found, side="right")
        cells = found + (ends - until)[papers]
        strengths = _strength(wording.counts[cells], self.weights.damping[rows][papers])
        return papers, own, cells, self.counting[own] * strengths


def _strength(counts: NDArray[np.uint8], damping: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return np.asarray(counts / (counts + damping))


@dataclass(frozen=True, slots=True)
class Spelling:
    """One paper of which others share the terms: how these are spelt in it is read but once."""

    paper_id: str
    title: str
    text: str
    _terms: dict[int, tuple[Term, list[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, paper_id: str, text: Text) -> Self:
        """Of the title and abstract."""
        return cls(paper_id, text[0], whole(*text))

    def shared(self, other: Self, common: Common, names: Iterable[str], *, shown: bool) -> SharedWords:
        """What is common to another paper, without what is in ``names``; with the sentences if they are to be shown.

        Of a term that is a part of one before, or has one as a part, only the first is told.
        """
        told = " ".join(names).lower()
        best: list[tuple[Both, Term]] = []
        before: list[set[str]] = []
        for both in common.terms:
            term, words = self._term(both)
            parts = set(words)
            if all(word in told for word in words) or not other._has(words[0], both.there):
                continue
            if any(parts <= each or each <= parts for each in before):
                continue
            before.append(parts)
            best.append((both, term))
            if len(best) == SHOWN:
                break
        found = SharedWords(common.weight, tuple([term.text for _, term in best]), None, None)
        if not best or not shown:
            return found
        both, term = best[0]
        return replace(
            found, here=self._showing(term), there=other._showing(term_at(other.text, both.there, both.column))
        )

    def _term(self, both: Both) -> tuple[Term, list[str]]:
        """A term as it is spelt here, and its words."""
        if both.column not in self._terms:
            term = term_at(self.text, both.here, both.column)
            self._terms[both.column] = term, term.text.split()
        return self._terms[both.column]

    def _has(self, word: str, place: int) -> bool:
        """Whether it stands there: if not, two terms have one number."""
        return self.text[place : place + len(word)].lower() == word

    def _showing(self, term: Term) -> Evidence:
        """The sentence with a term that stands here."""
        first, last = (0, len(self.title)) if term.start < len(self.title) else (len(self.title) + 1, len(self.text))
        begin = max((end.end() for end in _END.finditer(self.text, first, term.start + 1)), default=first)
        until = _END.search(self.text, term.end, last)
        sentence = self.text[begin : until.start() + 1 if until else last].rstrip()
        start, end = term.start - begin, term.end - begin
        return Evidence(self.paper_id, sentence, start, end, sentence[start:end], 1.0, self.title)
