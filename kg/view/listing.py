"""Network → the same as a list: its communities, with their entities and what these are linked to most strongly."""

from collections import defaultdict
from dataclasses import dataclass

from kg.model import Edge, Network, Node

_NEAR = 3


@dataclass(frozen=True, slots=True)
class Row:
    """An entity, and what it is linked to most strongly."""

    node: Node
    near: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A community with its entities, those in most papers first; ``name`` is empty for what is in none."""

    number: int
    name: str
    rows: tuple[Row, ...]


def listing(network: Network) -> list[Group]:
    """The communities, the largest first."""
    links = linked(network)
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for node in sorted(network.nodes, key=lambda node: (-node.papers, node.id)):
        groups[node.cluster].append(Row(node, tuple(other for other, _ in links[node.id][:_NEAR])))
    order = sorted(groups, key=lambda number: (-len(groups[number]), number))
    return [Group(number, network.clusters.get(number, ""), tuple(groups[number])) for number in order]


def linked(network: Network) -> dict[str, list[tuple[Node, Edge]]]:
    """What each entity is linked to in the drawing, the strongest link first."""
    nodes = {node.id: node for node in network.nodes}
    links: dict[str, list[tuple[Node, Edge]]] = {slug: [] for slug in nodes}
    for edge in sorted(network.edges, key=lambda edge: (-edge.weight, -edge.papers, edge.source, edge.target)):
        links[edge.source].append((nodes[edge.target], edge))
        links[edge.target].append((nodes[edge.source], edge))
    return links
