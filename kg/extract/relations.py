"""What a sentence says of two of its mentions: how the encoder's vectors of both fit together, and cues around them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import cast

import numpy as np

from kg.extract.encoder import Reading
from kg.extract.pairs import Floats, PairScorer, facts
from kg.extract.relation_cues import Pair, Said
from kg.extract.tags import KINDS
from kg.model import Field, Mention, Relation, RelationKind, may_relate

WordRange = tuple[int, int]
"""Numbers of the first word and of the one behind the last."""

CLASSIFIER = "classifier"
"""The rule of a relation that the vectors decided."""


def find_relations(
    mentions: Sequence[Mention],
    places: Sequence[WordRange],
    reading: Reading,
    scorer: PairScorer,
    cues: Mapping[Pair, Said],
    thresholds: Mapping[RelationKind, float],
) -> list[Relation]:
    """Of each pair in one sentence the likeliest relation that its labels allow, if it is sure enough; sorted.

    ``places`` are where the words of the mentions stand in the reading, ``cues`` what the words around say of pairs.
    The scorer and a cue count as independent witnesses: one of them being right is enough. The score of a relation is
    that probability times the scores of both mentions: all three must be right.
    """
    pairs = list(_candidates(mentions))
    if not pairs:
        return []
    best: dict[frozenset[int], Relation] = {}
    for (i, j), row in zip(pairs, _probabilities(pairs, mentions, places, reading, scorer), strict=True):
        head, tail = mentions[i], mentions[j]
        for kind, probability in zip(KINDS, row, strict=True):
            if kind is None or not may_relate(kind, head.label, tail.label):
                continue
            likely, rule = _both(float(probability), cues.get((i, j, kind)))
            score = likely * head.score * tail.score
            known = best.get(frozenset((i, j)))
            if score >= thresholds[kind] and (known is None or score > known.score):
                best[frozenset((i, j))] = Relation(head, tail, kind, round(score, 3), rule)
    return sorted(map(_in_order, best.values()), key=lambda r: (r.head, r.tail))


def _probabilities(
    pairs: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    places: Sequence[WordRange],
    reading: Reading,
    scorer: PairScorer,
) -> Floats:
    """(pairs, kinds), by the vectors of both."""
    first_last = np.array([(begin, behind - 1) for begin, behind in places])
    heads = reading.heads[first_last].mean(axis=1)
    tails = reading.tails[first_last].mean(axis=1)
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    ends = [((begin, behind - 1), mention.label) for (begin, behind), mention in zip(places, mentions, strict=True)]
    of_head, of_tail = facts([ends[i] for i in left], [ends[j] for j in right])
    scores = scorer.log_probabilities(np.hstack([heads[left], of_head]), np.hstack([tails[right], of_tail]))
    return cast("Floats", np.exp(scores))


def _both(probability: float, said: Said | None) -> tuple[float, str]:
    """That the scorer or the cue is right, and the name of the surer one."""
    if said is None:
        return probability, CLASSIFIER
    return 1 - (1 - probability) * (1 - said.probability), said.cue if said.probability >= probability else CLASSIFIER


def _candidates(mentions: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    """Ordered pairs of mentions of one sentence that name different things."""
    sentences: dict[tuple[Field, int, str], list[int]] = defaultdict(list)
    for number, mention in enumerate(mentions):
        sentences[mention.field, mention.sentence_start, mention.sentence].append(number)
    for together in sentences.values():
        for i, j in permutations(together, 2):
            if mentions[i].text.lower() != mentions[j].text.lower():
                yield i, j


def _in_order(relation: Relation) -> Relation:
    """A comparison has no direction: what stands first is its head."""
    if relation.kind is RelationKind.COMPARED_WITH and relation.tail < relation.head:
        return Relation(relation.tail, relation.head, relation.kind, relation.score, relation.rule)
    return relation
