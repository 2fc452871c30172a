"""What names say of spans made by hand."""

import pytest

from kg.extract.gazetteer import Gazetteer, Name
from kg.extract.known import allowed, benchmarks, by_company, completed, no_plain_data, relabelled
from kg.extract.spans import Found
from kg.model import Field, Label

M, D, T, R, C = Label.METHOD, Label.DATASET, Label.TASK, Label.METRIC, Label.CONCEPT
KNOWN = Gazetteer(
    (
        Name("CraneNet", M, "CraneNet"),
        Name("CraneBank", D, "CraneBank"),
        Name("CB", D, "CraneBank"),
        Name("Fold@10", R, "Fold@10"),
        Name("folding error", R, "folding error"),
    )
)


def span(text: str, source: str, label: Label = M) -> Found:
    start = source.index(text)
    return Found(Field.ABSTRACT, start, start + len(text), text, label, 0.7)


def texts(abstract: str, title: str = "") -> dict[Field, str]:
    return {Field.TITLE: title, Field.ABSTRACT: abstract}


def test_a_known_name_has_its_label() -> None:
    text = "CraneNet, CraneNets, Crane"
    spans = [span("CraneNet", text, D), span("CraneNets", text, D), span("Crane", text, D)]
    assert [s.label for s in relabelled(spans, KNOWN, {})] == [M, M, D]


def test_what_the_paper_defines_as_something_else_is_not_the_known_name() -> None:
    spans = [span("CB", "CB", C)]
    assert [s.label for s in relabelled(spans, KNOWN, {"CB": "color balance"})] == [C]
    assert [s.label for s in relabelled(spans, KNOWN, {"CB": "Crane Bank"})] == [C]
    assert [s.label for s in relabelled(spans, KNOWN, {"CB": "CraneBank"})] == [D]
    assert completed([], texts("CB"), KNOWN, {"CB": "color balance"}) == []


def test_a_users_own_name_is_what_the_user_says() -> None:
    both = KNOWN.extended(Gazetteer((Name("CB", T, "CB"),)))
    assert [s.label for s in relabelled([span("CB", "CB", C)], both, {"CB": "color balance"})] == [T]


@pytest.mark.parametrize(
    ("abstract", "spans", "wanted"),
    [
        ("on CraneBank", [], ["CraneBank"]),
        ("0.4/0.6 on CB/CraneBank", [], ["CB", "CraneBank"]),
        ("Fold @ 10 of", ["Fold"], ["Fold @ 10"]),
        ("a CraneBank split", ["CraneBank split"], ["CraneBank split"]),
        ("a CraneBank", ["CraneBank"], ["CraneBank"]),
        # Methods and words are left to the model, addresses name nothing.
        ("CraneNet has a Folding error", [], []),
        ("at https://github.com/x/CraneBank", [], []),
        ("at www.x.org/CB", [], []),
    ],
)
def test_names_that_the_model_missed(abstract: str, spans: list[str], wanted: list[str]) -> None:
    result = completed([span(s, abstract) for s in spans], texts(abstract), KNOWN, {})
    assert [s.text for s in result] == wanted
    assert all(abstract[s.start : s.end] == s.text for s in result)


def test_own_names_are_added_whatever_they_are() -> None:
    both = KNOWN.extended(Gazetteer((Name("paper crane", C, "paper crane"), Name("CraneBank", None, "CraneBank"))))
    [added] = completed([], texts("CraneBank of a", "Paper cranes"), both, {})
    assert (added.field, added.text, added.label, added.rule) == (Field.TITLE, "Paper cranes", C, "gazetteer")


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("the HDD dataset", "HDD", D),
        ("the HDD Benchmark", "HDD", D),
        ("crane bank (CRB) corpus", "CRB", D),
        ("a BLUE score", "BLUE", R),
        ("QA datasets", "QA", M),
        ("a crane dataset", "crane", M),
        ("HDD", "HDD", M),
        ("HDD.dataset", "HDD", M),
    ],
)
def test_the_noun_behind_a_name_says_what_it_is(text: str, name: str, label: Label) -> None:
    [found] = by_company([span(name, text)], texts(text), KNOWN)
    assert found.label is label


def test_a_users_file_restricts() -> None:
    text = "CraneNet CraneBank Crane fold"
    spans = [span("CraneNet", text), span("CraneBank", text, D), span("Crane", text, D), span("fold", text, T)]
    assert list(allowed(spans, KNOWN)) == spans
    own = (Name("CraneBank", None, "CraneBank"), Name("fold", T, "fold"))

    def kept(others: frozenset[Label]) -> list[str]:
        return [s.text for s in allowed(spans, KNOWN.extended(Gazetteer(own, others)))]

    assert kept(frozenset(Label)) == ["CraneNet", "Crane", "fold"]
    assert kept(frozenset({M})) == ["CraneNet", "fold"]
    assert kept(frozenset()) == ["fold"]


@pytest.mark.parametrize(
    ("abstract", "spans", "wanted"),
    [
        ("on MSRBench and SPIN-Bench", [], ["MSRBench", "SPIN-Bench"]),
        ("tops S3Eval.", ["S3"], ["S3Eval"]),
        ("an S3Eval split", ["S3Eval split"], ["S3Eval split"]),
        # No names of benchmarks: words, parts of longer names, addresses.
        ("a Benchmark, Evaluation, bench, MSRBench-like, MSRBenches", [], []),
        ("at https://github.com/x/MSRBench", [], []),
    ],
)
def test_names_that_end_as_benchmarks_do(abstract: str, spans: list[str], wanted: list[str]) -> None:
    found = benchmarks([span(name, abstract, D) for name in spans], texts(abstract))
    assert [(s.text, s.label) for s in found] == [(name, D) for name in wanted]


def test_a_benchmark_is_a_dataset_whatever_the_model_took_it_for() -> None:
    [found] = benchmarks([span("MSRBench", "on MSRBench", M)], texts("on MSRBench"))
    assert (found.label, found.score, found.rule) == (D, 0.9, "benchmark-name")


@pytest.mark.parametrize(
    ("short", "long", "label"),
    [
        ("MuL", "multi-level", C),
        ("MuL", "Multi-Level", D),
        ("mlc", "multi-level corpus", D),
        ("lip", "large image collection", D),
    ],
)
def test_short_for_plain_words_is_no_dataset(short: str, long: str, label: Label) -> None:
    text = f"{long} ({short}), {short}"
    spans = [span(long, text, D), span(short, text, D)]
    assert [s.label for s in no_plain_data(spans, {short: long})] == [label, label]
    assert [s.label for s in no_plain_data(spans, {})] == [D, D]
    assert [s.label for s in no_plain_data([span(short, text, T)], {short: long})] == [T]
