"""What an abbreviation means in a paper that does not define it."""

from collections import Counter

import pytest

from kg.link.senses import Sense, Use, resolve
from kg.model import Label, Target

M, D, T, C, X = Label.METHOD, Label.DATASET, Label.TASK, Label.CONCEPT, Label.METRIC


def sense(slug: str, papers: int, label: Label = M) -> Sense:
    return Sense(slug, papers, Counter({label: papers}))


def meaning(use: Use, *senses: Sense, splits: bool = False, **shared: float) -> Target | None:
    found = dict(resolve("sst", [use], senses, lambda _, slug: shared.get(slug, 0.0), splits=splits))
    return found.get(use.paper)


USE = Use("p", M, 0.9)


def test_the_sense_that_dominates_is_meant() -> None:
    assert meaning(USE, sense("a", 2)) == Target("a", "sense", 1.0)
    assert meaning(USE, sense("a", 8), sense("b", 2)) == Target("a", "sense", 0.8)


@pytest.mark.parametrize("senses", [(), (sense("a", 1),), (sense("a", 3), sense("b", 2)), (sense("a", 9, D),)])
def test_what_is_unclear_stays(senses: tuple[Sense, ...]) -> None:
    assert meaning(USE, *senses) is None


def test_only_senses_whose_label_fits_count() -> None:
    assert meaning(USE, sense("a", 2), sense("b", 9, D)) == Target("a", "sense", 1.0)
    assert meaning(Use("p", D, 0.9), sense("a", 2), sense("b", 9, D)) == Target("b", "sense", 1.0)
    assert meaning(Use("p", T, 0.9), sense("a", 2)) == Target("a", "sense", 1.0)


def test_context_chooses_among_senses_and_overrules_the_majority() -> None:
    assert meaning(USE, sense("a", 3), sense("b", 2), a=0.5, b=2.5) == Target("b", "context", 0.833)
    assert meaning(USE, sense("a", 3), sense("b", 2), a=2.0, b=2.5) is None
    assert meaning(USE, sense("a", 9), sense("b", 1), a=0.5, b=1.0) is None


def test_who_introduces_a_name_means_the_old_sense_only_where_the_context_says_so() -> None:
    new = Use("p", M, 0.9, introduces=True)
    assert meaning(new, sense("a", 9)) is None
    assert meaning(new, sense("a", 9), a=0.5) == Target("a", "sense", 1.0)


def test_a_plain_word_is_no_abbreviation() -> None:
    assert meaning(Use("p", M, 0.9, short=False), sense("a", 9)) is None


def split(*uses: Use, splits: bool = True) -> dict[str, str]:
    return {paper: target.slug for paper, target in resolve("sst", uses, (), lambda *_: 0.0, splits=splits)}


def test_one_name_of_two_types_is_two_entities_in_any_order() -> None:
    uses = (Use("a", D, 0.9), Use("b", M, 0.9))
    assert split(*uses) == split(*uses[::-1]) == {"b": "sst-method"}
    assert split(*uses, splits=False) == {}
    assert split(Use("a", X, 0.9), Use("b", M, 0.9), Use("c", D, 0.9)) == {"a": "sst-metric", "b": "sst-method"}


def test_a_slip_of_the_extractor_splits_nothing() -> None:
    assert split(Use("a", D, 0.9), Use("b", M, 0.5)) == {}
    many = [Use(f"d{i}", D, 0.9) for i in range(4)]
    assert split(*many, Use("b", M, 0.9)) == {}
    assert split(*many, Use("b", M, 0.9, introduces=True)) == {"b": "sst-method"}
    assert split(Use("a", D, 0.65), Use("b", M, 0.9, introduces=True)) == {"b": "sst-method"}
    assert split(Use("a", M, 0.9), Use("b", T, 0.9), Use("c", C, 0.9)) == {}
