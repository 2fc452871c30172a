"""Windows to readings: which row is which word's, whatever else is read, and what no encoder's folder is."""

import itertools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.extract import encoder as module
from kg.extract.encoder import OVERLAP, Encoder, Reading, load_reader, load_settings
from kg.extract.pairs import HEAD_FACTS, TAIL_FACTS, facts
from kg.extract.tags import KINDS, ROLES, TAGS
from kg.model import Label
from kg.protocols import Extractor
from kg.resources import model_dir
from tests.kg.extract.tiny import OUTPUTS, Session, column, vocabulary, write_encoder, write_tokenizer

LONG = "we fold a paper crane on paper , " * 150


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Encoder:
    monkeypatch.setattr(module.onnxruntime, "InferenceSession", Session)
    return Encoder(write_encoder(tmp_path))


def first_pieces(encoder: Encoder, text: str) -> list[int]:
    words = encoder.reader.read(text)
    alone = [encoder.reader.read(text[a:b]).windows[0] for a, b in zip(words.starts, words.ends, strict=True)]
    return [window.ids[1] for window in alone]


def same(one: Reading, other: Reading) -> bool:
    return one.words == other.words and all(np.array_equal(a, b) for a, b in zip(one[1:], other[1:], strict=True))


def test_a_reading_has_a_row_for_every_word(tiny: Encoder) -> None:
    text = "We propose folding, cranes!"
    [reading] = tiny.read([text])
    assert column(reading, "tags", 0) == first_pieces(tiny, text)
    assert [column(reading, name, 4)[0] for name in OUTPUTS[:-1]] == [0, 1, 2, 3]
    assert column(reading, "tags", 1) == [2, 1, 1, 12, 1, 12]
    # "folding" and "cranes" have two pieces, of which the first counts.
    assert column(reading, "tags", 2) == [1, 2, 3, 5, 6, 8]


def test_a_text_without_words_has_no_rows(tiny: Encoder) -> None:
    readings = list(tiny.read(["", "crane", " \n"]))
    assert [len(reading.words.starts) for reading in readings] == [0, 1, 0]
    assert [len(rows) for rows in readings[0][1:]] == [0] * 4


def test_no_texts_no_readings(tiny: Encoder) -> None:
    assert list(tiny.read([])) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from(["crane", "folding", "zzzzzzzzzzzz", ",", "\n\n", "q1w2"]), max_size=40),
    st.integers(1, 60),
)
def test_a_long_text_has_one_row_a_word_too(tiny: Encoder, words: list[str], times: int) -> None:
    text = " ".join(words * times)
    [reading] = tiny.read([text])
    assert {len(rows) for rows in reading[1:]} == {len(reading.words.starts)}
    assert not words or column(reading, "tags", 0) == first_pieces(tiny, text)


def test_where_windows_overlap_the_one_that_sees_more_around_a_word_speaks(tiny: Encoder) -> None:
    [reading] = tiny.read([LONG])
    places, lengths = (np.array(column(reading, "tags", n)) for n in (2, 3))
    assert len(reading.words.windows) > 2
    seen = np.minimum(places, lengths - 1 - places)
    begins = [window.begin for window in reading.words.windows]
    inside = seen[begins[1] // 2 : len(seen) - 250]
    assert inside.min() >= OVERLAP // 2 - 1


def test_texts_keep_their_order_among_others_of_other_lengths(tiny: Encoder) -> None:
    texts = [("crane " * (n * 37 % 11)) + "net" for n in range(200)]
    readings = list(tiny.read(texts))
    assert [len(reading.words.starts) for reading in readings] == [n * 37 % 11 + 1 for n in range(200)]
    for text, reading in zip(texts[:20], readings, strict=False):
        [alone] = tiny.read([text])
        assert same(alone, reading)


def test_an_endless_stream_is_read_bit_by_bit(tiny: Encoder) -> None:
    asked = 0

    def texts() -> Iterator[str]:
        nonlocal asked
        while True:
            asked += 1
            yield "crane"

    assert len(list(itertools.islice(tiny.read(texts()), 3))) == 3
    assert asked <= 200


def test_vectors_are_one_a_word(tiny: Encoder) -> None:
    for text in ("", "We fold paper.", LONG):
        words, vectors = tiny.vectors(text)
        assert len(vectors) == len(words.starts)
        assert not text or [int(piece) for piece in vectors[:, 0]] == first_pieces(tiny, text)


def test_a_vocabulary_reads_as_the_library_cuts(tmp_path: Path) -> None:
    reader, known = load_reader(write_tokenizer(tmp_path / "tokenizer.json")), vocabulary()
    [window] = reader.read("Folding 1\u1234").windows
    pieces = ["[CLS]", "fold", "##ing", "1", "[UNK]", "[SEP]"]
    assert window.ids == [known[piece] for piece in pieces]


def test_what_is_no_vocabulary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="is no vocabulary"):
        load_reader(path)
    without = json.loads(write_tokenizer(path).read_text(encoding="utf-8"))
    without["added_tokens"] = [token for token in without["added_tokens"] if token["content"] != "[SEP]"]
    del without["model"]["vocab"]["[SEP]"]
    path.write_text(json.dumps(without), encoding="utf-8")
    with pytest.raises(ValueError, match=r"has no \[CLS\], \[SEP\] and \[UNK\]"):
        load_reader(path)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "pairs.npy"])
def test_an_encoder_without_one_of_its_files_is_none(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.onnxruntime, "InferenceSession", Session)
    (write_encoder(tmp_path) / name).unlink()
    with pytest.raises((OSError, ValueError), match=name):
        Encoder(tmp_path)


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"{}"])
def test_a_graph_that_is_none_is_refused(tmp_path: Path, rubbish: bytes) -> None:
    (write_encoder(tmp_path) / "encoder.onnx").write_bytes(rubbish)
    with pytest.raises(ValueError, match=r"encoder\.onnx is no graph"):
        Encoder(tmp_path)


@pytest.mark.parametrize("rubbish", [b"", b"rubbish"])
def test_a_pair_scorer_that_is_none_is_refused(tmp_path: Path, rubbish: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.onnxruntime, "InferenceSession", Session)
    (write_encoder(tmp_path) / "pairs.npy").write_bytes(rubbish)
    with pytest.raises(ValueError, match=r"pairs\.npy is no pair scorer"):
        Encoder(tmp_path)


def test_settings_are_numbers_by_name(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"temperature": 1.5}', encoding="utf-8")
    assert load_settings(tmp_path) == {"temperature": 1.5}


TEXTS = ["", "CraneNet folds paper.", "We train CraneNet on CraneBank. " * 60, "cranes", "So do we, (2020) in NLP."] * 3


@pytest.fixture(scope="module")
def shipped(extractor: Extractor) -> Encoder:
    """The trained encoder; ``extractor`` says whether there is one."""
    return Encoder(model_dir() / "mention_tagger", threads=2)


@pytest.mark.slow
def test_the_shipped_encoder_reads_a_text_alone_as_among_others_at_any_number_of_threads(shipped: Encoder) -> None:
    together = list(shipped.read(TEXTS))
    single = Encoder(model_dir() / "mention_tagger", threads=1)
    assert all(same(one, other) for one, other in zip(together, single.read(TEXTS), strict=True))
    assert all(same(reading, next(shipped.read([text]))) for text, reading in zip(TEXTS, together, strict=True))


@pytest.mark.slow
def test_the_shipped_encoder_fits_the_code(shipped: Encoder) -> None:
    [reading] = shipped.read([TEXTS[1]])
    assert reading.tags.shape == (4, len(TAGS))
    assert reading.roles.shape == (4, len(ROLES))
    assert reading.heads.shape == reading.tails.shape
    width = reading.heads.shape[1]
    assert shipped.pairs.weight.shape == (len(KINDS), width + HEAD_FACTS + 1, width + TAIL_FACTS + 1)
    known = facts([((0, 0), Label.METHOD)] * 2, [((1, 1), Label.TASK)] * 2)
    scores = shipped.pairs.log_probabilities(
        np.hstack([reading.heads[:2], known[0]]), np.hstack([reading.tails[2:], known[1]])
    )
    assert np.exp(scores).sum(axis=1) == pytest.approx([1, 1], abs=1e-4)
    assert np.abs(reading.heads).max() <= 1


@pytest.mark.slow
def test_the_shipped_encoder_sees_how_words_are_written(shipped: Encoder) -> None:
    one, other = shipped.read(["crane net", "CRANE net"])
    assert not np.allclose(one.tags, other.tags)


@pytest.mark.slow
def test_the_shipped_encoder_has_one_row_a_word_of_a_long_text(shipped: Encoder) -> None:
    [long] = shipped.read(["We train CraneNet on CraneBank with folded paper. " * 120])
    assert len(long.words.windows) > 1
    assert {len(rows) for rows in long[1:]} == {len(long.words.starts)} == {9 * 120}
    # Window after window the words are the same, so what is said of them is much the same.
    tags = long.tags.reshape(120, 9, -1)[3:-3]
    assert np.abs(tags - tags.mean(axis=0)).mean() < np.abs(tags.mean(axis=0)).mean()


@pytest.mark.slow
def test_a_copy_of_the_shipped_encoder_reads_the_same(shipped: Encoder, tmp_path: Path) -> None:
    shutil.copytree(model_dir() / "mention_tagger", tmp_path / "copy")
    assert same(next(Encoder(tmp_path / "copy").read(TEXTS[1:2])), next(shipped.read(TEXTS[1:2])))
