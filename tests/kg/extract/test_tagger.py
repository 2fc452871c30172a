"""The parts of the pipeline: words that give their text back, sentences, and spans from scores made by hand."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import example, given
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.extract import encoder as module
from kg.extract.encoder import FILES, Reading
from kg.extract.pieces import Reader
from kg.extract.tagger import READING_KEY, SPANS_KEY, MentionTagger, WordTokenizer, blank_pipeline, mark_sentences
from kg.extract.tags import TAGS
from tests.kg.extract.tiny import Session, write_encoder

TOKENIZER = WordTokenizer(spacy.blank("en").vocab)
READER = Reader(lambda _: [9], opening=1, closing=2, unknown=3)


@given(st.text())
@example("")
@example("  a  b ")
@example("Title\n\n  Text\r\n\u00a0\u2003x\u200b \x1c\x85")
@example("折鶴_CraneNet-10\t’s")
def test_words_and_spaces_give_the_text_back(text: str) -> None:
    doc = TOKENIZER(text)
    assert doc.text == text
    words = READER.read(text)
    known = {token.idx: token.idx + len(token) for token in doc}
    # Every word of the encoder is one of the doc, but for blank lines, which are not tagged.
    for start, end in zip(words.starts, words.ends, strict=True):
        assert known.get(start) == end or text[start:end].isspace()


def test_words_are_those_of_the_encoder() -> None:
    assert [token.text for token in TOKENIZER("CIFAR-10's  F1\n\nA")] == [
        "CIFAR", "-", "10", "'", "s", " ", "F", "1", "\n\n", "A",
    ]  # fmt: skip


def test_a_long_text_is_cut_in_no_time_to_speak_of() -> None:
    started = time.process_time()
    assert len(TOKENIZER("We fold paper cranes. " * 20_000)) == 100_000
    assert time.process_time() - started < 10


def test_the_tokenizer_has_nothing_to_keep(tmp_path: Path) -> None:
    TOKENIZER.to_disk(tmp_path / "tokenizer")
    assert TOKENIZER.from_disk(tmp_path / "tokenizer") is TOKENIZER
    assert TOKENIZER.from_bytes(TOKENIZER.to_bytes()) is TOKENIZER
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("We fold cranes. They fly, e.g. A few.", ["We fold cranes.", "They fly, e.g. A few."]),
        ("Cranes\n\n  Folded", ["Cranes\n\n  ", "Folded"]),
    ],
)
def test_sentences_begin_at_words(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in mark_sentences(TOKENIZER(text)).sents] == sentences


class Scripted:
    """Reads every text as the tags say that are given for it."""

    def __init__(self, *scripts: list[tuple[str, float]]) -> None:
        self.scripts = list(scripts)

    def read(self, texts: Iterable[str]) -> Iterator[Reading]:
        # Two texts at once: whoever asks for a reading has to keep the docs that wait.
        texts = list(texts)
        for text in texts:
            script = self.scripts.pop(0)
            probabilities = np.zeros((len(script), len(TAGS)), np.float32)
            for row, (tag, sure) in zip(probabilities, script, strict=True):
                row[:] = (1 - sure) / (len(TAGS) - 1)
                row[TAGS.index(tag)] = sure
            words = READER.read(text)
            assert len(words.starts) == len(script)
            empty = np.zeros((len(script), 0), np.float32)
            yield Reading(words, np.log(probabilities + 1e-9), empty, empty, empty)


def tagged(text: str, *tags: tuple[str, float], temperature: float = 1.0) -> Doc:
    return tagger(list(tags), temperature=temperature)(TOKENIZER(text))


def tagger(*scripts: list[tuple[str, float]], temperature: float = 1.0) -> MentionTagger:
    made = MentionTagger("mention_tagger")
    made._encoder = Scripted(*scripts)  # type: ignore[assignment]
    made.settings = {"temperature": temperature}
    return made


def found(doc: Doc) -> list[tuple[str, str, float]]:
    group = doc.spans[SPANS_KEY]
    assert group.name == SPANS_KEY
    return [(s.text, s.label_, round(score, 2)) for s, score in zip(group, group.attrs["scores"], strict=True)]


O = ("O", 0.9)  # noqa: E741 - the tag is called so


def test_tags_become_spans_whose_score_is_the_mean_of_their_words() -> None:
    doc = tagged(
        "We fold CraneNet-10 on paper",
        O, O, ("B-Method", 0.9), ("I-Method", 0.6), ("I-Method", 0.6), O, ("B-Task", 0.5),
    )  # fmt: skip
    assert found(doc) == [("CraneNet-10", "Method", 0.7), ("paper", "Task", 0.5)]
    assert len(doc.user_data[READING_KEY].words.starts) == 7


def test_neighbours_stay_apart() -> None:
    doc = tagged("a b c d", ("B-Method", 0.9), ("B-Method", 0.9), ("I-Method", 0.9), ("B-Dataset", 0.9))
    assert found(doc) == [("a", "Method", 0.9), ("b c", "Method", 0.9), ("d", "Dataset", 0.9)]


def test_the_blank_line_is_a_word_of_the_encoder_but_moves_no_span() -> None:
    doc = tagged("Cranes\n\nPaper  cranes", ("B-Task", 0.9), O, ("B-Method", 0.9), ("I-Method", 0.9))
    assert found(doc) == [("Cranes", "Task", 0.9), ("Paper  cranes", "Method", 0.9)]


def test_an_inside_tag_without_its_begin_is_mended() -> None:
    [(text, label, score)] = found(tagged("a b", O, ("I-Method", 0.95)))
    assert (text, label) in {("b", "Method"), ("a b", "Method")}
    assert 0 < score < 0.9


def test_a_text_without_words_has_no_spans() -> None:
    assert found(tagged("")) == []


def test_a_temperature_takes_confidence_and_nothing_else() -> None:
    tags = [("B-Method", 0.9), ("I-Method", 0.8), O]
    [(text, label, score)] = found(tagged("a b c", *tags, temperature=2.0))
    assert (text, label) == ("a b", "Method")
    assert score < 0.7
    assert found(tagged("a b c", *tags, temperature=0.2)) == [("a b", "Method", 1.0)]


def test_docs_stay_with_their_readings() -> None:
    docs = [TOKENIZER(text) for text in ("a", "b c", "d")]
    component = tagger([("B-Method", 0.9)], [O, ("B-Task", 0.9)], [O])
    assert [found(doc) for doc in component.pipe(iter(docs))] == [[("a", "Method", 0.9)], [("c", "Task", 0.9)], []]


def test_without_a_folder_nothing_can_be_tagged() -> None:
    with pytest.raises(ValueError, match="no encoder yet"):
        MentionTagger("mention_tagger")(TOKENIZER("a"))


def test_a_pipeline_is_saved_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.onnxruntime, "InferenceSession", Session)
    nlp = blank_pipeline()
    assert nlp.pipe_names == ["paper_sentences", "mention_tagger"]
    nlp.to_disk(tmp_path / "one", exclude=["vocab"])
    settings = write_encoder(tmp_path / "one" / "mention_tagger") / "settings.json"
    settings.write_text('{"temperature": 1.0}', encoding="utf-8")
    loaded = spacy.load(tmp_path / "one")
    loaded.to_disk(tmp_path / "two", exclude=["vocab"])
    again = spacy.load(tmp_path / "two")
    for name in (*FILES, "settings.json"):
        one, two = (tmp_path / folder / "mention_tagger" / name for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    assert isinstance(again.tokenizer, WordTokenizer)
    docs = list(again.pipe(["We fold. Cranes fly.", ""] * 70, batch_size=3))
    assert [len(list(doc.sents)) for doc in docs[:2]] == [2, 0]
    assert all(SPANS_KEY in doc.spans for doc in docs)
