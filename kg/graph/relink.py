"""The quads of a paper whose mentions move to other entities."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping

from rdflib.term import Node

from kg.graph.roles import Said, decide_roles
from kg.graph.terms import ROLES
from kg.graph.triples import EDGES, all_edge_quads, link_facts
from kg.iri import Iris
from kg.model import Label, Target
from kg.protocols import Quad
from kg.vocab import KG

_LINK = frozenset({KG.refersTo, KG.linkRule, KG.linkScore})
_SAYING = frozenset({KG.refersTo, KG.introducing, KG.role, KG.roleConfidence})


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
    roles = decide_roles(each for each in _said(kept, iris) if each.slug in touched)
    return kept.union(all_edge_quads(iris, paper_id, roles, types))


def _said(quads: Collection[Quad], iris: Iris) -> Iterator[Said]:
    """What the mentions in a paper's graph say it does with their entities."""
    mentions: dict[Node, dict[Node, Node]] = defaultdict(dict)
    for s, p, o, _ in quads:
        if p in _SAYING:
            mentions[s][p] = o
    for facts in mentions.values():
        role, score = ROLES.get(facts.get(KG.role, KG.mentions)), float(str(facts.get(KG.roleConfidence, 0)))
        yield Said(iris.slug(facts[KG.refersTo]), KG.introducing in facts, role, score)
