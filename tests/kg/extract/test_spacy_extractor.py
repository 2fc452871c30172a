"""The shipped extractor against anything that a paper may hold."""

import bisect
import shutil
import time
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import ExtractionError
from kg.evaluate import evaluate, read_gold
from kg.evaluate.mentions import count
from kg.extract import make_extractor
from kg.extract.encoder import FILES
from kg.model import Extraction, Field, Label, Paper
from kg.protocols import Extractor
from kg.resources import model_dir

pytestmark = pytest.mark.slow

CRANES = (
    "We propose CraneNet, a convolutional neural network (CNN) for image classification. Unlike ResNet, CraneNet "
    "folds its weights by stochastic gradient descent (SGD). On ImageNet and CIFAR-10 the CNN gains 3% accuracy. "
)


def read(extractor: Extractor, abstract: str, title: str = "Folding Cranes with Neural Networks") -> Extraction:
    [extraction] = extractor.extract([Paper("p", title, abstract)])
    return extraction


def assert_sound(extraction: Extraction) -> None:
    """What the protocol and the shapes promise of every mention, whatever the text."""
    paper, mentions = extraction.paper, extraction.mentions
    assert list(mentions) == sorted(mentions)
    for m in mentions:
        text = paper.text(m.field)
        assert 0 <= m.start < m.end <= len(text)
        assert text[m.start : m.end] == m.text == m.text.strip() != ""
        assert text[m.sentence_start :].startswith(m.sentence)
        assert m.sentence[m.start - m.sentence_start :].startswith(m.text)
        assert 0 <= m.sentence_start <= m.start
        assert 0 < m.score <= 1
        assert m.score == round(m.score, 3)
        assert m.label in Label
        assert m.rule in {"model", "abbreviation", "repeat", "title-name", "gazetteer"}
    for one, other in pairwise(mentions):
        assert one.field is not other.field or one.end <= other.start
    assert list(extraction.aliases) == sorted(set(extraction.aliases))
    if extraction.system is not None:
        assert extraction.system in paper.title or extraction.system in paper.abstract


def test_it_reads_a_paper(extractor: Extractor) -> None:
    extraction = read(extractor, CRANES, "CraneNet: Folding Convolutional Neural Networks")
    assert_sound(extraction)
    by_text = {m.text: m for m in extraction.mentions}
    assert by_text["CraneNet"].label is Label.METHOD
    assert by_text["CNN"].label is by_text["convolutional neural network"].label is Label.METHOD
    assert by_text["ImageNet"].label is Label.DATASET
    assert by_text["image classification"].label is Label.TASK
    assert by_text["accuracy"].label is Label.METRIC
    assert by_text["ImageNet"].sentence == "On ImageNet and CIFAR-10 the CNN gains 3% accuracy."
    assert extraction.aliases == (("convolutional neural network", "CNN"), ("stochastic gradient descent", "SGD"))
    assert extraction.system == "CraneNet"


ODD = {
    "empty": "",
    "spaces": "  \n\t \u00a0 ",
    "punctuation": "... !!! ??? --- (((())) [][] ;;;,,,",
    "latex": r"We solve $\frac{\partial u}{\partial t} = \nabla^2 u$ with \textbf{PINNs} \cite{raissi} {\em fast}.",
    "html": "We use <b>neural networks</b> &amp; SGD.<script>alert(1)</script>",
    "chinese": "我们提出了一种基于BERT的卷积神经网络,用于图像分类。" * 5,
    "arabic": "نقترح شبكة عصبية BERT جديدة لتصنيف الصور.",
    "russian": "Мы предлагаем свёрточную нейронную сеть BERT.",
    "emoji": "😀 We use 👩‍👩‍👧 neural networks 🚀 on ImageNet 😀.",
    "combining": "We use ne\u0301ural ne\u0308tworks a\u0301\u0302\u0303\u0304 on ImageNet.",
    "zalgo": "neural" + "\u0301\u0316" * 500 + " networks",
    "zero-width": "We use neural\u200b net\u200dworks and \ufeffBERT\u2060.",
    "rtl-marks": "\u202eneural networks\u202c and \u200fBERT\u200e",
    "line-separators": "neural\u2028networks\u2029and\x85BERT\rGAN\r\nVAE",
    "nul": "neural networks\x00and\x01BERT",
    "astral letters": "".join(chr(0x1D400 + i) for i in (1, 4, 17, 19)) + " and BERT",
    "wrapped": "We use convolutional\nneural\nnetworks\n(CNNs)\nfor image\nclassification.",
    "no sentence end": "neural networks " * 50,
    "same again": CRANES * 20,
    "brackets": "convolutional neural network (CNN (CNN (CNN",
    "one word": "BERT",
    "long word": "x" * 5000 + " BERT",
    "url": "See https://github.com/a/BERT?x=1#y and www.b.org/" + "z" * 2000,
    "signs": "=<>" * 15_000 + " neural networks",
    "definitions": "(AB) " * 10_000,
    "acronyms": "BERT " * 10_000,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_texts_get_an_answer_soon(extractor: Extractor, name: str) -> None:
    started = time.perf_counter()
    extraction = read(extractor, ODD[name], ODD[name][:200] or "x")
    assert time.perf_counter() - started < 60  # on a busy machine; what goes wrong takes minutes
    assert_sound(extraction)
    assert extraction == read(extractor, ODD[name], ODD[name][:200] or "x")


def test_sentences_without_an_end_are_kept_short(extractor: Extractor) -> None:
    extraction = read(extractor, "stochastic gradient descent and " * 400)
    assert len(extraction.mentions) > 100
    assert max(len(m.sentence) for m in extraction.mentions) < 900
    assert_sound(extraction)


@pytest.mark.parametrize("name", ["empty", "spaces", "punctuation"])
def test_nothing_is_found_in_nothing(extractor: Extractor, name: str) -> None:
    assert read(extractor, ODD[name], "...").mentions == ()


def test_names_are_found_behind_a_row_of_signs(extractor: Extractor) -> None:
    extraction = read(extractor, ODD["signs"])
    assert [m.text for m in extraction.mentions if m.field is Field.ABSTRACT] == ["neural networks"]


def test_a_text_at_the_limit_is_read_in_seconds(extractor: Extractor) -> None:
    abstract = (CRANES * 300)[:50_000]
    started = time.perf_counter()
    extraction = read(extractor, abstract)
    assert time.perf_counter() - started < 20
    assert_sound(extraction)
    assert len(extraction.mentions) > 1000
    assert max(m.end for m in extraction.mentions) > 49_000


def test_a_text_beyond_what_the_pipeline_takes_is_a_clear_error(extractor: Extractor) -> None:
    with pytest.raises(ExtractionError, match=r"abstract of p has 1,000,001 characters"):
        read(extractor, "x" * 1_000_001)


WORDS = st.sampled_from(
    "We propose BERT ( ) [CNN] neural networks \n \u00a0 . ; : 's (PINNs) ImageNet, called accuracy \U0001f600 e\u0301 "
    "\u4e2d\u6587 \u200b 3D C++ $x$ physics-informed".split(" ")
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join), st.lists(WORDS).map("".join))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXTS, abstract=TEXTS)
def test_every_answer_to_any_text_is_sound(extractor: Extractor, title: str, abstract: str) -> None:
    extraction = read(extractor, abstract, title)
    assert_sound(extraction)
    assert read(extractor, abstract, title) == extraction


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, max_size=8))
def test_papers_do_not_see_each_other(extractor: Extractor, texts: list[str]) -> None:
    papers = [Paper(str(i), "Folding Neural Networks", text) for i, text in enumerate(texts)]
    together = list(extractor.extract(papers))
    assert [e.paper for e in together] == papers
    alone = [next(iter(extractor.extract([paper]))) for paper in papers]
    assert together == alone


def test_a_hundred_papers_come_in_order_and_lazily(extractor: Extractor) -> None:
    taken: list[int] = []

    def papers() -> "list[Paper]":
        return [Paper(str(i), f"CraneNet-{i}: Folding", CRANES * (i % 3)) for i in range(100)]

    for extraction in extractor.extract(papers()):
        taken.append(int(extraction.paper.id))
        assert extraction.system == f"CraneNet-{extraction.paper.id}"
    assert taken == list(range(100))
    assert list(extractor.extract([])) == []


def test_both_halves_of_a_definition_are_mentions_of_one_label(extractor: Extractor) -> None:
    extraction = read(extractor, "We study the physics-informed neural networks (PINNs) of the sea.")
    halves = {m.text: m.label for m in extraction.mentions if m.field is Field.ABSTRACT}
    assert halves["physics-informed neural networks"] is halves["PINNs"]


def test_a_sentence_goes_on_as_long_as_its_mention(extractor: Extractor) -> None:
    extraction = read(extractor, CRANES * 3)
    starts = sorted({m.sentence_start for m in extraction.mentions if m.field is Field.ABSTRACT})
    for m in extraction.mentions:
        if m.field is Field.ABSTRACT:
            assert m.sentence_start == starts[bisect.bisect_right(starts, m.start) - 1]
    assert len(starts) == 9


# --- the folder


@pytest.fixture
def model_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_dir(), tmp_path / "model"))


def test_the_version_follows_the_weights(extractor: Extractor, model_copy: Path) -> None:
    assert make_extractor(model_copy).version == extractor.version
    (model_copy / "MODEL.md").write_text("words about it", encoding="utf-8")
    assert make_extractor(model_copy).version == extractor.version
    weights = model_copy / "mention_tagger" / "encoder.onnx"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    assert make_extractor(model_copy).version != extractor.version


def test_the_name_is_stable(extractor: Extractor) -> None:
    assert extractor.name == "spacy-onnx-tagger"


@pytest.mark.parametrize(
    "file", ["meta.json", "config.cfg", *(f"mention_tagger/{name}" for name in (*FILES, "settings.json"))]
)
@pytest.mark.parametrize("damage", ["missing", "empty", "half", "garbage"])
def test_a_broken_model_is_a_clear_error(model_copy: Path, file: str, damage: str) -> None:
    path = model_copy / file
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "half": data[: len(data) // 2], "garbage": b"\xc1\xff garbage" * 9}[damage])
    with pytest.raises(ExtractionError, match="holds no pipeline of ours"):
        make_extractor(model_copy)


def test_no_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ExtractionError, match="none holds no pipeline of ours"):
        make_extractor(tmp_path / "none")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ExtractionError, match="file holds no pipeline of ours"):
        make_extractor(tmp_path / "file")


def test_another_pipeline_is_a_clear_error(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ExtractionError, match="it has no mention_tagger and no paper_sentences"):
        make_extractor(tmp_path / "blank")


# --- how well


@pytest.mark.parametrize(("name", "f1", "systems"), [("papers-dev", 0.76, 22), ("seeds-dev", 0.74, 11)])
def test_it_is_as_good_as_its_card_says(
    extractor: Extractor, gold_dir: Path, name: str, f1: float, systems: int
) -> None:
    result = evaluate(read_gold(gold_dir / f"{name}.jsonl"), extractor)
    assert count(result)["micro"].f1 >= f1
    assert result.systems.found_right >= systems
    assert result.systems.precision >= 0.8
