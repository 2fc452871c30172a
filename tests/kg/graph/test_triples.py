from dataclasses import replace

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import DC, DCTERMS, RDF, XSD

from kg.graph.terms import decimal
from kg.graph.triples import Run, content_hash, edge, paper_quads, run_quads
from kg.iri import Iris
from kg.model import Field, Label, Link, LinkedPaper, Mention, Paper, Relation, RelationKind, Role
from kg.vocab import KG

IRIS = Iris("http://127.0.0.1:8000/")
RUN = Run("fake", "1", "linker.1", "1.0.0")
PAPER = Paper(
    "p1",
    "On dropout",
    "It uses dropout.",
    authors=("Ada Lovelace", "Alan Turing"),
    year=2014,
    venue="JMLR",
    url="https://example.org/p",
    doi="10.1000/x",
    arxiv="1207.0580",
    identifier="jmlr-1",
)
MENTION = Mention(Field.ABSTRACT, 8, 15, "dropout", Label.METHOD, 0.9, "It uses dropout.", 0)


def quads(paper: Paper = PAPER, proposed: frozenset[str] = frozenset(), label: Label = Label.METHOD) -> set:
    linked = LinkedPaper(paper, (Link(MENTION, "dropout"),), proposed)
    return set(paper_quads(linked, {"dropout": label}, RUN, IRIS))


def test_all_quads_of_a_paper_are_in_its_own_graph() -> None:
    assert {g for _, _, _, g in quads()} == {IRIS.paper_graph("p1")}


def test_metadata_is_stated_with_the_types_of_the_ontology() -> None:
    said = {(p, o) for s, p, o, _ in quads() if s == IRIS.paper("p1")}
    assert (DCTERMS.title, Literal("On dropout")) in said
    assert (DC.creator, Literal("Alan Turing")) in said
    assert (KG.byline, Literal("Ada Lovelace; Alan Turing")) in said
    assert (DCTERMS.issued, Literal("2014", datatype=XSD.gYear, normalize=False)) in said
    assert (KG.arxivId, Literal("1207.0580")) in said
    assert (DCTERMS.identifier, Literal("jmlr-1")) in said


def test_what_is_not_known_is_not_stated() -> None:
    bare = quads(Paper("p1", "On dropout", ""))
    predicates = {p for s, p, _, _ in bare if s == IRIS.paper("p1")}
    assert not predicates & {DCTERMS.abstract, DC.creator, KG.byline, DCTERMS.issued, KG.venue, KG.arxivId}


def test_a_mention_states_its_evidence() -> None:
    node = IRIS.mention("p1", Field.ABSTRACT, 8, 15)
    said = {(p, o) for s, p, o, _ in quads() if s == node}
    assert {
        (KG.inPaper, IRIS.paper("p1")),
        (KG.refersTo, IRIS.entity("dropout")),
        (KG.field, DCTERMS.abstract),
        (KG.beginIndex, Literal(8)),
        (KG.endIndex, Literal(15)),
        (KG.exact, Literal("dropout")),
        (KG.labelledAs, KG.Method),
        (KG.confidence, decimal(0.9)),
    } <= said


@pytest.mark.parametrize(
    ("label", "uses", "introduces"),
    [
        (Label.METHOD, KG.usesMethod, KG.proposesMethod),
        (Label.DATASET, KG.usesDataset, KG.introducesDataset),
        (Label.TASK, KG.addressesTask, KG.addressesTask),
        (Label.METRIC, KG.reportsMetric, KG.reportsMetric),
        (Label.CONCEPT, KG.hasConcept, KG.hasConcept),
    ],
)
def test_the_edge_follows_the_type_of_the_entity(label: Label, uses: URIRef, introduces: URIRef) -> None:
    assert edge(label, introduced=False) == uses
    assert edge(label, introduced=True) == introduces
    target = IRIS.entity("dropout")
    used = {p for s, p, o, _ in quads(label=label) if o == target and s == IRIS.paper("p1")}
    assert used == {KG.mentions, uses}
    proposed = quads(label=label, proposed=frozenset({"dropout"}))
    new = {p for s, p, o, _ in proposed if o == target and s == IRIS.paper("p1")}
    assert new == {KG.mentions, KG.introduces, introduces}


def test_a_role_is_evidence_at_the_mention_and_an_edge_of_the_paper() -> None:
    used = replace(MENTION, role=Role.USES, role_score=0.75)
    linked = LinkedPaper(PAPER, (Link(used, "dropout"),))
    stated = set(paper_quads(linked, {"dropout": Label.METHOD}, RUN, IRIS))
    graph, node = IRIS.paper_graph("p1"), IRIS.mention("p1", Field.ABSTRACT, 8, 15)
    assert stated - quads() == {
        (node, KG.role, KG.uses, graph),
        (node, KG.roleConfidence, decimal(0.75), graph),
        (IRIS.paper("p1"), KG.uses, IRIS.entity("dropout"), graph),
    }
    proposed = set(paper_quads(replace(linked, proposed=frozenset({"dropout"})), {"dropout": Label.METHOD}, RUN, IRIS))
    assert (IRIS.paper("p1"), KG.introduces, IRIS.entity("dropout"), graph) in proposed
    assert not {p for _, p, _, _ in proposed} & {KG.uses}


def test_a_relation_names_its_mentions() -> None:
    title = Mention(Field.TITLE, 3, 10, "dropout", Label.METHOD, 0.9, "On dropout", 0)
    links = (Link(title, "on"), Link(MENTION, "dropout"))
    linked = LinkedPaper(PAPER, links, relations=(Relation(title, MENTION, RelationKind.IS_A, 0.6, "verb"),))
    stated = set(paper_quads(linked, dict.fromkeys(("on", "dropout"), Label.METHOD), RUN, IRIS))
    head, tail = IRIS.mention("p1", Field.TITLE, 3, 10), IRIS.mention("p1", Field.ABSTRACT, 8, 15)
    node = IRIS.relation(head, KG.kindOf, tail)
    assert {(p, o) for s, p, o, _ in stated if s == node} == {
        (RDF.type, KG.Relation),
        (KG.statedIn, IRIS.paper("p1")),
        (KG.headMention, head),
        (KG.tailMention, tail),
        (KG.kind, KG.kindOf),
        (KG.confidence, decimal(0.6)),
        (KG.rule, Literal("verb")),
    }


@pytest.mark.parametrize(
    ("score", "text"), [(1.0, "1"), (0.9, "0.9"), (0.123, "0.123"), (0.1234, "0.123"), (0.01, "0.01")]
)
def test_decimals_are_canonical(score: float, text: str) -> None:
    assert str(decimal(score)) == text
    assert decimal(score).datatype == XSD.decimal


def test_the_hash_changes_with_the_record_and_with_the_run() -> None:
    other_run = Run("fake", "2", "linker.1", "1.0.0")
    changed = Paper("p1", "On dropout", "It uses dropout!")
    hashes = {content_hash(PAPER, RUN), content_hash(PAPER, other_run), content_hash(changed, RUN)}
    assert len(hashes) == 3
    assert content_hash(PAPER, RUN) == content_hash(PAPER, Run("fake", "1", "linker.1", "1.0.0"))


def test_a_run_is_known_by_its_parts_and_carries_no_time() -> None:
    assert Run("a", "1", "l", "o").id != Run("a", "1", "l", "p").id
    stated = set(run_quads(RUN, IRIS))
    assert (IRIS.run(RUN.id), KG.modelVersion, Literal("1"), IRIS.run_graph(RUN.id)) in stated
    assert not any(isinstance(o, Literal) and o.datatype == XSD.dateTime for _, _, o, _ in stated)
