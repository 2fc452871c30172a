"""Annotated papers to a trained pipeline: what ``scripts/train_extractor`` runs."""

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import filter_spans, minibatch
from thinc.api import Adam, compounding, fix_random_seed

from kg.errors import ExtractionError
from kg.extract.tagger import SPANS_KEY
from kg.model import Field

PIPELINE_VERSION = "1.0.0"

# Without these spaCy's tokenizer ends a sentence at "et al." and the like.
ABBREVIATIONS = (
    "al.",
    "cf.",
    "Fig.",
    "Figs.",
    "Eq.",
    "Eqs.",
    "Sec.",
    "Ref.",
    "w.r.t.",
    "resp.",
    "approx.",
    "a.k.a.",
)


@dataclass(frozen=True)
class TrainingConfig:
    """Sizes of the network and of the training; the defaults are those of the shipped model."""

    width: int = 96
    depth: int = 5
    rows: tuple[int, int, int, int] = (3000, 800, 2000, 1500)
    epochs: int = 8
    dropout: float = 0.25
    learn_rate: float = 0.001
    seed: int = 0


def blank_pipeline(config: TrainingConfig) -> Language:
    """An untrained pipeline: sentences, then the tagger over hashed subword features and a CNN.

    The encoder is spaCy's ``Tok2Vec`` (Honnibal 2017): hash embeddings of norm, prefix, suffix and shape,
    then ``depth`` residual convolutions of three tokens each, so a token sees ``depth`` tokens both ways.
    """
    nlp = spacy.blank("en")
    for text in ABBREVIATIONS:
        cast("Tokenizer", nlp.tokenizer).add_special_case(text, [{"ORTH": text}])
    nlp.add_pipe("sentencizer")
    encoder = {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": config.width,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
            "rows": list(config.rows),
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": config.width,
            "window_size": 1,
            "maxout_pieces": 3,
            "depth": config.depth,
        },
    }
    model = {"@architectures": "spacy.Tagger.v2", "tok2vec": encoder, "nO": None, "normalize": False}
    nlp.add_pipe("mention_tagger", config={"model": model})
    nlp.meta.update(name="paperkg_mentions", version=PIPELINE_VERSION, license="Apache-2.0")
    return nlp


def gold_docs(nlp: Language, path: Path) -> Iterator[Doc]:
    """A Doc per text of each annotated paper, its spans under ``SPANS_KEY`` and as BIO tags.

    A span that cuts through a token is widened to the token.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            record = json.loads(line)
            for field in Field:
                yield _gold_doc(nlp, record[field], [m for m in record["mentions"] if m["field"] == field])
        except (ValueError, KeyError, TypeError) as error:
            raise ExtractionError(f"{path}:{number}: is no annotated paper: {error!r}") from error


def _gold_doc(nlp: Language, text: str, mentions: Iterable[dict[str, Any]]) -> Doc:
    doc = nlp.make_doc(text)
    spans = [doc.char_span(m["start"], m["end"], label=m["label"], alignment_mode="expand") for m in mentions]
    doc.spans[SPANS_KEY] = filter_spans([span for span in spans if span is not None])
    for token in doc:
        token.tag_ = "O"
    for span in doc.spans[SPANS_KEY]:
        for token in span:
            token.tag_ = f"{'B' if token.i == span.start else 'I'}-{span.label_}"
    return doc


def train(gold: Path, dev: Path | None, out: Path, config: TrainingConfig) -> Iterator[str]:
    """Train and write the pipeline to ``out``; yields a line on each epoch.

    The saved weights are the running average over all updates, which is steadier than the last ones.
    """
    fix_random_seed(config.seed)
    nlp = blank_pipeline(config)
    examples = [Example(nlp.make_doc(doc.text), doc) for doc in gold_docs(nlp, gold)]
    held_out = list(gold_docs(nlp, dev)) if dev else []
    nlp.initialize(lambda: examples)
    optimizer = Adam(config.learn_rate, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    order = random.Random(config.seed)  # noqa: S311 - shuffling, not secrecy
    for epoch in range(1, config.epochs + 1):
        order.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch(examples, size=compounding(8.0, 32.0, 1.002)):  # type: ignore[no-untyped-call]
            nlp.update(batch, sgd=optimizer, drop=config.dropout, losses=losses)
        with nlp.use_params(optimizer.averages):
            score = f", dev F1 {exact_f1(nlp, held_out):.1f}" if held_out else ""
            yield f"epoch {epoch}: loss {losses['mention_tagger']:,.0f}{score}"
    with nlp.use_params(optimizer.averages):
        # The vocabulary is only a cache of the training texts' words: hashes do without it.
        nlp.to_disk(out, exclude=["vocab"])
    yield f"written to {out}"


def exact_f1(nlp: Language, docs: Iterable[Doc]) -> float:
    """Exact span and label micro F1 of the bare tagger, in percent, without the rules around it."""
    right = found = wanted = 0
    for doc in docs:
        gold = {(s.start_char, s.end_char, s.label_) for s in doc.spans[SPANS_KEY]}
        read = nlp(doc.text)
        predicted = {(s.start_char, s.end_char, s.label_) for s in read.spans[SPANS_KEY]}
        right += len(gold & predicted)
        found += len(predicted)
        wanted += len(gold)
    return 200 * right / max(found + wanted, 1)
