from collections import Counter
from itertools import combinations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.atlas.association import Weight
from kg.atlas.pairs import STRONGEST, Scope, backbone, foremost, pairs
from tests.matrices import corpus, matrix


def test_pairs_are_those_of_the_papers_in_scope() -> None:
    papers = corpus(80, 40)
    incidence = matrix(papers)
    rows = np.array([number % 3 > 0 for number in range(len(incidence.papers))])
    counted = [set(papers[paper]) for paper, kept in zip(incidence.papers, rows, strict=True) if kept]
    expected = Counter(pair for named in counted for pair in combinations(sorted(named), 2))
    scope = Scope(incidence, rows)
    found = pairs(scope, np.arange(len(incidence.entities)), Weight.NPMI)
    names = list(incidence.entities)
    ends = zip(found.left.tolist(), found.right.tolist(), strict=True)
    made = {(names[a], names[b]): n for (a, b), n in zip(ends, found.papers.tolist(), strict=True)}
    assert made == dict(expected)
    assert scope.total == len(counted)
    assert dict(zip(names, scope.counts.tolist(), strict=True)) == {
        name: sum(name in named for named in counted) for name in names
    }


def test_pairs_of_some_are_numbered_as_these_are_given() -> None:
    incidence = matrix({"p1": ["a", "b", "c"], "p2": ["a", "c"]})
    found = pairs(Scope(incidence), np.array([2, 0]), Weight.NPMI)
    assert (found.left.tolist(), found.right.tolist(), found.papers.tolist(), found.size) == ([0], [1], [2], 2)


def test_the_backbone_holds_together_what_hangs_together() -> None:
    incidence = matrix(corpus())
    found = pairs(Scope(incidence), np.arange(len(incidence.entities)), Weight.NPMI)
    whole, kept = found.graph(), backbone(found).graph()
    assert {frozenset(each) for each in nx.connected_components(kept)} == {
        frozenset(each) for each in nx.connected_components(whole)
    }
    assert kept.number_of_edges() <= kept.number_of_nodes() * (STRONGEST + 1)
    for node in whole:
        weights = sorted((data["weight"] for data in whole[node].values()), reverse=True)[:STRONGEST]
        assert sorted((data["weight"] for data in kept[node].values()), reverse=True)[: len(weights)] == weights


def test_the_backbone_is_a_maximum_spanning_forest_at_least() -> None:
    incidence = matrix(corpus(120, 60))
    found = pairs(Scope(incidence), np.arange(len(incidence.entities)), Weight.NPMI)
    best = nx.maximum_spanning_tree(found.graph()).size(weight="weight")
    assert nx.maximum_spanning_tree(backbone(found, strongest=0).graph()).size(weight="weight") == best


def test_the_backbone_keeps_all_links_of_the_centre() -> None:
    incidence = matrix({"p": [f"e{n:02}" for n in range(60)]})
    found = pairs(Scope(incidence), np.arange(60), Weight.NPMI)
    assert len(found) == 60 * 59 / 2
    assert backbone(found, centre=7).degrees[7] == 59
    assert backbone(found).degrees.min() >= STRONGEST


def test_no_pairs_no_backbone() -> None:
    found = pairs(Scope(matrix({"p": ["a"], "q": ["b"]})), np.arange(2), Weight.NPMI)
    assert len(backbone(found)) == 0
    assert backbone(found).graph().number_of_nodes() == 2


@given(keys=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=40), most=st.integers(1, 50))
def test_the_foremost_are_the_first_when_all_are_sorted(keys: list[tuple[int, int]], most: int) -> None:
    last, first = np.array([b for _, b in keys], dtype=int), np.array([a for a, _ in keys], dtype=int)
    number = np.arange(len(keys))
    assert foremost(most, number, last, first).tolist() == np.lexsort((number, last, first))[:most].tolist()
