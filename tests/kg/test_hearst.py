"""What sentences say is a kind of what."""

import pytest

from kg.hearst import find_hyponyms
from kg.model import Field, Label, Mention

M, D, T = Label.METHOD, Label.DATASET, Label.TASK


def pairs(sentence: str, **labels: Label) -> set[tuple[str, str, str]]:
    """Mentions stand in square brackets; a label may be given by the first word of one."""
    mentions, text, start = [], "", 0
    for i, part in enumerate(sentence.replace("]", "[").split("[")):
        if i % 2:
            mentions.append((len(text), part))
        text += part
    found = [
        Mention(Field.ABSTRACT, at, at + len(name), name, labels.get(name.split()[0], M), 0.9, text, start)
        for at, name in mentions
    ]
    return {(h.narrow.text, h.broad.text, h.rule) for h in find_hyponyms(found)}


def test_an_enumeration_of_kinds() -> None:
    text = "We compare [neural networks] such as [CNNs], [RNNs] and [transformers] on images."
    assert pairs(text) == {(kind, "neural networks", "such-as") for kind in ("CNNs", "RNNs", "transformers")}


@pytest.mark.parametrize(
    ("text", "narrow", "broad"),
    [
        ("A [graph filter] is a [graph neural network].", "graph filter", "graph neural network"),
        ("[Adam] is a popular kind of [gradient descent].", "Adam", "gradient descent"),
        ("We use [Adam] and other [optimizers].", "Adam", "optimizers"),
        ("Many [optimizers] (e.g., [Adam]) diverge.", "Adam", "optimizers"),
        ("Many [optimizers], including [Adam], diverge.", "Adam", "optimizers"),
        ("We propose [GINCO], a greedy [descent method], for it.", "GINCO", "descent method"),
        ("[Autoencoders] ([AEs]) are a [latent variable model].", "Autoencoders", "latent variable model"),
        ("Such [optimizers] as", "", ""),
        ("We study such [optimizers] as [Adam].", "Adam", "optimizers"),
    ],
)  # fmt: skip
def test_each_pattern(text: str, narrow: str, broad: str) -> None:
    assert {(a, b) for a, b, _ in pairs(text)} == ({(narrow, broad)} if narrow else set())


@pytest.mark.parametrize(
    "text",
    [
        "[Models] such as [BERT] embeddings fail.",
        "[Adam] is a [gradient descent] variant.",
        "Applications of [robotics] such as [surgery] are shown.",
        "With a [camera], an [inertial sensor] and a map.",
        "[Adam] is not a [descent method].",
        "[Adam] and [descent methods] differ.",
        "[Adam] is a step of [descent methods].",
    ],
)
def test_what_only_looks_like_it(text: str) -> None:
    assert pairs(text) == set()


def test_a_dataset_is_no_kind_of_method() -> None:
    text = "[Benchmarks] such as [ImageNet] are used."
    assert pairs(text, ImageNet=D) == set()
    assert pairs(text, ImageNet=T) == {("ImageNet", "Benchmarks", "such-as")}
    assert pairs(text, ImageNet=D, Benchmarks=D) == {("ImageNet", "Benchmarks", "such-as")}
