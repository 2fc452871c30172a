import pytest

from kg.graph.entities import Tally, decide, tally_links
from kg.model import Field, Label, Link, Mention


def tally(*surfaces: tuple[str, int], papers: int = 1, label: Label = Label.METHOD) -> Tally:
    made = Tally(papers=papers)
    for surface, count in surfaces:
        made.add(label, surface, 900 * count, count)
    return made


def name(slug: str, *surfaces: tuple[str, int]) -> str:
    entity = decide(slug, tally(*surfaces), generic=False)
    assert entity is not None
    return entity.name


@pytest.mark.parametrize(
    ("slug", "surfaces", "expected"),
    [
        ("neural-tangent-kernel", [("NTK", 9), ("neural tangent kernel", 2)], "neural tangent kernel"),
        ("neural-network", [("neural networks", 5), ("neural network", 1)], "neural network"),
        ("neural-network", [("neural networks", 5), ("Neural Networks", 1)], "neural networks"),
        ("cifar-10", [("CIFAR-10", 3), ("CIFAR10", 1), ("cifar 10", 1)], "CIFAR-10"),
        ("adam", [("Adam", 2)], "Adam"),
    ],
)
def test_the_name_is_the_spelling_that_fits_best(slug: str, surfaces: list[tuple[str, int]], expected: str) -> None:
    assert name(slug, *surfaces) == expected


def test_the_type_is_the_label_with_the_highest_summed_score() -> None:
    made = Tally(papers=2)
    made.add(Label.METHOD, "x", 900)
    made.add(Label.CONCEPT, "x", 500)
    made.add(Label.CONCEPT, "x", 500)
    entity = decide("x", made, generic=False)
    assert entity is not None
    assert entity.label is Label.CONCEPT


def test_a_tie_is_broken_the_same_way_every_time() -> None:
    for first, second in ((Label.TASK, Label.DATASET), (Label.DATASET, Label.TASK)):
        made = Tally(papers=1)
        made.add(first, "x", 500)
        made.add(second, "x", 500)
        entity = decide("x", made, generic=False)
        assert entity is not None
        assert entity.label is Label.DATASET


def test_aliases_differ_in_more_than_case_and_exclude_the_name() -> None:
    entity = decide("adam", tally(("Adam", 3), ("ADAM", 1), ("Adam optimizer", 1), ("adam optimizer", 1)), generic=True)
    assert entity is not None
    assert (entity.name, entity.aliases, entity.generic) == ("Adam", ("Adam optimizer",), True)


def test_an_entity_that_nothing_mentions_is_gone() -> None:
    made = tally(("Adam", 1))
    made.merge(tally(("Adam", 1)), -1)
    assert made.papers == 0
    assert decide("adam", made, generic=False) is None


def test_a_paper_counts_once_however_often_it_mentions() -> None:
    mention = Mention(Field.TITLE, 0, 4, "Adam", Label.METHOD, 0.8, "Adam", 0)
    again = Mention(Field.ABSTRACT, 0, 4, "ADAM", Label.METHOD, 0.7, "ADAM", 0)
    tallies = tally_links([Link(mention, "adam"), Link(again, "adam")])
    assert tallies["adam"].papers == 1
    assert tallies["adam"].labels[Label.METHOD] == 1500
    assert tallies["adam"].surfaces == {"Adam": 1, "ADAM": 1}
