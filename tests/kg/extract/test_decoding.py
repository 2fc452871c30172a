"""Scores of tags to spans: the search against brute force."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.decoding import FORBIDDEN, legal_transitions, log_softmax, tagged_ranges, viterbi
from kg.extract.tags import TAGS
from kg.model import Label

SMALL = ("O", "B-Method", "I-Method", "B-Task", "I-Task")
SEEDS = st.integers(0, 2**32 - 1)


def legal(path: tuple[int, ...], tags: tuple[str, ...] = SMALL) -> bool:
    names = ["O", *(tags[i] for i in path)]
    return all(not b.startswith("I-") or a[2:] == b[2:] for a, b in itertools.pairwise(names))


def worth(path: tuple[int, ...], log_probs: np.ndarray) -> float:
    return float(sum(log_probs[i, tag] for i, tag in enumerate(path)))


def test_tags_are_a_begin_and_an_inside_of_each_label() -> None:
    assert len(TAGS) == len(set(TAGS)) == 1 + 2 * len(Label)
    assert TAGS[0] == "O"


def test_what_may_follow_what() -> None:
    start, step = legal_transitions(SMALL)
    assert [tag for tag, cost in zip(SMALL, start, strict=True) if cost] == ["I-Method", "I-Task"]
    forbidden = {(SMALL[a], SMALL[b]) for a, b in zip(*np.nonzero(step), strict=True)}
    assert forbidden == {
        ("O", "I-Method"),
        ("O", "I-Task"),
        ("B-Method", "I-Task"),
        ("I-Method", "I-Task"),
        ("B-Task", "I-Method"),
        ("I-Task", "I-Method"),
    }


@settings(deadline=None)
@given(st.integers(1, 5), SEEDS, st.sampled_from([0.1, 1.0, 30.0]))
def test_the_search_finds_the_best_legal_path(words: int, seed: int, spread: float) -> None:
    log_probs = log_softmax(np.random.default_rng(seed).normal(size=(words, len(SMALL))) * spread)
    path = viterbi(log_probs, *legal_transitions(SMALL))
    assert legal(tuple(path))
    best = max(worth(p, log_probs) for p in itertools.product(range(len(SMALL)), repeat=words) if legal(p))
    assert worth(tuple(path), log_probs) == pytest.approx(best)


@given(st.integers(1, 40), SEEDS, st.sampled_from([0.0, 3.0, 50.0]))
def test_where_the_likeliest_tags_are_legal_the_search_is_spared_and_nothing_changes(
    words: int, seed: int, outside: float
) -> None:
    logits = np.random.default_rng(seed).normal(size=(words, len(TAGS)))
    logits[:, 0] += outside
    log_probs = log_softmax(logits)
    start, step = legal_transitions(TAGS)
    # What costs every path the same changes none, but keeps the likeliest tags from being taken as they are.
    searched = viterbi(log_probs, start - 1.0, step - 1.0)
    assert viterbi(log_probs) == searched
    likeliest = [int(tag) for tag in log_probs.argmax(axis=1)]
    assert (searched == likeliest) is legal(tuple(likeliest), TAGS)


@given(st.integers(1, 40), SEEDS)
def test_no_path_is_ever_illegal(words: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Inside tags are made to look best everywhere, which tempts the most.
    logits = rng.normal(size=(words, len(TAGS))) + 50 * np.array([tag.startswith("I") for tag in TAGS])
    assert legal(tuple(viterbi(log_softmax(logits))), TAGS)


def test_a_weak_begin_is_taken_for_the_sake_of_what_follows() -> None:
    log_probs = np.log(np.array([[0.6, 0.4, 0.0, 0.0, 0.0], [0.1, 0.0, 0.9, 0.0, 0.0]]) + 1e-12)
    assert viterbi(log_probs, *legal_transitions(SMALL)) == [1, 2]


def test_no_words_no_path() -> None:
    assert viterbi(np.zeros((0, len(TAGS)))) == []
    assert viterbi(np.zeros((0, 0), np.float32)) == []
    assert list(tagged_ranges([])) == []


@given(st.integers(1, 6), SEEDS, st.floats(-1e4, 1e4))
def test_log_softmax_is_of_probabilities_and_of_differences_only(rows: int, seed: int, shift: float) -> None:
    logits = np.random.default_rng(seed).normal(size=(rows, 5)) * 10
    found = log_softmax(logits)
    assert np.exp(found).sum(axis=1) == pytest.approx(np.ones(rows))
    assert log_softmax(logits + shift) == pytest.approx(found, abs=1e-6)
    assert found[0, 1] - found[0, 0] == pytest.approx(logits[0, 1] - logits[0, 0])


def test_log_softmax_keeps_its_head() -> None:
    rows = log_softmax(np.array([[1e300, 0.0, -1e300], [0.0, 0.0, 0.0]]))
    assert np.exp(rows).sum(axis=1) == pytest.approx([1.0, 1.0])
    assert rows.min() < FORBIDDEN
    assert log_softmax(np.zeros((0, 0), np.float32)).shape == (0, 0)


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        (["O", "O"], []),
        (["B-Method"], [(0, 1, "Method")]),
        (["O", "B-Method", "I-Method", "O"], [(1, 3, "Method")]),
        (["B-Method", "B-Method"], [(0, 1, "Method"), (1, 2, "Method")]),
        (["B-Method", "I-Method", "B-Task", "I-Task"], [(0, 2, "Method"), (2, 4, "Task")]),
        (["B-Dataset", "O", "B-Metric"], [(0, 1, "Dataset"), (2, 3, "Metric")]),
    ],
)
def test_tags_become_spans(tags: list[str], spans: list[tuple[int, int, str]]) -> None:
    assert list(tagged_ranges([TAGS.index(tag) for tag in tags])) == spans


@given(st.lists(st.tuples(st.sampled_from(["O", *Label]), st.integers(1, 4))))
def test_spans_come_back_from_their_tags(parts: list[tuple[str, int]]) -> None:
    path, spans = [], []
    for label, length in parts:
        if label != "O":
            spans.append((len(path), len(path) + length, str(label)))
        names = ["O"] * length if label == "O" else [f"B-{label}", *[f"I-{label}"] * (length - 1)]
        path += [TAGS.index(name) for name in names]
    assert list(tagged_ranges(path)) == spans


def test_a_long_text_takes_no_time_to_speak_of() -> None:
    log_probs = log_softmax(np.random.default_rng(0).normal(size=(50_000, len(TAGS))))
    started = time.process_time()
    assert len(viterbi(log_probs)) == 50_000
    assert time.process_time() - started < 10
