"""The quads of a paper whose mentions move to other entities."""

from collections.abc import Callable, Collection, Mapping

from kg.graph.triples import EDGES, all_edge_quads, link_facts
from kg.iri import Iris
from kg.model import Label, Target
from kg.protocols import Quad
from kg.vocab import KG

_LINK = frozenset({KG.refersTo, KG.linkRule, KG.linkScore})


def relinked(
    quads: Collection[Quad], targets: Mapping[str, Target], iris: Iris, own_rule: Callable[[str, str], str]
) -> set[Quad]:
    """All quads of one paper's graph with the mentions of ``targets``, keyed by surface, moved; edges are as before.

    ``own_rule`` says by what a paper alone links a text to a surface, for mentions that go back there.
    """
    moving = {s: targets[str(o)] for s, p, o, _ in quads if p == KG.surface and str(o) in targets}
    after = {quad for quad in quads if quad[0] not in moving or quad[1] not in _LINK}
    for s, p, o, g in quads:
        if p == KG.exact and s in moving:
            target = moving[s]
            rule = target.rule or own_rule(str(o), target.slug)
            after.update(
                (s, predicate, value, g) for predicate, value in link_facts(iris, target.slug, rule, target.score)
            )
    return after


def with_edges(
    quads: Collection[Quad], paper_id: str, touched: Collection[str], types: Mapping[str, Label], iris: Iris
) -> set[Quad]:
    """The quads of a paper's graph with its edges to the ``touched`` entities drawn anew from its mentions."""
    kept = {quad for quad in quads if quad[1] not in EDGES or iris.slug(quad[2]) not in touched}
    new = {s for s, p, _, _ in kept if p == KG.introducing}
    introduced: dict[str, bool] = {}
    for s, p, o, _ in kept:
        if p == KG.refersTo and (slug := iris.slug(o)) in touched:
            introduced[slug] = introduced.get(slug, False) or s in new
    return kept.union(all_edge_quads(iris, paper_id, introduced, types))
