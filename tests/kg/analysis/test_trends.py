import numpy as np
import pytest

from kg.analysis.trends import find_trends, timeline, wilson
from kg.errors import NotFoundError
from kg.model import Label
from tests.kg.analysis.made import Made

# The score interval of the binomial as R's binom.confint(method = "wilson") gives it.
WILSON = [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0)]


@pytest.mark.parametrize(("papers", "total", "low", "high"), WILSON)
def test_wilson_intervals(papers: int, total: int, low: float, high: float) -> None:
    assert wilson(papers, total) == pytest.approx((low, high), abs=1e-4)


def test_a_timeline_has_years_without_the_entity_but_none_without_papers() -> None:
    found = timeline(
        Made({"a": (2000, "m-y"), "b": (2001, "m-x"), "c": (2003, "m-y"), "d": (2004, "m-x m-y"), "e": (None, "m-x")}),
        "m-x",
    )
    assert [(y.year, y.papers, y.total) for y in found.years] == [(2001, 1, 1), (2003, 0, 1), (2004, 1, 1)]
    assert found.undated == 1
    assert found.years[0].share == 1.0
    assert found.years[1].low == 0.0 < found.years[1].high


def test_of_an_entity_without_any_year_there_are_none() -> None:
    found = timeline(Made({"a": (None, "m-x!"), "b": (2001, "m-y")}), "m-x")
    assert (found.years, found.undated, found.first) == ((), 1, None)


def test_the_first_proposers_are_told_with_ties_and_what_may_be_earlier() -> None:
    papers = {"a": (2001, "m-x"), "b": (2003, "m-x!"), "c": (2003, "m-x!"), "d": (2005, "m-x!"), "e": (None, "m-x!")}
    first = timeline(Made(papers), "m-x").first
    assert first
    assert [s.paper.id for s in first.papers] == ["b", "c"]
    assert (first.year, first.tied, first.earlier, first.undated) == (2003, 2, 1, 1)
    assert all(s.evidence and s.evidence.text == "m-x" for s in first.papers)


def test_an_unknown_entity_is_named() -> None:
    with pytest.raises(NotFoundError, match="nope"):
        timeline(Made({"a": (2001, "m-x")}), "nope")


def corpus(shares: dict[str, list[int]], *, year: int = 2011, size: int = 100) -> dict[str, tuple[int | None, str]]:
    """``size`` papers in each of some years, of which so many name each entity."""
    span = len(next(iter(shares.values())))
    return {
        f"{year + i}-{n:03}": (year + i, " ".join(["c-all", *(e for e, counts in shares.items() if n < counts[i])]))
        for i in range(span)
        for n in range(size)
    }


def test_what_rises_and_what_falls() -> None:
    made = Made(corpus({"m-up": [1, 2, 5, 10, 20], "m-down": [20, 10, 5, 2, 1], "m-flat": [9, 9, 9, 9, 9]}))
    up, down = find_trends(made), find_trends(made, falling=True)
    assert [t.entity.slug for t in up.trends] == ["m-up"]
    assert [t.entity.slug for t in down.trends] == ["m-down"]
    assert (up.considered, up.undated, up.end) == (3, 0, 2015)
    assert [y.papers for y in up.trends[0].years] == [1, 2, 5, 10, 20]
    assert up.trends[0].low > 1 > down.trends[0].high


def test_the_slope_is_that_of_the_odds() -> None:
    odds = [0.02 * 1.5**i for i in range(8)]
    [trend] = find_trends(Made(corpus({"m-up": [round(2000 * o / (1 + o)) for o in odds]}, size=2000))).trends
    assert trend.growth == pytest.approx(1.5, abs=0.02)
    assert trend.low < 1.5 < trend.high < 1.6


def test_few_papers_do_not_win() -> None:
    made = Made(corpus({"m-few": [0, 0, 0, 0, 2], "m-many": [4, 8, 12, 16, 20]}))
    assert find_trends(made, min_papers=1).trends[0].entity.slug == "m-many"
    assert find_trends(made).considered == 1


def test_years_that_jump_about_are_less_sure_than_a_line() -> None:
    made = Made(corpus({"m-line": [2, 6, 10, 14, 18], "m-jumps": [6, 0, 22, 0, 22]}))
    line = find_trends(made).trends[0]
    assert line.entity.slug == "m-line"
    assert "m-jumps" not in {t.entity.slug for t in find_trends(made).trends}


def test_types_years_venues_and_generic_entities() -> None:
    papers = corpus({"d-up": [1, 3, 9, 27, 60], "m-any": [1, 3, 9, 27, 60]})
    venues = {paper: "NeurIPS" if int(paper[-3:]) < 50 else "ICRA" for paper in papers}
    made = Made(papers | {"late": (None, "d-up")}, generic=["m-any"], venues=venues)
    assert find_trends(made).trends == ()
    [trend] = find_trends(made, labels=[Label.DATASET], start=2012, end=2014).trends
    assert [y.year for y in trend.years] == [2012, 2013, 2014]
    assert find_trends(made, labels=[Label.DATASET]).undated == 1
    [there] = find_trends(made, labels=[Label.DATASET], venue="neurips").trends
    assert [y.total for y in there.years] == [50] * 5
    with pytest.raises(NotFoundError, match="venue 'IRA'; did you mean ICRA"):
        find_trends(made, venue="IRA")


def test_a_year_alone_has_no_trend() -> None:
    made = Made(corpus({"m-x": [10]}))
    assert find_trends(made).trends == ()
    assert find_trends(made, start=1990, end=1980).trends == ()
    assert find_trends(Made({"a": (None, "m-x")})).undated == 1
    assert find_trends(made, start=1, end=9999).trends == ()


def test_of_many_that_jump_about_some_seem_to_rise_and_it_is_said_how_many() -> None:
    true = [2, 4, 8, 12, 18]
    alone = find_trends(Made(corpus({"m-up": true}))).trends[0]
    noise = {
        f"m-{i}": counts for i, counts in enumerate(np.random.default_rng(5).binomial(100, 0.06, (120, 5)).tolist())
    }
    found = {t.entity.slug: t for t in find_trends(Made(corpus({"m-up": true} | noise)), limit=200).trends}
    assert found["m-up"].false_rate < 0.05
    assert alone.false_rate < found["m-up"].false_rate
    assert all(t.false_rate > 0.05 for slug, t in found.items() if slug != "m-up")
    assert len(found) > 1
