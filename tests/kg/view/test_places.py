import math

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.view.places import fitted_in

GRID = {f"{x}{y}": (x / 5, y / 5) for x in range(-5, 6) for y in range(-5, 6)}


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.dist(a, b)


def test_a_newcomer_comes_near_to_whom_it_belongs_and_on_nobody() -> None:
    found = fitted_in(GRID, [("new", ["00"]), ("newer", ["new"])])
    others = [*GRID.values(), found["new"]]
    assert min(distance(found["new"], each) for each in GRID.values()) > 0.05
    assert min(distance(found["newer"], each) for each in others) > 0.05
    assert fitted_in(GRID, [("new", ["00"]), ("newer", ["new"])]) == found


def test_the_first_of_several_counts_for_as_much_as_all_others() -> None:
    sparse = {"a": (-1.0, 0.0), "b": (1.0, 0.0), "c": (1.0, 0.02)}
    x, y = fitted_in(sparse, [("new", ["a", "b", "c"])])["new"]
    assert abs(x) < 0.2
    assert abs(y) < 0.2


def test_without_anybody_it_is_the_middle() -> None:
    assert distance(fitted_in({}, [("new", [])])["new"], (0, 0)) < 0.2
    assert distance(fitted_in({"a": (0.9, 0.9)}, [("new", ["unknown"])])["new"], (0, 0)) < 0.2


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60))
def test_many_newcomers_part(many: int) -> None:
    found = fitted_in(GRID, [(f"n{number}", ["00"]) for number in range(many)])
    places = [*GRID.values(), *found.values()]
    assert len(set(places)) == len(places)
