import math

import pytest

from kg.analysis.paths import End, Ways, find_end, find_ways
from kg.analysis.sightings import Titled
from kg.errors import AmbiguousError, NotFoundError
from kg.iri import Kind
from kg.model import Label, Role
from tests.kg.analysis.made import Made


def ways(made: Made, a: str, b: str, **limits: object) -> Ways:
    return find_ways(made, find_end(made.incidence, a), find_end(made.incidence, b), **limits)  # type: ignore[arg-type]


def stops(found: Ways) -> list[str]:
    return [" ".join(n.id if isinstance(n, Titled) else n.slug for n in way.nodes) for way in found.ways]


CHAIN = {
    "p": (2001, "m-one+ m-hub"),
    "q": (2002, "m-one! d-two"),
    "r": (2003, "d-two+ m-hub"),
    **{f"o{i}": (2004, "m-hub") for i in range(60)},
}


def test_two_rare_things_in_a_row_are_a_cheaper_way_than_a_common_one() -> None:
    found = ways(Made(CHAIN), "p", "r", k=2)
    assert stops(found) == ["p m-one q d-two r", "p m-hub r"]
    assert found.ways[0].cost < found.ways[1].cost


def test_a_path_costs_what_it_takes_to_walk_it_by_chance() -> None:
    [way] = ways(Made({"p": (1, "m-a+ m-x"), "q": (1, "m-a m-y m-z"), "s": (1, "m-a")}, sure=0.8), "p", "q").ways
    # Into the entity and out of it by one of its 3 papers; half of what lies behind either end; 0.8 sure twice.
    assert way.cost == pytest.approx(
        math.log(3) + math.log(2) / 2 + math.log(3) / 2 - math.log(0.8 * 0.8 * 0.5), abs=1e-4
    )


def test_each_hop_says_what_the_paper_does_with_the_entity_and_where() -> None:
    hops = ways(Made(CHAIN), "p", "r", k=1).ways[0].hops
    assert [(h.sighting.paper.id, h.entity.slug, h.sighting.role) for h in hops] == [
        ("p", "m-one", Role.USES),
        ("q", "m-one", Role.PROPOSES),
        ("q", "d-two", None),
        ("r", "d-two", Role.USES),
    ]
    for hop in hops:
        assert hop.sighting.evidence
        assert hop.sighting.evidence.text == hop.entity.slug


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("m-one", "d-two", "m-one q d-two"),
        ("m-one", "r", "m-one q d-two r"),
        ("r", "m-one", "r d-two q m-one"),
        ("m-hub", "m-one", "m-hub p m-one"),
        ("p", "m-one", "p m-one"),
    ],
)
def test_ends_are_papers_or_entities(a: str, b: str, expected: str) -> None:
    assert stops(ways(Made(CHAIN), a, b, k=1)) == [expected]


def test_generic_entities_are_no_way_but_may_be_ends() -> None:
    made = Made({"p": (1, "m-any"), "q": (1, "m-any m-one"), "r": (1, "m-one")}, generic=["m-any"])
    assert ways(made, "p", "r").ways == ()
    assert stops(ways(made, "m-any", "m-one", k=1)) == ["m-any q m-one"]


def test_what_over_a_twentieth_of_a_large_corpus_names_is_no_way() -> None:
    crowd = {f"o{i}": (1, "c-else") for i in range(140)}
    common = {f"c{i}": (1, "m-hub") for i in range(9)}
    assert ways(Made({"p": (1, "m-hub"), "r": (1, "m-hub"), **common, **crowd}), "p", "r").ways == ()
    fewer = dict(list(common.items())[:4])
    assert ways(Made({"p": (1, "m-hub"), "r": (1, "m-hub"), **fewer, **crowd}), "p", "r").ways


def test_only_types_that_are_asked_for_lie_between() -> None:
    made = Made({"p": (1, "m-a d-b"), "q": (1, "m-a d-b")})
    assert stops(ways(made, "p", "q", labels=[Label.DATASET])) == ["p d-b q"]
    assert stops(ways(made, "p", "q", k=5)) == ["p d-b q", "p m-a q"]


def test_paths_differ_in_half_of_what_lies_between() -> None:
    # Left and right of s there are three ways each, but all lead through s: only one may use each twice.
    made = Made(
        {
            "p": (1, "m-a m-b m-c"),
            "s": (1, "m-a m-b m-c d-a d-b d-c"),
            "r": (1, "d-a d-b d-c"),
        }
    )
    found = stops(ways(made, "p", "r", k=9))
    assert found
    for one, other in ((one, other) for one in found for other in found if one != other):
        inner = set(one.split()[1:-1])
        assert len(inner & set(other.split()[1:-1])) * 2 <= len(inner)


def test_no_path_says_why() -> None:
    made = Made({"p": (1, "m-a"), "q": (1, "m-a"), "r": (1, "m-b"), "s": (1, "m-b"), "lone": (1, "m-z")})
    assert ways(made, "p", "p").reason == "both ends are the same"
    assert ways(made, "p", "lone").reason == "'On lone' names no entity that is specific and in another paper"
    assert ways(made, "p", "r").reason == "no path of at most 6 hops over a specific entity joins them"
    assert "method or task" in ways(made, "p", "r", labels=[Label.METHOD, Label.TASK]).reason


def test_hops_are_limited() -> None:
    made = Made(CHAIN)
    assert stops(ways(made, "p", "r", k=5, max_hops=2)) == ["p m-hub r"]
    assert stops(ways(made, "m-one", "r", k=5, max_hops=2)) == []


def test_ends_are_found_by_id() -> None:
    made = Made({"m-a": (1, "m-a m-b"), "p": (1, "m-b")})
    assert find_end(made.incidence, "p") == End(Kind.PAPER, "p")
    assert find_end(made.incidence, "entity:m-a") == End(Kind.ENTITY, "m-a")
    assert find_end(made.incidence, "paper:m-a") == End(Kind.PAPER, "m-a")
    with pytest.raises(AmbiguousError, match="paper:m-a; entity:m-a"):
        find_end(made.incidence, "m-a")
    for unknown in ("nope", "paper:m-b", "entity:p"):
        with pytest.raises(NotFoundError):
            find_end(made.incidence, unknown)
