"""Names in their sentences to unit vectors."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kg.errors import ExtractionError
from kg.extract import encoder as module
from kg.extract.embedder import ContextEmbedder
from kg.extract.pieces import Reader, Words
from kg.link.thresholds import THRESHOLDS
from kg.resources import model_dir
from tests.kg.extract.tiny import Session, write_encoder

READER = Reader(lambda _: [9], opening=1, closing=2, unknown=3)


class Lettered:
    """The vector of a word has its length and its first letter."""

    def vectors(self, text: str) -> tuple[Words, NDArray[np.float32]]:
        words = READER.read(text)
        rows = [[b - a, ord(text[a])] for a, b in zip(words.starts, words.ends, strict=True)]
        return words, np.array(rows, np.float32)


def embed(*contexts: tuple[str, int, int]) -> NDArray[np.float32]:
    embedder = ContextEmbedder(Path("nowhere"))
    embedder.__dict__["_encoder"] = Lettered()
    return embedder.embed(contexts)


def unit(*rows: tuple[float, float]) -> NDArray[np.float64]:
    mean = np.mean(rows, axis=0)
    return np.asarray(mean / np.linalg.norm(mean))


def test_a_vector_is_the_mean_of_the_words_of_the_mention_at_length_one() -> None:
    sentence = "We fold paper cranes, not planes."
    found = embed((sentence, 8, 20), (sentence, 3, 7), (sentence, 26, 32))
    assert found.dtype == np.float32
    assert found[0] == pytest.approx(unit((5, ord("p")), (6, ord("c"))))
    assert found[1] == pytest.approx(unit((4, ord("f"))))
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 1])


def test_a_word_that_the_mention_touches_is_one_of_it() -> None:
    # The mention "crane" of "cranes" is in the word; "-10" begins behind it.
    assert embed(("cranes-10", 0, 5))[0] == pytest.approx(unit((6, ord("c"))))


def test_nothing_asked_nothing_found() -> None:
    assert len(embed()) == 0


def test_a_folder_without_an_encoder_is_named(tmp_path: Path) -> None:
    embedder = ContextEmbedder(tmp_path)
    with pytest.raises(ExtractionError, match="holds no encoder"):
        _ = embedder.version
    with pytest.raises(ExtractionError, match="holds no encoder"):
        embedder.embed([("cranes", 0, 6)])


def test_another_encoder_has_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.onnxruntime, "InferenceSession", Session)
    graph = write_encoder(tmp_path / "mention_tagger") / "encoder.onnx"
    one = ContextEmbedder(tmp_path)
    assert one.version.startswith("encoder.")
    assert ContextEmbedder(tmp_path).version == one.version
    assert one.embed([("We fold cranes", 8, 14)]).shape[0] == 1
    graph.write_bytes(b"other")
    assert ContextEmbedder(tmp_path).version != one.version


@pytest.mark.slow
def test_the_shipped_encoder_sees_how_a_name_is_used() -> None:
    embedder = ContextEmbedder(model_dir())
    uses = [
        ("We train the network by stochastic gradient descent with momentum.", "stochastic gradient descent"),
        ("All models are trained with stochastic gradient decent for ten epochs.", "stochastic gradient decent"),
        ("We report the mean accuracy on the held-out images.", "accuracy"),
    ]
    contexts = [(sentence, sentence.index(name), sentence.index(name) + len(name)) for sentence, name in uses]
    found = embedder.embed(contexts)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert np.array_equal(found, embedder.embed(contexts))
    assert found[0] @ found[1] >= THRESHOLDS.fuzzy_similarity > found[0] @ found[2]
