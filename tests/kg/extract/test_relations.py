"""Vectors of words to relations, over a scorer whose every score is given."""

from dataclasses import replace

import numpy as np
import pytest

from kg.extract.encoder import Reading
from kg.extract.pairs import HEAD_FACTS, TAIL_FACTS, PairScorer
from kg.extract.pieces import Words
from kg.extract.relation_cues import Pair, Said
from kg.extract.relations import find_relations
from kg.extract.tags import KINDS
from kg.model import Field, Label, Mention, Relation, RelationKind, may_relate

M, D, T, X, C = Label.METHOD, Label.DATASET, Label.TASK, Label.METRIC, Label.CONCEPT
USED, ON, PART, ISA, VERSUS, BY = RelationKind
HALF = dict.fromkeys(RelationKind, 0.5)
Scores = dict[tuple[int, int, RelationKind], float]


def mention(
    text: str,
    label: Label = M,
    start: int = 0,
    sentence: str = "All of it.",
    field: Field = Field.ABSTRACT,
    at: int = 0,
) -> Mention:
    return Mention(field, start, start + len(text), text, label, 1.0, sentence, at)


def line(*named: tuple[str, Label]) -> list[Mention]:
    """Mentions of one sentence, ten characters apart."""
    return [mention(text, label, 10 * n) for n, (text, label) in enumerate(named)]


def relate(
    mentions: list[Mention],
    scores: Scores,
    thresholds: dict[RelationKind, float] = HALF,
    cues: dict[Pair, Said] | None = None,
) -> list[Relation]:
    """The relations where ``scores`` are the probabilities of a head, a tail and a kind; each mention has three words.

    Only the first and the last of them say which mention it is, half of it each.
    """
    count = len(mentions)
    weight = np.full((len(KINDS), count + HEAD_FACTS + 1, count + TAIL_FACTS + 1), 0.0, np.float32)
    for i in range(count):
        for j in range(count):
            left = 1 - sum(p for (head, tail, _), p in scores.items() if (head, tail) == (i, j))
            weight[0, i, j] = np.log(left)
            for number, kind in enumerate(KINDS[1:], 1):
                weight[number, i, j] = np.log(scores.get((i, j, kind), 1e-9))  # type: ignore[arg-type]
    vectors = np.zeros((3 * count, count), np.float32)
    for n in range(count):
        vectors[3 * n, n] = vectors[3 * n + 2, n] = 1.0
        vectors[3 * n + 1] = 7.0
    words = Words([], [], [])
    nothing = np.zeros((3 * count, 0), np.float32)
    places = [(3 * n, 3 * n + 3) for n in range(count)]
    return find_relations(
        mentions,
        places,
        Reading(words, nothing, nothing, vectors, vectors),
        PairScorer(weight),
        cues or {},
        thresholds,
    )


def said(relations: list[Relation]) -> list[tuple[str, RelationKind, str, float]]:
    return [(r.head.text, r.kind, r.tail.text, r.score) for r in relations]


def test_a_relation_is_what_the_scorer_is_sure_of() -> None:
    mentions = line(("CNN", M), ("folding", T), ("CraneBank", D))
    found = relate(mentions, {(0, 1, USED): 0.8, (0, 2, ON): 0.7, (2, 1, USED): 0.3})
    assert said(found) == [("CNN", USED, "folding", 0.8), ("CNN", ON, "CraneBank", 0.7)]
    assert found[0].head is mentions[0]
    assert found[0].tail is mentions[1]


def test_each_kind_has_its_threshold() -> None:
    mentions, scores = line(("CNN", M), ("folding", T)), {(0, 1, USED): 0.4}
    assert relate(mentions, scores) == []
    assert said(relate(mentions, scores, HALF | {USED: 0.3})) == [("CNN", USED, "folding", 0.4)]
    assert relate(mentions, scores, dict.fromkeys(HALF, 0.1) | {USED: 0.5}) == []


def test_what_the_labels_forbid_gives_way_to_what_they_allow() -> None:
    mentions = line(("CNN", M), ("CraneBank", D))
    found = relate(mentions, {(0, 1, USED): 0.6, (0, 1, PART): 0.35}, dict.fromkeys(HALF, 0.3))
    assert said(found) == [("CNN", PART, "CraneBank", 0.35)]


@pytest.mark.parametrize("kind", RelationKind)
def test_labels_of_head_and_tail_are_legal(kind: RelationKind) -> None:
    for head in Label:
        for tail in Label:
            found = relate(line(("one", head), ("other", tail)), {(0, 1, kind): 0.9})
            assert bool(found) is may_relate(kind, head, tail), (head, tail)


@pytest.mark.parametrize(
    "other",
    [
        mention("folding", T, 10, sentence="Another.", at=10),
        mention("folding", T, 10, sentence="All of it."[:5]),
        mention("folding", T, 10, field=Field.TITLE),
    ],
    ids=["another sentence", "a cut sentence", "another field"],
)
def test_mentions_of_two_sentences_are_not_related(other: Mention) -> None:
    scores = {(0, 1, USED): 0.9}
    assert relate([mention("CNN"), other], scores) == []
    assert len(relate([mention("CNN"), mention("folding", T, 10)], scores)) == 1


def test_a_name_is_not_related_to_itself() -> None:
    assert relate(line(("CNN", M), ("cnn", M)), {(0, 1, PART): 0.9}) == []


def test_of_both_directions_the_surer_stays() -> None:
    mentions = line(("CNN", M), ("net", M))
    assert said(relate(mentions, {(0, 1, ISA): 0.6, (1, 0, PART): 0.8})) == [("net", PART, "CNN", 0.8)]
    assert said(relate(mentions, {(0, 1, ISA): 0.8, (1, 0, PART): 0.6})) == [("CNN", ISA, "net", 0.8)]


def test_of_a_comparison_what_stands_first_is_the_head() -> None:
    mentions = line(("CNN", M), ("net", M))
    assert said(relate(mentions, {(1, 0, VERSUS): 0.8})) == [("CNN", VERSUS, "net", 0.8)]
    assert said(relate(mentions[::-1], {(0, 1, VERSUS): 0.8})) == [("CNN", VERSUS, "net", 0.8)]
    # Of others it is not turned.
    assert said(relate(mentions, {(1, 0, ISA): 0.8})) == [("net", ISA, "CNN", 0.8)]


def test_relations_stand_in_the_order_of_their_heads() -> None:
    mentions = line(("a1", M), ("b1", M), ("c1", T), ("d1", D))
    found = relate(mentions, {(1, 3, ON): 0.9, (1, 2, USED): 0.8, (0, 3, ON): 0.7})
    assert [(r.head.text, r.tail.text) for r in found] == [("a1", "d1"), ("b1", "c1"), ("b1", "d1")]


def test_fewer_than_two_mentions_have_no_relation() -> None:
    assert relate([], {}) == relate(line(("CNN", M)), {}) == []


def test_a_relation_is_no_surer_than_its_mentions() -> None:
    sure = line(("CNN", M), ("folding", T))
    doubtful = [replace(sure[0], score=0.5), replace(sure[1], score=0.8)]
    assert said(relate(doubtful, {(0, 1, USED): 0.9}, dict.fromkeys(HALF, 0.3))) == [("CNN", USED, "folding", 0.36)]
    assert said(relate(doubtful, {(0, 1, USED): 0.9})) == []


def test_a_cue_is_enough() -> None:
    mentions = line(("CNN", M), ("folding", T), ("CraneBank", D))
    [found] = relate(mentions, {}, cues={(0, 1, USED): Said(0.8, "for"), (2, 1, USED): Said(0.4, "for")})
    assert (found.head, found.tail, found.kind, found.score, found.rule) == (*mentions[:2], USED, 0.8, "for")


@pytest.mark.parametrize(("by_vectors", "by_cue", "rule"), [(0.6, 0.5, "classifier"), (0.5, 0.6, "for")])
def test_two_witnesses_are_surer_than_one(by_vectors: float, by_cue: float, rule: str) -> None:
    mentions = [replace(each, score=0.9) for each in line(("CNN", M), ("folding", T))]
    [found] = relate(mentions, {(0, 1, USED): by_vectors}, cues={(0, 1, USED): Said(by_cue, "for")})
    assert (found.score, found.rule) == (round(0.8 * 0.9 * 0.9, 3), rule)


def test_a_cue_speaks_for_its_own_direction_and_kind() -> None:
    mentions = line(("CNN", M), ("net", M))
    cues = {(1, 0, ISA): Said(0.7, "such-as"), (0, 1, PART): Said(0.6, "consists-of")}
    assert said(relate(mentions, {}, cues=cues)) == [("net", ISA, "CNN", 0.7)]
    assert said(relate(mentions, {(0, 1, PART): 0.5}, cues=cues)) == [("CNN", PART, "net", 0.8)]


def test_what_vectors_decide_says_so() -> None:
    [found] = relate(line(("CNN", M), ("folding", T)), {(0, 1, USED): 0.8})
    assert found.rule == "classifier"
