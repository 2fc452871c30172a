import pytest

from api import budget as module
from api.budget import Budget
from kg.errors import BudgetError


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_client_may_spend_what_it_saved_and_then_waits(clock: Clock) -> None:
    budget = Budget(60, 120, clock=clock)
    for _ in range(12):
        budget.admit("a")
        budget.charge("a", 10)
    with pytest.raises(BudgetError) as caught:
        budget.admit("a")
    assert caught.value.retry_after == 1
    clock.now += 2
    budget.admit("a")


def test_an_overdrawn_client_waits_until_it_is_level(clock: Clock) -> None:
    budget = Budget(60, 120, clock=clock)
    budget.charge("a", 150)
    with pytest.raises(BudgetError) as caught:
        budget.admit("a")
    assert caught.value.retry_after == 31
    clock.now += caught.value.retry_after - 2
    with pytest.raises(BudgetError):
        budget.admit("a")
    clock.now += 2
    budget.admit("a")


def test_to_be_refused_costs_nothing(clock: Clock) -> None:
    budget = Budget(60, 120, clock=clock)
    budget.charge("a", 130)
    for _ in range(1000):
        with pytest.raises(BudgetError):
            budget.admit("a")
    clock.now += 11
    budget.admit("a")


def test_one_client_does_not_pay_for_another(clock: Clock) -> None:
    budget = Budget(60, 120, clock=clock)
    budget.charge("a", 500)
    budget.admit("b")


def test_no_one_saves_more_than_the_burst(clock: Clock) -> None:
    budget = Budget(60, 120, clock=clock)
    budget.charge("a", 1)
    clock.now += 1_000_000
    budget.charge("a", 120)
    with pytest.raises(BudgetError):
        budget.admit("a")


def test_a_rate_of_zero_is_no_budget(clock: Clock) -> None:
    budget = Budget(0, 120, clock=clock)
    budget.charge("a", 1e9)
    budget.admit("a")


def test_the_table_is_bounded_and_keeps_who_spent_last(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 100)
    budget = Budget(60, 120, clock=clock)
    budget.charge("debtor", 500)
    for number in range(99):
        budget.charge(str(number), 1)
    budget.charge("debtor", 1)
    for number in range(99, 150):
        budget.charge(str(number), 1)
    assert len(budget._accounts) == 100
    with pytest.raises(BudgetError):
        budget.admit("debtor")
