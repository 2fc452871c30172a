"""Matrix → map: what goes on it, how it falls into communities, where all of it lies. Once a snapshot.

A map starts from the one before. As long as the papers of its entities changed by less than ``SETTLED``, communities
and places stay exactly as they were, and only numbers and links are counted anew; beyond, newcomers are fitted in and
the rest stays about where it was. From nothing the same matrix gives the same map.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from kg.atlas.association import Weight, associate
from kg.atlas.atlas import Atlas, Community, Link, Place
from kg.atlas.communities import MEASURES, named_after, regrouped, telling
from kg.atlas.layout import Layout, arrange, extend
from kg.atlas.pairs import Numbers, Pairs, Scope, backbone, pairs
from kg.index.incidence import Incidence

ENTITIES = 2400
"""Entities on a map at most."""

FOREMOST = 400
"""Of these, those that its coarser level shows."""

RECURRING = 2
"""Papers from which on an entity recurs. One that does not says only what its paper says."""

FEW = 150
"""Entities of a single paper fill up a map only while fewer than this many recur."""

SETTLED = 0.005
"""The share of the papers of its entities that may come or go before a map is drawn anew."""

_LINKS = 4
"""Links that every entity keeps on the map, besides those that hold it together."""


def draw(incidence: Incidence, before: Atlas | None = None) -> Atlas:
    """The map of a matrix, starting from that of an earlier one; takes seconds for a hundred thousand papers."""
    scope = Scope(incidence)
    columns, settled = _chosen(incidence, before)
    slugs, papers = [incidence.entities[column] for column in columns.tolist()], scope.counts[columns]
    found = pairs(scope, columns, Weight.NPMI)
    if before and settled:
        groups, layout, drawn = _kept(slugs, before)
    else:
        groups, layout = _arranged(slugs, papers, found, before)
        drawn = dict(zip(slugs, papers.tolist(), strict=True))
    communities, between = _described(
        scope, columns, slugs, groups, telling(found, list(groups.values())), layout, before
    )
    number = {at: each for each, group in groups.items() for at in group}
    level = _levels(papers, groups)
    order = np.lexsort((columns, -papers, level)).tolist()
    places = tuple(
        Place(slugs[at], int(columns[at]), *layout.places[at], number[at], int(level[at]), int(papers[at]), int(degree))
        for at, degree in zip(order, found.degrees[order], strict=True)
    )
    foremost = level[found.left] + level[found.right] == 2
    links = (between, _links(found.where(foremost), order), _links(found, order))
    return Atlas(scope.total, communities, places, links, layout.frame, tuple(drawn[each.slug] for each in places))


def _chosen(incidence: Incidence, before: Atlas | None) -> tuple[Numbers, bool]:
    """The columns of what goes on the map, and whether it is still what was on it before."""
    counts = np.where(incidence.generic, 0, incidence.counts)
    then = np.zeros(len(counts), dtype=np.int64)
    if before:
        for place, papers in zip(before.places, before.drawn, strict=True):
            if (column := incidence.entities.find(place.slug)) is not None:
                then[column] = papers
    recurring = int((counts >= RECURRING).sum())
    order = np.lexsort((np.arange(len(counts)), then == 0, -counts))  # of as many papers, what was there stays there
    chosen = order[: min(ENTITIES, max(FEW, recurring), int((counts > 0).sum()))]
    now = np.zeros(len(counts), dtype=np.int64)
    now[chosen] = counts[chosen]
    settled = before is not None and np.abs(now - then).sum() <= SETTLED * sum(before.drawn)
    return (np.flatnonzero((then > 0) & (counts > 0)) if settled else np.sort(chosen)), settled


Groups = dict[int, list[int]]
"""Positions of entities by the number of their community, the largest first."""


def _grouped(number: dict[int, int]) -> Groups:
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for at in sorted(number):
        groups[number[at]].append(at)
    return dict(sorted(groups.items(), key=lambda each: (-len(each[1]), each[0])))


def _kept(slugs: Sequence[str], before: Atlas) -> tuple[Groups, Layout[int], dict[str, int]]:
    """Communities and places of before, and the papers that there were then."""
    old = {place.slug: place for place in before.places}
    groups = _grouped({at: old[slug].community for at, slug in enumerate(slugs)})
    places = {at: (old[slug].x, old[slug].y) for at, slug in enumerate(slugs)}
    centres = {each.number: (each.x, each.y) for each in before.communities}
    layout = Layout(places, [centres[number] for number in groups], before.frame)
    return groups, layout, {place.slug: papers for place, papers in zip(before.places, before.drawn, strict=True)}


def _arranged(slugs: Sequence[str], papers: Numbers, found: Pairs, before: Atlas | None) -> tuple[Groups, Layout[int]]:
    """Communities and places, found anew or by fitting in what came to those of before."""
    graph = backbone(found).graph()
    at = {slug: position for position, slug in enumerate(slugs)}
    old = {at[place.slug]: place for place in before.places if place.slug in at} if before else {}
    number, anew = regrouped(graph, {position: place.community for position, place in old.items()})
    groups, known = _grouped(number), {position: (place.x, place.y) for position, place in old.items()}
    sizes = dict(enumerate(((papers / max(papers, default=1)) ** 0.6).tolist()))
    if before is None or anew:
        return groups, arrange(graph, list(groups.values()), sizes, known)
    centres = {each.number: (each.x, each.y) for each in before.communities}
    nowhere = (float("nan"), float("nan"))
    layout = Layout(known, [centres.get(each, nowhere) for each in groups], before.frame)
    return groups, extend(graph, list(groups.values()), sizes, layout)


def _described(  # noqa: PLR0913, PLR0917 - all that is known
    scope: Scope,
    columns: Numbers,
    slugs: Sequence[str],
    groups: Groups,
    ranked: Sequence[Sequence[int]],
    layout: Layout[int],
    before: Atlas | None,
) -> tuple[tuple[Community, ...], tuple[Link, ...]]:
    """The communities by their numbers, and the links between them."""
    named = {each.number: each.telling for each in before.communities} if before else {}
    measures = scope.incidence.having(MEASURES)[columns]
    later = frozenset(slug for slug, measure in zip(slugs, measures.tolist(), strict=True) if measure)
    papers, links = _meetings(scope, columns, groups)
    communities = [
        Community(number, named_after([slugs[at] for at in order], named.get(number, ()), later), *centre, count)
        for number, order, centre, count in zip(groups, ranked, layout.centres, papers, strict=True)
    ]
    return tuple(sorted(communities, key=lambda each: each.number)), links


def _meetings(scope: Scope, columns: Numbers, groups: Groups) -> tuple[list[int], tuple[Link, ...]]:
    """How many papers name two or more entities of each group, and of each two groups."""
    numbers = list(groups)
    rows = np.repeat(np.arange(len(numbers)), [len(group) for group in groups.values()])
    members = np.array([at for group in groups.values() for at in group], dtype=np.int64)
    member = csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, members)), shape=(len(numbers), len(columns)))
    named = member @ scope.naming(columns)
    named.data = (named.data >= 2).astype(np.int32)
    named.eliminate_zeros()
    papers = np.diff(named.indptr)
    both = (named @ named.T).tocoo()
    weight = associate(Weight.NPMI, both.data, papers[both.row], papers[both.col], scope.total)
    meetings = zip(*(each.tolist() for each in (both.row, both.col, both.data, weight)), strict=True)
    links = [
        Link(min(numbers[a], numbers[b]), max(numbers[a], numbers[b]), shared, strength)
        for a, b, shared, strength in meetings
        if a < b and strength > 0
    ]
    return papers.tolist(), tuple(sorted(links))


def _levels(papers: Numbers, groups: Groups) -> Numbers:
    """1 for what the coarser level shows, of each community in proportion those of most papers, and 2 for the rest."""
    level = np.full(len(papers), 2)
    for group in groups.values():
        share = math.ceil(FOREMOST * len(group) / len(papers))
        level[sorted(group, key=lambda at: (-papers[at], at))[:share]] = 1
    return level


def _links(found: Pairs, order: Sequence[int]) -> tuple[Link, ...]:
    """The links worth drawing, between positions in the order of the map."""
    place = np.argsort(order)
    kept = backbone(found, strongest=_LINKS)
    ends = np.sort(np.stack([place[kept.left], place[kept.right]]), axis=0).tolist()
    return tuple(sorted(map(Link, *ends, kept.papers.tolist(), kept.weight.tolist())))
