from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from kg.atlas.association import Weight, associate


def test_npmi_is_discounted_and_normalised() -> None:
    expected = log((2 / 10) / (3 / 10 * 4 / 10)) / -log(2 / 10) * (2 / 3) * (3 / 4)
    assert associate(Weight.NPMI, [2], [3], [4], 10) == pytest.approx([expected], abs=1e-4)


@pytest.mark.parametrize(
    ("shared", "left", "right", "total", "expected"),
    [(1, 1, 1, 1, 0.25), (5, 5, 5, 5, 25 / 36), (1, 5, 5, 6, 0.0), (2, 2, 2, 4, 4 / 9)],
    ids=["a single paper", "every paper", "rarer than chance", "always together"],
)
def test_npmi_at_its_borders(shared: int, left: int, right: int, total: int, expected: float) -> None:
    assert associate(Weight.NPMI, [shared], [left], [right], total) == pytest.approx([expected], abs=1e-4)


def test_log_likelihood_is_that_of_the_table() -> None:
    table = [[20, 30], [40, 910]]
    expected = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert associate(Weight.LOG_LIKELIHOOD, [20], [50], [60], 1000) == pytest.approx([expected], abs=1e-3)


@pytest.mark.parametrize("weight", list(Weight))
@given(data=st.data())
def test_what_meets_by_chance_is_not_associated_and_nothing_is_negative(weight: Weight, data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 2000))
    left, right = data.draw(st.integers(1, total)), data.draw(st.integers(1, total))
    shared = data.draw(st.integers(max(1, left + right - total), max(1, min(left, right))))
    (found,) = associate(weight, [shared], [left], [right], total)
    assert found >= 0
    if shared * total < left * right:
        assert found == 0
    if weight is Weight.NPMI:
        assert found <= 1


def test_a_hub_counts_less_than_what_is_rare() -> None:
    for weight in Weight:
        rare, hub = associate(weight, [10, 10], [20, 20], [15, 900], 1000)
        assert hub < rare


def test_nothing_of_nothing() -> None:
    for weight in Weight:
        assert associate(weight, [], [], [], 0).tolist() == []
