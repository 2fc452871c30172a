import pytest

from kg.analysis.recent import Glance
from kg.analysis.trends import Year, wilson
from kg.view.charts import FEW, HEIGHT, MANY, TALL, WIDTH, in_percent, spark, timechart


def years(papers: dict[int, int], total: int = 10) -> list[Year]:
    return [Year(year, n, total, n / total, *wilson(n, total)) for year, n in papers.items()]


def test_bars_fill_the_panel_up_to_a_round_number() -> None:
    chart = timechart(years({2001: 3, 2002: 0, 2003: 7}))
    assert chart
    assert [tick.text for tick in chart.papers.ticks] == ["0", "4", "8"]
    assert [(c.mark.year.year, c.y, c.height) for c in chart.papers.columns] == [(2001, 75, 45), (2003, 15, 105)]
    assert [mark.middle for mark in chart.marks] == pytest.approx([100 / 6, 50, 500 / 6], abs=0.01)
    assert all(column.y + column.height == HEIGHT for column in chart.papers.columns)


def test_shares_have_their_band_and_years_without_papers_break_it() -> None:
    chart = timechart(years({2001: 3, 2002: 4, 2005: 7}))
    assert chart
    assert chart.span == 5
    assert chart.shares
    assert [line.count(",") for line in chart.shares.lines] == [2]
    assert [band.count(",") for band in chart.shares.bands] == [4]
    assert len(chart.shares.dots) == 3
    for dot in chart.shares.dots:
        assert 0 <= dot.high <= dot.y <= dot.low <= HEIGHT
    assert [dot.alone for dot in chart.shares.dots] == [False, False, True]


def test_one_year_has_no_course_and_none_no_chart() -> None:
    chart = timechart(years({2001: 1}))
    assert chart
    assert chart.shares is None
    assert [tick.text for tick in chart.papers.ticks] == ["0", "1"]
    assert timechart([]) is None


@pytest.mark.parametrize("span", [1, 4, 5, 6, 12, 13, 37, 70, 400])
def test_years_are_written_as_far_as_there_is_room_the_last_always(span: int) -> None:
    chart = timechart(years({1600 + n: 1 for n in range(span)}))
    assert chart
    assert sum(mark.narrow for mark in chart.marks) <= FEW
    assert sum(bool(mark.text) for mark in chart.marks) <= MANY
    assert chart.marks[-1].text == str(1599 + span)
    assert all(mark.text for mark in chart.marks if mark.narrow)


@pytest.mark.parametrize(("share", "texts"), [(0.3, ["0 %", "30 %", "60 %"]), (0.004, ["0 %", "0.4 %", "0.8 %"])])
def test_shares_are_written_to_the_places_that_they_need(share: float, texts: list[str]) -> None:
    made = [Year(2000 + n, 3, 100, share, share / 2, share * 2) for n in range(3)]
    chart = timechart(made)
    assert chart
    assert chart.shares
    assert [tick.text for tick in chart.shares.ticks] == texts


def test_a_spark_stays_in_its_box_and_tells_its_numbers() -> None:
    found = spark(Glance(2001, (0, 5, 10), (10, 10, 40)))
    assert found.points == f"2.0,{TALL - 2}.0 48.0,2.0 {WIDTH - 2.0},11.0"
    assert found.end == (WIDTH - 2.0, 11.0)
    assert found.words == "Papers a year, 2001 to 2003: 0, 5, 10"
    assert spark(Glance(2001, (0,), (0,))).words == "Papers a year, 2001: 0"


def test_percent_have_two_places_that_say_something() -> None:
    assert [in_percent(share) for share in (0, 1, 0.123, 0.0417, 0.00333, 0.000012)] == [
        "0 %",
        "100 %",
        "12 %",
        "4.2 %",
        "0.33 %",
        "0.0012 %",
    ]
