"""Names from files, and where a text writes them."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, SourceError
from kg.extract.gazetteer import Gazetteer, Name, load_gazetteer, shipped_gazetteer
from kg.model import Label

M, D, R = Label.METHOD, Label.DATASET, Label.METRIC


def names(*texts: str, label: Label | None = D) -> Gazetteer:
    return Gazetteer(tuple(Name(text, label, text) for text in texts))


CRANES = names(
    "CRANE-10", "CRANE-100", "CRN", "PaperCranes", "Paper Folding Bank", "folding error", "Cranes", "CRN+", "ReFold"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on CRANE-10 and CRANE-100.", ["CRANE-10", "CRANE-100"]),
        ("CRANE10, CRANE 10 (CRANE\u201310)", ["CRANE-10"] * 3),
        ("on the CRN/CRANE-10", ["CRN", "CRANE-10"]),
        ("\U0001f600 on CRN-based", ["CRN"]),
        ("PaperCranes papercranes PAPERCRANES Papercranes", ["PaperCranes"]),
        ("Folding Error, folding errors", ["folding error", "folding error"]),
        ("ReFold, refold, REFOLD", ["ReFold"]),
        ("Paper folding bank or Paper-Folding Bank", ["Paper Folding Bank"]),
        ("CRNs", ["CRN"]),
        ("CRN+", ["CRN+"]),
        ("the longest: Paper Folding Bank", ["Paper Folding Bank"]),
        # Other names, or words.
        ("CRANE-1000, CRANE-10-C, CRANE-10.5, pre-CRN, CRN-2, CRNX, xCRN, CRN*, crn", []),
        ("cranes, crane and CRANES", []),
        ("Paper. Folding. Bank", []),
        ("", []),
        ("- \u2013 _", []),
    ],
)
def test_where_names_stand(text: str, found: list[str]) -> None:
    hits = CRANES.matches(text)
    assert [hit.name.text for hit in hits] == found
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)


def test_offsets_count_code_points() -> None:
    [hit] = names("\U0001d504-Net").matches("\U0001f600 an \U0001d504-Net")
    assert (hit.start, hit.end) == (5, 10)


@given(st.text(alphabet="CRN-10 +aé\u2013s.", max_size=40))
def test_hits_are_in_order_and_apart(text: str) -> None:
    hits = CRANES.matches(text)
    assert all(a.end <= b.start for a, b in pairwise(hits))
    assert all(CRANES.named(text[h.start : h.end]) == h.name for h in hits)


def test_a_whole_text_is_a_name_or_not() -> None:
    assert CRANES.named("crane 10") is None
    assert CRANES.named("CRANE 10") == Name("CRANE-10", D, "CRANE-10")
    assert CRANES.named("CRANE-10 bank") is None
    assert CRANES.named("(CRN)") is None
    assert CRANES.named("") is None


def test_what_is_written_just_so_comes_first() -> None:
    both = Gazetteer((Name("SuperCrane", M, "SuperCrane"), Name("SuperCRANE", D, "SuperCRANE")))
    assert [h.name.label for h in both.matches("SuperCrane SuperCRANE")] == [M, D]


# ---- files


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_lines(tmp_path: Path) -> None:
    own = load_gazetteer(
        write(tmp_path / "own.tsv", "\ufeff# cranes\n\nPaper crane\tDataset\nCRN\t-\nfold\tmetric\r\nfold\tMetric\n")
    )
    assert own.names == (Name("Paper crane", D, "Paper crane"), Name("CRN", None, "CRN"), Name("fold", R, "fold"))
    assert own.others == set(Label)


@pytest.mark.parametrize(("given", "others"), [("-", set()), ("Dataset, method", {D, M})])
def test_what_is_not_listed(tmp_path: Path, given: str, others: set[Label]) -> None:
    assert load_gazetteer(write(tmp_path / "own.tsv", f"*\t{given}\n")).others == others


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("CRN", "expected one of Method, Dataset, Task, Metric, Concept or - after the tab, not ''"),
        ("CRN\tBird", "not 'Bird'"),
        ("CRN\tMethod Dataset", "CRN needs one label"),
        ("\tDataset", "expected name<TAB>label"),
        ("--\tDataset", "expected name<TAB>label"),
        ("Fold\tMethod", "Fold is given twice"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = write(tmp_path / "own.tsv", f"Fold\tDataset\n{line}\n")
    with pytest.raises(SourceError) as caught:
        load_gazetteer(path)
    assert caught.value.location == f"{path}:2"
    assert reason in caught.value.reason


SKOS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix kg: <https://w3id.org/paperkg/ns#> .
<x:a> a skos:Concept, kg:Method ; skos:prefLabel "CraneNet"@en ; skos:altLabel "CRN", "Crane Net" .
"""


def test_turtle(tmp_path: Path) -> None:
    own = load_gazetteer(write(tmp_path / "own.ttl", SKOS))
    assert own.names == tuple(Name(text, M, "CraneNet") for text in ("CraneNet", "CRN", "Crane Net"))


@pytest.mark.parametrize(
    "text", [SKOS.replace(", kg:Method", ""), SKOS.replace("prefLabel", "note"), SKOS.replace("CRN", "--"), SKOS[:-3]]
)
def test_wrong_turtle_is_named(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "own.ttl", text)
    with pytest.raises(KgError, match=r"own\.ttl"):
        load_gazetteer(path)


def test_a_missing_or_binary_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.tsv", tmp_path / "none.ttl"):
        with pytest.raises(KgError, match="none"):
            load_gazetteer(path)
    (tmp_path / "bad.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match=r"bad\.tsv"):
        load_gazetteer(tmp_path / "bad.tsv")


# ---- one's own over the shipped


def test_own_names_win() -> None:
    own = Gazetteer((Name("CRN", M, "CRN"), Name("Cranes", None, "Cranes")), frozenset({D}))
    both = CRANES.extended(own)
    assert [(h.name.label, h.name.own) for h in both.matches("CRN, Cranes, CRANE-10")] == [
        (M, True),
        (None, True),
        (D, False),
    ]
    assert both.others == {D}


def test_the_digest_tells_gazetteers_apart() -> None:
    one, other = names("a"), names("b")
    assert one.digest == names("a").digest
    assert hash(one) == hash(names("a"))
    digests = [
        one.digest,
        other.digest,
        names("a", label=M).digest,
        one.extended(other).digest,
        other.extended(one).digest,
    ]
    digests.append(Gazetteer(one.names, frozenset()).digest)
    assert len(set(digests)) == len(digests)


@pytest.mark.slow
def test_the_shipped_names_are_found_in_no_time() -> None:
    text = "We train ResNet-50 with Adam on CIFAR-100 and ImageNet and report top-1 accuracy, BLEU and the norm. "
    shipped = shipped_gazetteer()
    found = [(h.name.canonical, h.name.label) for h in shipped.matches(text)]
    assert found == [
        ("ResNet-50", M),
        ("Adam", M),
        ("CIFAR-100", D),
        ("ImageNet", D),
        ("top-1 accuracy", R),
        ("BLEU", R),
    ]
    started = time.process_time()
    for _ in range(100):
        shipped.matches(text * 12)
    assert time.process_time() - started < 1
