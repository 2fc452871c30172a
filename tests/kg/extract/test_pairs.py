"""What is known of two mentions, and the form that scores them."""

import numpy as np
import pytest

from kg.extract.pairs import HEAD_FACTS, TAIL_FACTS, PairScorer, facts
from kg.model import Label


def test_facts_are_labels_order_and_nearness() -> None:
    method, task = ((0, 1), Label.METHOD), ((8, 9), Label.TASK)
    far = ((40, 40), Label.DATASET)
    heads, tails = facts([method, task, method], [task, method, far])
    assert heads.shape == (3, HEAD_FACTS)
    assert tails.shape == (3, TAIL_FACTS)
    assert heads.tolist() == [
        [1, 0, 0, 0, 0, 1, 0, 1],
        [0, 0, 1, 0, 0, 0, 0, 1],
        [1, 0, 0, 0, 0, 1, 0, 0],
    ]
    assert tails.argmax(axis=1).tolist() == [
        list(Label).index(each) for each in (Label.TASK, Label.METHOD, Label.DATASET)
    ]
    assert tails.sum(axis=1).tolist() == [1, 1, 1]


def test_pairs_are_scored_by_a_bilinear_form() -> None:
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(3, 5, 5)).astype(np.float32)
    heads, tails = rng.normal(size=(2, 6, 4)).astype(np.float32)
    found = PairScorer(weight).log_probabilities(heads, tails)
    for pair in range(6):
        left, right = np.append(heads[pair], 1), np.append(tails[pair], 1)
        logits = np.array([left @ weight[kind] @ right for kind in range(3)])
        assert found[pair] == pytest.approx(np.log(np.exp(logits) / np.exp(logits).sum()), abs=1e-4)
