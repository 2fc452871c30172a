import random
from collections.abc import Sequence
from itertools import combinations

import networkx as nx
import pytest

from kg.analysis.cooccurrence import SECOND_HOP, Choice, among, around, joined, neighbours, typical
from kg.atlas.association import Weight
from kg.atlas.pairs import STRONGEST
from kg.errors import NotFoundError
from kg.index.incidence import LABELS, Incidence
from kg.model import Label
from tests.matrices import Papers, corpus, index_of, matrix

ALL = Choice()
SMALL = {"p1": ["bert", "squad", "f1"], "p2": ["bert", "squad"], "p3": ["resnet", "imagenet"], "p4": ["resnet"]}


def near(papers: Papers | Incidence, focus: str, choice: Choice = ALL) -> "nx.Graph[str]":
    incidence = papers if isinstance(papers, Incidence) else matrix(papers)
    return around(incidence, index_of(incidence), focus, choice)


def of(papers: Papers | Incidence, rows: Sequence[int] | None, choice: Choice = ALL) -> "nx.Graph[str]":
    incidence = papers if isinstance(papers, Incidence) else matrix(papers)
    return typical(incidence, index_of(incidence), rows, choice)


def test_the_focus_comes_first_with_all_its_links() -> None:
    papers = corpus()
    graph = near(papers, "e0")
    assert next(iter(graph)) == graph.graph["focus"] == "e0"
    assert set(graph["e0"]) == set(graph) - {"e0"}
    assert len(graph) == Choice().limit < graph.graph["total_nodes"]
    partners = {slug for named in papers.values() if "e0" in named for slug in named}
    assert graph.graph["total_nodes"] == len(partners)


def test_nodes_and_edges_say_what_they_count() -> None:
    papers = corpus(100, 60)
    graph = near(papers, "e3")
    assert graph.graph["papers"] == 100
    for slug, data in graph.nodes(data=True):
        others = {other for other in graph if other != slug and any({slug, other} <= set(p) for p in papers.values())}
        assert data["papers"] == sum(slug in named for named in papers.values())
        assert data["degree"] == len(others)
        assert data["name"] == slug.upper()
        assert data["label"] in Label
    for a, b, data in graph.edges(data=True):
        assert data["papers"] == sum({a, b} <= set(named) for named in papers.values())
    pairs = [pair for pair in combinations(graph, 2) if any(set(pair) <= set(named) for named in papers.values())]
    assert graph.graph["total_edges"] == len(pairs)
    assert graph.number_of_edges() <= len(graph) * (STRONGEST + 2)


def test_the_most_strongly_associated_come_first_and_what_a_single_paper_says_last() -> None:
    papers = {f"p{n}": ["focus", "always", f"once{n}"] for n in range(4)} | {f"q{n}": ["hub"] for n in range(40)}
    papers |= {"p0": ["focus", "always", "once0", "hub"], "p1": ["focus", "always", "hub"]}
    assert list(near(papers, "focus"))[:3] == ["focus", "always", "hub"]


@pytest.mark.parametrize("weight", list(Weight))
def test_hubs_count_for_less_than_their_number_of_papers(weight: Weight) -> None:
    papers = {f"p{n}": ["focus", "hub", *(["own"] * (n < 6))] for n in range(10)} | {
        f"q{n}": ["hub"] for n in range(90)
    }
    weights = nx.get_edge_attributes(near(papers, "focus", Choice(weight=weight)), "weight")
    strength = {frozenset(ends): weight for ends, weight in weights.items()}
    assert strength[frozenset({"focus", "own"})] > strength[frozenset({"focus", "hub"})]


def test_years_and_venues_leave_out_papers_before_anything_is_counted() -> None:
    years = {"p1": 2019, "p2": 2020, "p3": 2021}
    incidence = matrix(SMALL, years=years, venues={"p2": "NeurIPS", "p1": "ACL"})
    early = near(incidence, "bert", Choice(year_to=2019))
    assert (early.graph["papers"], set(early), early.nodes["bert"]["papers"]) == (1, {"bert", "squad", "f1"}, 1)
    assert set(near(incidence, "bert", Choice(year_from=2020, year_to=2020))) == {"bert", "squad"}
    assert set(near(incidence, "bert", Choice(venue="neurips "))) == {"bert", "squad"}
    assert set(near(incidence, "resnet", Choice(year_from=2022))) == {"resnet"}  # p4 has no year
    with pytest.raises(NotFoundError, match="did you mean NeurIPS"):
        near(incidence, "bert", Choice(venue="NeurISP"))


def test_types_and_support_leave_out_entities_but_not_the_focus() -> None:
    incidence = matrix(SMALL, generic={"f1"})
    label = {slug: LABELS[n] for slug, n in zip(incidence.entities, incidence.labels.tolist(), strict=True)}
    assert set(near(incidence, "f1", Choice(labels=(label["bert"],)))) == {"f1", "bert"}
    assert "f1" not in near(incidence, "bert")
    assert set(near(SMALL, "bert", Choice(min_papers=2))) == {"bert", "squad"}


def test_few_neighbours_bring_theirs() -> None:
    papers = {f"p{n}": [f"e{n}", f"e{n + 1}"] for n in range(100)}
    graph = near(papers, "e50")
    assert set(graph) == {"e48", "e49", "e50", "e51", "e52"}
    assert graph.graph["total_nodes"] == 5
    more = near(corpus() | {"own": ["new", "e0"]}, "new")
    assert list(more)[:2] == ["new", "e0"]
    assert len(more) == more.graph["total_nodes"] == SECOND_HOP + 1


def test_a_limit_cuts_and_the_total_says_from_what() -> None:
    papers = corpus()
    whole, cut = near(papers, "e0"), near(papers, "e0", Choice(limit=20))
    assert list(cut) == list(whole)[:20]
    assert cut.graph["total_nodes"] == whole.graph["total_nodes"]
    assert len(near(SMALL, "bert", Choice(limit=2))) == 2


def test_unknown_focus() -> None:
    with pytest.raises(NotFoundError, match="bertt"):
        near(SMALL, "bertt")


def test_examples_are_the_papers_that_name_an_entity_most_surely() -> None:
    papers = {f"p{n}": ["a", "b"] for n in range(5)}
    sure = {(f"p{n}", "a"): score for n, score in enumerate((0.5, 0.9, 0.7, 0.9, 0.2))}
    incidence = matrix(papers, confidence=sure, years={"p0": 2020, "p4": 2020})
    graph = near(incidence, "a", Choice(examples=3))
    assert graph.nodes["a"]["examples"] == ("p1", "p3", "p2")
    assert near(incidence, "a", Choice(examples=3, year_from=2020)).nodes["a"]["examples"] == ("p0", "p4")
    assert "examples" not in near(incidence, "a").nodes["a"]


def test_what_is_typical_of_papers_comes_before_what_is_everywhere() -> None:
    papers = {f"p{n}": ["everywhere", "own" if n < 10 else "other", f"once{n}"] for n in range(50)}
    incidence = matrix(papers)
    rows = [incidence.row(f"p{n}") for n in range(10)]
    graph = of(incidence, rows)
    assert list(graph)[:2] == ["own", "everywhere"]
    assert graph.graph["typical"]
    assert (graph.graph["papers"], graph.nodes["everywhere"]["papers"]) == (10, 10)
    assert graph.graph["total_nodes"] == len(graph) == 12
    assert set(of(incidence, rows, Choice(min_papers=2))) == {"own", "everywhere"}


def test_filters_alone_choose_papers_and_narrow_others() -> None:
    papers = {f"p{n}": ["everywhere", "new" if n % 5 == 0 else "old"] for n in range(50)}
    incidence = matrix(papers, years={f"p{n}": 2024 if n % 5 == 0 else 2000 for n in range(50)})
    assert list(of(incidence, None, Choice(year_from=2024))) == ["new", "everywhere"]
    both = of(incidence, range(20), Choice(year_from=2024))
    assert both.graph["papers"] == sum(incidence.years[row] == 2024 for row in range(20)) > 0


def test_no_papers_nothing_typical() -> None:
    graph = of(SMALL, [])
    assert (len(graph), graph.graph["papers"], graph.graph["total_nodes"], graph.graph["total_edges"]) == (0, 0, 0, 0)


def test_some_entities_and_what_links_them() -> None:
    incidence = matrix(SMALL)
    columns = incidence.labels.nonzero()[0]
    graph = among(incidence, index_of(incidence), columns, Choice(), 77)
    assert list(graph) == [incidence.entities[column] for column in columns]
    assert graph.graph["total_nodes"] == 77


@pytest.mark.parametrize("focus", ["e0", "e7", None])
def test_order_of_the_input_does_not_matter(focus: str | None) -> None:
    papers = corpus()
    rng = random.Random(5)  # noqa: S311 - a shuffle
    mixed = {key: rng.sample(papers[key], len(papers[key])) for key in rng.sample(list(papers), len(papers))}
    graphs = [near(each, focus) if focus else of(each, range(90)) for each in (papers, mixed)]
    assert list(graphs[0].nodes(data=True)) == list(graphs[1].nodes(data=True))
    assert list(graphs[0].edges(data=True)) == list(graphs[1].edges(data=True))


def test_neighbours_besides_those_that_are_known() -> None:
    incidence = matrix(corpus())
    everyone = neighbours(incidence, "e0", Choice(limit=1000))
    assert (len(everyone.slugs), everyone.known) == (everyone.total, 0)
    first, more = everyone.slugs[:3], neighbours(incidence, "e0", Choice(limit=2), besides=["e0", *everyone.slugs[:3]])
    assert more == (everyone.slugs[3:5], everyone.total, len(first))
    assert neighbours(incidence, "e0", ALL, rows=[]).total == 0
    with pytest.raises(NotFoundError):
        neighbours(incidence, "nope", ALL)


def test_entities_are_joined_by_what_they_share_and_by_what_must_be() -> None:
    papers = corpus()
    incidence, index = matrix(papers), index_of(matrix(papers))
    slugs = list(neighbours(incidence, "e0", Choice(limit=60)).slugs)
    plain = joined(incidence, index, ["e0", *slugs], ALL, total=99)
    assert (list(plain), plain.graph["total_nodes"]) == (["e0", *slugs], 99)
    weak = [slug for slug in slugs if not plain.has_edge("e0", slug)]
    assert weak
    forced = joined(incidence, index, ["e0", *slugs], ALL, total=99, always=[(weak[0], "e0"), ("e0", "not drawn")])
    assert set(forced.edges) - set(plain.edges) == {("e0", weak[0])}
    apart = {"p1": ["a", "b"], "p2": ["c"]}
    assert not joined(matrix(apart), index_of(matrix(apart)), ["a", "c"], ALL, total=2, always=[("a", "c")]).edges
