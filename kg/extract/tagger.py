"""The parts of the spaCy pipeline: words, sentences, and the component that labels spans."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import spacy
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.util import registry
from spacy.vocab import Vocab

from kg.extract.decoding import log_softmax, tagged_ranges, viterbi
from kg.extract.encoder import FILES, Encoder, Reading, load_settings
from kg.extract.pieces import WORD
from kg.extract.sentences import sentence_starts

SPANS_KEY = "mentions"
READING_KEY = "paperkg_reading"


class WordTokenizer:
    """Text to a Doc of the words that the encoder tags: runs of letters, runs of digits, single signs."""

    def __init__(self, vocab: Vocab) -> None:
        """Make docs that share ``vocab``."""
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The doc; its text is ``text``, letter by letter."""
        words: list[str] = []
        spaces: list[bool] = []
        at = 0
        for match in WORD.finditer(text):
            start, end = match.span()
            if match[0].isspace():
                continue
            if at < start:
                words.append(text[at:start])
                spaces.append(False)
            words.append(match[0])
            spaces.append(text[end : end + 1] == " ")
            at = end + spaces[-1]
        if at < len(text):
            words.append(text[at:])
            spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_disk(self, path: Path, **_: object) -> None:
        """Write nothing: there is nothing to keep."""

    def from_disk(self, path: Path, **_: object) -> "WordTokenizer":  # noqa: ARG002 - spaCy calls it so
        """Read nothing."""
        return self

    def to_bytes(self, **_: object) -> bytes:
        """Nothing, as bytes."""
        return b""

    def from_bytes(self, data: bytes, **_: object) -> "WordTokenizer":  # noqa: ARG002 - spaCy calls it so
        """Read nothing."""
        return self


def make_word_tokenizer() -> Callable[[Language], WordTokenizer]:
    """Named in the configuration of a saved pipeline."""
    return lambda nlp: WordTokenizer(nlp.vocab)


registry.tokenizers.register("paperkg.words.v1", func=make_word_tokenizer)


@Language.component("paper_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Set where sentences begin, see ``kg.extract.sentences``."""
    starts = set(sentence_starts(doc.text))
    marks = np.array([1 if token.idx in starts else -1 for token in doc], dtype=np.int64)
    # All at once: set token by token, spaCy looks through the doc each time.
    if len(doc):
        doc.from_array([SENT_START], cast("Any", marks.astype(np.uint64)))
    return doc


@Language.factory("mention_tagger")
def make_mention_tagger(nlp: Language, name: str) -> "MentionTagger":  # noqa: ARG001 - spaCy calls it so
    """Factory under which a saved pipeline finds the component again."""
    return MentionTagger(name)


class MentionTagger:
    """Docs to labelled spans in ``doc.spans["mentions"]`` by BIO tags.

    The score of a span (``span_group.attrs["scores"]``, in span order) is the mean probability of its words' tags, at a
    temperature that was fitted to held-out papers (Guo et al. 2017). What else the encoder says of the words stays in
    ``doc.user_data["paperkg_reading"]``.
    """

    def __init__(self, name: str) -> None:
        """Empty until ``from_disk``."""
        self.name = name
        self._folder: Path | None = None
        self._encoder: Encoder | None = None
        self.settings: dict[str, float] = {}

    @property
    def encoder(self) -> Encoder:
        """The encoder; raises ValueError before a folder was read."""
        if self._encoder is None:
            raise ValueError("the mention tagger has no encoder yet: load a pipeline from its folder")
        return self._encoder

    def __call__(self, doc: Doc) -> Doc:
        """The doc, annotated."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 0) -> Iterator[Doc]:  # noqa: ARG002 - see below
        """The docs, annotated, in order. ``batch_size`` is spaCy's; the encoder reads ahead as far as it needs."""
        waiting: deque[Doc] = deque()

        def texts() -> Iterator[str]:
            for doc in stream:
                waiting.append(doc)
                yield doc.text

        for reading in self.encoder.read(texts()):
            doc = waiting.popleft()
            self._annotate(doc, reading)
            yield doc

    def _annotate(self, doc: Doc, reading: Reading) -> None:
        log_probs = log_softmax(reading.tags / self.settings["temperature"])
        path = viterbi(log_probs)
        chosen = np.exp(log_probs[np.arange(len(path)), path])
        spans, scores = [], []
        for begin, behind, label in tagged_ranges(path):
            span = doc.char_span(reading.words.starts[begin], reading.words.ends[behind - 1], label=label)
            if span is not None:
                spans.append(span)
                scores.append(float(chosen[begin:behind].mean()))
        doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY, spans=spans, attrs={"scores": scores})
        doc.user_data[READING_KEY] = reading

    def to_disk(self, path: Path, **_: object) -> None:
        """Copy the files of the encoder."""
        path.mkdir(parents=True, exist_ok=True)
        if self._folder is not None and self._folder != path:
            for name in (*FILES, "settings.json"):
                (path / name).write_bytes((self._folder / name).read_bytes())

    def from_disk(self, path: Path, **_: object) -> "MentionTagger":
        """Load the encoder from the folder; raises ValueError or OSError where it holds none."""
        self._folder = Path(path)
        self.settings = load_settings(self._folder)
        self._encoder = Encoder(self._folder, threads=_cores())
        return self


def _cores() -> int:
    affinity = cast("Any", getattr(os, "sched_getaffinity", None))
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def blank_pipeline() -> Language:
    """The pipeline without weights, as it is saved beside them."""
    config = {"nlp": {"tokenizer": {"@tokenizers": "paperkg.words.v1"}}}
    nlp = spacy.blank("en", config=config)
    nlp.add_pipe("paper_sentences")
    nlp.add_pipe("mention_tagger")
    return nlp
