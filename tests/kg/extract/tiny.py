"""An encoder's folder without an encoder: a small vocabulary, and a session that says which piece stands where."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from kg.extract.pairs import HEAD_FACTS, TAIL_FACTS
from kg.extract.tags import KINDS, TAGS

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = ("we", "propose", "a", "paper", "crane", "net", "on", "for", "fold", "##ing", "##s", "bank")
OUTPUTS = ("tags", "roles", "heads", "tails", "vectors")


def vocabulary() -> dict[str, int]:
    """The special pieces, every letter and digit by itself and inside a word, some signs, some words."""
    letters = [form for each in ascii_lowercase + digits for form in (each, f"##{each}")]
    return {piece: number for number, piece in enumerate(dict.fromkeys([*SPECIAL, *letters, *".,-()'", *WORDS]))}


def write_tokenizer(path: Path, *, special: Sequence[str] = SPECIAL) -> Path:
    tokenizer = Tokenizer(models.WordPiece(vocabulary(), unk_token="[UNK]"))  # noqa: S106 - no secret
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(list(special))
    tokenizer.save(str(path))
    return path


class Session:
    """Stands in for onnxruntime's session.

    Of each piece every output says: its id, its shape, its place in the window, how many pieces that has, and which
    output it is; more columns than that are zero.
    """

    def __init__(self, graph: bytes, *_: object, **__: object) -> None:
        assert graph == b"tiny"

    def run(self, outputs: Sequence[str], feeds: Mapping[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        [ids], [shapes] = feeds["ids"], feeds["shapes"]
        assert feeds["ids"].dtype == feeds["shapes"].dtype == np.int64
        found = np.zeros((len(OUTPUTS), 1, len(ids), len(TAGS)), np.float32)
        found[:, 0, :, 0] = ids
        found[:, 0, :, 1] = shapes
        found[:, 0, :, 2] = np.arange(len(ids))
        found[:, 0, :, 3] = len(ids)
        found[:, 0, :, 4] = np.arange(len(OUTPUTS))[:, None]
        return [found[OUTPUTS.index(name)] for name in outputs]


def write_encoder(folder: Path, *, seed: int = 0, width: int = len(TAGS)) -> Path:
    """The files of an encoder; ``encoder.onnx`` is one for ``Session`` only."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.onnx").write_bytes(b"tiny")
    write_tokenizer(folder / "tokenizer.json")
    size = (len(KINDS), width + HEAD_FACTS + 1, width + TAIL_FACTS + 1)
    weight = np.random.default_rng(seed).normal(size=size)
    np.save(folder / "pairs.npy", weight.astype(np.float16))
    return folder


def column(reading: Any, name: str, number: int) -> list[int]:
    """One of the things that ``Session`` says, word by word."""
    return [int(value) for value in getattr(reading, name)[:, number]]
