import math

import pytest

from kg.analysis.comparison import NAMED_ONLY, compare
from kg.errors import NotFoundError
from kg.model import Label, Role
from tests.kg.analysis.made import Made

PAPERS = {
    "a": (2001, "m-a! d-both+ m-common m-any"),
    "b": (2002, "m-b+ d-both m-common m-any"),
    **{f"o{i}": (2003, "m-common c-else m-any") for i in range(6)},
}


def test_a_cell_says_what_the_paper_does_with_the_entity() -> None:
    found = compare(Made(PAPERS, generic=["m-any"]), ["b", "a"])
    assert [p.id for p in found.papers] == ["b", "a"]
    roles = {c.entity.slug: [cell and cell.role for cell in c.cells] for c in found.columns}
    assert roles == {"d-both": [None, Role.USES], "m-a": [None, Role.PROPOSES], "m-b": [Role.USES, None]} | {
        "m-common": [None, None]
    }
    by_slug = {c.entity.slug: c.cells for c in found.columns}
    assert by_slug["m-a"][0] is None
    assert by_slug["d-both"][0]
    assert by_slug["d-both"][0].evidence
    assert by_slug["d-both"][0].evidence.text == "d-both"


def test_what_papers_share_tells_more_than_what_one_has_and_what_all_have_nothing() -> None:
    found = compare(Made(PAPERS, generic=["m-any"]), ["a", "b"])
    assert [c.entity.slug for c in found.columns] == ["d-both", "m-a", "m-b", "m-common"]
    assert found.columns[0].weight == pytest.approx(2 * math.log(8 / 2) * (1 + NAMED_ONLY), abs=1e-3)
    assert found.columns[1].weight == pytest.approx(math.log(8), abs=1e-3)
    assert found.columns[3].weight == 0


def test_types_and_limit() -> None:
    found = compare(Made(PAPERS), ["a"], [Label.METHOD], limit=1)
    assert [c.entity.slug for c in found.columns] == ["m-a"]
    assert found.total == 3


def test_a_paper_comes_once_and_an_unknown_one_is_named() -> None:
    assert len(compare(Made(PAPERS), ["a", "a"]).papers) == 1
    with pytest.raises(NotFoundError, match="nope"):
        compare(Made(PAPERS), ["a", "nope"])
