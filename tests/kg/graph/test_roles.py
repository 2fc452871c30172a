"""One role for each entity of a paper, whatever the order of its mentions."""

import itertools

from kg.graph.roles import Said, decide_roles
from kg.graph.terms import KINDS, PREDICATES, ROLE_EDGES, ROLES
from kg.model import RelationKind, Role
from kg.vocab import KG


def role(*said: tuple[Role | None, float], introducing: bool = False) -> Role | None:
    mentions = [Said("x", introducing and i == 0, *each) for i, each in enumerate(said)]
    [found] = {decide_roles(order)["x"] for order in itertools.permutations(mentions)}
    return found


def test_the_surest_mention_decides() -> None:
    assert role((Role.USES, 0.5), (Role.COMPARES, 0.7), (None, 0.0)) is Role.COMPARES
    assert role((Role.REPORTS, 0.5), (Role.USES, 0.5)) is Role.USES
    assert role((None, 0.0), (None, 0.9)) is None
    assert role((Role.REPORTS, 0.0)) is Role.REPORTS


def test_what_is_introduced_is_proposed_whatever_else_is_done_with_it() -> None:
    assert role((None, 0.0), introducing=True) is Role.PROPOSES
    assert role((Role.USES, 1.0), (Role.COMPARES, 1.0), introducing=True) is Role.PROPOSES


def test_entities_do_not_share_roles() -> None:
    said = [Said("a", False, Role.USES, 0.9), Said("b", False), Said("c", True)]
    assert decide_roles(said) == {"a": Role.USES, "b": None, "c": Role.PROPOSES}


def test_every_role_and_kind_has_a_term_of_its_own() -> None:
    assert ROLE_EDGES.keys() == set(Role)
    assert PREDICATES.keys() == set(RelationKind)
    assert len(ROLES) == len(KINDS) == 6
    assert ROLE_EDGES[Role.PROPOSES] == KG.introduces
