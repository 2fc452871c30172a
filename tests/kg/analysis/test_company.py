import math

import pytest

from kg.analysis.company import company
from kg.errors import NotFoundError
from kg.model import Label
from tests.kg.analysis.made import Made

PAPERS = {
    **{f"a{i}": (2001, "m-a d-own+ d-all") for i in range(3)},
    **{f"b{i}": (2001, "m-b d-all m-any") for i in range(4)},
    "c": (2001, "m-a d-once m-b"),
    "d": (2001, "m-a m-any"),
}


def test_companions_come_by_how_much_more_often_than_by_chance() -> None:
    found = company(Made(PAPERS), "m-a", [Label.DATASET])
    assert [(c.entity.slug, c.papers) for c in found.companions] == [("d-own", 3), ("d-once", 1), ("d-all", 3)]
    assert found.total == 3
    # Bouma's normalised information of 3 of 9 papers, times the discount of Pantel and Lin for 3.
    expected = math.log((3 / 9) / (5 / 9 * 3 / 9)) / -math.log(3 / 9) * (3 / 4) * (3 / 4)
    assert found.companions[0].association == pytest.approx(expected, abs=1e-4)
    assert found.companions[2].association == 0


def test_papers_that_do_something_with_it_show_it() -> None:
    own = company(Made(PAPERS | {"a": (2001, "m-a d-own")}), "m-a", [Label.DATASET]).companions[0]
    assert [s.paper.id for s in own.sightings] == ["a0", "a1", "a2"]
    assert all(s.evidence and s.evidence.text == "d-own" for s in own.sightings)


def test_types_support_limit_and_generic_entities() -> None:
    made = Made(PAPERS, generic=["m-any"])
    assert [c.entity.slug for c in company(made, "m-a", [Label.METHOD]).companions] == ["m-b"]
    assert [c.entity.slug for c in company(made, "m-a", tuple(Label), min_papers=2).companions] == ["d-own", "d-all"]
    one = company(made, "m-a", tuple(Label), limit=1)
    assert (len(one.companions), one.total) == (1, 4)


def test_what_is_in_every_paper_with_it_is_bound_to_it() -> None:
    both = company(Made({"a": (1, "m-a m-b"), "b": (1, "m-a m-b")}), "m-a", tuple(Label))
    assert both.companions[0].association == pytest.approx(4 / 9, abs=1e-4)


def test_an_unknown_entity_is_named() -> None:
    with pytest.raises(NotFoundError, match="nope"):
        company(Made(PAPERS), "nope", tuple(Label))
