"""Annotated papers to what the network is trained on."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.evaluate.annotations import Annotation, NumberedRelation
from kg.evaluate.gold import AnnotatedPaper, Span
from kg.extract.pieces import Reader, Window, Words
from kg.extract.sentences import sentence_starts
from kg.extract.tags import KINDS, ROLES, TAGS
from kg.model import Field, Label, Paper, RelationKind

SEPARATOR = "\n\n"
"""Stands between title and abstract in the text that the encoder reads."""
IGNORED = -100


class Pair(NamedTuple):
    """Two mentions by the numbers of their first and last words, the number of what relates them, and their labels."""

    head: tuple[int, int]
    tail: tuple[int, int]
    kind: int
    labels: tuple[Label, Label]


@dataclass(slots=True)
class Sample:
    """One text as it is learned from, by word: ``tags`` are numbers of ``TAGS``.

    ``soft`` holds a teacher's log probabilities instead, (words, tags). ``roles`` are numbers of ``ROLES``, ``IGNORED``
    for words that nothing is known of; ``pairs`` are those of one sentence, those without a relation among them.
    """

    words: Words
    tags: NDArray[np.int64]
    soft: NDArray[np.float32] | None = None
    roles: NDArray[np.int64] | None = None
    pairs: list[Pair] = field(default_factory=list)


class Piece(NamedTuple):
    """One window of a sample, with what stands in it."""

    window: Window
    tags: NDArray[np.int64]
    soft: NDArray[np.float32] | None
    roles: NDArray[np.int64] | None
    pairs: list[Pair]


def joined(paper: Paper) -> str:
    """Title and abstract as one text; what is missing leaves no separator."""
    return SEPARATOR.join(part for part in (paper.title, paper.abstract) if part)


def sample(
    gold: AnnotatedPaper, reader: Reader, annotation: Annotation | None = None, tags: Sequence[str] = TAGS
) -> Sample:
    """An annotated paper, read. Without an annotation nothing is learned of roles and relations from it."""
    words = reader.read(joined(gold.paper))
    places = [_place(words, gold.paper, span) for span in gold.spans]
    chosen = np.zeros(len(words.starts), dtype=np.int64)
    roles = np.full(len(words.starts), IGNORED, dtype=np.int64)
    for number, (span, (first, last)) in enumerate(zip(gold.spans, places, strict=True)):
        chosen[first] = tags.index(f"B-{span.label}")
        chosen[first + 1 : last + 1] = tags.index(f"I-{span.label}")
        if annotation is not None:
            roles[first : last + 1] = ROLES.index(annotation.roles.get(number))
    if annotation is None:
        return Sample(words, chosen)
    return Sample(words, chosen, roles=roles, pairs=_pairs(gold, words, places, annotation.relations))


def unlabelled(paper: Paper, reader: Reader) -> Sample:
    """A paper, read, of which nothing is known yet."""
    words = reader.read(joined(paper))
    return Sample(words, np.zeros(len(words.starts), dtype=np.int64))


def _place(words: Words, paper: Paper, span: Span) -> tuple[int, int]:
    """Numbers of the first and the last word that the span touches."""
    at = len(paper.title) + len(SEPARATOR) if span.field is Field.ABSTRACT and paper.title else 0
    return bisect_right(words.ends, span.start + at), bisect_left(words.starts, span.end + at) - 1


def _pairs(
    gold: AnnotatedPaper, words: Words, places: Sequence[tuple[int, int]], relations: Sequence[NumberedRelation]
) -> list[Pair]:
    """All ordered pairs of one sentence, and those that are stated."""
    starts = sentence_starts(joined(gold.paper))
    sentence = np.searchsorted(starts, [words.starts[first] for first, _ in places], side="right")
    stated = {(head, tail): kind for head, tail, kind in relations}
    stated |= {(tail, head): kind for head, tail, kind in relations if kind is RelationKind.COMPARED_WITH}
    labels = [Label(span.label) for span in gold.spans]
    numbers = range(len(places))
    return [
        Pair(places[i], places[j], KINDS.index(stated.get((i, j))), (labels[i], labels[j]))
        for i in numbers
        for j in numbers
        if i != j and ((i, j) in stated or sentence[i] == sentence[j])
    ]


def pieces(samples: Sequence[Sample]) -> list[Piece]:
    """The windows of all samples; pairs across the border of a window are left out."""
    result = []
    for each in samples:
        for window in each.words.windows:
            begin, behind = window.begin, window.begin + len(window.first)
            inside = [
                p._replace(head=(p.head[0] - begin, p.head[1] - begin), tail=(p.tail[0] - begin, p.tail[1] - begin))
                for p in each.pairs
                if min(p.head[0], p.tail[0]) >= begin and max(p.head[1], p.tail[1]) < behind
            ]
            part = slice(begin, behind)
            result.append(
                Piece(
                    window,
                    each.tags[part],
                    None if each.soft is None else each.soft[part],
                    None if each.roles is None else each.roles[part],
                    inside,
                )
            )
    return result
