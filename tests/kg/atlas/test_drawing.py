import math
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

import pytest

from kg.atlas import drawing
from kg.atlas.atlas import Atlas, load, save
from kg.atlas.drawing import ENTITIES, FEW, FOREMOST, draw
from kg.errors import StoreError
from tests.matrices import corpus, matrix, topical

PAPERS = topical(900, 9)


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return draw(matrix(PAPERS))


def moved(before: Atlas, after: Atlas) -> list[float]:
    """How far each entity that is on both maps moved, where the maps are two wide."""
    old = {place.slug: place for place in before.places}
    return [math.dist((p.x, p.y), (old[p.slug].x, old[p.slug].y)) for p in after.places if p.slug in old]


def test_topics_are_communities_named_by_their_own(atlas: Atlas) -> None:
    assert len(atlas.communities) == 9
    assert [community.number for community in atlas.communities] == list(range(9))
    for community in atlas.communities:
        members = [place.slug for place in atlas.of(community.number)]
        topics = Counter(slug.partition("-")[0] for slug in members)
        (topic, own), *_ = topics.most_common(1)
        assert own > 0.8 * len(members)
        assert set(community.telling) <= set(members)
        assert {slug.partition("-")[0] for slug in community.telling[:2]} == {topic}


def test_places_know_their_papers_and_columns(atlas: Atlas) -> None:
    incidence = matrix(PAPERS)
    for place in atlas.places:
        assert incidence.entities[place.column] == place.slug
        assert place.papers == sum(place.slug in named for named in PAPERS.values())
        assert max(abs(place.x), abs(place.y)) <= 1
    assert atlas.papers == len(PAPERS)


def test_communities_count_papers_that_name_two_of_theirs(atlas: Atlas) -> None:
    named = {each.number: {place.slug for place in atlas.of(each.number)} for each in atlas.communities}
    for community in atlas.communities:
        own = named[community.number]
        assert community.papers == sum(len(own & set(paper)) >= 2 for paper in PAPERS.values())
    for left, right, papers, weight in atlas.links[0]:
        both = [len(named[left] & set(paper)) >= 2 and len(named[right] & set(paper)) >= 2 for paper in PAPERS.values()]
        assert (papers, left < right, 0 <= weight <= 1) == (sum(both), True, True)


def test_links_are_between_places_that_the_level_shows(atlas: Atlas) -> None:
    for level in (1, 2):
        shown = [place.level <= level for place in atlas.places]
        assert atlas.links[level]
        for left, right, papers, _ in atlas.links[level]:
            assert left < right
            assert shown[left]
            assert shown[right]
            ends = {atlas.places[left].slug, atlas.places[right].slug}
            assert papers == sum(ends <= set(paper) for paper in PAPERS.values())


def test_levels_show_more_and_more() -> None:
    papers = {f"p{n}": [f"e{n % 1000}", f"e{n * 7 % 1000}", f"e{n * n % 1000}"] for n in range(3000)}
    atlas = draw(matrix(papers))
    counts = [len(list(atlas.at(level))) for level in (0, 1, 2)]
    assert counts[0] == 0
    assert FOREMOST <= counts[1] <= FOREMOST + len(atlas.communities)
    assert counts[2] == 1000
    levels = [place.level for place in atlas.places]
    assert levels == sorted(levels)


@pytest.mark.slow
def test_a_map_has_a_size() -> None:
    papers = {f"p{n}": [f"e{n}", f"e{n + 1}", f"e{n + 2}"] for n in range(ENTITIES + 500)}
    assert len(draw(matrix(papers)).places) == ENTITIES


def test_entities_of_one_paper_fill_up_a_map_while_few_recur() -> None:
    papers = {f"p{i}": [*(f"own-{i}-{j}" for j in range(60)), "both"] for i in range(8)}
    assert len(draw(matrix(papers)).places) == FEW
    recurring = {f"p{n}": [f"r{n % 200}", f"r{(n + 1) % 200}"] for n in range(400)}
    assert len(draw(matrix(recurring | {"once": ["x", "y"]})).places) == 200


def test_generic_entities_are_not_on_the_map() -> None:
    assert "everywhere" not in {place.slug for place in draw(matrix(PAPERS, generic={"everywhere"})).places}


@pytest.mark.parametrize("papers", [{}, {"p": ["alone"]}, {"p": ["a", "b"]}], ids=["none", "one", "two"])
def test_small_maps(papers: dict[str, list[str]]) -> None:
    atlas = draw(matrix(papers))
    assert len(atlas.places) == len({slug for named in papers.values() for slug in named})
    assert draw(matrix(papers), atlas) == atlas
    assert draw(matrix(PAPERS), atlas).places


def test_a_map_is_read_as_it_was_written(atlas: Atlas, tmp_path: Path) -> None:
    save(atlas, tmp_path / "atlas.json")
    assert load(tmp_path / "atlas.json") == atlas


def test_a_broken_map_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "atlas.json").write_text('{"papers": 3}')
    for name in ("atlas.json", "none.json"):
        with pytest.raises(StoreError, match=rf"{name}.*kg index --rebuild"):
            load(tmp_path / name)
    with pytest.raises(StoreError, match="could not be written"):
        save(draw(matrix({})), tmp_path / "no" / "atlas.json")


def test_hash_seed_does_not_matter() -> None:
    code = "from tests.matrices import *; from kg.atlas.drawing import draw; print(draw(matrix(topical(200, 4))))"
    environment = dict(os.environ)  # noqa: TID251 - handed on to the child
    outputs = {
        subprocess.check_output([sys.executable, "-c", code], env=environment | {"PYTHONHASHSEED": seed})
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


def fewer(share: float) -> dict[str, list[str]]:
    """All papers but a share of them, spread over the corpus."""
    step = round(1 / share)
    return {paper: named for n, (paper, named) in enumerate(PAPERS.items()) if n % step != 1}


def test_nothing_jumps_when_one_paper_in_a_hundred_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    before = draw(matrix(fewer(0.01)))
    monkeypatch.setattr(drawing, "SETTLED", 0.0)
    after = draw(matrix(PAPERS), before)
    assert after.drawn != before.drawn
    distances = moved(before, after)
    assert len(distances) > 0.97 * len(after.places)
    assert median(distances) < 0.02
    assert quantiles(distances, n=20)[-1] < 0.1
    old = {place.slug: place.community for place in before.places}
    stayed = [old[place.slug] == place.community for place in after.places if place.slug in old]
    assert sum(stayed) > 0.97 * len(stayed)
    names = {each.number: each.telling[:2] for each in before.communities}
    assert [names.get(each.number) for each in after.communities] == [each.telling[:2] for each in after.communities]


def test_where_hardly_anything_changed_all_stays_and_only_numbers_are_counted_anew() -> None:
    before = draw(matrix(fewer(1 / 450)))
    after = draw(matrix(PAPERS), before)
    assert max(moved(before, after)) == 0
    assert after.papers == len(PAPERS)
    assert after.drawn == tuple(
        {p.slug: n for p, n in zip(before.places, before.drawn, strict=True)}[p.slug] for p in after.places
    )
    assert [place.papers for place in after.places] == [
        sum(place.slug in named for named in PAPERS.values()) for place in after.places
    ]


def test_small_changes_add_up_until_the_map_is_drawn_anew() -> None:
    first = draw(matrix(fewer(0.02)))
    papers, atlas = dict(fewer(0.02)), first
    for paper in PAPERS:
        papers[paper] = PAPERS[paper]
    for _ in range(2):
        atlas = draw(matrix(papers), atlas)
    assert atlas.drawn != first.drawn
    assert atlas == draw(matrix(papers), atlas)


def test_a_topic_that_is_new_gets_a_community_and_the_others_keep_theirs(atlas: Atlas) -> None:
    news = {f"n{paper}": [slug.replace("t0", "new") for slug in named] for paper, named in topical(80, 1).items()}
    after = draw(matrix(PAPERS | news), atlas)
    found = {place.slug.partition("-")[0]: place.community for place in after.places}
    old = {place.slug.partition("-")[0]: place.community for place in atlas.places}
    assert found["new"] not in set(old.values())
    assert {topic: found[topic] for topic in old if topic != "everywhere"} == {
        topic: number for topic, number in old.items() if topic != "everywhere"
    }


def test_what_is_gone_leaves_the_map(atlas: Atlas) -> None:
    less = {paper: [slug for slug in named if slug != "everywhere"] for paper, named in PAPERS.items()}
    assert "everywhere" not in {place.slug for place in draw(matrix(less), atlas).places}


def test_a_map_of_another_corpus_is_no_hindrance() -> None:
    other = draw(matrix(corpus()))
    assert {p.slug for p in draw(matrix(PAPERS), other).places} == {p.slug for p in draw(matrix(PAPERS)).places}
