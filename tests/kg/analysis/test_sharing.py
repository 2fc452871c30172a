"""What two papers share, and that one paper against all gives the same as each pair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.sharing import Share, Side, scores, shares
from kg.index.incidence import LABELS
from kg.index.weights import Weights
from kg.model import Label
from tests.kg.index.test_weights import matrix

EVERYTHING = frozenset(range(len(LABELS)))
KINDS = [("sgd", "descent"), ("adam", "descent"), ("descent", "search")]


def shared(weights: Weights, one: str, other: str) -> dict[str, Share]:
    found = weights.incidence
    sides = (Side.of(weights, found.row(paper)) for paper in (one, other))
    return {found.entities[share.column]: share for share in shares(weights, *sides)}


def test_kinds_of_one_thing_are_shared_where_they_differ() -> None:
    weights = Weights.of(matrix({"a": ["sgd"], "b": ["adam"], "c": ["sgd", "adam"], "d": ["descent"], "e": []}, KINDS))
    assert set(shared(weights, "a", "b")) == {"descent"}
    assert set(shared(weights, "a", "c")) == {"sgd"}  # descent again would count sgd twice
    assert set(shared(weights, "a", "d")) == {"descent"}  # a kind, and the thing itself
    through = shared(weights, "a", "d")["descent"]
    assert through.through_parent
    assert weights.incidence.entities[through.here[0]] == "sgd"
    assert weights.incidence.entities[through.there[0]] == "descent"
    assert through.weight > 0
    assert not shared(weights, "a", "c")["sgd"].through_parent


def test_what_is_named_by_both_is_shared_as_itself_alone() -> None:
    weights = Weights.of(matrix({"a": ["descent", "sgd"], "b": ["descent", "adam"], "c": []}, KINDS))
    found = shared(weights, "a", "b")
    assert set(found) == {"descent"}
    assert not found["descent"].through_parent


def test_of_several_kinds_the_strongest_counts() -> None:
    weights = Weights.of(matrix({"a": ["sgd*0.3", "adam*0.9"], "b": ["descent"], "c": [], "d": []}, KINDS))
    (share,) = shared(weights, "a", "b").values()
    assert [weights.incidence.entities[column] for column in share.here] == ["adam", "sgd"]
    side = Side.of(weights, 0)
    adam = side.strengths[weights.incidence.column("adam")]
    there = Side.of(weights, 1).strengths[share.column]
    assert share.weight == pytest.approx(weights.kin_rarity[share.column] * adam * there)


names = st.sampled_from(["sgd", "adam", "descent", "search", "bert", "gpt"])
cell = st.builds("{}*{}".format, names, st.sampled_from([0.25, 0.5, 1.0]))
papers = st.lists(st.lists(cell, max_size=5, unique_by=lambda text: text.split("*")[0]), min_size=2, max_size=14)


@given(papers, st.lists(st.tuples(names, names).filter(lambda pair: pair[0] < pair[1]), max_size=6, unique=True))
def test_scores_are_sums_of_weights_and_go_both_ways(named: list[list[str]], broader: list[tuple[str, str]]) -> None:
    weights = Weights.of(matrix({f"p{i:02}": each for i, each in enumerate(named)}, broader))
    sides = [Side.of(weights, row) for row in range(len(named))]
    for side in sides:
        found, several = (
            dict(zip(*(each.tolist() for each in scores(weights, side, EVERYTHING, least)), strict=True))
            for least in (1, 2)
        )
        for other in sides:
            counting = [share.weight for share in shares(weights, side, other) if share.weight]
            back = [share.weight for share in shares(weights, other, side) if share.weight]
            assert sorted(counting) == pytest.approx(sorted(back))
            if other is not side:
                assert (other.row in found, other.row in several) == (len(counting) > 0, len(counting) > 1)
                assert found.pop(other.row, 0.0) == pytest.approx(sum(counting))
        assert not found


def test_other_types_do_not_count() -> None:
    weights = Weights.of(matrix({"a": ["sgd"], "b": ["sgd"], "c": []}))
    side = Side.of(weights, 0)
    assert scores(weights, side, frozenset({LABELS.index(Label.METHOD)}))[0].tolist() == [1]
    assert all(np.size(each) == 0 for each in scores(weights, side, frozenset({LABELS.index(Label.TASK)})))
