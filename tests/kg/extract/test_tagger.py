"""Tags to spans: the decoder against brute force, and the component over tensors made by hand."""

import itertools
import time

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.extract.tagger import FORBIDDEN, SPANS_KEY, TAGS, MentionTagger, legal_transitions, log_softmax, viterbi
from kg.model import Label

SMALL = ("O", "B-Method", "I-Method", "B-Task", "I-Task")


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


@given(st.integers(1, 5), st.integers(0, 2**32 - 1), st.sampled_from([0.1, 1.0, 30.0]))
def test_the_decoder_finds_the_best_legal_path(tokens: int, seed: int, spread: float) -> None:
    log_probs = log_softmax(np.random.default_rng(seed).normal(size=(tokens, len(SMALL))) * spread)
    path = viterbi(log_probs, *legal_transitions(SMALL))
    assert legal(tuple(path))
    best = max(worth(p, log_probs) for p in itertools.product(range(len(SMALL)), repeat=tokens) if legal(p))
    assert worth(tuple(path), log_probs) == pytest.approx(best)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_no_path_is_ever_illegal(tokens: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Inside tags are made to look best everywhere, which tempts the most.
    logits = rng.normal(size=(tokens, len(TAGS))) + 50 * np.array([tag.startswith("I") for tag in TAGS])
    assert legal(tuple(viterbi(log_softmax(logits), *legal_transitions(TAGS))), TAGS)


def test_no_tokens_no_path() -> None:
    assert viterbi(np.zeros((0, len(TAGS))), *legal_transitions(TAGS)) == []


def test_log_softmax_keeps_its_head() -> None:
    rows = log_softmax(np.array([[1e300, 0.0, -1e300], [0.0, 0.0, 0.0]]))
    assert np.exp(rows).sum(axis=1) == pytest.approx([1.0, 1.0])
    assert np.isfinite(rows[1]).all()
    assert rows.min() < FORBIDDEN


class Fixed(MentionTagger):
    """A tagger whose labels are given, as after training."""

    @property
    def labels(self) -> tuple[str, ...]:
        return TAGS


def tagged(*tags: str, sure: float = 0.9) -> Doc:
    nlp = spacy.blank("en")
    doc = Doc(nlp.vocab, words=[f"w{i}" for i in range(len(tags))])
    probabilities = np.full((len(tags), len(TAGS)), (1 - sure) / (len(TAGS) - 1))
    for i, tag in enumerate(tags):
        probabilities[i, TAGS.index(tag)] = sure
    tagger = Fixed(nlp.vocab, None, "mention_tagger")
    tagger.set_annotations([doc], [np.log(probabilities)])
    return doc


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ([], []),
        (["O", "O"], []),
        (["B-Method"], [(0, 1, "Method")]),
        (["O", "B-Method", "I-Method", "O"], [(1, 3, "Method")]),
        (["B-Method", "B-Method"], [(0, 1, "Method"), (1, 2, "Method")]),
        (["B-Method", "I-Method", "B-Task", "I-Task"], [(0, 2, "Method"), (2, 4, "Task")]),
        (["B-Dataset", "O", "B-Metric"], [(0, 1, "Dataset"), (2, 3, "Metric")]),
    ],
)
def test_tags_become_spans(tags: list[str], spans: list[tuple[int, int, str]]) -> None:
    doc = tagged(*tags)
    group = doc.spans[SPANS_KEY]
    assert [(s.start, s.end, s.label_) for s in group] == spans
    assert group.attrs["scores"] == pytest.approx([0.9] * len(spans))


def test_an_inside_tag_without_its_begin_is_mended() -> None:
    for tags in (["O", "I-Method"], ["I-Task"], ["B-Method", "I-Task"]):
        doc = tagged(*tags, sure=0.6)
        assert len(doc.spans[SPANS_KEY]) == len(doc.spans[SPANS_KEY].attrs["scores"])
        assert all(0 < score < 1 for score in doc.spans[SPANS_KEY].attrs["scores"])


def test_a_score_is_the_mean_of_its_tokens() -> None:
    nlp = spacy.blank("en")
    doc = Doc(nlp.vocab, words=["a", "b"])
    log_probs = np.full((2, len(TAGS)), -50.0)
    log_probs[0, TAGS.index("B-Task")] = np.log(0.8)
    log_probs[1, TAGS.index("I-Task")] = np.log(0.4)
    Fixed(nlp.vocab, None, "mention_tagger").set_annotations([doc], [log_probs])
    assert doc.spans[SPANS_KEY].attrs["scores"] == pytest.approx([0.6])


def test_decoding_a_long_text_takes_no_time_to_speak_of() -> None:
    log_probs = log_softmax(np.random.default_rng(0).normal(size=(50_000, len(TAGS))))
    started = time.perf_counter()
    assert len(viterbi(log_probs, *legal_transitions(TAGS))) == 50_000
    assert time.perf_counter() - started < 10
