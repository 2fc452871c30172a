"""Linked papers, and the graph as it stands, to one Change.

What an entity is called and which type it has is decided by all its mentions, so a batch touches more
than its own papers: the records of its entities, and the edges of older papers to an entity whose type
turns. Sums are exact integers, so the graph depends on the set of papers alone, not on their order or
on the size of batches.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from rdflib import Graph, URIRef
from rdflib.term import Node

from kg.consolidate.tallies import Tallies, thousandths
from kg.errors import OntologyError
from kg.graph.change import Change
from kg.graph.entities import Tally, decide, tally_links
from kg.graph.relink import relinked, with_edges
from kg.graph.shapes import Violation, violations
from kg.graph.terms import LABELS, TYPE
from kg.graph.triples import Run, edge_quads, entity_quads, paper_quads, run_quads
from kg.iri import Iris
from kg.link.linker import own_rule
from kg.model import Entity, Label, LinkedPaper, Paper, Target
from kg.protocols import Quad, Store
from kg.query import library
from kg.query.catalogue import Catalogue
from kg.vocab import KG


class Consolidator:
    """Computes changes to one store; ``generic`` are slugs of entities that link nothing."""

    def __init__(self, store: Store, iris: Iris, run: Run, generic: frozenset[str]) -> None:
        """Read ``store`` as it is at each call."""
        self._store = store
        self._iris = iris
        self._run = run
        self._generic = generic
        self._tallies = Tallies(store, iris)
        self._expected: tuple[Change, dict[str, Tally]] | None = None

    def applied(self, change: Change) -> None:
        """Say that the last change went into the store as it is: then what it counted need not be read again."""
        if self._expected and self._expected[0] is change:
            self._tallies.keep(self._expected[1])
        self._expected = None

    def change(self, papers: Collection[LinkedPaper]) -> Change:
        """What must happen for the graph to hold exactly these papers under their ids, and all others."""
        old = self._stored([linked.paper.id for linked in papers])
        before = [self._tally_quads(quads) for quads in old.values()]
        old[""] = self._stored_run_quads()

        def state(types: Mapping[str, Label]) -> set[Quad]:
            quads = set(run_quads(self._run, self._iris))
            return quads.union(*(paper_quads(linked, types, self._run, self._iris) for linked in papers))

        after = [tally_links(linked.links) for linked in papers]
        return self._change(old, before, after, state, tuple(linked.paper for linked in papers))

    def relink(self, moves: Mapping[str, Mapping[str, Target]]) -> Change:
        """What must happen for mentions to refer to other entities: by paper id and surface, where they belong."""
        old = self._stored(moves)
        new = {paper: relinked(old[paper], targets, self._iris, own_rule) for paper, targets in moves.items()}
        moved = set[Quad]().union(*(quads ^ new[paper] for paper, quads in old.items()))
        touched = {self._iris.slug(o) for _, p, o, _ in moved if p == KG.refersTo}

        def tallied(graphs: Mapping[str, set[Quad]]) -> list[dict[str, Tally]]:
            counted = (self._tally_quads(quads) for quads in graphs.values())
            return [{slug: tally for slug, tally in each.items() if slug in touched} for each in counted]

        def state(types: Mapping[str, Label]) -> set[Quad]:
            graphs = (with_edges(quads, paper, touched, types, self._iris) for paper, quads in new.items())
            return set[Quad]().union(*graphs)

        return self._change(old, tallied(old), tallied(new), state)

    def _stored(self, paper_ids: Iterable[str]) -> dict[str, set[Quad]]:
        return {each: set(self._store.quads(self._iris.paper_graph(each))) for each in paper_ids}

    def _change(
        self,
        old: Mapping[str, set[Quad]],
        before: Collection[Mapping[str, Tally]],
        after: Collection[Mapping[str, Tally]],
        state: Callable[[Mapping[str, Label]], set[Quad]],
        papers: tuple[Paper, ...] = (),
    ) -> Change:
        """From the old graphs of papers to what ``state`` says of them once the types of all entities are known.

        ``before`` and ``after`` are what the mentions of each paper count for, of all entities that are touched.
        """
        slugs = set[str]().union(*before, *after)
        records = {slug: self._record(slug) for slug in slugs}
        tallies = {slug: self._tallies.take(slug, _paper_count(records[slug])) for slug in slugs}
        for sign, counted in ((-1, before), (+1, after)):
            for each in counted:
                _merge(tallies, each, sign)
        entities = {slug: decide(slug, tally, generic=slug in self._generic) for slug, tally in tallies.items()}
        living = {slug: entity for slug, entity in entities.items() if entity}
        stated = state({slug: entity.label for slug, entity in living.items()})
        for entity in living.values():
            stated.update(entity_quads(entity, self._iris))
        turned_from, turned_to = self._turned_edges(old.keys(), records, living)
        removed = set[Quad]().union(*old.values(), *records.values(), turned_from)
        added = stated | turned_to
        change = Change(
            frozenset(removed - added),
            frozenset(added - removed),
            papers,
            entities=tuple(living[slug] for slug in sorted(living)),
            gone=tuple(sorted(entities.keys() - living.keys())),
            stated=frozenset(stated),
        )
        self._expected = change, tallies
        return change

    def generic_change(self) -> Change:
        """What must happen for exactly the entities of today's generic terms to be marked."""
        marked = {self._iris.slug(row["entity"]) for row in library.run(self._store, "generic_entities")}
        wanted = {slug for slug in self._generic if slug in marked or self._record(slug)}
        catalogue = Catalogue(self._store, self._iris)
        entities = [
            replace(catalogue.entity(slug), generic=slug in wanted)
            for slug in sorted(marked.symmetric_difference(wanted))
        ]
        removed = {quad for entity in entities for quad in self._record(entity.slug)}
        added = {quad for entity in entities for quad in entity_quads(entity, self._iris)}
        return Change(frozenset(removed - added), frozenset(added - removed), entities=tuple(entities))

    def _turned_edges(
        self, batch: Collection[str], records: Mapping[str, set[Quad]], living: Mapping[str, Entity]
    ) -> tuple[set[Quad], set[Quad]]:
        """Edges of papers outside the batch to entities whose type turns: as they are, and as they will be."""
        before, after = set[Quad](), set[Quad]()
        for slug, entity in living.items():
            was = _type_of(records[slug])
            if was and was is not entity.label:
                for paper_id, introduced in self._other_papers(slug, batch):
                    turn = (self._iris, paper_id, slug)
                    before.update(edge_quads(*turn, was, introduced=introduced))
                    after.update(edge_quads(*turn, entity.label, introduced=introduced))
        return before, after

    def _stored_run_quads(self) -> set[Quad]:
        quads = set(run_quads(self._run, self._iris))
        return {quad for graph in {g for _, _, _, g in quads} for quad in self._store.quads(graph)} & quads

    def _record(self, slug: str) -> set[Quad]:
        return set(self._store.quads(self._iris.entities_graph, self._iris.entity(slug)))

    def _other_papers(self, slug: str, batch: Collection[str]) -> Iterable[tuple[str, bool]]:
        for row in library.run(self._store, "entity_edges", entity=self._iris.entity(slug)):
            paper_id = self._iris.paper_id(row["paper"])
            if paper_id not in batch:
                yield paper_id, "introduced" in row

    def _tally_quads(self, quads: Iterable[Quad]) -> dict[str, Tally]:
        """What the mentions of one stored paper counted for."""
        mentions: dict[Node, dict[Node, Node]] = defaultdict(dict)
        for s, p, o, _ in quads:
            mentions[s][p] = o
        tallies: dict[str, Tally] = {}
        for facts in mentions.values():
            if facts.get(TYPE) == KG.Mention:
                tally = tallies.setdefault(self._iris.slug(facts[KG.refersTo]), Tally(papers=1))
                tally.add(LABELS[facts[KG.labelledAs]], str(facts[KG.exact]), thousandths(facts[KG.confidence]))
        return tallies

    def faults(self, change: Change, papers: Collection[LinkedPaper], shapes: Graph) -> dict[str, list[str]]:
        """Broken shapes of what the change would leave, by paper id. Raises OntologyError if none is to blame."""
        blame: dict[str, list[str]] = defaultdict(list)
        for violation in violations(change.stated, shapes):
            culprits = self._culprits(violation, change.stated, papers)
            if not culprits:
                raise OntologyError(f"{violation.nodes[0]}: {violation.message}")
            for paper_id in culprits:
                blame[paper_id].append(violation.message)
        return dict(blame)

    def _culprits(self, violation: Violation, quads: Iterable[Quad], papers: Collection[LinkedPaper]) -> set[str]:
        """The papers whose graphs describe a node of the violation; if none does, those that point at one."""
        graphs: dict[URIRef, str] = {self._iris.paper_graph(p.paper.id): p.paper.id for p in papers}
        about = [(s in violation.nodes, g) for s, _, o, g in quads if {s, o} & {*violation.nodes} and g in graphs]
        described = {graphs[g] for is_subject, g in about if is_subject}
        return described or {graphs[g] for _, g in about}


def _paper_count(record: Iterable[Quad]) -> int:
    return next((int(str(o)) for _, p, o, _ in record if p == KG.paperCount), 0)


def _merge(into: dict[str, Tally], tallies: Mapping[str, Tally], sign: int) -> None:
    for slug, tally in tallies.items():
        into[slug].merge(tally, sign)


def _type_of(record: Iterable[Quad]) -> Label | None:
    return next((LABELS[o] for _, p, o, _ in record if p == TYPE and o in LABELS), None)
