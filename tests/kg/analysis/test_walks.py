import math
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis import walks
from kg.analysis.walks import NAMED_ONLY, Walk, different, through_middles
from kg.model import Label
from tests.kg.analysis.made import Made

NAMES = ["m-a", "m-b", "d-c", "t-d", "c-e"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(NAMES), min_size=1, unique=True), min_size=2, max_size=7),
    st.integers(min_value=2, max_value=6),
)
def test_the_first_path_is_the_cheapest_without_detours(named: list[list[str]], hops: int) -> None:
    made = Made({f"p{i}": (1, " ".join(names)) for i, names in enumerate(named)})
    graph = nx.Graph()
    counts = {name: sum(name in names for names in named) for name in NAMES}
    for i, names in enumerate(named):
        for name in names:
            if counts[name] > 1:
                cost = (math.log(len(names)) + math.log(counts[name])) / 2 - math.log(NAMED_ONLY)
                graph.add_edge(f"p{i}", name, cost=cost)
    rows = made.incidence.row("p0"), made.incidence.row("p1")
    walk = Walk.over(made.incidence, tuple(Label), rows)
    sides = [walk.levels(row, math.ceil(hops / 2)) for row in rows]
    found = different(through_middles(*sides, hops), 1)
    costs = []
    if "p0" in graph and "p1" in graph:
        near, far = (nx.single_source_shortest_path_length(graph, end) for end in ("p0", "p1"))
        for path in nx.all_simple_paths(graph, "p0", "p1", cutoff=hops):
            middle = len(path) // 2
            straight = all(near[n] == i for i, n in enumerate(path[: middle + 1]))
            if straight and all(far[n] == i for i, n in enumerate(reversed(path[middle:]))):
                costs.append(sum(graph.edges[pair]["cost"] for pair in pairwise(path)))
    assert [cost for cost, _ in found] == ([pytest.approx(min(costs), abs=1e-4)] if costs else [])


def test_each_side_follows_its_cheapest_ends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made({"p0": (1, "m-a"), "p1": (1, "m-a c-x c-y"), "p2": (1, "m-a c-x"), "p3": (1, "m-a c-x c-y")})
    walk = Walk.over(made.incidence, tuple(Label), [0, 1])
    assert walk.levels(0, 2)[2].nodes.tolist() == [1, 2, 3]
    monkeypatch.setattr(walks, "_BEAM", 1)
    [end] = walk.levels(0, 2)[2].nodes
    assert made.incidence.papers[end] == "p2"


def test_nothing_is_reached_again_by_more_hops() -> None:
    made = Made({"p0": (1, "m-a m-b"), "p1": (1, "m-a m-b c-x"), "p2": (1, "c-x")})
    levels = Walk.over(made.incidence, tuple(Label), [0, 2]).levels(0, 4)
    reached = [node for level in levels for node in level.nodes.tolist()]
    assert len(reached) == len(set(reached)) == 6
    assert [len(level.nodes) for level in levels] == [1, 2, 1, 1, 1]


def test_paths_that_share_over_half_are_variants() -> None:
    found = [(1.0, [0, 7, 1, 8, 2]), (2.0, [0, 7, 1, 9, 2]), (3.0, [0, 7, 3, 9, 2]), (4.0, [0, 6, 0, 8, 2])]
    assert [cost for cost, _ in different(found, 9)] == [1.0, 3.0]
    assert [cost for cost, _ in different(found, 1)] == [1.0]
