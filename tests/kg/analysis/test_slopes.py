import math

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from kg.analysis import slopes as module
from kg.analysis.slopes import PRIOR, false_rates, slopes

YEARS = np.arange(2011, 2021)
TOTALS = np.full(10, 100_000)


def test_the_slope_of_a_logistic_curve_is_found() -> None:
    odds = np.array([[0.01 * 1.2**i for i in range(10)], [0.05 * 0.8**i for i in range(10)]])
    slope, error = slopes(np.round(TOTALS * odds / (1 + odds)).astype(np.int64), TOTALS, YEARS)
    assert slope == pytest.approx([math.log(1.2), math.log(0.8)], abs=2e-3)
    assert (error < 0.01).all()


def test_little_data_is_drawn_to_no_change() -> None:
    slope, error = slopes(np.array([[0] * 9 + [1], [0] * 10]), np.full(10, 10), YEARS)
    assert 0 < slope[0] < PRIOR
    assert slope[1] == pytest.approx(0, abs=1e-6)
    assert (error <= PRIOR).all()


def test_what_all_papers_name_has_no_slope() -> None:
    slope, error = slopes(np.full((1, 10), 10), np.full(10, 10), YEARS)
    assert slope == pytest.approx([0], abs=1e-6)
    assert (error > 0).all()


def test_years_that_jump_about_are_less_sure() -> None:
    _, error = slopes(np.array([[10, 12, 14, 16], [4, 22, 2, 24]]), np.full(4, 100), YEARS[:4])
    assert error[1] > 2 * error[0]


def test_missing_years_are_as_far_apart_as_they_are() -> None:
    counts, totals = np.array([[10_000, 20_000]]), np.array([1_000_000, 1_000_000])
    near, far = slopes(counts, totals, np.array([2011, 2012]))[0], slopes(counts, totals, np.array([2011, 2015]))[0]
    assert far == pytest.approx(near / 4, rel=0.05)


def test_pieces_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.random.default_rng(0).binomial(100, 0.1, (7, 10))
    whole = slopes(counts, np.full(10, 100), YEARS)
    monkeypatch.setattr(module, "_AT_ONCE", 3)
    for one, other in zip(whole, slopes(counts, np.full(10, 100), YEARS), strict=True):
        assert one == pytest.approx(other)


def test_without_rows_or_years_there_is_nothing_to_find() -> None:
    assert [len(each) for each in slopes(np.zeros((0, 10), dtype=np.int64), TOTALS, YEARS)] == [0, 0]
    slope, error = slopes(np.array([[5]]), np.array([10]), YEARS[:1])
    assert (slope.tolist(), error.tolist()) == ([0.0], [PRIOR])


def testfalse_rates_are_those_of_benjamini_and_hochberg() -> None:
    chances = np.array([0.9, 0.01, 0.02, 0.5, 0.001])
    assert false_rates(chances) == pytest.approx(false_discovery_control(chances))
