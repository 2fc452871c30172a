"""The spaCy component that labels tokens and decodes the best legal sequence of spans."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline.tagger import Tagger
from spacy.tokens import Doc, Span, SpanGroup
from thinc.api import Model

from kg.model import Label

SPANS_KEY = "mentions"
TAGS = ("O", *(f"{prefix}-{label.value}" for label in Label for prefix in "BI"))
FORBIDDEN = -1e6

Floats = NDArray[np.float64]


def legal_transitions(tags: Sequence[str]) -> tuple[Floats, Floats]:
    """Start penalties (tags,) and transition penalties (tags, tags): an I tag only after its own B or I."""
    start = np.zeros(len(tags))
    step = np.zeros((len(tags), len(tags)))
    for after, tag in enumerate(tags):
        if tag.startswith("I-"):
            start[after] = FORBIDDEN
            for before, previous in enumerate(tags):
                if previous[2:] != tag[2:]:
                    step[before, after] = FORBIDDEN
    return start, step


def viterbi(log_probs: Floats, start: Floats, step: Floats) -> list[int]:
    """The most probable legal tag sequence of (tokens, tags) log probabilities (Viterbi 1967)."""
    if not len(log_probs):
        return []
    best = log_probs[0] + start
    pointers = []
    for row in log_probs[1:]:
        scores = best[:, None] + step
        pointers.append(scores.argmax(axis=0))
        best = scores.max(axis=0) + row
    path = [int(best.argmax())]
    for pointer in reversed(pointers):
        path.append(int(pointer[path[-1]]))
    return path[::-1]


def log_softmax(logits: Floats) -> Floats:
    """Row-wise logarithm of the softmax, without overflow."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    normalised: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return normalised


@Language.factory("mention_tagger")
def make_mention_tagger(nlp: Language, name: str, model: Model[list[Doc], Any]) -> "MentionTagger":
    """Factory under which a saved pipeline finds the component again."""
    return MentionTagger(nlp.vocab, model, name)


class MentionTagger(Tagger):  # type: ignore[misc]  # spaCy ships no types for its pipes
    """Tokens to labelled spans in ``doc.spans["mentions"]`` by BIO tags.

    It trains as spaCy's tagger does, on ``token.tag_`` holding the BIO tags of ``TAGS``. The score of a
    span (``span_group.attrs["scores"]``, in span order) is the mean probability of its tokens' tags.
    """

    def predict(self, docs: Iterable[Doc]) -> list[Floats]:
        """Log probabilities per document, (tokens, tags)."""
        docs = list(docs)
        if not any(len(doc) for doc in docs):
            return [np.zeros((0, len(self.labels))) for _ in docs]
        return [log_softmax(np.asarray(scores, dtype=np.float64)) for scores in self.model.predict(docs)]

    def set_annotations(self, docs: Iterable[Doc], batch: Iterable[Floats]) -> None:
        """Write the decoded spans and their scores."""
        start, step = legal_transitions(self.labels)
        for doc, log_probs in zip(docs, batch, strict=True):
            path = viterbi(log_probs, start, step)
            probabilities = np.exp(log_probs[np.arange(len(path)), path])
            spans = list(self._spans(doc, [self.labels[i] for i in path]))
            scores = [float(probabilities[span.start : span.end].mean()) for span in spans]
            doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY, spans=spans, attrs={"scores": scores})

    @staticmethod
    def _spans(doc: Doc, tags: Sequence[str]) -> Iterable[Span]:
        begin = 0
        for i in range(1, len(tags) + 1):
            if i == len(tags) or not tags[i].startswith("I-"):
                if tags[begin] != "O":
                    yield Span(doc, begin, i, label=tags[begin][2:])
                begin = i

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Any]],
        *,
        nlp: Language | None = None,
        labels: Sequence[str] | None = None,
    ) -> None:
        """Start weights for ``TAGS``, whatever tags the examples hold."""
        super().initialize(get_examples, nlp=nlp, labels=labels or TAGS)
