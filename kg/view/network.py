"""A graph of entities → Network: grouped, named and in place."""

from collections.abc import Mapping, Sequence

import networkx as nx

from kg.atlas.communities import MEASURES, communities
from kg.atlas.layout import arrange
from kg.model import Edge, Network, Node

_NAMED_AFTER = 2
"""Foremost entities whose names make the name of a community."""


def community_name(names: Sequence[str]) -> str:
    """How a community is called, by the names of its most telling entities."""
    return " · ".join(names[:_NAMED_AFTER])


def arranged(graph: "nx.Graph[str]", title: str, before: Mapping[str, tuple[float, float]]) -> Network:
    """The network of a graph of ``kg.analysis.cooccurrence``, grouped and laid out now: for some hundred entities.

    ``before`` are places on the map of the whole corpus: communities lie towards each other as they do there.
    """
    slugs = list(graph)
    position = {slug: number for number, slug in enumerate(slugs)}
    own: nx.Graph[int] = nx.Graph()
    own.add_nodes_from(position.values())
    own.add_weighted_edges_from((position[link.source], position[link.target], link.weight) for link in _links(graph))
    groups = communities(own)
    data = [graph.nodes[slug] for slug in slugs]
    papers = [each["papers"] for each in data]
    most = max([1, *papers])
    known = {number: before[slug] for slug, number in position.items() if slug in before}
    layout = arrange(own, groups, {number: (count / most) ** 0.6 for number, count in enumerate(papers)}, known)
    places = {slugs[number]: place for number, place in layout.places.items()}
    cluster = {slugs[member]: number for number, group in enumerate(groups) for member in group}
    leaders = (sorted((data[at] for at in group), key=lambda node: node["label"] in MEASURES) for group in groups)
    names = {number: community_name([node["name"] for node in nodes]) for number, nodes in enumerate(leaders)}
    return placed(graph, title, places, cluster, names)


def placed(
    graph: "nx.Graph[str]",
    title: str,
    places: Mapping[str, tuple[float, float]],
    cluster: Mapping[str, int],
    names: Mapping[int, str],
) -> Network:
    """The network of a graph whose nodes have their places and communities, by slug; ``names`` are those of these."""
    facts = graph.graph
    nodes = tuple(
        Node(slug, data["name"], data["label"], data["papers"], data["degree"], *places[slug], cluster[slug])
        for slug, data in graph.nodes(data=True)
    )
    edges = tuple(_links(graph))
    totals = facts["total_nodes"], facts["total_edges"]
    return Network(
        title, nodes, edges, *totals, dict(names), facts["focus"], facts["papers"], facts.get("typical", False)
    )


def _links(graph: "nx.Graph[str]") -> list[Edge]:
    """The edges in order, with weights in [0, 1]: as parts of the strongest, where that is more than 1."""
    rows = [(min(a, b), max(a, b), data["papers"], data["weight"]) for a, b, data in graph.edges(data=True)]
    most = max([1.0, *(weight for *_, weight in rows)])
    return [Edge(a, b, papers, round(weight / most, 4)) for a, b, papers, weight in sorted(rows)]
