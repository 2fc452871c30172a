"""The trained encoder: windows of word pieces to what it says of each word. The only user of onnxruntime."""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from kg.extract.pairs import PairScorer
from kg.extract.pieces import Reader, Window, Words

Floats = NDArray[np.float32]
FILES = ("encoder.onnx", "tokenizer.json", "pairs.npy")
# Windows of a long text share this many words, so that no name is cut at a border without its context.
OVERLAP = 60
_READ_AHEAD = 64
_OUTPUTS = ["tags", "roles", "heads", "tails"]


class Reading(NamedTuple):
    """What is said of each word of a text: ``tags`` and ``roles`` are logits, (words, tags) and (words, roles).

    ``heads`` and ``tails`` are what a pair of words is compared by, (words, width).
    """

    words: Words
    tags: Floats
    roles: Floats
    heads: Floats
    tails: Floats


class Encoder:
    """The files ``FILES`` of a folder. A text has the same reading alone and among others, at any number of threads."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load; raises ValueError or OSError where a file is missing or of another kind."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        graph = (folder / "encoder.onnx").read_bytes()
        try:
            self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library's own classes have no common base
            raise ValueError(f"{folder / 'encoder.onnx'} is no graph: {error}") from error
        self._threads = threads
        self.reader = load_reader(folder / "tokenizer.json")
        self.pairs = _load_pairs(folder / "pairs.npy")

    def read(self, texts: Iterable[str]) -> Iterator[Reading]:
        """A reading for each text, in order; the next texts are being read while one is looked at."""
        with ThreadPoolExecutor(self._threads) as pool:
            waiting: list[list[tuple[Words, list[Future[list[Floats]]]]]] = []
            for batch in _batched(texts, _READ_AHEAD):
                waiting.append(self._submit(batch, pool))
                if len(waiting) > 1:
                    yield from map(_gathered, waiting.pop(0))
            for last in waiting:
                yield from map(_gathered, last)

    def _submit(self, texts: Sequence[str], pool: ThreadPoolExecutor) -> list[tuple[Words, list[Future[list[Floats]]]]]:
        """Windows of a like length one after the other: memory is then used again as it is."""
        read = [self.reader.read(text, OVERLAP) for text in texts]
        places = [(number, place) for number, words in enumerate(read) for place in range(len(words.windows))]
        places.sort(key=lambda at: -len(read[at[0]].windows[at[1]].ids))
        done = {at: pool.submit(self._run, read[at[0]].windows[at[1]], _OUTPUTS) for at in places}
        return [
            (words, [done[number, place] for place in range(len(words.windows))]) for number, words in enumerate(read)
        ]

    def _run(self, window: Window, outputs: list[str]) -> list[Floats]:
        """The outputs at the first piece of each word of the window."""
        ids, shapes = (np.array([each], dtype=np.int64) for each in (window.ids, window.shapes))
        found = self._session.run(outputs, {"ids": ids, "shapes": shapes})
        return [cast("Floats", each[0][window.first]) for each in found]

    def vectors(self, text: str) -> tuple[Words, Floats]:
        """One vector a word, (words, width), for comparing what words mean where they stand."""
        words = self.reader.read(text)
        parts = [self._run(window, ["vectors"])[0] for window in words.windows]
        return words, np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)


def load_reader(tokenizer: Path) -> Reader:
    """A reader of texts for a vocabulary that the library ``tokenizers`` wrote; raises ValueError if it is none."""
    try:
        loaded = Tokenizer.from_str(tokenizer.read_text(encoding="utf-8"))
    except Exception as error:  # the library raises no class of its own
        raise ValueError(f"{tokenizer} is no vocabulary: {error}") from error
    opening, closing, unknown = (loaded.token_to_id(piece) for piece in ("[CLS]", "[SEP]", "[UNK]"))
    if opening is None or closing is None or unknown is None:
        raise ValueError(f"{tokenizer} has no [CLS], [SEP] and [UNK]")

    def cut(word: str) -> list[int]:
        return loaded.encode(word, add_special_tokens=False).ids

    return Reader(cut, opening=opening, closing=closing, unknown=unknown)


def _load_pairs(path: Path) -> PairScorer:
    try:
        return PairScorer(np.load(path, allow_pickle=False).astype(np.float32))
    except (ValueError, EOFError) as error:
        raise ValueError(f"{path} is no pair scorer: {error}") from error


def _gathered(read: tuple[Words, list[Future[list[Floats]]]]) -> Reading:
    """One row a word: of windows that share words, the second half of them is the later window's."""
    words, windows = read
    parts = [each.result() for each in windows]
    if len(parts) == 1:
        return Reading(words, *parts[0])
    if not parts:
        return Reading(words, *(np.zeros((0, 0), np.float32) for _ in _OUTPUTS))
    begins = [window.begin for window in words.windows]
    cuts = [0]
    for place in range(1, len(begins)):
        previous = begins[place - 1] + len(words.windows[place - 1].first)
        cuts.append((begins[place] + previous) // 2)
    cuts.append(len(words.starts))
    spans = list(zip(begins, pairwise(cuts), strict=True))
    joined = [
        np.concatenate(
            [part[k][cut - begin : end - begin] for part, (begin, (cut, end)) in zip(parts, spans, strict=True)]
        )
        for k in range(len(_OUTPUTS))
    ]
    return Reading(words, *joined)


def _batched(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def load_settings(folder: Path) -> dict[str, float]:
    """The numbers beside the weights: the temperature of the tags, the thresholds of roles and relations."""
    return cast("dict[str, float]", json.loads((folder / "settings.json").read_text(encoding="utf-8")))
