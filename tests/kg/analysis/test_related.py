import math

import pytest

from kg.analysis.related import inverse_document_frequency, links_papers, related
from kg.errors import NotFoundError
from kg.model import Entity, Label
from kg.workspace import Reader

CORPUS = 16


def test_idf_is_the_logarithm_of_the_inverse_share() -> None:
    assert inverse_document_frequency(1, 47) == pytest.approx(math.log(47))
    assert inverse_document_frequency(47, 47) == 0
    assert inverse_document_frequency(0, 47) == 0


@pytest.mark.parametrize(
    ("papers", "corpus", "generic", "links"),
    [(2, 47, False, True), (1, 47, False, False), (2, 47, True, False), (13, 47, False, False), (3, 4, False, True)],
)
def test_what_links_papers(papers: int, corpus: int, generic: bool, links: bool) -> None:
    entity = Entity("x", "x", Label.METHOD, papers=papers, generic=generic)
    assert links_papers(entity, corpus) is links


def test_rare_things_rank_above_common_ones(reader: Reader) -> None:
    found = related(reader.catalogue, "ntk", corpus=CORPUS)
    assert [each.paper_id for each in found] == ["features", "vision"]
    assert [s.entity.slug for s in found[0].shared] == ["infinite-width", "tangent-kernel"]
    assert [s.entity.slug for s in found[1].shared] == ["rare-trick"]


def test_what_nearly_all_papers_have_links_nothing(reader: Reader) -> None:
    reasons = {
        shared.entity.slug
        for paper in ("ntk", "features", "mt", "vision", "other1")
        for each in related(reader.catalogue, paper, corpus=CORPUS)
        for shared in each.shared
    }
    assert "neural-network" not in reasons
    assert "accuracy" not in reasons
    assert related(reader.catalogue, "other1", corpus=CORPUS) == []


def test_the_score_is_the_sum_of_weights_and_weights_are_idf_times_confidence(reader: Reader) -> None:
    (first, *_) = related(reader.catalogue, "ntk", corpus=CORPUS)
    assert first.score == pytest.approx(sum(s.weight for s in first.shared), abs=1e-3)
    for shared in first.shared:
        scores = [
            max(e.score for e in reader.catalogue.evidence(paper, shared.entity.slug)) for paper in ("ntk", "features")
        ]
        expected = math.log(CORPUS / shared.entity.papers) * min(scores)
        assert shared.weight == pytest.approx(expected, abs=1e-3)


def test_every_reason_comes_with_a_sentence_that_holds_the_name(reader: Reader) -> None:
    for each in related(reader.catalogue, "ntk", corpus=CORPUS):
        for shared in each.shared:
            evidence = shared.evidence
            assert evidence.paper_id in ("ntk", each.paper_id)
            assert evidence.sentence[evidence.start : evidence.end] == evidence.text
            assert evidence.text.lower() == shared.entity.name.lower()


def test_only_the_types_asked_for_count(reader: Reader) -> None:
    found = related(reader.catalogue, "ntk", corpus=CORPUS, labels=[Label.METHOD])
    assert [each.paper_id for each in found] == ["vision"]


def test_the_limit_keeps_the_best(reader: Reader) -> None:
    everything = related(reader.catalogue, "ntk", corpus=CORPUS, limit=50)
    assert related(reader.catalogue, "ntk", corpus=CORPUS, limit=1) == everything[:1]


def test_being_related_goes_both_ways_with_one_score(reader: Reader) -> None:
    there = {each.paper_id: each.score for each in related(reader.catalogue, "ntk", corpus=CORPUS)}
    back = {each.paper_id: each.score for each in related(reader.catalogue, "vision", corpus=CORPUS)}
    assert there["vision"] == back["ntk"]


def test_an_unknown_paper_is_named(reader: Reader) -> None:
    with pytest.raises(NotFoundError, match="nope"):
        related(reader.catalogue, "nope", corpus=CORPUS)
