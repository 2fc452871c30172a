"""Broader and narrower entities: heads, what papers say, no circles."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from kg.link.hierarchy import Pair, by_heads, hierarchy
from kg.model import Entity, Label

M, D, T = Label.METHOD, Label.DATASET, Label.TASK


def entities(
    *slugs: str, label: Label = M, papers: int = 2, generic: frozenset[str] = frozenset()
) -> dict[str, Entity]:
    return {slug: Entity(slug, slug, label, papers=papers, generic=slug in generic) for slug in slugs}


def test_the_longest_head_is_broader() -> None:
    found = entities("score-based-diffusion-model", "diffusion-model", "model", "latent-diffusion-model")
    assert set(by_heads(found)) == {
        ("score-based-diffusion-model", "diffusion-model"),
        ("latent-diffusion-model", "diffusion-model"),
        ("diffusion-model", "model"),
    }


def test_a_head_must_be_specific_frequent_and_of_the_same_type() -> None:
    both = ("latent-diffusion-model", "diffusion-model")
    assert not set(by_heads(entities(*both, generic=frozenset({"diffusion-model"}))))
    assert not set(by_heads(entities(*both, papers=1)))
    assert not set(by_heads(entities(both[0]) | entities(both[1], label=T)))


def test_a_turned_or_joined_name_is_not_below_its_end() -> None:
    names = ("non-convex-optimization", "convex-optimization", "mixture-of-expert", "expert", "optimization")
    assert set(by_heads(entities(*names))) == {
        ("non-convex-optimization", "optimization"),
        ("convex-optimization", "optimization"),
    }
    assert not set(by_heads(entities("grasping-object", "object", label=T)))


def test_what_is_said_wins_over_heads_and_short_cuts_go() -> None:
    found = entities("gcn", "gnn", "network")
    said = {("gcn", "gnn"): 1, ("gnn", "network"): 3, ("gcn", "network"): 2, ("gnn", "gcn"): 1}
    assert hierarchy(found, said, []) == {("gcn", "gnn"), ("gnn", "network")}


def test_nothing_is_below_what_is_generic_unknown_or_of_another_type() -> None:
    found = entities("gcn", "network", generic=frozenset({"network"})) | entities("cora", label=D)
    assert (
        hierarchy(found, {("gcn", "network"): 9, ("gcn", "cora"): 9, ("gcn", "lost"): 9, ("gcn", "gcn"): 9}, [])
        == set()
    )


@given(
    st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), st.integers(1, 3)), st.randoms()
)
def test_there_are_no_circles_and_the_order_is_nothing(said: dict[Pair, int], chance) -> None:
    found = entities(*"abcdef")
    pairs = hierarchy(found, said, [])
    shuffled = list(said.items())
    chance.shuffle(shuffled)
    assert hierarchy(found, dict(shuffled), []) == pairs
    reach = {(a, b) for a, b in pairs}
    for k, i, j in itertools.product("abcdef", repeat=3):
        if (i, k) in reach and (k, j) in reach:
            reach.add((i, j))
    assert not any(a == b for a, b in reach)
    for a, b in pairs:
        assert not any((a, k) in pairs and (k, b) in reach for k in "abcdef")
