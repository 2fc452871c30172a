"""Annotated papers to a pipeline."""

import json
from pathlib import Path
from typing import Any

import pytest

from kg.errors import ExtractionError
from kg.extract import make_extractor
from kg.extract.tagger import SPANS_KEY
from kg.extract.training import TrainingConfig, blank_pipeline, exact_f1, gold_docs, train
from kg.model import Paper

TINY = TrainingConfig(width=16, depth=1, rows=(50, 50, 50, 50), epochs=12, dropout=0.0, learn_rate=0.02)
PIECES = ["CraneNet folds paper.", "We train CraneNet on CraneBank.", "CraneBank holds paper cranes."]


def record(text: str, **labels: str) -> dict[str, Any]:
    mentions = [
        {
            "field": "abstract",
            "start": text.index(name),
            "end": text.index(name) + len(name),
            "text": name,
            "label": label,
        }
        for name, label in labels.items()
        if name in text
    ]
    return {"title": "Folding", "abstract": text, "mentions": mentions}


def gold(tmp_path: Path, *records: object) -> Path:
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(json.dumps(r) for r in records), encoding="utf-8")
    return file


def pieces(tmp_path: Path) -> Path:
    return gold(tmp_path, *(record(text, CraneNet="Method", CraneBank="Dataset") for text in PIECES * 4))


def test_the_pipeline_splits_sentences_then_tags() -> None:
    nlp = blank_pipeline(TINY)
    assert nlp.pipe_names == ["sentencizer", "mention_tagger"]


def test_a_span_that_cuts_a_token_takes_all_of_it(tmp_path: Path) -> None:
    text = "We train CraneNets, fast."
    cut = record(text, CraneNet="Method")
    title, abstract = gold_docs(blank_pipeline(TINY), gold(tmp_path, cut))
    assert title.text == "Folding"
    assert [s.text for s in abstract.spans[SPANS_KEY]] == ["CraneNets"]
    assert [t.tag_ for t in abstract] == ["O", "O", "B-Method", "O", "O", "O"]


def test_of_overlapping_annotations_the_longer_counts(tmp_path: Path) -> None:
    text = "deep neural network"
    record_ = record(text, **{"neural network": "Task", "deep neural network": "Method"})
    _, abstract = gold_docs(blank_pipeline(TINY), gold(tmp_path, record_))
    assert [t.tag_ for t in abstract] == ["B-Method", "I-Method", "I-Method"]


@pytest.mark.parametrize(
    "broken", ["text", {"title": "x"}, {"title": "x", "abstract": "y"}, {"title": "x", "abstract": 5, "mentions": []}]
)
def test_a_bad_line_is_named(tmp_path: Path, broken: object) -> None:
    with pytest.raises(ExtractionError, match=r"gold.jsonl:2: is no annotated paper"):
        list(gold_docs(blank_pipeline(TINY), gold(tmp_path, record("x"), broken)))


@pytest.mark.slow
def test_training_learns_and_repeats_itself(tmp_path: Path) -> None:
    data = pieces(tmp_path)
    lines = list(train(data, data, tmp_path / "one", TINY))
    assert len(lines) == TINY.epochs + 1
    assert lines[-1] == f"written to {tmp_path / 'one'}"
    list(train(data, None, tmp_path / "two", TINY))
    one, other = make_extractor(tmp_path / "one"), make_extractor(tmp_path / "two")
    assert one.version == other.version
    [extraction] = one.extract([Paper("p", "Folding", PIECES[1])])
    assert [(m.text, str(m.label)) for m in extraction.mentions] == [("CraneNet", "Method"), ("CraneBank", "Dataset")]


@pytest.mark.slow
def test_a_trained_pipeline_keeps_no_words_of_its_texts(tmp_path: Path) -> None:
    list(train(pieces(tmp_path), None, tmp_path / "out", TINY))
    files = [p for p in (tmp_path / "out").rglob("*") if p.is_file()]
    assert files
    assert not [p for p in files if b"CraneBank" in p.read_bytes()]


def test_f1_counts_exact_spans(tmp_path: Path) -> None:
    docs = [doc for doc in gold_docs(blank_pipeline(TINY), pieces(tmp_path)) if doc.text != "Folding"]
    perfect = {doc.text: doc for doc in docs}
    assert exact_f1(perfect.__getitem__, docs) == 100.0  # type: ignore[arg-type]  # a pipeline is called with a text
    # One of the three texts is read as if nothing were in it: 4 of 16 spans are missed.
    silent = next(gold_docs(blank_pipeline(TINY), gold(tmp_path, record("nothing"))))
    half = perfect | {PIECES[0]: silent}
    assert exact_f1(half.__getitem__, docs) == pytest.approx(200 * 12 / (12 + 16))  # type: ignore[arg-type]
    assert exact_f1(perfect.__getitem__, []) == 0.0  # type: ignore[arg-type]
