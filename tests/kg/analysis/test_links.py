import pytest

from kg.analysis.links import link
from kg.analysis.related import related
from kg.errors import NotFoundError
from kg.model import Role
from kg.workspace import Reader


def test_a_pair_is_explained_as_it_is_ranked(reader: Reader) -> None:
    (first, *_) = related(reader, "ntk")
    found = link(reader, "ntk", first.paper_id)
    assert (found.here.title, found.there.title, found.here.year) == ("Tangent kernel", first.title, 2000)
    assert found.score == pytest.approx(first.score)
    assert found.corpus == 16
    assert found.shared[: len(first.shared)] == first.shared
    assert not found.only_common


def test_hubs_stand_beside_what_counts_and_say_why_they_do_not(reader: Reader) -> None:
    found = link(reader, "ntk", "features")
    (hub,) = [shared for shared in found.shared if shared.entity.slug == "neural-network"]
    assert hub is found.shared[-1]
    assert hub.reason == "weight 0.00, in 16 of 16 papers"
    assert hub.here.evidence
    assert "neural network" in hub.here.evidence.sentence


def test_papers_that_share_hubs_alone_are_told_so(reader: Reader) -> None:
    found = link(reader, "other1", "other2")
    assert found.only_common
    assert found.score == 0
    assert [shared.entity.slug for shared in found.shared] == ["accuracy", "neural-network"]
    assert related(reader, "other1") == []


def test_each_side_has_its_role_and_the_other_way_round_they_change_places(reader: Reader) -> None:
    found, back = link(reader, "ntk", "vision"), link(reader, "vision", "ntk")
    trick = next(shared for shared in found.shared if shared.entity.slug == "rare-trick")
    assert (trick.here.role, trick.there.role) == (Role.PROPOSES, None)
    assert (back.here, back.there, back.score) == (found.there, found.here, pytest.approx(found.score))
    other = next(shared for shared in back.shared if shared.entity.slug == "rare-trick")
    assert (other.here, other.there) == (trick.there, trick.here)


def test_statements_join_what_only_one_paper_names_and_only_the_other(reader: Reader) -> None:
    said = {(each.subject.slug, each.object.slug) for each in reader.catalogue.statements("imagenet", limit=9)}
    assert ("neural-network", "imagenet") in said
    # Both papers name the network, so it does not lead from one to the other.
    assert link(reader, "ntk", "vision").statements == ()


def test_the_paper_that_is_missing_is_named(reader: Reader) -> None:
    with pytest.raises(NotFoundError, match="nope"):
        link(reader, "ntk", "nope")
    with pytest.raises(NotFoundError, match="nope"):
        link(reader, "nope", "ntk")
