import math

import pytest

from kg.analysis.gaps import STRENGTH, gaps_of_method, gaps_of_task
from kg.analysis.siblings import Usage
from kg.errors import NotFoundError
from tests.kg.analysis.made import Made

# Three methods that do the same work on images, one of which was never tried on segmentation; and one of another field.
WORK = {
    **{f"a{i}": (2001, "m-a c-image c-pixel" + " t-seg+" * (i < 3)) for i in range(6)},
    **{f"b{i}": (2001, "m-b c-image c-pixel" + " t-seg" * (i < 2)) for i in range(6)},
    **{f"c{i}": (2001, "m-c c-image c-pixel") for i in range(6)},
    **{f"z{i}": (2001, "m-z c-word c-text") for i in range(6)},
    **{f"n{i}": (2001, "c-word c-text") for i in range(40)},
}


def test_a_method_that_siblings_are_used_like_is_missed() -> None:
    [gap] = gaps_of_task(Made(WORK), "t-seg")
    assert (gap.method.slug, gap.task.slug) == ("m-c", "t-seg")
    assert [(t.sibling.slug, t.papers) for t in gap.trials] == [("m-a", 3), ("m-b", 2)]
    assert (gap.tried, gap.papers) == (2, 5)
    assert gap.base == pytest.approx(5 / 64, abs=1e-6)
    assert gap.expected == pytest.approx(6 * gap.rate, abs=1e-3)
    assert gap.chance == pytest.approx(math.exp(-gap.expected), abs=1e-4)


def test_the_rate_is_drawn_towards_that_of_all_papers() -> None:
    [gap] = gaps_of_task(Made(WORK), "t-seg")
    siblings, likeness = Usage.of(Made(WORK).incidence).siblings(Made(WORK).incidence.column("m-c"))
    weights = likeness / likeness.mean()
    papers = {"m-a": 3, "m-b": 2}
    names = [Made(WORK).incidence.entities[each] for each in siblings]
    tried = sum(w * papers.get(name, 0) for w, name in zip(weights, names, strict=True))
    assert gap.rate == pytest.approx((tried + STRENGTH * gap.base) / (6 * weights.sum() + STRENGTH), abs=1e-5)


def test_the_same_gap_is_seen_from_the_method() -> None:
    [gap] = gaps_of_method(Made(WORK), "m-c")
    assert gap == gaps_of_task(Made(WORK), "t-seg")[0]


def test_evidence_is_of_a_paper_that_names_both() -> None:
    [gap] = gaps_of_task(Made(WORK), "t-seg")
    for trial in gap.trials:
        assert trial.method.paper == trial.task.paper
        assert trial.method.evidence
        assert trial.method.evidence.text == trial.sibling.slug
        assert trial.task.evidence
        assert trial.task.evidence.text == "t-seg"


@pytest.mark.parametrize(
    "paper",
    [
        {"y": (2001, "m-c t-seg")},
        {"y": (2001, "m-deep-c t-seg")},
        {"y": (2001, "m-c t-fine-seg")},
    ],
    ids=["itself", "a kind of it", "on a kind of the task"],
)
def test_what_was_tried_is_no_gap(paper: dict[str, tuple[int | None, str]]) -> None:
    broader = [("m-deep-c", "m-c"), ("t-fine-seg", "t-seg")]
    made = Made(WORK | paper, broader=broader)
    assert gaps_of_task(made, "t-seg") == []
    assert [gap for gap in gaps_of_method(made, "m-c") if gap.task.slug == "t-seg"] == []


def test_too_few_papers_make_no_gap() -> None:
    assert gaps_of_task(Made(WORK), "t-seg", min_papers=7) == []
    assert gaps_of_method(Made(WORK), "m-c", min_papers=6) == []
    assert gaps_of_task(Made(WORK), "t-seg", limit=0) == []


@pytest.mark.parametrize("slug", ["nope", "m-a", "c-image"])
def test_what_is_no_task_is_named(slug: str) -> None:
    with pytest.raises(NotFoundError, match=slug):
        gaps_of_task(Made(WORK), slug)


def test_what_is_no_method_is_named() -> None:
    with pytest.raises(NotFoundError, match="no method 't-seg'"):
        gaps_of_method(Made(WORK), "t-seg")
