import itertools

import networkx as nx

from kg.model import Label
from kg.view.sketch import LINE, WIDTH, sketch, wrapped


def graph(near: int, links: dict[tuple[int, int], float] | None = None) -> "nx.Graph[str]":
    made: nx.Graph[str] = nx.Graph(focus="it", total_nodes=near + 10)
    made.add_node("it", name="It", label=Label.METHOD, papers=50)
    for n in range(near):
        made.add_node(f"n{n}", name=f"Name {n}", label=Label.DATASET, papers=9)
        made.add_edge("it", f"n{n}", papers=9 - n % 9, weight=1 / (n + 1))
    for (a, b), weight in (links or {}).items():
        made.add_edge(f"n{a}", f"n{b}", papers=1, weight=weight)
    return made


def test_all_companions_have_a_place_inside_and_none_is_on_another() -> None:
    for near in (1, 2, 3, 7, 14):
        found = sketch(graph(near))
        assert found
        assert len(found.companions) == len(found.spokes) == near
        assert found.total == near + 9
        for each in found.companions:
            assert 0 < each.text_x < WIDTH
            assert 0 < each.y < found.height
            assert (each.text_x < each.x < WIDTH / 2) == each.left
        for one, other in itertools.combinations(found.companions, 2):
            assert one.left != other.left or abs(one.y - other.y) >= 36


def test_those_that_are_linked_stand_together() -> None:
    found = sketch(graph(6, {(0, 5): 0.9, (5, 3): 0.8, (1, 2): 0.7}))
    assert found
    right = [each.slug for each in found.companions if not each.left]
    assert right == ["n0", "n5", "n3"]
    assert len(found.chords) == 3
    assert found.chords[0].weight == 0.9


def test_weights_are_parts_of_the_strongest() -> None:
    found = sketch(graph(4))
    assert found
    assert max(line.weight for line in found.spokes) == 1


def test_nothing_around_is_no_drawing() -> None:
    assert sketch(graph(0)) is None


def test_names_take_two_lines_at_most() -> None:
    assert wrapped("CNN") == ("CNN",)
    assert wrapped("convolutional neural network") == ("convolutional", "neural network")
    for name in ("a" * 60, "word " * 20, "Contrastive Language-Image Pre-training of everything"):
        lines = wrapped(name)
        assert len(lines) <= 2
        assert all(len(line) <= LINE for line in lines)
        assert lines[-1].endswith("…")
