"""The ``Embedder`` over the encoder of the shipped pipeline: how a name is used, as its sentence shows the encoder."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.errors import ExtractionError
from kg.extract.encoder import Encoder


class ContextEmbedder:
    """Loads the encoder when first asked."""

    def __init__(self, model: Path) -> None:
        """``model`` is the folder of a pipeline, see ``kg.training``."""
        self._folder = model / "mention_tagger"

    @cached_property
    def version(self) -> str:
        """A hash of the encoder; raises ExtractionError where the folder holds none."""
        try:
            return f"encoder.{hashlib.sha256((self._folder / 'encoder.onnx').read_bytes()).hexdigest()[:12]}"
        except OSError as error:
            raise ExtractionError(f"{self._folder} holds no encoder: {error.strerror}") from error

    @cached_property
    def _encoder(self) -> Encoder:
        try:
            return Encoder(self._folder)
        except (OSError, ValueError) as error:
            raise ExtractionError(f"{self._folder} holds no encoder: {error}") from error

    def embed(self, contexts: Sequence[tuple[str, int, int]]) -> NDArray[np.float32]:
        """The mean of the vectors of the mention's words, as a unit vector; see the protocol."""
        if not contexts:
            return np.zeros((0, 0), np.float32)
        rows = []
        for sentence, start, end in contexts:
            words, vectors = self._encoder.vectors(sentence)
            inside = [i for i, (a, b) in enumerate(zip(words.starts, words.ends, strict=True)) if a < end and b > start]
            rows.append(vectors[inside].mean(axis=0))
        array = np.array(rows, dtype=np.float32)
        lengths = np.linalg.norm(array, axis=1, keepdims=True)
        return np.asarray(array / np.maximum(lengths, 1e-9), dtype=np.float32)
