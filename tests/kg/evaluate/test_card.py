"""The tables of a model card."""

import pytest

from kg.evaluate import AnnotatedPaper, card, evaluate
from kg.evaluate.bootstrap import Sampling
from kg.evaluate.facts import ComparedFacts, Fact, Facts
from kg.evaluate.groups import By
from kg.model import Role
from tests.kg.evaluate.hand import M, Scripted, T, abstract, evaluated, paper, title

FEW = Sampling(draws=50, seed=3)
GOOD = evaluated(([title(0, 5, M)], [title(0, 5, M)]))
POOR = evaluated(([title(0, 5, M), abstract(0, 4, T)], [abstract(0, 4, M)]))


def cells(text: str) -> list[list[str]]:
    """Of each row below the headings, the cells."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]


def test_a_table_is_markdown_whatever_its_cells_hold() -> None:
    assert card.table(["a", "b"], [["x|y\nz", 1234], [0.25, ""]]) == (
        "| a | b |\n| --- | --- |\n| x\\|y z | 1,234 |\n| 0.2 |  |"
    )


def test_scores_are_told_by_label_and_by_each_way_to_count() -> None:
    rows = {row[0]: row[1:] for row in cells(card.scores(GOOD, FEW))}
    assert rows["Method"] == ["1", "1", *["100.0 / 100.0", "100.0 (100.0 to 100.0)"] * 3]
    assert rows["Dataset"] == ["0", "0", *[""] * 6]
    assert rows["**all**"] == rows["Method"]
    assert rows["mean"][:2] == ["", ""]


def test_sets_are_told_apart_and_pooled() -> None:
    gold = [AnnotatedPaper(paper("p"), (), name) for name in ("0123", None)]
    first, other = (evaluate(gold, Scripted(*(([], name, 1.0) for name in said))) for said in (("0123", "x"), ("", "")))
    assert cells(card.systems({"first": first, "other": other})) == [
        ["first", "1", "2", "1", "50.0", "100.0", "66.7"],
        ["other", "1", "0", "0", "0.0", "0.0", "0.0"],
    ]
    assert card.pooled({"first": first, "other": other}).papers == first.papers + other.papers


def test_groups_have_rows() -> None:
    gold = AnnotatedPaper(paper("p", 2021, "ACL"), (title(0, 5, M),))
    evaluation = evaluate([gold], Scripted((gold.spans, None, 0.9)))
    row = ["1", "100.0 / 100.0", "100.0 (100.0 to 100.0)"]
    assert cells(card.groups(evaluation, By.VENUE, FEW)) == [["NLP", *row]]
    assert cells(card.groups(evaluation, By.YEAR, FEW)) == [["2020-2024", *row]]


def test_calibration_has_the_error_of_each_set_and_the_bins_of_all() -> None:
    gold = AnnotatedPaper(paper(), (title(0, 5, M),))
    sure = evaluate([gold], Scripted((gold.spans, None, 0.9)))
    unsure = evaluate([gold], Scripted(([title(0, 4, M)], None, 0.3)))
    errors, bins = card.calibration({"sure": sure, "unsure": unsure, "none": evaluated(([], []))}).split("\n\n")
    assert cells(errors) == [["sure", "10.0"], ["unsure", "30.0"], ["none", ""], ["all", "20.0"]]
    assert cells(bins) == [["0.2 to 0.3", "1", "30.0", "0.0"], ["0.8 to 0.9", "1", "90.0", "100.0"]]


def test_facts_are_counted_by_name_with_their_thresholds() -> None:
    wanted = [Fact("uses", (title(0, 4, ""),), ("0123",)), Fact("uses", (title(10, 14, ""),), ("0123",))]
    found = Facts(tuple(Role), (ComparedFacts(tuple(wanted), tuple(wanted[:1])),))
    rows = {row[0]: row[1:] for row in cells(card.facts(found, {"uses": 0.625, "temperature": 1.2}, FEW))}
    assert rows["uses"] == ["0.62", "1", "1", "100.0 / 100.0", "100.0 (100.0 to 100.0)"]
    assert rows["compares"] == ["", "0", "0", "", ""]
    assert rows["all, same characters"][1:4] == ["2", "1", "100.0 / 50.0"]
    assert list(rows)[6:] == ["**all**", "mean", "all, same characters", "all, overlap"]


def test_an_ablation_says_what_is_lost_without_a_part() -> None:
    text = card.ablation(
        {"set": GOOD}, {"nothing much": {"set": GOOD}, "all": {"set": evaluated(([title(0, 5, M)], []))}}
    )
    assert text.splitlines()[0] == "| without | set F1 | P / R | lost | mentions |"
    assert cells(text) == [
        ["nothing", "100.0", "100.0 / 100.0", "", "1"],
        ["nothing much", "100.0", "100.0 / 100.0", "+0.0 (+0.0 to +0.0)", "1"],
        ["all", "0.0", "0.0 / 0.0", "+100.0 (+100.0 to +100.0)", "0"],
    ]


@pytest.mark.parametrize("number", [0, 8])
def test_confusions_come_most_first(number: int) -> None:
    kinds, labels = card.confusions(POOR, number).split("\n\n")
    assert cells(kinds) == [
        ["right characters, wrong label", "1"],
        ["right place, wrong border", "0"],
        ["missed", "1"],
        ["found where nothing was wanted", "0"],
    ]
    assert cells(labels) == ([["Task read as Method", "1"]] if number else [])
