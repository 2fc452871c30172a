import math

import networkx as nx
import pytest

from kg.analysis.cooccurrence import Choice, around, typical
from kg.atlas.association import Weight
from kg.model import Label, Network
from kg.view.network import arranged, community_name, placed
from tests.matrices import corpus, index_of, matrix, topical

ALL = Choice()
SMALL = {"p1": ["bert", "squad", "f1"], "p2": ["bert", "squad"], "p3": ["resnet", "imagenet"], "p4": ["resnet"]}


def graph_of(papers: dict[str, list[str]], focus: str | None = None, choice: Choice = ALL) -> "nx.Graph[str]":
    incidence = matrix(papers)
    if focus:
        return around(incidence, index_of(incidence), focus, choice)
    return typical(incidence, index_of(incidence), range(len(papers)), choice)


def test_nodes_edges_and_totals_are_those_of_the_graph() -> None:
    graph = graph_of(corpus(), "e0")
    network = arranged(graph, "Title", {})
    assert [node.id for node in network.nodes] == list(graph)
    assert {(edge.source, edge.target): edge.papers for edge in network.edges} == {
        (min(a, b), max(a, b)): data["papers"] for a, b, data in graph.edges(data=True)
    }
    for node in network.nodes:
        data = graph.nodes[node.id]
        assert (node.name, node.label, node.papers, node.degree) == (
            data["name"],
            data["label"],
            data["papers"],
            data["degree"],
        )
    assert (network.title, network.focus, network.papers, network.typical) == ("Title", "e0", 300, False)
    assert arranged(graph_of(SMALL), "", {}).typical
    assert (network.total_nodes, network.total_edges) == (graph.graph["total_nodes"], graph.graph["total_edges"])


@pytest.mark.parametrize("weight", list(Weight))
def test_weights_and_places_are_in_range(weight: Weight) -> None:
    network = arranged(graph_of(corpus(), "e0", Choice(weight=weight)), "Title", {})
    weights = [edge.weight for edge in network.edges]
    assert 0 <= min(weights) < max(weights) <= 1
    assert all(-1 <= node.x <= 1 and -1 <= node.y <= 1 for node in network.nodes)
    assert set(network.clusters) == {node.cluster for node in network.nodes}


def test_communities_are_named_after_their_foremost_entities() -> None:
    graph = graph_of(SMALL)
    graph.nodes["bert"]["label"] = graph.nodes["resnet"]["label"] = graph.nodes["f1"]["label"] = Label.METHOD
    graph.nodes["squad"]["label"] = graph.nodes["imagenet"]["label"] = Label.DATASET
    assert list(graph)[:3] == ["bert", "resnet", "squad"]
    assert arranged(graph, "", {}).clusters == {0: "BERT · F1", 1: "RESNET · IMAGENET"}
    assert community_name(["one", "two", "three"]) == "one · two"


def test_nothing_to_draw() -> None:
    assert arranged(graph_of({}), "Nothing", {}) == Network("Nothing", (), (), 0, 0, typical=True)


def test_the_drawing_lies_like_the_map() -> None:
    graph = graph_of(topical(300, 4), None, Choice(min_papers=3, limit=100))
    first = arranged(graph, "", {})
    mirrored = {node.id: (-node.x, node.y) for node in first.nodes}
    again = {node.id: (node.x, node.y) for node in arranged(graph, "", mirrored).nodes}
    away = [math.dist(again[slug], place) for slug, place in mirrored.items()]
    plain = [math.dist((node.x, node.y), mirrored[node.id]) for node in first.nodes]
    assert sum(away) < 0.5 * sum(plain)


def test_what_is_placed_stays_where_it_is_put() -> None:
    graph: nx.Graph[str] = nx.Graph(focus=None, papers=9, total_nodes=5, total_edges=4)
    graph.add_node("a", name="A", label=Label.TASK, papers=3, degree=1)
    graph.add_node("b", name="B", label=Label.METHOD, papers=2, degree=1)
    graph.add_edge("b", "a", papers=2, weight=0.5)
    network = placed(graph, "Map", {"a": (0.5, -1.0), "b": (0.0, 0.25)}, {"a": 7, "b": 3}, {3: "three", 7: "seven"})
    assert [(node.id, node.x, node.y, node.cluster) for node in network.nodes] == [("a", 0.5, -1, 7), ("b", 0, 0.25, 3)]
    assert [(edge.source, edge.target, edge.papers, edge.weight) for edge in network.edges] == [("a", "b", 2, 0.5)]
    assert (network.clusters, network.papers, network.total_nodes) == ({3: "three", 7: "seven"}, 9, 5)
