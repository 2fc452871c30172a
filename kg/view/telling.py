"""Network → what is drawn of it and what is not, in words."""

from collections.abc import Collection
from dataclasses import dataclass

from kg.model import Network


@dataclass(frozen=True, slots=True)
class Told:
    """A heading, and what is shown, once in short and once in whole sentences."""

    heading: str
    short: str
    long: str


def told(network: Network, added: Collection[str] = ()) -> Told:
    """What is drawn and what is not; those in ``added`` are drawn for other reasons than the rest."""
    nodes, edges = len(network.nodes), len(network.edges)
    names = {node.id: node.name for node in network.nodes}
    entities = _of(nodes, network.total_nodes, "entity", "entities")
    links = _of(edges, network.total_edges, "link", "links")
    some_nodes, some_edges = nodes < network.total_nodes, edges < network.total_edges
    others = sum(node.id in added for node in network.nodes)
    choice = f"{_choice(network, names, added)}{f', and {others:,} added to them' if others else ''}"
    return Told(
        f"Around {names[network.focus]}" if network.focus in names else "Reading this map",
        f"{entities}, {links}",
        f"{entities} {'is' if nodes == 1 else 'are'} shown{choice if some_nodes else ''}; {links}"
        f"{', the strongest of each entity' if some_edges else ''}.",
    )


def _choice(network: Network, names: dict[str, str], added: Collection[str]) -> str:
    least = min((node.papers for node in network.nodes if node.id not in added), default=0)
    if network.focus in names:
        return f", those most strongly linked to {names[network.focus]}"
    if network.typical:
        return f", those most typical of these {network.papers:,} papers"
    return f", those in {least} papers or more" if least > 1 else ", those in the most papers"


def _of(shown: int, total: int, one: str, many: str) -> str:
    noun = one if total == 1 else many
    return f"{shown:,} {noun}" if shown >= total else f"{shown:,} of {total:,} {noun}"
