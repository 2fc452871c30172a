from dataclasses import replace
from pathlib import Path

import pytest

from kg.analysis.links import apart, link
from kg.analysis.related import related
from kg.build import build
from kg.errors import NotFoundError
from kg.model import Label, RelationKind, Role
from kg.sources import make_paper
from kg.workspace import Reader, Workspace
from tests.corpus import BASE, corpus_parts
from tests.fakes import FakeExtractor


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


def test_what_others_state_leads_from_one_paper_to_the_other(tmp_path: Path) -> None:
    names = {"resnet": Label.METHOD, "imagenet": Label.DATASET, "vgg": Label.METHOD}
    texts = {
        "a": "We study resnet.",
        "b": "We study imagenet.",
        "c": "A resnet on imagenet.",
        "d": "A vgg on imagenet.",
    }
    papers = [make_paper(f"Paper {name}", text, identifier=name) for name, text in texts.items()]
    workspace = Workspace(tmp_path / "data", BASE)
    with workspace.writer() as writer:
        build(papers, replace(corpus_parts(), extractor=FakeExtractor(names)), writer)
    reader = workspace.reader()
    for pair in (("a", "b"), ("b", "a")):
        found = link(reader, *pair)
        assert found.shared == ()
        assert not found.only_common
        (statement,) = found.statements
        assert (statement.subject.slug, statement.kind, statement.object.slug, statement.papers) == (
            "resnet", RelationKind.EVALUATED_ON, "imagenet", 1,
        )  # fmt: skip
        assert [evidence.paper_id for evidence in statement.evidence] == ["c"]
    reader.close()


def test_the_paper_that_is_missing_is_named(reader: Reader) -> None:
    with pytest.raises(NotFoundError, match="nope"):
        link(reader, "ntk", "nope")
    with pytest.raises(NotFoundError, match="nope"):
        link(reader, "nope", "ntk")


def test_what_is_not_shared_is_told_of_both_the_most_telling_first(reader: Reader) -> None:
    here, there = apart(reader, "ntk", "vision")
    assert {each.slug for each in here.entities} == {"tangent-kernel", "infinite-width"}
    assert (here.total, there.total) == (2, 3)
    assert [each.slug for each in there.entities][-1] == "accuracy"  # which all papers name
    assert apart(reader, "vision", "ntk", limit=1) == (
        replace(there, entities=there.entities[:1]),
        replace(here, entities=here.entities[:1]),
    )
    with pytest.raises(NotFoundError, match="nope"):
        apart(reader, "ntk", "nope")
