import pytest

from kg.analysis.related import Related, Via, Wanted, related
from kg.analysis.sharing import Side
from kg.errors import NotFoundError
from kg.model import Label, Role
from kg.workspace import Reader
from tests.kg.analysis.made import Made


def ids(found: list[Related]) -> list[str]:
    return [each.paper_id for each in found]


def test_rare_things_rank_above_common_ones(reader: Reader) -> None:
    found = related(reader, "ntk")
    assert ids(found) == ["features", "vision"]
    assert {s.entity.slug for s in found[0].shared} == {"infinite-width", "tangent-kernel"}
    assert [s.entity.slug for s in found[1].shared] == ["rare-trick"]
    assert (found[0].title, found[0].year) == ("Feature learning", 2001)


def test_what_nearly_all_papers_have_links_nothing(reader: Reader) -> None:
    reasons = {
        shared.entity.slug
        for paper in ("ntk", "features", "mt", "vision", "other1")
        for each in related(reader, paper)
        for shared in each.shared
    }
    assert "neural-network" not in reasons
    assert "accuracy" not in reasons
    assert related(reader, "other1") == []


def test_the_score_is_the_sum_of_weights_and_weights_are_rarity_times_both_strengths(reader: Reader) -> None:
    weights, incidence = reader.weights, reader.incidence
    here = Side.of(weights, incidence.row("ntk"))
    for each in related(reader, "ntk"):
        assert each.wording
        assert each.score == pytest.approx(sum(s.weight for s in each.shared) + each.wording.weight)
        there = Side.of(weights, incidence.row(each.paper_id))
        for shared in each.shared:
            column = incidence.column(shared.entity.slug)
            both = here.strengths[column] * there.strengths[column]
            assert shared.weight == pytest.approx(weights.rarity[column] * both)
            assert shared.reason == f"weight {shared.weight:.2f}, in 2 of 16 papers"


def test_both_papers_show_what_is_shared(reader: Reader) -> None:
    for each in related(reader, "ntk"):
        for shared in each.shared:
            for paper_id, part in (("ntk", shared.here), (each.paper_id, shared.there)):
                evidence = part.evidence
                assert evidence
                assert (evidence.paper_id, evidence.title) == (paper_id, reader.catalogue.paper(paper_id).title)
                assert evidence.sentence[evidence.start : evidence.end] == evidence.text
                assert evidence.text.lower() == shared.entity.name.lower()
                found = reader.catalogue.evidence(paper_id, shared.entity.slug)
                assert evidence.sentence in {other.sentence for other in found}
                assert part.confidence == max(other.score for other in found)
                assert part.role == reader.catalogue.roles(paper_id).get(shared.entity.slug)
        assert each.here
        assert each.there
        assert (each.here.paper_id, each.there.paper_id) == ("ntk", each.paper_id)


def test_the_sentence_shown_first_is_that_which_shows_most(reader: Reader) -> None:
    (first, *_) = related(reader, "features")
    assert first.paper_id == "ntk"
    assert first.there
    assert (
        first.there.sentence == "A neural network of infinite width follows the tangent kernel. We propose rare trick."
    )


def test_a_role_is_told_on_its_side(reader: Reader) -> None:
    (shared,) = related(reader, "vision", Wanted(Via.METHOD.labels, limit=9))[0].shared
    assert (shared.entity.slug, shared.here.role, shared.there.role) in {
        ("rare-trick", None, Role.PROPOSES),
        ("attention", None, Role.USES),
    }


def test_only_the_types_asked_for_count(reader: Reader) -> None:
    assert ids(related(reader, "ntk", Wanted(Via.METHOD.labels))) == ["vision"]
    assert ids(related(reader, "ntk", Wanted(Via.CONCEPT.labels))) == ["features"]
    assert related(reader, "ntk", Wanted(Via.DATASET.labels)) == []
    assert Via.ANY.labels == tuple(Label)
    assert {label for via in Via if via is not Via.ANY for label in via.labels} == set(Label)


def test_a_number_of_shared_things_and_years_can_be_asked_for(reader: Reader) -> None:
    assert ids(related(reader, "ntk", Wanted(min_shared=2))) == ["features"]
    assert ids(related(reader, "ntk", Wanted(year_from=2002))) == ["vision"]
    assert ids(related(reader, "ntk", Wanted(year_to=2001))) == ["features"]
    assert related(reader, "ntk", Wanted(year_from=2002, year_to=2002)) == []


def test_the_limit_keeps_the_best(reader: Reader) -> None:
    everything = related(reader, "ntk", Wanted(limit=50))
    assert related(reader, "ntk", Wanted(limit=1)) == everything[:1]


def test_being_related_goes_both_ways_with_one_score(reader: Reader) -> None:
    there = {each.paper_id: each.score for each in related(reader, "ntk")}
    back = {each.paper_id: each.score for each in related(reader, "vision")}
    assert there["vision"] == pytest.approx(back["ntk"])


def test_an_unknown_paper_is_named(reader: Reader) -> None:
    with pytest.raises(NotFoundError, match="nope"):
        related(reader, "nope")


def zoo() -> Made:
    """Three hundred papers, of which the last names nothing that another does, but is worded like the first."""
    made = Made({**{f"p{n:03}": (2000, f"m{n // 3} m{n // 3 + 1}") for n in range(299)}, "z": (2001, "x9")})
    first = made.texts(["p000"])["p000"]
    return made.reworded(
        {"p000": (first[0], f"{first[1]} Zebra stripes."), "z": ("On z", "Here x9 is. Zebra stripes.")}
    )


def test_rare_words_may_do_alone_and_are_the_reason() -> None:
    found = next(each for each in related(zoo(), "p000", Wanted(min_shared=0, limit=99)) if each.paper_id == "z")
    assert found.shared == ()
    assert found.wording
    assert found.wording.words == ("zebra stripes",)
    assert found.score == found.wording.weight
    assert found.here
    assert found.there
    assert (found.here.paper_id, found.here.sentence, found.there.paper_id) == ("p000", "Zebra stripes.", "z")


def test_rare_words_do_not_do_where_things_are_asked_for() -> None:
    for wanted in (Wanted(limit=99), Wanted(Via.METHOD.labels, limit=99)):
        found = related(zoo(), "p000", wanted)
        assert "z" not in ids(found)
        assert all(each.shared for each in found)
    assert all(each.wording is None for each in found)
    assert all(each.score == pytest.approx(sum(s.weight for s in each.shared)) for each in found)
