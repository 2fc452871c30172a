import pytest

from kg.analysis.recent import Glance, change, glances
from kg.analysis.trends import find_trends
from tests.kg.analysis.made import Made

PAPERS = {
    **{f"a{i}": (2000, "m-old") for i in range(6)},
    **{f"b{i}": (2001, "m-old m-new") for i in range(2)},
    "c": (2003, "m-new"),
    "d": (2003, "m-new m-once"),
    "e": (None, "m-new"),
}


def test_years_are_counted_to_the_last_of_the_graph() -> None:
    found = glances(Made(PAPERS), ["m-old", "m-new", "nope"])
    assert found == {
        "m-old": Glance(2000, (6, 2, 0, 0), (6, 2, 0, 2)),
        "m-new": Glance(2000, (0, 2, 0, 2), (6, 2, 0, 2)),
    }
    assert found["m-new"].shares == (0.0, 1.0, 0.0, 1.0)
    assert found["m-new"].last == 2003
    assert glances(Made(PAPERS), ["m-old"], window=2)["m-old"] == Glance(2002, (0, 0), (0, 2))
    assert glances(Made({"a": (None, "m-x")}), ["m-x"]) == {}


def test_a_change_is_that_of_the_ranking_of_all() -> None:
    papers = {
        f"p{year}-{n}": (year, "m-up" if n < year - 2000 else "m-no") for year in range(2001, 2011) for n in range(20)
    }
    made = Made(papers)
    [first, *_] = find_trends(made).trends
    found = change(made, "m-up")
    assert found
    assert (found.start, found.end) == (2001, 2010)
    assert (found.growth, found.low, found.high) == pytest.approx((first.growth, first.low, first.high))
    assert found.direction == "rising"
    falling = change(made, "m-no")
    assert falling
    assert falling.direction == "falling"


def test_few_papers_say_nothing() -> None:
    assert change(Made(PAPERS), "m-once") is None
    assert change(Made({f"a{i}": (2000, "m-x") for i in range(9)}), "m-x") is None
    assert change(Made({f"a{i}": (None, "m-x") for i in range(9)}), "m-x") is None
    steady = change(Made({f"a{i}": (2000 + i % 3, "m-x") for i in range(9)}), "m-x")
    assert steady
    assert steady.direction == "steady"
