"""A student to a folder: the vocabulary that its corpus uses, its temperature, and that the extractor loads it."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch comes with the extra `train`")
pytest.importorskip("onnx", reason="onnx comes with the extra `train`")

from kg.evaluate.gold import AnnotatedPaper, Span
from kg.extract import make_extractor
from kg.extract.encoder import Reading, load_settings
from kg.extract.pieces import Reader
from kg.extract.tags import TAGS
from kg.model import Field, Paper, RelationKind, Role
from kg.training import pipeline
from kg.training.network import Encoder, Network
from kg.training.pipeline import (
    RAREST,
    corpus_vocabulary,
    fit_temperature,
    mean_loss,
    write_pipeline,
)
from tests.kg.extract.tiny import vocabulary
from tests.kg.training.gold import crane, write_gold

if TYPE_CHECKING:
    from kg.training.encoders import Pretrained


def corpus(path: Path, *abstracts: str) -> Path:
    records = (json.dumps({"id": f"p{n}", "title": "a", "abstract": each}) for n, each in enumerate(abstracts))
    path.write_text("\n".join(records), encoding="utf-8")
    return path


def test_the_vocabulary_is_what_the_corpus_uses_and_all_that_gold_uses(small: "Pretrained", tmp_path: Path) -> None:
    papers = corpus(tmp_path / "c.jsonl", "paper " * RAREST + "net", "propose " * (RAREST - 1), "bank " * RAREST)
    gold = write_gold(tmp_path / "g.jsonl", crane("fold"))
    kept = corpus_vocabulary(small, papers, [gold]).tokenizer["model"]["vocab"]
    # "propose" and "net" are rare, "fold", "##ing", "we" and "on" are there once but in gold.
    assert {"paper", "bank", "fold", "##ing", "we", "on"} <= set(kept)
    assert not {"propose", "net"} & set(kept)


def test_without_a_corpus_all_of_the_vocabulary_stays(small: "Pretrained", tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "g.jsonl", crane("fold"))
    assert corpus_vocabulary(small, None, [gold]).tokenizer["model"]["vocab"] == vocabulary()


WORDS = 4000


class Overconfident:
    """Says of every word its true log probabilities, times too much."""

    times = 1.0
    reader = Reader(lambda _: [9], opening=1, closing=2, unknown=3)

    def __init__(self, _: Path) -> None:
        self.log_probs = truth()

    def read(self, texts: Iterable[str]) -> Iterator[Reading]:
        for text in texts:
            empty = np.zeros((WORDS, 0), np.float32)
            yield Reading(self.reader.read(text), self.log_probs * self.times + 3.0, empty, empty, empty)


def truth() -> np.ndarray:
    """Log probabilities of tags that a word may have by itself."""
    logits = np.random.default_rng(0).normal(size=(WORDS, len(TAGS))) * 1.5
    logits[:, [n for n, tag in enumerate(TAGS) if tag.startswith("I-")]] = -20.0
    found = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return np.asarray(found, dtype=np.float32)


@pytest.mark.parametrize("times", [0.7, 1.0, 2.5])
def test_the_temperature_takes_back_what_is_too_much(
    tmp_path: Path, times: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    drawn = [rng.choice(len(TAGS), p=row / row.sum()) for row in np.exp(truth().astype(np.float64))]
    spans = tuple(Span(Field.ABSTRACT, 2 * n, 2 * n + 1, TAGS[tag][2:]) for n, tag in enumerate(drawn) if tag)
    gold = AnnotatedPaper(Paper("g:1", "", "x " * WORDS), spans)
    monkeypatch.setattr(pipeline, "Encoder", Overconfident)
    monkeypatch.setattr(Overconfident, "times", times)
    found = fit_temperature(tmp_path, [write_gold(tmp_path / "g.jsonl", gold)])
    assert found == pytest.approx(times, rel=0.06)
    assert found == round(found, 2)


def test_without_papers_the_temperature_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "Encoder", Overconfident)
    assert fit_temperature(tmp_path, []) == 1.0


def test_the_loss_is_that_of_the_wanted_tags() -> None:
    logits, wanted = np.zeros((2, len(TAGS)), np.float32), np.array([1, 2])
    assert mean_loss(logits, wanted, 1.0) == pytest.approx(np.log(len(TAGS)))
    logits[0, 1] = logits[1, 2] = 20
    assert mean_loss(logits, wanted, 1.0) == pytest.approx(0, abs=1e-3)
    assert mean_loss(logits, wanted, 20.0) > 1


@pytest.mark.filterwarnings("ignore:You are using the legacy TorchScript-based ONNX export:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:The feature will be removed. Please remove usage:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_a_pipeline_is_written_that_the_extractor_loads(small: "Pretrained", tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "MODEL.md").write_text("# A card\n", encoding="utf-8")
    (folder / "old").write_text("of another model", encoding="utf-8")
    gold = write_gold(tmp_path / "g.jsonl", crane("fold"))
    settings = write_pipeline(
        Network(Encoder(small.folder)), corpus_vocabulary(small, None, [gold]), [gold], None, folder
    )
    assert (folder / "MODEL.md").read_text(encoding="utf-8") == "# A card\n"
    assert not (folder / "old").exists()
    assert load_settings(folder / "mention_tagger") == settings
    assert set(settings) == {"temperature", *Role, *RelationKind}
    assert 0.5 <= settings["temperature"] <= 5
    extractor = make_extractor(folder)
    assert extractor.version.startswith(pipeline.VERSION + "+")
    [extraction] = extractor.extract([crane("fold").paper])
    assert extraction.paper == crane("fold").paper
