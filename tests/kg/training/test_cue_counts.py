"""Annotated papers to how often each cue is right."""

from kg.evaluate.annotations import Annotation
from kg.evaluate.counts import Counts
from kg.model import Label, RelationKind, Role
from kg.training.cue_counts import ALL_CUES, count_cues
from tests.kg.training.gold import paper

M, T = Label.METHOD, Label.TASK
USED, VERSUS = RelationKind.USED_FOR, RelationKind.COMPARED_WITH
ONE = paper(
    "",
    "CraneNet for folding. It is no SwanNet: CraneNet outperforms SwanNet. SwanNet for flying.",
    [],
    [("CraneNet", M), ("folding", T), ("SwanNet", M), ("CraneNet", M), ("SwanNet", M), ("SwanNet", M), ("flying", T)],
)


def test_pairs_are_right_where_they_are_annotated() -> None:
    annotation = Annotation({}, ((0, 1, USED), (0, 6, USED), (4, 3, VERSUS)))
    counts = count_cues([ONE], {ONE.paper.id: annotation})
    assert set(counts) == {cue.name for cue in ALL_CUES}
    assert counts["for"] == Counts(found=2, wanted=2, found_right=1, wanted_right=1)
    # A comparison has no direction.
    assert counts["outperforms"] == Counts(found=1, wanted=1, found_right=1, wanted_right=1)
    assert counts["on"] == Counts(0, 0, 0, 0)


def test_roles_are_those_of_the_annotators() -> None:
    roles = {3: Role.PROPOSES, 4: Role.COMPARES}
    counts = count_cues([ONE], {ONE.paper.id: Annotation(roles, ())})
    assert counts["proposed-outperforms"] == Counts(1, 0, 0, 0)
    assert count_cues([ONE], {ONE.paper.id: Annotation({}, ())})["proposed-outperforms"] == Counts()


def test_papers_that_nobody_annotated_do_not_count() -> None:
    assert set(count_cues([ONE], {}).values()) == {Counts()}
