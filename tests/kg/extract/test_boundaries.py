"""Where spans begin and end, on spans made by hand."""

import time

import pytest

from kg.extract.boundaries import coordination, long_and_short, trimmed
from kg.extract.gazetteer import Gazetteer, Name
from kg.extract.spans import Found
from kg.model import Field, Label

KNOWN = Gazetteer(
    tuple(
        Name(text, Label.METHOD, text)
        for text in ("Adam", "neural network", "Crane Open Dataset", "existing crane", "Folding and Cutting Bank")
    )
)


def span(text: str) -> Found:
    return Found(Field.ABSTRACT, 7, 7 + len(text), text, Label.METHOD, 0.8)


def check(found: list[Found], whole: str, wanted: list[str]) -> None:
    assert [f.text for f in found] == wanted
    assert all(whole[f.start - 7 : f.end - 7] == f.text for f in found)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Adversarial Folding (AF)", ["Adversarial Folding", "AF"]),
        ("adversarial folding ( AF )", ["adversarial folding", "AF"]),
        ("adversarial folding (AF", ["adversarial folding", "AF"]),
        ("regret (excess risk) bounds", ["regret (excess risk) bounds"]),
        ("TD(\u03bb)", ["TD(\u03bb)"]),
        ("objective function(s)", ["objective function(s)"]),
        ("AF", ["AF"]),
    ],
)
def test_a_long_form_and_its_abbreviation_are_two(text: str, parts: list[str]) -> None:
    check(long_and_short([span(text)]), text, parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("CRANE-10 and CRANE-100", ["CRANE-10", "CRANE-100"]),
        ("CRANE-10, ImageFold, and CRANE-100 datasets", ["CRANE-10", "ImageFold", "CRANE-100 datasets"]),
        ("Adam or neural networks", ["Adam", "neural networks"]),
        ("ODE- and SDE-induced distributions", ["ODE- and SDE-induced distributions"]),
        ("supervised and unsupervised learning", ["supervised and unsupervised learning"]),
        ("FOLD 2007 and 2012", ["FOLD 2007 and 2012"]),
        ("CNN/Daily Fold", ["CNN/Daily Fold"]),
        ("FOLD/CRANE-10", ["FOLD/CRANE-10"]),
        ("Adam/neural networks", ["Adam", "neural networks"]),
        ("Folding and Cutting Bank", ["Folding and Cutting Bank"]),
        ("Adam", ["Adam"]),
        ("and", ["and"]),
    ],
)
def test_names_side_by_side_are_apart(text: str, parts: list[str]) -> None:
    check(coordination([span(text)], KNOWN), text, parts)


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("the proposed CraneNet", "CraneNet"),
        ("Our novel folding", "folding"),
        ("novel view synthesis", "novel view synthesis"),
        ("existing crane", "existing crane"),
        ("large language models", "large language models"),
        ("CRANE-10 dataset", "CRANE-10"),
        ("CraneNet-based models", "CraneNet"),
        ("the Adam optimizer", "Adam"),
        ("neural network architectures", "neural network"),
        ("Crane Open Dataset", "Crane Open Dataset"),
        ("score-based diffusion models", "score-based diffusion models"),
        ("sampling-based methods", "sampling-based methods"),
        ("bandit problem", "bandit problem"),
        ("AI systems", "AI systems"),
        ("GAN- models", "GAN- models"),
        ("the", "the"),
        ("the ", ""),
        ("model", "model"),
    ],
)
def test_what_stands_beside_a_name_is_cut(text: str, core: str) -> None:
    check(trimmed([span(text)], KNOWN), text, [core])


@pytest.mark.parametrize("text", ["the " * 20_000, "A-" * 40_000, "AB and " * 10_000, "a (B) " * 10_000, "a " * 40_000])
def test_endless_spans_take_no_time(text: str) -> None:
    started = time.perf_counter()
    trimmed(coordination(long_and_short([span(text)]), KNOWN), KNOWN)
    assert time.perf_counter() - started < 5
