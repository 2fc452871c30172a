"""Probabilities of words to the role of what they name."""

from dataclasses import replace

import numpy as np
import pytest

from kg.extract.roles import assign_roles, likely_roles, same_name
from kg.extract.tags import FITTING, ROLES
from kg.model import Field, Label, Mention, Role

HALF = dict.fromkeys(Role, 0.5)


def mention(text: str, label: Label = Label.METHOD, start: int = 0) -> Mention:
    return Mention(Field.ABSTRACT, start, start + len(text), text, label, 1.0, text, start)


def words(*rows: dict[Role, float]) -> np.ndarray:
    """A row a word; what is left of each is the probability of no role."""
    found = np.zeros((len(rows), len(ROLES)), np.float32)
    for at, row in enumerate(rows):
        for role, probability in row.items():
            found[at, ROLES.index(role)] = probability
        found[at, 0] = 1 - found[at].sum()
    return found


def roles(
    mentions: list[Mention],
    probabilities: list[np.ndarray],
    thresholds: dict[Role, float] = HALF,
    long_forms: dict[str, str] | None = None,
    system: str | None = None,
) -> list[tuple[Role | None, float]]:
    found = assign_roles(mentions, likely_roles(mentions, probabilities, long_forms or {}, system), thresholds)
    assert [replace(each, role=None, role_score=0.0) for each in found] == mentions, "nothing else changes"
    return [(each.role, each.role_score) for each in found]


@pytest.mark.parametrize(
    ("text", "key"), [("CNNs", "cnn"), ("Crane", "crane"), ("CN", "crane net"), ("crane nets", "crane net")]
)
def test_case_plural_and_abbreviation_make_no_other_thing(text: str, key: str) -> None:
    assert same_name(text, {"CN": "Crane nets"}) == key


def test_a_role_is_the_likeliest_of_the_mean_of_all_words() -> None:
    one, other = words({Role.USES: 0.9}), words(*[{Role.USES: 0.2, Role.COMPARES: 0.7}] * 3)
    assert roles([mention("CNN")], [one]) == [(Role.USES, 0.9)]
    assert roles([mention("CNN"), mention("cnns")], [one, other]) == [(Role.COMPARES, 0.525)] * 2


def test_names_do_not_count_for_each_other() -> None:
    found = roles([mention("CNN"), mention("RNN")], [words({Role.USES: 0.9}), words({Role.COMPARES: 0.8})])
    assert found == [(Role.USES, 0.9), (Role.COMPARES, 0.8)]


def test_an_abbreviation_has_the_role_of_its_long_form() -> None:
    mentions = [mention("crane network"), mention("CN"), mention("CN")]
    probabilities = [words({Role.USES: 1.0}, {Role.USES: 1.0}), words({}), words({Role.USES: 0.4})]
    assert roles(mentions, probabilities, long_forms={"CN": "Crane Networks"}) == [(Role.USES, 0.6)] * 3
    assert roles(mentions, probabilities)[1] == (None, 0.0)


def test_each_role_has_its_threshold() -> None:
    likely = words({Role.USES: 0.55, Role.COMPARES: 0.4})
    assert roles([mention("CNN")], [likely], HALF | {Role.USES: 0.6}) == [(None, 0.0)]
    assert roles([mention("CNN")], [likely], HALF | {Role.USES: 0.55}) == [(Role.USES, 0.55)]
    # What is likelier but not sure enough gives way to nothing, not to the next best.
    assert roles([mention("CNN")], [likely], HALF | {Role.USES: 0.6, Role.COMPARES: 0.3}) == [(None, 0.0)]


@pytest.mark.parametrize("label", Label)
def test_a_label_has_only_roles_that_fit_it(label: Label) -> None:
    even = words({role: 0.9 / len(Role) for role in Role})
    for role in Role:
        likely = even.copy()
        likely[0, ROLES.index(role)] += 0.1
        [(found, _)] = roles([mention("thing", label)], [likely], dict.fromkeys(Role, 0.1))
        assert found is role if label in FITTING[role] else found is not role and label in FITTING[found or role]


def test_what_the_paper_introduces_is_proposed_whatever_the_encoder_says() -> None:
    mentions = [mention("CraneNet"), mention("CNN"), mention("CraneNets")]
    said = [words({Role.USES: 0.9}), words({Role.USES: 0.8}), words({Role.COMPARES: 0.9})]
    proposed, other = (Role.PROPOSES, 0.9), (Role.USES, 0.8)
    assert roles(mentions, said, system="CraneNet") == [proposed, other, proposed]
    assert roles(mentions, said, system="CN", long_forms={"CN": "cranenet"}) == [proposed, other, proposed]
    assert roles(mentions, said, system="Another")[1] == other


def test_the_encoder_may_be_surer_of_it() -> None:
    assert roles([mention("A")], [words({Role.PROPOSES: 0.97})], system="A") == [(Role.PROPOSES, 0.97)]
    assert roles([mention("A")], [words({Role.PROPOSES: 0.6})], system="A") == [(Role.PROPOSES, 0.9)]


def test_no_mentions_no_roles() -> None:
    assert roles([], [], system="CraneNet") == []


def test_what_is_introduced_has_its_role_above_any_threshold() -> None:
    never = dict.fromkeys(Role, 1.0)
    said = [words({Role.USES: 0.9}), words({Role.USES: 0.99})]
    assert roles([mention("A"), mention("B")], said, never, system="A") == [(Role.PROPOSES, 0.9), (None, 0.0)]


def test_a_role_is_as_probable_as_its_words_say_and_no_surer_than_its_name() -> None:
    [found] = likely_roles([replace(mention("CNN"), score=0.5)], [words({Role.USES: 0.75})], {}, None)
    assert (found.role, found.probability, found.score, found.settled) == (Role.USES, 0.75, 0.375, False)
