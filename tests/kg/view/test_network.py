import os
import random
import subprocess
import sys
from collections.abc import Mapping
from math import log

import numpy as np
import pytest

from kg.errors import NotFoundError
from kg.model import MAX_NODES, Entity, Evidence, Label, Network
from kg.view.network import MAX_EGO, SECOND_HOP, STRONGEST, association, cooccurrence

LABELS = tuple(Label)


def made(papers: Mapping[str, list[str]], **changed: Entity) -> dict[str, Entity]:
    slugs = sorted({slug for slugs in papers.values() for slug in slugs})
    found = {slug: Entity(slug, slug.upper(), LABELS[n % 5]) for n, slug in enumerate(slugs)}
    return found | changed


def corpus(papers: int = 300, vocabulary: int = 400, seed: int = 1) -> dict[str, list[str]]:
    """Papers of nine entities each, a few of them frequent and many rare, as in real text."""
    rng = random.Random(seed)  # noqa: S311 - a test corpus
    weights = [1 / (rank + 3) for rank in range(vocabulary)]
    names = [f"e{number}" for number in range(vocabulary)]
    return {f"p{number}": rng.choices(names, weights, k=9) for number in range(papers)}


SMALL = {"p1": ["bert", "squad", "f1"], "p2": ["bert", "squad"], "p3": ["resnet", "imagenet"], "p4": ["resnet"]}


def ids(network: Network) -> list[str]:
    return [node.id for node in network.nodes]


def test_counts_papers_and_shared_papers() -> None:
    network = cooccurrence(made(SMALL), SMALL)
    assert {node.id: node.papers for node in network.nodes} == {
        "bert": 2, "squad": 2, "resnet": 2, "f1": 1, "imagenet": 1,
    }  # fmt: skip
    assert {(edge.source, edge.target): edge.papers for edge in network.edges} == {
        ("bert", "f1"): 1, ("bert", "squad"): 2, ("f1", "squad"): 1, ("imagenet", "resnet"): 1,
    }  # fmt: skip
    assert (network.total_nodes, network.total_edges, network.focus) == (5, 4, None)


def test_a_paper_that_repeats_an_entity_counts_once() -> None:
    papers = {"p1": ["a", "a", "b"], "p2": ["b"]}
    network = cooccurrence(made(papers), papers)
    assert {node.id: node.papers for node in network.nodes} == {"a": 1, "b": 2}


def test_unknown_slugs_and_unmentioned_entities_are_not_drawn() -> None:
    entities = made(SMALL) | {"unused": Entity("unused", "Unused", Label.TASK)}
    assert set(ids(cooccurrence(entities, SMALL | {"p5": ["stray"]}))) == set(made(SMALL))


def test_generic_entities_are_excluded_and_not_counted() -> None:
    network = cooccurrence(made(SMALL, bert=Entity("bert", "BERT", Label.METHOD, generic=True)), SMALL)
    assert "bert" not in ids(network)
    assert (network.total_nodes, network.total_edges) == (4, 2)


def test_labels_and_min_papers_filter_before_the_count() -> None:
    entities = made(SMALL)
    only = cooccurrence(entities, SMALL, labels={entities["bert"].label})
    assert {node.label for node in only.nodes} == {entities["bert"].label}
    assert set(ids(cooccurrence(entities, SMALL, min_papers=2))) == {"bert", "squad", "resnet"}
    assert cooccurrence(entities, SMALL, min_papers=2).total_nodes == 3


def test_association_is_discounted_normalised_pmi() -> None:
    shared, left, right = (np.array([n], dtype=np.int64) for n in (2, 3, 4))
    expected = log((2 / 10) / (3 / 10 * 4 / 10)) / -log(2 / 10) * (2 / 3) * (3 / 4)
    assert association(shared, left, right, 10) == pytest.approx([expected], abs=1e-4)


@pytest.mark.parametrize(
    ("shared", "left", "right", "total", "expected"),
    [(1, 1, 1, 1, 0.25), (5, 5, 5, 5, 25 / 36), (1, 5, 5, 6, 0.0), (2, 2, 2, 4, 4 / 9)],
    ids=["a single paper", "every paper", "rarer than chance", "always together"],
)
def test_association_at_its_borders(shared: int, left: int, right: int, total: int, expected: float) -> None:
    numbers = (np.array([n], dtype=np.int64) for n in (shared, left, right))
    assert association(*numbers, total) == pytest.approx([expected], abs=1e-4)


def test_weights_and_places_are_in_range() -> None:
    papers = corpus()
    network = cooccurrence(made(papers), papers)
    assert all(0 <= edge.weight <= 1 and edge.papers >= 1 for edge in network.edges)
    assert all(-1 <= node.x <= 1 and -1 <= node.y <= 1 for node in network.nodes)
    assert set(network.clusters) == {node.cluster for node in network.nodes}


@pytest.mark.parametrize("focus", [None, "e7"])
def test_order_of_the_input_does_not_matter(focus: str | None) -> None:
    papers = corpus()
    entities = made(papers)
    expected = cooccurrence(entities, papers, limit=120, focus=focus)
    rng = random.Random(5)  # noqa: S311 - a shuffle
    mixed = {key: rng.sample(papers[key], len(papers[key])) for key in rng.sample(list(papers), len(papers))}
    shuffled = {slug: entities[slug] for slug in rng.sample(list(entities), len(entities))}
    assert cooccurrence(shuffled, {key: set(slugs) for key, slugs in mixed.items()}, limit=120, focus=focus) == expected


def test_hash_seed_does_not_matter() -> None:
    code = (
        "from kg.model import Entity, Label; from kg.view.network import cooccurrence\n"
        "papers = {f'p{n}': {f'e{n % 7}', f'e{n % 11}', f'e{n % 13}', f'e{n % 5}'} for n in range(60)}\n"
        "slugs = {slug for found in papers.values() for slug in found}\n"
        "print(cooccurrence({slug: Entity(slug, slug, Label.TASK) for slug in slugs}, papers))"
    )
    environment = dict(os.environ)  # noqa: TID251 - handed on to the child
    outputs = {
        subprocess.check_output([sys.executable, "-c", code], env=environment | {"PYTHONHASHSEED": seed})
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


def test_arguments_are_left_alone() -> None:
    papers = corpus(40)
    entities, kept = made(papers), {key: list(slugs) for key, slugs in papers.items()}
    cooccurrence(entities, papers)
    assert (entities, papers) == (made(kept), kept)


def test_limit_keeps_the_most_frequent_and_totals_count_all() -> None:
    papers = corpus()
    whole = cooccurrence(made(papers), papers, limit=MAX_NODES)
    cut = cooccurrence(made(papers), papers, limit=20)
    assert ids(cut) == ids(whole)[:20]
    assert [node.papers for node in cut.nodes] == sorted((node.papers for node in whole.nodes), reverse=True)[:20]
    assert (cut.total_nodes, cut.total_edges) == (whole.total_nodes, whole.total_edges)
    assert [node.degree for node in cut.nodes] == [node.degree for node in whole.nodes][:20]


def test_limit_zero_or_less_draws_nothing_but_counts() -> None:
    for limit in (0, -5):
        network = cooccurrence(made(SMALL), SMALL, limit=limit)
        assert (network.nodes, network.edges, network.total_nodes) == ((), (), 5)


def test_no_papers_no_network() -> None:
    assert cooccurrence({}, {}) == Network("Entities that share papers", (), (), 0, 0)


def test_one_paper_entities_give_way_once_enough_recur() -> None:
    recurring = {f"p{n}": [f"r{n % 200}", f"r{(n + 1) % 200}"] for n in range(400)}
    network = cooccurrence(made(recurring | {"once": ["x", "y"]}), recurring | {"once": ["x", "y"]})
    assert len(network.nodes) == 200
    assert network.total_nodes == 202


@pytest.mark.slow
def test_hard_cap() -> None:
    papers = {f"p{n}": [f"e{n}", f"e{n + 1}", f"e{n + 2}"] for n in range(2500)}
    assert len(cooccurrence(made(papers), papers, limit=10**6).nodes) == MAX_NODES


def test_links_are_a_backbone_that_keeps_the_picture_in_one_piece() -> None:
    papers = {"p": [f"e{n}" for n in range(60)]}
    network = cooccurrence(made(papers), papers)
    assert network.total_edges == 60 * 59 / 2
    assert len(network.edges) <= 60 * (STRONGEST + 1)
    reached, frontier = set(), {"e0"}
    while frontier:
        reached |= frontier
        ends = [(edge.source, edge.target) for edge in network.edges]
        frontier = {b for a, b in ends + [(b, a) for a, b in ends] if a in reached} - reached
    assert len(reached) == 60


def test_links_no_stronger_than_chance_are_drawn_all_the_same() -> None:
    papers = {f"p{n}": ["hub", f"e{n}"] for n in range(4)}
    network = cooccurrence(made(papers), papers)
    assert {edge.weight for edge in network.edges} == {0.0}
    assert len(network.edges) == 4


def test_clusters_are_named_after_their_two_foremost_entities() -> None:
    assert cooccurrence(made(SMALL), SMALL).clusters == {0: "BERT · SQUAD", 1: "RESNET · IMAGENET"}


def said(sentence: str) -> Evidence:
    return Evidence("paper", sentence, 0, len(sentence), sentence, 0.9)


def test_evidence_is_brought_along_and_limited() -> None:
    network = cooccurrence(made(SMALL), SMALL, evidence={"bert": [said(each) for each in "abcd"], "stray": [said("x")]})
    assert {node.id: node.evidence for node in network.nodes if node.evidence} == {"bert": tuple(map(said, "abc"))}


def test_focus_draws_the_neighbourhood_first_and_all_its_links() -> None:
    papers = corpus()
    network = cooccurrence(made(papers), papers, focus="e0")
    assert network.focus == ids(network)[0] == "e0"
    linked = {
        edge.target if edge.source == "e0" else edge.source
        for edge in network.edges
        if "e0" in {edge.source, edge.target}
    }
    assert linked == set(ids(network)) - {"e0"}
    assert len(network.nodes) <= MAX_EGO < network.total_nodes


def test_focus_with_few_neighbours_shows_theirs() -> None:
    papers = {f"p{n}": [f"e{n}", f"e{n + 1}"] for n in range(100)}
    network = cooccurrence(made(papers), papers, focus="e50")
    assert set(ids(network)) == {"e48", "e49", "e50", "e51", "e52"}
    assert network.total_nodes == 5


def test_second_hop_is_capped() -> None:
    papers = corpus() | {"own": ["new", "e0"]}
    network = cooccurrence(made(papers), papers, focus="new")
    assert ids(network)[:2] == ["new", "e0"]
    assert len(network.nodes) == SECOND_HOP + 1
    assert network.total_nodes == SECOND_HOP + 1


def test_focus_is_exempt_from_the_filters() -> None:
    entities = made(SMALL, f1=Entity("f1", "F1", Label.METRIC, generic=True))
    network = cooccurrence(entities, SMALL, focus="f1", labels={entities["bert"].label}, min_papers=2)
    assert ids(network) == ["f1", "bert"]


def test_focus_that_no_paper_mentions_gives_the_whole_map() -> None:
    entities = made(SMALL) | {"new": Entity("new", "New", Label.TASK)}
    network = cooccurrence(entities, SMALL, focus="new")
    assert network.focus is None
    assert len(network.nodes) == 5


def test_unknown_focus_names_near_ones() -> None:
    with pytest.raises(NotFoundError, match="did you mean bert"):
        cooccurrence(made(SMALL), SMALL, focus="bertt")


def test_a_minimum_is_filled_with_entities_of_one_paper() -> None:
    papers = {f"p{i}": {f"own-{i}-{j}" for j in range(60)} | {"both"} for i in range(8)}
    entities = {slug: Entity(slug, slug, Label.METHOD) for slugs in papers.values() for slug in slugs}
    assert len(cooccurrence(entities, papers, limit=400).nodes) == 150
    assert len(cooccurrence(entities, papers, limit=400, at_least=400).nodes) == 400
