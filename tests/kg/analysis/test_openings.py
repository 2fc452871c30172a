from kg.analysis.openings import openings
from kg.model import Label, Role
from kg.workspace import Reader
from tests.kg.analysis.made import Made


def test_three_questions_that_the_graph_answers(reader: Reader) -> None:
    found = openings(reader)
    assert found.users
    assert (found.users.entity.slug, found.users.total) == ("attention", 1)
    (seen,) = found.users.papers
    assert (seen.paper.id, seen.role) == ("mt", Role.USES)
    assert seen.evidence
    assert seen.evidence.text.lower() == "attention"
    assert found.partners
    assert found.partners.entity.slug == "imagenet"
    assert {each.entity.slug for each in found.partners.companions} == {"attention", "rare-trick"}
    assert found.pair
    assert {found.pair.here.id, found.pair.there.paper_id} == {"ntk", "features"}
    assert found.pair.there.shared


def test_what_no_paper_uses_is_named_at_least() -> None:
    found = openings(Made({"a": (2001, "m1 d1"), "b": (2002, "m1 d1"), "c": (2003, "m2")}))
    assert found.users
    assert (found.users.entity.slug, found.users.total) == ("m1", 2)
    assert [each.paper.id for each in found.users.papers] == ["b", "a"]
    assert found.partners
    assert [each.papers for each in found.partners.companions] == [2]


def test_where_there_is_nothing_to_ask_about_nothing_is_asked() -> None:
    alone = openings(Made({"a": (2001, "c1"), "b": (2002, "c2")}))
    assert (alone.users, alone.partners, alone.pair) == (None, None, None)
    assert openings(Made({"a": (2001, "m1 d1")}, generic=["m1", "d1"])).users is None


def test_methods_that_go_once_with_a_dataset_are_shown_where_none_recurs() -> None:
    found = openings(Made({"a": (2001, "m1 d1"), "b": (2002, "d1 m2"), "c": (2003, "m3")})).partners
    assert found
    assert {each.entity.slug for each in found.companions} == {"m1", "m2"}
    assert all(each.entity.label is Label.METHOD for each in found.companions)
