"""Groups of entities that belong together, what tells them apart, and how they stay the same from run to run."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

import networkx as nx
import numpy as np

from kg.atlas.association import Weight, associate
from kg.atlas.pairs import Pairs
from kg.model import Label

N = TypeVar("N", bound=Hashable)

TELLING = 6
"""Entities that speak for a community, at most."""

MEASURES = (Label.DATASET, Label.METRIC)
"""Types of entities that a community is named after only where little else is telling."""

FLOOR = 0.02
"""Added to every weight here: a link that is no more frequent than chance still is one."""

_SEED = 7
_FINER = 1.5
"""Resolution of the communities of a whole corpus, which would be few and mixed at 1."""

_INERTIA = 0.2
"""What a move must win of all that a node's links weigh, so that nothing changes sides for nearly nothing."""

_BETTER = 0.02
"""Modularity by which communities found anew must be better than those of before to take their place."""

_ALIKE = 0.2
"""Share of the members of two communities, old and new, that are in both, from which on they are one."""


def communities(graph: "nx.Graph[N]", resolution: float = 1) -> list[list[N]]:
    """Groups of nodes that link mostly among themselves (Louvain), largest first; nodes can be ordered."""
    found = nx.community.louvain_communities(_pulls(graph), weight="weight", resolution=resolution, seed=_SEED)
    return _in_order(found)


def regrouped(graph: "nx.Graph[N]", before: Mapping[N, int]) -> tuple[dict[N, int], bool]:
    """The number of each node's community, given those of some nodes before, and whether they are made anew.

    They are those of before with newcomers joined to them, unless it pays to make them anew; then too, a community
    that is much like one of before keeps its number.
    """
    fresh = communities(graph, _FINER)
    if any(node in before for node in graph) and graph.size():
        pulls = _pulls(graph)
        kept = _settled(pulls, before)
        groups: defaultdict[int, list[N]] = defaultdict(list)
        for node, number in kept.items():
            groups[number].append(node)
        anew, still = (
            nx.community.modularity(pulls, map(set, each), resolution=_FINER) for each in (fresh, [*groups.values()])
        )
        if anew - still < _BETTER:
            return kept, False
    return _numbered(fresh, before), True


def _pulls(graph: "nx.Graph[N]") -> "nx.Graph[N]":
    pulls: nx.Graph[N] = nx.Graph()
    pulls.add_nodes_from(graph)
    pulls.add_weighted_edges_from((a, b, data["weight"] + FLOOR) for a, b, data in graph.edges(data=True))
    return pulls


def _in_order(groups: Sequence[set[N]]) -> list[list[N]]:
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group[0]))  # type: ignore[type-var]


def _settled(pulls: "nx.Graph[N]", before: Mapping[N, int]) -> dict[N, int]:
    """Communities of before after each node had the choice to change sides, until none wins much by it."""
    free = max(before.values()) + 1
    number = {node: before.get(node, free + place) for place, node in enumerate(pulls)}
    degree = dict(pulls.degree(weight="weight"))
    volume: Counter[int] = Counter()
    for node, own in number.items():
        volume[own] += degree[node]
    whole = max(sum(degree.values()), 1e-9) / _FINER
    order = sorted(pulls, key=lambda node: node in before)  # newcomers come to the others, not these to them
    for _ in range(10):
        moved = False
        for node in order:
            own, links = number[node], Counter[int]()
            for other, data in pulls[node].items():
                links[number[other]] += data["weight"]
            volume[own] -= degree[node]
            gain = {each: pull - degree[node] * volume[each] / whole for each, pull in links.items()}
            best = max(gain, key=lambda each: (gain[each], -each), default=own)
            needed = gain.get(own, -degree[node] * volume[own] / whole) + _INERTIA * degree[node]
            if best != own and (gain[best] > needed or own >= free):
                number[node], moved = best, True
            volume[number[node]] += degree[node]
        if not moved:
            break
    new = sorted({each for each in number.values() if each >= free})
    return {node: free + new.index(own) if own >= free else own for node, own in number.items()}


def _numbered(groups: Sequence[Sequence[N]], before: Mapping[N, int]) -> dict[N, int]:
    """Numbers of before for groups that hold mostly what had them; the others get the next, the largest first."""
    sizes = Counter(before.values())
    overlaps = []
    for place, group in enumerate(groups):
        for number, common in Counter(before[node] for node in group if node in before).items():
            overlaps.append((common / (len(group) + sizes[number] - common), place, number))
    taken: dict[int, int] = {}
    for share, place, number in sorted(overlaps, key=lambda each: (-each[0], each[1], each[2])):
        if share >= _ALIKE and place not in taken and number not in taken.values():
            taken[place] = number
    free = max(before.values(), default=-1) + 1
    for place in range(len(groups)):
        if place not in taken:
            taken[place], free = free, free + 1
    return {node: taken[place] for place, group in enumerate(groups) for node in group}


def telling(found: Pairs, groups: Sequence[Sequence[int]]) -> list[list[int]]:
    """The members of each group, those that meet others of it more surely than by chance first.

    By the log-likelihood of their meetings with each other against those with all: what is large but everywhere comes
    after what is the group's own.
    """
    member = np.empty(found.size, dtype=np.int64)
    for number, group in enumerate(groups):
        member[list(group)] = number
    meetings = np.zeros(len(member))
    own = np.zeros(len(member))
    within = (member[found.left] == member[found.right]) * found.papers
    for ends in (found.left, found.right):
        meetings += np.bincount(ends, weights=found.papers, minlength=len(member))
        own += np.bincount(ends, weights=within, minlength=len(member))
    volume = np.bincount(member, weights=meetings, minlength=len(groups))
    score = associate(Weight.LOG_LIKELIHOOD, own, meetings, volume[member], int(meetings.sum()))
    return [sorted(group, key=lambda each: (-score[each], -meetings[each], each)) for group in groups]


def named_after(
    ranked: Sequence[str], before: Sequence[str] = (), later: Collection[str] = frozenset()
) -> tuple[str, ...]:
    """Slugs that a community is named after, of its members in the order of how telling they are.

    No two have all words of one in common with the other, as spellings of one thing do. Those of ``before`` stay in
    front as long as they are among the most telling; those of ``later``, such as metrics, come after the others.
    """
    foremost = ranked[: 2 * TELLING]
    chosen: list[str] = []
    for slug in [*(each for each in before if each in foremost), *ranked]:
        words = set(slug.split("-"))
        if not any(words <= set(other.split("-")) or words >= set(other.split("-")) for other in chosen):
            chosen.append(slug)
        if len(chosen) == TELLING:
            break
    return tuple(sorted(chosen, key=lambda slug: slug in later))
