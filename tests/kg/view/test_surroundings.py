import re
from dataclasses import replace
from itertools import pairwise

from kg.analysis.related import Wanted, related
from kg.view.surroundings import ENTITIES, surroundings
from kg.workspace import Reader
from tests.kg.analysis.made import Made


def test_entities_stand_beside_the_papers_that_they_lead_to(reader: Reader) -> None:
    near = related(reader, "ntk")
    drawn = surroundings(near)
    assert drawn
    assert [each.paper.paper_id for each in drawn.neighbours] == ["features", "vision"]
    assert [each.entity.slug for each in drawn.dots][-1] == "rare-trick"
    heights = {each.entity.slug: each.y for each in drawn.dots}
    for neighbour in drawn.neighbours:
        for curve in neighbour.curves:
            numbers = [float(number) for number in re.findall(r"[\d.]+", curve.path)]
            assert numbers[:2] == [drawn.left, heights[curve.shared.entity.slug]]
            assert numbers[-2:] == [drawn.right, neighbour.y]


def test_no_two_things_of_a_column_are_nearer_than_a_line(reader: Reader) -> None:
    drawn = surroundings(related(reader, "ntk"))
    assert drawn
    for column in ([each.y for each in drawn.dots], [each.y for each in drawn.neighbours]):
        assert all(later - earlier >= 20 for earlier, later in pairwise(column))
        assert all(0 < y < drawn.height for y in column)


def test_what_weighs_more_is_thicker_and_the_lightest_is_left_out() -> None:
    many = " ".join(f"m{number:02}" for number in range(ENTITIES + 3))
    made = Made({"a": (2001, many), "b": (2002, many), "c": (2003, "m00"), "d": (2004, "x1")})
    drawn = surroundings(related(made, "a", Wanted(limit=9)))
    assert drawn
    assert len(drawn.dots) == ENTITIES
    assert drawn.hidden == 3
    ordered = sorted((c for each in drawn.neighbours for c in each.curves), key=lambda curve: curve.shared.weight)
    thickness = [curve.thickness for curve in ordered]
    assert thickness == sorted(thickness)
    assert thickness[0] > 1


def test_where_nothing_is_shared_nothing_is_drawn(reader: Reader) -> None:
    assert surroundings([]) is None
    assert surroundings([replace(related(reader, "ntk")[0], shared=())]) is None
