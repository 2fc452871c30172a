"""Each rule by itself, over spans made by hand."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.abbreviations import find_definitions
from kg.extract.introduced import find_system, name_label, title_name
from kg.extract.rules import one_label_per_name, repeats
from kg.extract.spans import Found, is_fragment, whole_words, without_overlaps
from kg.model import Field, Label

TITLE, ABSTRACT = Field.TITLE, Field.ABSTRACT
M, D, T, C = Label.METHOD, Label.DATASET, Label.TASK, Label.CONCEPT


def span(text: str, source: str, label: Label = M, score: float = 0.9, field: Field = ABSTRACT) -> Found:
    start = source.index(text)
    return Found(field, start, start + len(text), text, label, score)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "X",
        "x1",
        "1",
        "10 %",
        "a 1234567",
        "method",
        "Datasets",
        "state-of-the-art",
        "x = y",
        "O(n^2)",
        "$\\ell_2$",
        "\\emph{net",
        "left(x\\right)",
        "nets (DN",
        "nets)",
        "[1 nets",
        "https://example.org",
        "...",
        "😀😀",
        "Oleft",
        "u",
        "$O(n)$",
        "mathcal B_{ij}right",
        "a $k",
    ],
)
def test_fragments(text: str) -> None:
    assert is_fragment(text)


@pytest.mark.parametrize(
    "text",
    [
        "L2",
        "F1",
        "3D",
        "GAN",
        "k-means",
        "CIFAR-10",
        "f(x) nets",
        "\u21132 norm",
        "neural network",
        "深度学习",
        "C4.5 tree",
        "method of moments",
        "$k$-means",
        "$O(\\sqrt{T})$ regret",
        "E$^2$-RAG",
        "CUB-200-2011",
        "H.264",
        "A*",
    ],
)
def test_names_are_no_fragments(text: str) -> None:
    assert not is_fragment(text)


def found(start: int, end: int, score: float = 0.5, rule: str = "model", field: Field = TITLE) -> Found:
    return Found(field, start, end, "x" * (end - start), M, score, rule)


@pytest.mark.parametrize(
    ("spans", "kept"),
    [
        ([], []),
        ([found(0, 2), found(2, 4)], [found(0, 2), found(2, 4)]),
        ([found(0, 3), found(2, 9)], [found(2, 9)]),
        ([found(0, 3, 0.4), found(1, 4, 0.6)], [found(1, 4, 0.6)]),
        ([found(0, 9, 0.9, "repeat"), found(3, 5, 0.1)], [found(3, 5, 0.1)]),
        ([found(0, 3), found(0, 3, rule="abbreviation")], [found(0, 3, rule="abbreviation")]),
        ([found(0, 3), found(0, 3, field=ABSTRACT)], [found(0, 3, field=ABSTRACT), found(0, 3)]),
        ([found(0, 9), found(1, 2), found(4, 5), found(8, 12)], [found(0, 9)]),
    ],
)
def test_of_overlapping_spans_one_remains(spans: list[Found], kept: list[Found]) -> None:
    assert without_overlaps(spans) == sorted(kept)
    assert without_overlaps(reversed(spans)) == sorted(kept)


SPANS = st.builds(
    lambda start, size, score, rule, field: found(start, start + size, score, rule, field),
    st.integers(0, 40),
    st.integers(1, 10),
    st.sampled_from([0.3, 0.6, 0.9]),
    st.sampled_from(["model", "repeat", "abbreviation"]),
    st.sampled_from(Field),
)


@given(st.lists(SPANS, max_size=15))
def test_what_remains_is_free_of_overlaps_and_as_much_as_can_be(spans: list[Found]) -> None:
    kept = without_overlaps(spans)
    assert kept == sorted(kept)

    def clash(a: Found, b: Found) -> bool:
        return a.field is b.field and a.start < b.end and b.start < a.end

    assert not any(clash(a, b) for i, a in enumerate(kept) for b in kept[i + 1 :])
    assert all(any(clash(s, k) for k in kept) for s in spans)
    assert without_overlaps(kept) == kept


def test_many_spans_do_not_take_quadratic_time() -> None:
    spans = [found(i, i + 2) for i in range(40_000)]
    started = time.perf_counter()
    assert len(without_overlaps(spans)) == 20_000
    assert time.perf_counter() - started < 5


def test_a_name_of_several_words_is_found_again() -> None:
    texts = {TITLE: "Paper Cranes", ABSTRACT: "Paper Cranes fly. Paper Cranes-like, xPaper Cranes, paper cranes."}
    added = repeats([span("Paper Cranes", texts[TITLE], T, 0.8, TITLE)], texts)
    assert [(s.field, s.start) for s in added] == [(TITLE, 0), (ABSTRACT, 0)]
    assert all(texts[s.field][s.start : s.end] == s.text and s.label is T and s.rule == "repeat" for s in added)


@pytest.mark.parametrize(("text", "score"), [("Cranes", 0.9), ("Paper Cranes", 0.5)])
def test_single_words_and_unsure_names_are_not_spread(text: str, score: float) -> None:
    assert repeats([span(text, text, score=score)], {TITLE: "", ABSTRACT: f"{text} {text}"}) == []


def test_a_name_full_of_signs_is_searched_as_it_is() -> None:
    text = "C++ (a|b) nets and C++ (a|b) nets"
    assert len(repeats([span("C++ (a|b) nets", text)], {TITLE: "", ABSTRACT: text})) == 2


def test_one_name_has_one_label() -> None:
    text = "Nets, nets, net and NN"
    spans = [span("Nets", text, M, 0.9), span("nets", text, C, 0.5), span("NN", text, C, 0.3)]
    assert [s.label for s in one_label_per_name(spans, {"NN": "nets"})] == [M, M, M]
    assert [s.label for s in one_label_per_name(spans, {})] == [M, M, C]


def test_of_equal_votes_the_first_label_wins() -> None:
    one, other = span("ab", "ab", C, 0.5), span("ab", "ab", D, 0.5)
    assert {s.label for s in one_label_per_name([one, other], {})} == {D}
    assert {s.label for s in one_label_per_name([other, one], {})} == {D}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("CraneNet: Folding by Machine", "CraneNet"),
        ("Clarinet: a wind instrument", "Clarinet"),
        ("CraneNet 2.0: Folding", "CraneNet 2.0"),
        ("CraneNet \u2014 Folding by Machine", "CraneNet"),
        ("Folding Paper Net v2: More", "Folding Paper Net v2"),
        ("CraneNet - Folding by Machine", "CraneNet"),
        ("Crane-Net Folding: by Machine", "Crane-Net Folding"),
        ("On Folding: a Study", None),
        ("Beyond Self-Attention: Folding", None),
        ("Towards RealWorld Cranes: Folding", None),
        ("What Is CraneNet?: Folding", None),
        ("Folding paper: a study", None),
        ("Folding Paper by Machine and Hand: CraneNet", None),
        ("A: b", None),
        ("x=y^2: maths", None),
        ("CraneNet:", None),
        ("CraneNet:folding", None),
        (": folding", None),
        ("CraneNet", None),
        ("", None),
    ],
)
def test_the_name_in_a_title(title: str, name: str | None) -> None:
    assert title_name(title) == name


def test_a_title_says_what_its_name_is() -> None:
    assert name_label("CraneBank: A Dataset of Cranes") is D
    assert name_label("CraneBank: Two Benchmarks") is D
    assert name_label("CraneNet: Folding Datasetless") is M


def system(abstract: str, *names: str, title: str = "Cranes", label: Label = M) -> str | None:
    texts = {TITLE: title, ABSTRACT: abstract}
    definitions = {field: list(find_definitions(text)) for field, text in texts.items()}
    return find_system([span(name, abstract, label) for name in names], texts, definitions)


@pytest.mark.parametrize(
    ("abstract", "names", "wanted"),
    [
        ("We propose CraneNet, which folds.", ["CraneNet"], "CraneNet"),
        ("In this paper, we then present the new CraneNet.", ["CraneNet"], "CraneNet"),
        ("This work introduces Crane-Net.", ["Crane-Net"], "Crane-Net"),
        ("We propose deep paper folding (DPF).", [], "DPF"),
        ("We propose a net called Crane.", ["Crane"], "Crane"),
        ("We propose a BERT-like net, dubbed CraneNet.", ["BERT-like", "CraneNet"], "CraneNet"),
        ("The net, termed CraneNet, folds.", ["CraneNet"], "CraneNet"),
        ("We release CraneBank, a corpus.", ["CraneBank"], "CraneBank"),
        # What it is made for or of is not what it is.
        ("We propose a way to train ResNet.", ["ResNet"], None),
        ("We propose a net based on ResNet.", ["ResNet"], None),
        ("We propose a net for BERT and GPT-2.", ["BERT", "GPT-2"], None),
        ("We present a study. ResNet is old.", ["ResNet"], None),
        # Others have coined what is used before it is proposed.
        ("ResNet is old. We propose ResNet again.", ["ResNet"], "ResNet"),
        ("The FooNets are old, FooNet is too. We propose FooNet-2 now.", ["FooNet-2"], "FooNet-2"),
        ("We propose to fold CraneNet.", ["CraneNet"], None),
        ("We propose a clever net.", ["clever net"], None),
        ("He calls it CraneNet.", ["CraneNet"], None),
        ("", [], None),
    ],
)
def test_the_name_after_we_propose(abstract: str, names: list[str], wanted: str | None) -> None:
    if abstract.startswith("ResNet is old"):
        # The span is the second one: the first use shows that it is known.
        definitions: dict[Field, list[object]] = {TITLE: [], ABSTRACT: []}
        start = abstract.rindex("ResNet")
        texts = {TITLE: "Cranes", ABSTRACT: abstract}
        late = Found(ABSTRACT, start, start + 6, "ResNet", M, 0.9)
        assert find_system([late], texts, definitions) is None  # type: ignore[arg-type]
    else:
        assert system(abstract, *names) == wanted


def test_only_methods_and_datasets_are_introduced() -> None:
    assert system("We propose CraneNet.", "CraneNet", label=D) == "CraneNet"
    assert system("We propose CraneNet.", "CraneNet", label=T) is None


def test_the_title_comes_first_in_the_spelling_of_its_abbreviation() -> None:
    abstract = "We propose Other (OTH). Deep paper folding (CRANE-D) is good."
    assert system(abstract, title="CraneNet: Folding") == "CraneNet"
    assert system("A crane net (CRANET) folds.", title="Cranet: Folding") == "CRANET"
    assert system("Deep-Paper Folding (DPF) folds.", title="Deep-Paper Folding: by Machine") == "DPF"


@pytest.mark.parametrize(
    "piece", ["we propose ", "we newly ", "called ", "We propose A B (AB) called ", "a" * 60 + ". "]
)
def test_cues_without_end_take_no_time_to_speak_of(piece: str) -> None:
    abstract = (piece * 50_000)[:50_000]
    started = time.perf_counter()
    system(abstract)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ("zero-shot accuracy", "-shot accuracy", "zero-shot accuracy"),
        ("the wake-sleep algorithm", "wake-", "wake-sleep"),
        ("English-to-German and more", "English-to-German and", "English-to-German"),
        ("mixture of experts", "mixture of", "mixture"),
        (" BERT ", " BERT ", "BERT"),
        ("smooth, fast", "smooth,", "smooth"),
        ("BERT", "BERT", "BERT"),
        ("-", "-", "-"),
        ("Anderson", "Anderson", "Anderson"),
    ],
)
def test_spans_begin_and_end_with_whole_words(text: str, span: str, whole: str) -> None:
    start = text.index(span)
    begin, end = whole_words(text, start, start + len(span))
    assert text[begin:end] == whole
