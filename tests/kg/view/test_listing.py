from kg.model import Edge, Label, Network, Node
from kg.view.listing import linked, listing

NODES = tuple(
    Node(name, name.upper(), Label.TASK, papers, 1, 0, 0, cluster)
    for name, papers, cluster in (("a", 1, 0), ("b", 9, 1), ("c", 4, 1), ("d", 3, -1), ("e", 2, 1))
)
EDGES = (Edge("a", "b", 1, 0.2), Edge("b", "c", 3, 0.9), Edge("b", "e", 1, 0.9), Edge("b", "d", 1, 0.1))
NETWORK = Network("Map", NODES, EDGES, 5, 4, {0: "one", 1: "many"})


def test_groups_and_what_is_in_them_come_by_size() -> None:
    groups = listing(NETWORK)
    assert [(group.number, group.name) for group in groups] == [(1, "many"), (-1, ""), (0, "one")]
    assert [row.node.id for row in groups[0].rows] == ["b", "c", "e"]
    assert [node.id for node in groups[0].rows[0].near] == ["c", "e", "a"]


def test_links_come_by_strength() -> None:
    assert [(node.id, edge.weight) for node, edge in linked(NETWORK)["b"]] == [
        ("c", 0.9),
        ("e", 0.9),
        ("a", 0.2),
        ("d", 0.1),
    ]
    assert [node.id for node, _ in linked(NETWORK)["d"]] == ["b"]
    assert linked(Network("Map", NODES[:1], (), 1, 0)) == {"a": []}
