from collections import Counter

import networkx as nx
import numpy as np
import pytest

from kg.atlas.association import Weight
from kg.atlas.communities import TELLING, communities, named_after, regrouped, telling
from kg.atlas.pairs import Scope, backbone, pairs
from tests.matrices import matrix, topical


def caves(sizes: list[int], weight: float = 0.5) -> "nx.Graph[int]":
    """Cliques, each tied to the next by one link."""
    graph: nx.Graph[int] = nx.Graph()
    begin = 0
    for size in sizes:
        nx.add_path(graph, [begin - 1, begin]) if begin else None
        graph.add_edges_from(nx.complete_graph(range(begin, begin + size)).edges)
        begin += size
    nx.set_edge_attributes(graph, weight, "weight")
    return graph


def test_communities_come_largest_first() -> None:
    assert [len(group) for group in communities(caves([5, 9, 7]))] == [9, 7, 5]


def test_a_hub_that_all_share_does_not_glue_what_differs() -> None:
    incidence = matrix(topical())
    found = pairs(Scope(incidence), np.arange(len(incidence.entities)), Weight.NPMI)
    groups = communities(backbone(found).graph())
    topics = [Counter(incidence.entities[n].partition("-")[0] for n in group).most_common(1)[0] for group in groups]
    assert len({topic for topic, _ in topics}) == len(groups) == 6
    assert sum(own for _, own in topics) > 0.9 * len(incidence.entities)


def test_communities_of_before_stay_and_newcomers_join_them() -> None:
    graph = caves([8, 8, 8])
    before = {node: 5 + node // 8 for node in graph if node not in {3, 20}}
    number, anew = regrouped(graph, before)
    assert not anew
    assert number == {node: 5 + node // 8 for node in graph}


def test_newcomers_come_to_the_others_whatever_the_order() -> None:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_edge(0, 1, weight=0.5)
    assert regrouped(graph, {0: 4})[0] == regrouped(graph, {1: 4})[0] == {0: 4, 1: 4}


def test_a_community_of_newcomers_gets_the_next_number() -> None:
    number, _ = regrouped(caves([8, 8, 8]), {node: node // 8 for node in range(16)})
    assert number == {node: node // 8 for node in range(24)}


def test_what_was_wrong_is_made_anew_and_keeps_the_numbers_that_fit() -> None:
    graph = caves([10, 10, 10, 10])
    halves = {node: 4 if node < 21 else 9 for node in graph}  # each two caves in one
    number, anew = regrouped(graph, halves)
    assert anew
    groups = [{number[node] for node in range(begin, begin + 10)} for begin in (0, 10, 20, 30)]
    assert all(len(group) == 1 for group in groups)
    assert len(set.union(*groups)) == 4
    assert {4, 9} <= set.union(*groups)


def test_without_links_each_is_its_own() -> None:
    number, anew = regrouped(nx.empty_graph(3), {})
    assert (sorted(number.values()), anew) == ([0, 1, 2], True)
    assert regrouped(nx.empty_graph(3), {0: 7, 1: 8})[0] == {0: 7, 1: 8, 2: 9}
    assert regrouped(nx.Graph(), {}) == ({}, True)


def test_what_is_everywhere_does_not_speak_for_a_community() -> None:
    incidence = matrix(topical())
    found = pairs(Scope(incidence), np.arange(len(incidence.entities)), Weight.NPMI)
    names = list(incidence.entities)
    hub = names.index("everywhere")
    own = [n for n, name in enumerate(names) if name.startswith("t0-")]
    (ranked, _) = telling(found, [[hub, *own], [n for n in range(len(names)) if n != hub and n not in own]])
    assert ranked[-1] == hub
    assert names[ranked[0]] in {"t0-0", "t0-1", "t0-2"}


@pytest.mark.parametrize(
    ("ranked", "before", "expected"),
    [
        (["graph", "graph-network", "node"], (), ("graph", "node")),
        (["graph-network", "graph", "node"], (), ("graph-network", "node")),
        (["a", "b", "c"], ("c", "gone"), ("c", "a", "b")),
        ([f"e{n}" for n in range(30)], ("e29",), tuple(f"e{n}" for n in range(TELLING))),
    ],
    ids=["the longer spelling", "the shorter spelling", "the name of before", "no longer telling"],
)
def test_names(ranked: list[str], before: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert named_after(ranked, before) == expected


def test_what_measures_comes_later_in_a_name() -> None:
    assert named_after(["fid", "gan", "celeba", "diffusion"], (), {"fid", "celeba"}) == (
        "gan",
        "diffusion",
        "fid",
        "celeba",
    )
