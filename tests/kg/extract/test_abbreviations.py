"""Definitions of abbreviations: hand cases, offsets, and precision and recall on annotated papers."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.abbreviations import Definition, find_definitions


def pairs(text: str) -> list[tuple[str, str]]:
    return [(d.long, d.short) for d in find_definitions(text)]


def assert_offsets(text: str, found: Definition) -> None:
    assert text[found.start : found.end] == found.long
    assert text[found.short_start : found.short_end] == found.short
    assert found.end < found.short_start


@pytest.mark.parametrize(
    ("text", "long", "short"),
    [
        ("We use Physics-Informed Neural Networks (PINNs) here.", "Physics-Informed Neural Networks", "PINNs"),
        ("the neural tangent kernel (NTK)", "neural tangent kernel", "NTK"),
        ("a Generative Adversarial Network (GAN), trained", "Generative Adversarial Network", "GAN"),
        ("adversarial adaptive sampling (AAS)", "adversarial adaptive sampling", "AAS"),
        ("new convolutional neural networks ( CNNs )", "convolutional neural networks", "CNNs"),
        ("stochastic gradient descent (SGD; see below)", "stochastic gradient descent", "SGD"),
        ("mean average precision (mAP, in percent)", "mean average precision", "mAP"),
        ("Long Short-Term Memory (LSTM)", "Long Short-Term Memory", "LSTM"),
        ("variational autoencoder (VAE)", "variational autoencoder", "VAE"),
        ("mixture of experts (MoE)", "mixture of experts", "MoE"),
        ("graph neural network\n(GNN)", "graph neural network", "GNN"),
        ("We trust it. Area under the curve (AUC) is high.", "Area under the curve", "AUC"),
        ("\\emph{Deep Folding Net} (DFN)", "Deep Folding Net", "DFN"),
        ("😀 deep folding net (DFN)", "deep folding net", "DFN"),
    ],
)
def test_definitions(text: str, long: str, short: str) -> None:
    assert pairs(text) == [(long, short)]
    for found in find_definitions(text):
        assert_offsets(text, found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no brackets at all",
        "an empty pair () and a letter (a)",
        "as shown in the figure (Figure 3)",
        "in the year (2019)",
        "as (i) the first and (ii) the second",
        "some words (e.g. ABC) and (i.e. DEF)",
        "plain words (words) here",
        "nothing that fits (XYZ)",
        "GAN (GAN)",
        "deep networks. (DN) are",
        "(PINN)",
        "a bracket (that never closes PINN",
        "closed) neural net (",
        "of neural networks (ONN)",
        "neural [cited] (NC)",
        "sixty percent (60 %)",
    ],
)
def test_what_is_no_definition(text: str) -> None:
    assert pairs(text) == []


def test_several_definitions_come_in_order() -> None:
    text = "Neural nets (NN) and decision trees (DT); then neural nets (NN)."
    found = list(find_definitions(text))
    assert [d.short for d in found] == ["NN", "DT", "NN"]
    assert [d.start for d in found] == sorted(d.start for d in found)


@given(st.text("abcABC ()[].,-2\n}", max_size=120))
def test_offsets_are_right_in_any_text(text: str) -> None:
    for found in find_definitions(text):
        assert_offsets(text, found)
        assert len(found.short) < len(found.long)


@given(st.text(max_size=200))
def test_no_text_makes_it_raise(text: str) -> None:
    list(find_definitions(f"Deep {text} Net ({text})"))


@pytest.mark.parametrize("piece", ["(AB) ", "a (AB) ", "Deep Net (DN) ", "(", ")", "((AB) ", "x" * 99 + " (XX) "])
def test_time_is_linear_in_the_text(piece: str) -> None:
    text = (piece * 50_000)[:50_000]
    started = time.perf_counter()
    list(find_definitions(text))
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("name", ["papers-dev.jsonl", "seeds-dev.jsonl"])
def test_precision_and_recall_on_annotated_papers(gold_dir: Path, name: str) -> None:
    right = found = wanted = 0
    for line in (gold_dir / name).read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        aliases = {tuple(pair) for pair in record["aliases"]}
        read = {pair for field in ("title", "abstract") for pair in pairs(record[field])}
        right += len(aliases & read)
        found += len(read)
        wanted += len(aliases)
    assert right / found >= 0.93
    assert right / wanted >= 0.8
