"""Papers that are worded alike: what that adds to their score, and by which words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kg.index.terms import Term, term_at, whole
from kg.index.word_weights import PHRASE, WordWeights
from kg.model import Evidence

LEAST = 2
"""Rare terms that two papers must have in common to be related by nothing else."""
CANDIDATES = 60
"""Papers whose words are all compared: those nearest by entities and rare terms. More are slower, and hardly better."""
_TIMES = 4  # as many as are asked for are compared at least
MOSTLY = 0.3
"""What this share of all papers use is not compared: it takes time, and makes nothing better or worse."""
SHOWN = 5
_TOLD = 2.0  # how much sooner a phrase is told than a word that counts as much: it says more
_TRIED = 10  # of the terms that count most, for some are parts of others, or of names
_END = re.compile(r"[.!?]\s+(?=[^\Wa-z_])")  # a sign that a capital or a digit follows

Text = tuple[str, str]
Scored = tuple[NDArray[np.int64], NDArray[np.float64]]
Both = tuple[int, int, int]
"""A term of two papers: its column, and where the two have it first."""


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
        users = weights.users[columns]
        used = np.flatnonzero((users > 1) & (users <= MOSTLY * wording.rows) & (counting > 0))
        columns, ends = columns[used], np.zeros(1 << 16, dtype=np.bool_)
        ends[columns.astype(np.uint16)] = True
        return cls(weights, row, columns, counting[used], wording.places[cells][used], ends)

    def added(self, found: Scored, kept: NDArray[np.bool_] | None, *, alone: bool, least: int) -> Scored:
        """Papers in order of rows, more than the ``least`` nearest, with what their words and entities count.

        ``found`` are those that share entities, with what these count; where papers may be related by words ``alone``,
        there are others too. Of all these only the ``kept`` are looked at, if that is given.
        """
        rows = self._nearest(found, kept, alone=alone, least=max(_TIMES * least, CANDIDATES))
        papers, own, _, weights = self._shared(rows)
        sums = np.bincount(papers, weights, len(rows)).astype(np.float64, copy=False)
        at = np.minimum(np.searchsorted(found[0], rows), max(len(found[0]) - 1, 0))
        sharing = found[0][at] == rows if len(found[0]) else np.zeros(len(rows), dtype=np.bool_)
        sums[sharing] += found[1][at[sharing]]
        rare = self.weights.rare(self.columns)[own]
        allowed = sharing | (np.bincount(papers[rare], minlength=len(rows)) >= LEAST) if alone else sharing
        return rows[allowed], sums[allowed]

    def _nearest(self, found: Scored, kept: NDArray[np.bool_] | None, *, alone: bool, least: int) -> NDArray[np.int64]:
        """The papers with which entities and rare terms count most together, in order of rows."""
        papers, counting = self._rarely()
        every = np.concatenate([papers, found[0]])
        sums = np.bincount(every, np.concatenate([counting, found[1]]), self.weights.wording.rows)
        sums[self.row] = 0
        if kept is not None:
            sums[~kept] = 0
        rows = np.flatnonzero(sums > 0) if alone else found[0][sums[found[0]] > 0]
        if len(rows) > least:
            rows = np.sort(rows[np.argpartition(sums[rows], -least)[-least:]])
        return rows

    def _rarely(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The papers that use the rare terms, each as often as it uses one, and what that counts."""
        weights = self.weights
        lengths = weights.begins[self.columns + 1] - weights.begins[self.columns]
        rare = np.flatnonzero(lengths)
        begins = weights.begins[self.columns[rare]].tolist()
        cells = [slice(at, at + length) for at, length in zip(begins, lengths[rare].tolist(), strict=True)]
        papers = np.concatenate([weights.papers[:0], *[weights.papers[each] for each in cells]])
        strengths = np.concatenate([weights.strengths[:0], *[weights.strengths[each] for each in cells]])
        return papers, strengths * np.repeat(self.counting[rare], lengths[rare])

    def told(self, rows: NDArray[np.int64]) -> list[Common]:
        """What all terms count that each of these papers shares with this one, and which, what counts most first."""
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
            answer.append(Common(total, list(places)))
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
class Spelt:
    """One paper of which others share the terms: how these are spelt in it is read but once."""

    paper_id: str
    title: str
    text: str
    _terms: dict[int, tuple[Term, str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, paper_id: str, text: Text) -> Self:
        """Of the title and abstract."""
        return cls(paper_id, text[0], whole(*text))

    def shared(self, other: Self, common: Common, names: Iterable[str], *, shown: bool) -> SharedWords:
        """What is common to another paper, without what is in ``names``; with the sentences if they are to be shown.

        No word is told twice, as a phrase and alone.
        """
        told = " ".join(names).lower()
        best: list[tuple[int, Term]] = []
        used: set[str] = set()
        for column, place, there in common.terms:
            term, first, last = self._term(column, place)
            if first in used or last in used or (first in told and last in told) or not other._has(first, there):
                continue
            used |= {first, last}
            best.append((there, term))
            if len(best) == SHOWN:
                break
        found = SharedWords(common.weight, tuple([term.text for _, term in best]), None, None)
        if not best or not shown:
            return found
        there, term = best[0]
        same = term_at(other.text, there, " " in term.text)
        return replace(found, here=self._showing(term), there=other._showing(same))

    def _term(self, column: int, place: int) -> tuple[Term, str, str]:
        """A term as it is spelt here, and its first and last word, which may be one."""
        found = self._terms.get(column)
        if found is None:
            term = term_at(self.text, place, column)
            first, _, second = term.text.partition(" ")
            found = self._terms[column] = term, first, second or first
        return found

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
