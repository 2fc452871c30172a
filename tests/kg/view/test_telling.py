from dataclasses import replace

from kg.model import Edge, Label, Network, Node
from kg.view.telling import told

NODES = tuple(
    Node(name, name.upper(), Label.METHOD, papers, 1, 0, 0, 0) for name, papers in (("a", 9), ("b", 4), ("c", 1))
)
NETWORK = Network("Map", NODES, (Edge("a", "b", 2, 0.5),), 1200, 1)


def test_what_is_drawn_of_how_much() -> None:
    assert told(NETWORK).short == "3 of 1,200 entities, 1 link"
    assert told(NETWORK).long == "3 of 1,200 entities are shown, those in the most papers; 1 link."
    few = replace(NETWORK, nodes=NODES[:2], total_edges=7)
    assert told(few).long == (
        "2 of 1,200 entities are shown, those in 4 papers or more; 1 of 7 links, the strongest of each entity."
    )
    assert told(replace(NETWORK, total_nodes=3)).long == "3 entities are shown; 1 link."
    assert told(replace(NETWORK, nodes=NODES[:1], total_nodes=1)).long == "1 entity is shown; 1 link."


def test_what_they_were_chosen_for() -> None:
    around = told(replace(NETWORK, focus="a"))
    assert (around.heading, told(NETWORK).heading) == ("Around A", "Reading this map")
    assert "those most strongly linked to A;" in around.long
    assert "those most typical of these 12 papers;" in told(replace(NETWORK, typical=True, papers=12)).long


def test_what_was_added_is_not_what_they_were_chosen_for() -> None:
    assert "those in 4 papers or more, and 1 added to them;" in told(NETWORK, {"c"}).long
