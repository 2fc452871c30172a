"""Which entities belong to one, to a query or to some papers, by how much more often than by chance they meet.

What comes out are networkx graphs. A node, an entity's slug, has ``name``, ``label`` (its Label), ``papers`` and
``degree``, the number of nodes it shares papers with, linked to it or not; an edge has ``papers``, which name both, and
``weight``, the association. The graph itself has ``focus``, ``papers`` (that were counted), ``total_nodes`` (entities
that there were to choose from) and ``total_edges`` (pairs of nodes that share papers; the strongest are edges).
A graph of what is ``typical`` of papers says so. Generic entities never take part, save as focus.
"""

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.atlas.association import Weight, associate
from kg.atlas.pairs import Numbers, Scope, backbone, foremost, pairs
from kg.errors import NotFoundError
from kg.index.incidence import LABELS, Incidence
from kg.index.search import SearchIndex
from kg.model import Label

SECOND_HOP = 40
"""Where an entity has fewer neighbours than this, theirs are drawn too, up to this many in all."""

_ONWARD = 12
"""Neighbours, the strongest, whose own neighbours are looked for."""

_NEARLY_NOTHING = 1e-9
"""What an association no stronger than chance counts, so that it is still one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What takes part, and how much of it comes out.

    Entities of these types, named by ``min_papers`` of the papers in question at least; papers of these years, both
    included, and of one venue, whatever its case. Out come up to ``limit`` entities, their links weighed so, each with
    up to ``examples`` ids of papers that name it most surely.
    """

    labels: Collection[Label] = tuple(Label)
    year_from: int | None = None
    year_to: int | None = None
    venue: str | None = None
    min_papers: int = 1
    weight: Weight = Weight.NPMI
    limit: int = 150
    examples: int = 0

    @property
    def leaves_out_papers(self) -> bool:
        """Whether not all papers take part."""
        return (self.year_from, self.year_to, self.venue) != (None, None, None)

    def scope(self, incidence: Incidence, rows: Collection[int] | None = None) -> Scope:
        """The papers that take part, of these rows or of all; raises NotFoundError for a venue that no paper has."""
        if rows is None and not self.leaves_out_papers:
            return Scope(incidence)
        kept = np.full(len(incidence.papers), rows is None)
        if rows is not None:
            kept[list(rows)] = True
        years = np.asarray(incidence.years)
        if self.venue is not None:
            kept &= np.isin(incidence.venues, _venues(incidence, self.venue))
        if self.year_from is not None:
            kept &= years >= self.year_from
        if self.year_to is not None:
            kept &= (years <= self.year_to) & (years > 0)
        return Scope(incidence, kept)

    def entities(self, incidence: Incidence) -> NDArray[np.bool_]:
        """The columns that take part, but for ``min_papers``."""
        return incidence.having(self.labels) & ~np.asarray(incidence.generic)


def _venues(incidence: Incidence, name: str) -> list[int]:
    wanted = name.strip().casefold()
    known = {venue: number for number, venue in enumerate(incidence.venue_names)}
    if found := [number for venue, number in known.items() if venue.casefold() == wanted]:
        return found
    near = {venue.casefold(): venue for venue in known}
    raise NotFoundError("venue", name, [near[each] for each in difflib.get_close_matches(wanted, near, n=3)])


def around(
    incidence: Incidence, index: SearchIndex, slug: str, choice: Choice, rows: Collection[int] | None = None
) -> "nx.Graph[str]":
    """An entity with those it shares papers with, most strongly associated first, and theirs if they are few.

    Only papers of ``rows`` count, where these are given. All links of the entity are kept. Raises NotFoundError for an
    unknown entity or venue.
    """
    column, scope, counted = incidence.column(slug), choice.scope(incidence, rows), choice.entities(incidence)
    near = _neighbours(scope, column, counted, choice)
    found, total = near.columns, near.total
    if total < SECOND_HOP:
        further = _second_hop(scope, near, counted, choice)
        found = np.concatenate([found, further[~np.isin(further, [*found, column])][: SECOND_HOP - total]])
        total = len(found)
    chosen = np.concatenate([[column], found[: choice.limit - 1]]).astype(np.int64)
    return _graph(scope, index, chosen, choice, total=total + 1, focus=slug)


class _Near(NamedTuple):
    """Columns that share papers with one, the most strongly associated first, how strongly, and of how many."""

    columns: Numbers
    strength: NDArray[np.float64]
    total: int


def _neighbours(scope: Scope, column: int, counted: NDArray[np.bool_], choice: Choice) -> _Near:
    """What shares ``min_papers`` papers with a column."""
    row = scope.shared(np.array([column]))
    kept = counted[row.indices] & (row.indices != column) & (row.data >= choice.min_papers)
    columns, shared = row.indices[kept].astype(np.int64), row.data[kept]
    strength = associate(choice.weight, shared, scope.counts[column], scope.counts[columns], scope.total)
    order = foremost(max(choice.limit, SECOND_HOP), columns, -scope.counts[columns], -shared, _rank(shared, strength))
    return _Near(columns[order], strength[order], len(columns))


def _rank(papers: NDArray[np.integer], strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Less for what is associated more strongly; what a single paper says comes after all that recurs."""
    return np.where(papers > 1, -strength, 1 / (1 + strength))


def _second_hop(scope: Scope, near: _Near, counted: NDArray[np.bool_], choice: Choice) -> Numbers:
    """What shares papers with the strongest of these, the most strongly associated by way of them first."""
    reached = np.zeros(len(counted))
    for column, own in zip(near.columns[:_ONWARD].tolist(), near.strength.tolist(), strict=False):
        onward = _neighbours(scope, column, counted, replace(choice, limit=SECOND_HOP))
        reached[onward.columns] += (own or _NEARLY_NOTHING) * (onward.strength + _NEARLY_NOTHING)
    columns = np.flatnonzero(reached)
    return columns[np.lexsort((columns, -scope.counts[columns], -reached[columns]))]


class Neighbours(NamedTuple):
    """The first of those entities that share papers with one, how many there are, and how many were left out."""

    slugs: tuple[str, ...]
    total: int
    known: int


def neighbours(
    incidence: Incidence,
    slug: str,
    choice: Choice,
    rows: Collection[int] | None = None,
    *,
    besides: Collection[str] = (),
) -> Neighbours:
    """What shares papers with an entity, save what is in ``besides``: the most strongly associated come first.

    Raises NotFoundError for an unknown entity or venue.
    """
    column, counted = incidence.column(slug), choice.entities(incidence)
    everything = replace(choice, limit=len(incidence.entities))
    near = _neighbours(choice.scope(incidence, rows), column, counted, everything)
    known = np.isin(near.columns, [incidence.column(each) for each in besides])
    first = near.columns[~known][: choice.limit].tolist()
    return Neighbours(tuple(incidence.entities[each] for each in first), near.total, int(known.sum()))


def joined(  # noqa: PLR0913 - what is counted, and what for
    incidence: Incidence,
    index: SearchIndex,
    slugs: Collection[str],
    choice: Choice,
    rows: Collection[int] | None = None,
    *,
    total: int,
    focus: str | None = None,
    always: Iterable[tuple[str, str]] = (),
) -> "nx.Graph[str]":
    """These entities, out of ``total``, and the strongest links between them in the papers that take part.

    A ``focus`` has to be the first of them; of the pairs in ``always`` all that share papers are linked. Raises
    NotFoundError for an unknown entity or venue.
    """
    columns = np.array([incidence.column(slug) for slug in slugs], dtype=np.int64)
    at = {slug: position for position, slug in enumerate(slugs)}
    wanted = [sorted((at[a], at[b])) for a, b in always if a in at and b in at]
    return _graph(choice.scope(incidence, rows), index, columns, choice, total=total, focus=focus, always=wanted)


def typical(incidence: Incidence, index: SearchIndex, rows: Collection[int] | None, choice: Choice) -> "nx.Graph[str]":
    """The entities that belong to some papers more than to others.

    Those papers are ``rows``, as far as the filters leave them, beside all papers that the filters leave; without
    rows they are what the filters leave, beside all papers. Nodes and edges count within them. Raises NotFoundError
    for an unknown venue.
    """
    inner, counted = choice.scope(incidence, rows), choice.entities(incidence)
    outer = Scope(incidence) if rows is None else choice.scope(incidence)
    columns = np.flatnonzero((inner.counts >= max(1, choice.min_papers)) & counted)
    count = inner.counts[columns]
    strength = associate(choice.weight, count, inner.total, outer.counts[columns], outer.total)
    order = foremost(choice.limit, columns, -count, _rank(count, strength))
    graph = _graph(inner, index, columns[order], choice, total=len(columns))
    graph.graph["typical"] = True
    return graph


def among(
    incidence: Incidence, index: SearchIndex, columns: NDArray[np.integer], choice: Choice, total: int
) -> "nx.Graph[str]":
    """These entities, out of ``total``, whatever the filters, and the strongest links between them."""
    return _graph(Scope(incidence), index, columns, choice, total=total)


def _graph(  # noqa: PLR0913 - what is drawn, and what for
    scope: Scope,
    index: SearchIndex,
    columns: NDArray[np.integer],
    choice: Choice,
    *,
    total: int,
    focus: str | None = None,
    always: Sequence[Sequence[int]] = (),
) -> "nx.Graph[str]":
    """The entities in this order; a focus is the first of them, ``always`` are places of two."""
    found = pairs(scope, columns, choice.weight)
    kept = backbone(found, centre=None if focus is None else 0, always=always)
    slugs = [scope.incidence.entities[column] for column in columns.tolist()]
    names = {entity.slug: entity.name for entity in index.entities_of(slugs)}
    facts = (scope.incidence.labels[columns].tolist(), scope.counts[columns].tolist(), found.degrees.tolist())
    graph: nx.Graph[str] = nx.Graph(focus=focus, papers=scope.total, total_nodes=total, total_edges=len(found))
    for slug, label, papers, degree in zip(slugs, *facts, strict=True):
        graph.add_node(slug, name=names.get(slug, slug), label=LABELS[label], papers=papers, degree=degree)
    if choice.examples:
        for slug, column in zip(slugs, columns.tolist(), strict=True):
            graph.nodes[slug]["examples"] = _examples(scope, column, choice.examples)
    links = zip(*(each.tolist() for each in (kept.left, kept.right, kept.papers, kept.weight)), strict=True)
    graph.add_edges_from((slugs[a], slugs[b], {"papers": papers, "weight": w}) for a, b, papers, w in links)
    return graph


def _examples(scope: Scope, column: int, most: int) -> tuple[str, ...]:
    """Ids of the papers that name an entity most surely."""
    rows, confidence, _ = scope.incidence.papers_of(column)
    if scope.rows is not None:
        kept = scope.rows[rows]
        rows, confidence = rows[kept], confidence[kept]
    return tuple(scope.incidence.papers[row] for row in rows[foremost(most, rows, -confidence)].tolist())
