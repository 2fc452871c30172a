"""Paper and Links to Quads with provenance; pure."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass

from rdflib import Literal, URIRef
from rdflib.namespace import DC, DCTERMS, PROV, RDFS, SKOS, XSD
from rdflib.term import Node

from kg.graph.roles import Said, decide_roles
from kg.graph.terms import CLASSES, PREDICATES, ROLE_EDGES, TRUE, TYPE, decimal, integer, text
from kg.iri import Iris, digest
from kg.model import Entity, Field, Label, LinkedPaper, Mention, Paper, Role
from kg.protocols import Quad
from kg.vocab import BIBO, KG, SCHEMA

_USES: Mapping[Label, URIRef] = {
    Label.METHOD: KG.usesMethod,
    Label.DATASET: KG.usesDataset,
    Label.TASK: KG.addressesTask,
    Label.METRIC: KG.reportsMetric,
    Label.CONCEPT: KG.hasConcept,
}
_INTRODUCES: Mapping[Label, URIRef] = {
    **_USES,
    Label.METHOD: KG.proposesMethod,
    Label.DATASET: KG.introducesDataset,
}
_GENERATED_BY = PROV.wasGeneratedBy
EDGES = frozenset({KG.mentions, *ROLE_EDGES.values(), *_USES.values(), *_INTRODUCES.values()})
_FIELDS: Mapping[Field, URIRef] = {Field.TITLE: DCTERMS.title, Field.ABSTRACT: DCTERMS.abstract}


@dataclass(frozen=True, slots=True)
class Run:
    """What read the papers. Its id is a hash of all that decides the outcome, and of nothing else."""

    extractor: str
    version: str
    linker: str
    ontology: str

    @property
    def id(self) -> str:
        """The same parts give the same run, on any machine at any time."""
        return digest(json.dumps(asdict(self), sort_keys=True))


def content_hash(paper: Paper, run: Run) -> str:
    """SHA-256 of the record and of the run: equal means that reading it again would change nothing."""
    record = json.dumps([asdict(paper), run.id], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(record.encode()).hexdigest()


def edge(label: Label, *, introduced: bool) -> URIRef:
    """The property from a paper to an entity of this type."""
    return (_INTRODUCES if introduced else _USES)[label]


def edge_quads(iris: Iris, paper_id: str, slug: str, label: Label, *, introduced: bool) -> Iterator[Quad]:
    """The edges that depend on the entity's type; ``kg:mentions`` and those of roles do not and are not among them."""
    yield (
        iris.paper(paper_id),
        edge(label, introduced=introduced),
        iris.entity(slug),
        iris.paper_graph(paper_id),
    )


def paper_quads(linked: LinkedPaper, types: Mapping[str, Label], run: Run, iris: Iris) -> Iterator[Quad]:
    """The whole named graph of one paper; ``types`` gives the type of every entity it links to."""
    paper = linked.paper
    graph = iris.paper_graph(paper.id)
    subject, run_node = iris.paper(paper.id), iris.run(run.id)
    for predicate, value in record_facts(paper):
        yield subject, predicate, value, graph
    yield subject, KG.contentSha256, Literal(content_hash(paper, run)), graph
    yield from all_edge_quads(iris, paper.id, decide_roles(_said(linked)), types)
    for link in linked.links:
        node = _mention_node(iris, paper.id, link.mention)
        yield node, KG.inPaper, subject, graph
        yield node, KG.surface, text(link.slug), graph
        yield node, _GENERATED_BY, run_node, graph
        if link.slug in linked.proposed:
            yield node, KG.introducing, TRUE, graph
        for predicate, value in (*_evidence(link.mention), *link_facts(iris, link.slug, link.rule, link.score)):
            yield node, predicate, value, graph
    for node, predicate, value in (*_said_of_names(linked, iris), *_relations(linked, iris)):
        yield node, predicate, value, graph


def _said(linked: LinkedPaper) -> Iterator[Said]:
    """What the mentions of a paper say it does with their entities."""
    for link in linked.links:
        yield Said(link.slug, link.slug in linked.proposed, link.mention.role, link.mention.role_score)


def _mention_node(iris: Iris, paper_id: str, mention: Mention) -> URIRef:
    return iris.mention(paper_id, mention.field, mention.start, mention.end)


def link_facts(iris: Iris, slug: str, rule: str, score: float) -> Iterator[tuple[URIRef, Node]]:
    """What is said of a mention's link: its entity, the rule that chose it, and how surely."""
    yield KG.refersTo, iris.entity(slug)
    yield KG.linkRule, text(rule)
    yield KG.linkScore, decimal(score)


def all_edge_quads(
    iris: Iris, paper_id: str, roles: Mapping[str, Role | None], types: Mapping[str, Label]
) -> Iterator[Quad]:
    """All edges of one paper to entities: ``roles`` holds each entity, and what the paper does with it."""
    subject, graph = iris.paper(paper_id), iris.paper_graph(paper_id)
    for slug, role in sorted(roles.items()):
        yield subject, KG.mentions, iris.entity(slug), graph
        if role:
            yield subject, ROLE_EDGES[role], iris.entity(slug), graph
        yield from edge_quads(iris, paper_id, slug, types[slug], introduced=role is Role.PROPOSES)


def _said_of_names(linked: LinkedPaper, iris: Iris) -> Iterator[tuple[URIRef, URIRef, Node]]:
    """The definitions and hyponymies of a paper."""
    subject = iris.paper(linked.paper.id)
    for definition in linked.definitions:
        node = iris.definition(linked.paper.id, definition.short, definition.long)
        yield node, TYPE, KG.Definition
        yield node, KG.statedIn, subject
        yield node, KG.abbreviation, text(definition.short)
        yield node, KG.longForm, text(definition.long)
        yield node, KG.abbreviationKey, text(definition.short_slug)
        yield node, KG.longFormKey, text(definition.long_slug)
        yield node, KG.sentence, text(definition.sentence)
        if definition.label:
            yield node, KG.labelledAs, CLASSES[definition.label]
    for hyponym in linked.hyponyms:
        narrow = _mention_node(iris, linked.paper.id, hyponym.narrow)
        broad = _mention_node(iris, linked.paper.id, hyponym.broad)
        node = iris.hyponymy(narrow, broad)
        yield node, TYPE, KG.Hyponymy
        yield node, KG.statedIn, subject
        yield node, KG.narrowMention, narrow
        yield node, KG.broadMention, broad
        yield node, KG.rule, text(hyponym.rule)


def _relations(linked: LinkedPaper, iris: Iris) -> Iterator[tuple[URIRef, URIRef, Node]]:
    """What a paper says of two of its mentions."""
    for relation in linked.relations:
        head = _mention_node(iris, linked.paper.id, relation.head)
        tail = _mention_node(iris, linked.paper.id, relation.tail)
        node = iris.relation(head, PREDICATES[relation.kind], tail)
        yield node, TYPE, KG.Relation
        yield node, KG.statedIn, iris.paper(linked.paper.id)
        yield node, KG.headMention, head
        yield node, KG.tailMention, tail
        yield node, KG.kind, PREDICATES[relation.kind]
        yield node, KG.confidence, decimal(relation.score)
        yield node, KG.rule, text(relation.rule)


def record_facts(paper: Paper) -> Iterator[tuple[URIRef, Node]]:
    """What the record of a paper says of it, as it was read."""
    yield TYPE, KG.Paper
    yield DCTERMS.title, text(paper.title)
    if paper.abstract:
        yield DCTERMS.abstract, Literal(paper.abstract)
    for author in paper.authors:
        yield DC.creator, text(author)
    if paper.authors:
        yield KG.byline, Literal("; ".join(paper.authors))
    if paper.year:
        yield DCTERMS.issued, Literal(f"{paper.year:04d}", datatype=XSD.gYear, normalize=False)
    if paper.url:
        yield SCHEMA.url, Literal(paper.url, datatype=XSD.anyURI)
    plain = {
        KG.venue: paper.venue,
        BIBO.doi: paper.doi,
        KG.arxivId: paper.arxiv,
        DCTERMS.identifier: paper.identifier,
    }
    for predicate, value in plain.items():
        if value:
            yield predicate, text(value)


def _evidence(mention: Mention) -> Iterator[tuple[URIRef, Node]]:
    yield TYPE, KG.Mention
    yield KG.field, _FIELDS[mention.field]
    yield KG.beginIndex, integer(mention.start)
    yield KG.endIndex, integer(mention.end)
    yield KG.exact, text(mention.text)
    yield KG.sentence, text(mention.sentence)
    yield KG.sentenceBegin, integer(mention.sentence_start)
    yield KG.labelledAs, CLASSES[mention.label]
    yield KG.confidence, decimal(mention.score)
    yield KG.rule, text(mention.rule)
    if mention.role:
        yield KG.role, ROLE_EDGES[mention.role]
        yield KG.roleConfidence, decimal(mention.role_score)


def entity_quads(entity: Entity, iris: Iris) -> Iterator[Quad]:
    """Name, type and counts of an entity, in the graph of entities."""
    node, graph = iris.entity(entity.slug), iris.entities_graph
    yield node, TYPE, CLASSES[entity.label], graph
    yield node, SKOS.prefLabel, text(entity.name), graph
    yield node, KG.paperCount, integer(entity.papers), graph
    for alias in entity.aliases:
        yield node, SKOS.altLabel, text(alias), graph
    if entity.generic:
        yield node, KG.generic, TRUE, graph


def run_quads(run: Run, iris: Iris) -> Iterator[Quad]:
    """The run and its extractor, in the run's own graph and in that of agents."""
    node, agent, graph = iris.run(run.id), iris.agent(run.extractor), iris.run_graph(run.id)
    config = digest(json.dumps([run.version, run.linker, run.ontology]), 64)
    yield node, TYPE, KG.ExtractionRun, graph
    yield node, KG.modelVersion, Literal(run.version), graph
    yield node, KG.configSha256, Literal(config), graph
    yield node, PROV.wasAssociatedWith, agent, graph
    yield agent, TYPE, KG.Extractor, iris.agents_graph
    yield agent, RDFS.label, Literal(run.extractor), iris.agents_graph


def distinct_slugs(papers: Collection[LinkedPaper]) -> set[str]:
    """The slugs of all entities that these papers mention."""
    return {link.slug for linked in papers for link in linked.links}
