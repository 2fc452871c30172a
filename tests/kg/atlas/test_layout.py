import time

import networkx as nx
import numpy as np
import pytest
from scipy.spatial import cKDTree

from kg.atlas.communities import communities
from kg.atlas.layout import Layout, arrange, extend


def weighted(graph: "nx.Graph[int]") -> "nx.Graph[int]":
    nx.set_edge_attributes(graph, 0.5, "weight")
    return graph


def drawn(graph: "nx.Graph[int]") -> dict[int, tuple[float, float]]:
    weighted(graph)
    return arrange(graph, communities(graph), dict.fromkeys(graph, 0.2)).places


def test_nothing_and_one() -> None:
    assert drawn(nx.Graph()) == {}
    assert drawn(nx.path_graph(1)) == {0: (0.0, 0.0)}


@pytest.mark.parametrize(
    "graph",
    [nx.path_graph(2), nx.star_graph(40), nx.complete_graph(30), nx.empty_graph(50), nx.caveman_graph(8, 9)],
    ids=["pair", "star", "clique", "isolates", "communities"],
)
def test_places_are_apart_and_inside(graph: "nx.Graph[int]") -> None:
    places = np.array(list(drawn(graph).values()))
    assert np.abs(places).max() <= 1
    nearest = cKDTree(places).query(places, 2)[0][:, 1]
    assert nearest.min() > 0.5 / np.sqrt(len(places))


def test_communities_keep_together() -> None:
    graph = weighted(nx.connected_caveman_graph(6, 12))
    groups = communities(graph)
    assert [len(group) for group in groups] == [12] * 6
    places = drawn(graph)
    centres = np.array([np.mean([places[node] for node in group], axis=0) for group in groups])
    for number, group in enumerate(groups):
        for node in group:
            assert np.argmin(((centres - places[node]) ** 2).sum(axis=1)) == number


def test_isolates_do_not_shrink_the_rest() -> None:
    graph = nx.complete_graph(60)
    graph.add_nodes_from(range(100, 110))
    places = np.array([place for node, place in drawn(graph).items() if node < 100])
    assert np.ptp(places, axis=0).min() > 1.1


def test_same_every_time() -> None:
    assert drawn(nx.caveman_graph(5, 7)) == drawn(nx.caveman_graph(5, 7))


@pytest.mark.slow
def test_five_hundred_nodes_take_seconds() -> None:
    graph = nx.powerlaw_cluster_graph(500, 4, 0.3, seed=1)
    start = time.process_time()
    drawn(graph)
    assert time.process_time() - start < 4


def test_communities_lie_as_they_do_in_another_drawing() -> None:
    graph = weighted(nx.connected_caveman_graph(4, 10))
    groups = communities(graph)
    corners = {n: ((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8))[n // 10] for n in graph}
    before = {node: place for node, place in corners.items() if node % 3}
    layout = arrange(graph, groups, dict.fromkeys(graph, 0.2), before)
    for group, (x, y) in zip(groups, layout.centres, strict=True):
        assert (np.sign(x), np.sign(y)) == tuple(np.sign(corners[group[1]]))


def test_newcomers_move_nobody_far_and_land_in_their_community() -> None:
    graph = weighted(nx.connected_caveman_graph(8, 30))
    new = range(0, 240, 30)
    few = graph.subgraph(node for node in graph if node not in new)
    groups = [[node for node in range(begin, begin + 30) if node in few] for begin in new]
    before = arrange(few, groups, dict.fromkeys(few, 0.2))
    more = [list(range(begin, begin + 30)) for begin in new]
    after = extend(graph, more, dict.fromkeys(graph, 0.2), before)
    moved = [np.hypot(*np.subtract(after.places[node], place)) for node, place in before.places.items()]
    assert np.median(moved) < 0.02
    assert max(moved) < 0.1
    for number, node in enumerate(new):
        away = ((np.array(after.centres) - after.places[node]) ** 2).sum(axis=1)
        assert np.argmin(away) == number


def test_a_community_that_is_new_gets_a_place_of_its_own() -> None:
    graph = weighted(nx.caveman_graph(3, 12))
    groups = [list(range(12)), list(range(12, 24)), list(range(24, 36))]
    before = arrange(graph.subgraph(range(24)), groups[:2], dict.fromkeys(graph, 0.2))
    known = Layout(before.places, [*before.centres, (np.nan, np.nan)], before.frame)
    places = extend(graph, groups, dict.fromkeys(graph, 0.2), known).places
    assert np.abs(list(places.values())).max() <= 1
    assert cKDTree(list(places.values())).query(list(places.values()), 2)[0][:, 1].min() > 0.05
