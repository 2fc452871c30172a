"""Calibration by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.evaluate import AnnotatedPaper, evaluate
from kg.evaluate.calibration import calibrate
from tests.kg.evaluate.hand import M, Scripted, T, paper, title

RIGHT, WRONG = (title(0, 5, M),), (title(0, 5, T),)


def scored(*said: tuple[bool, float]):
    gold = [AnnotatedPaper(paper(str(i)), RIGHT) for i in range(len(said))]
    return calibrate(evaluate(gold, Scripted(*((RIGHT if right else WRONG, None, score) for right, score in said))))


def test_error_by_hand() -> None:
    # (0.9, 1]: two of 0.95 and 1, one right; (0.5, 0.6]: one of 0.6, right. (2 * |0.975 - 0.5| + |0.6 - 1|) / 3
    result = scored((True, 0.95), (False, 1.0), (True, 0.6))
    assert result.error == pytest.approx((2 * 0.475 + 0.4) / 3)
    held = {(each.low, each.high): (each.mentions, each.score, each.right) for each in result.bins if each.mentions}
    assert held == {(0.9, 1.0): (2, pytest.approx(0.975), 0.5), (0.5, 0.6): (1, 0.6, 1.0)}


@pytest.mark.parametrize("tenth", range(1, 11))
def test_an_edge_belongs_to_the_bin_below(tenth: int) -> None:
    assert [each.mentions for each in scored((True, tenth / 10)).bins].index(1) == tenth - 1
    if tenth < 10:
        assert [each.mentions for each in scored((True, tenth / 10 + 0.001)).bins].index(1) == tenth


def test_nothing_found_has_no_error() -> None:
    result = scored()
    assert result.error is None
    assert len(result.bins) == 10
    assert all((each.mentions, each.score, each.right) == (0, None, None) for each in result.bins)


@given(st.lists(st.tuples(st.booleans(), st.floats(0.001, 1)), min_size=1, max_size=20))
def test_error_is_a_share_and_every_mention_is_in_a_bin(said: list[tuple[bool, float]]) -> None:
    result = scored(*said)
    assert result.error is not None
    assert 0 <= result.error <= 1
    assert sum(each.mentions for each in result.bins) == len(said)
    for each in result.bins:
        if each.score is not None:
            assert each.low - 1e-9 <= each.score <= each.high + 1e-9


def test_sure_and_right_is_calibrated() -> None:
    assert scored((True, 1.0), (True, 1.0)).error == 0
    assert scored((False, 1.0)).error == 1
