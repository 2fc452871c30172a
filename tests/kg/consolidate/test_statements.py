"""What papers do with entities and state of two, derived from their mentions wherever these go."""

from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, URIRef

from kg.build import build
from kg.graph.roles import Said, decide_roles
from kg.graph.terms import KINDS, ROLE_EDGES, ROLES
from kg.vocab import KG
from kg.writer import Writer
from tests.corpus import dump, make_writer
from tests.kg.consolidate.test_naming import entities, facts, paper, parts

Triple = tuple[str, str, str]


def check_derived(nquads: str) -> None:
    """Role edges are those that the mentions give, and the triples between entities those of statements."""
    nodes: dict[str, dict[str, str]] = defaultdict(dict)
    edges, triples = set[Triple](), set[Triple]()
    for quad in ox.parse(nquads.encode(), format=ox.RdfFormat.N_QUADS):
        s, p, o = (term.value for term in quad.triple)
        nodes[s][p] = o
        if URIRef(p) in ROLES:
            edges.add((s, p, o))
        if URIRef(p) in KINDS:
            triples.add((s, p, o))
    wanted, said = set[Triple](), defaultdict[str, list[Said]](list)
    for mention in (node for node in nodes.values() if str(KG.inPaper) in node):
        role = ROLES.get(URIRef(mention.get(str(KG.role), "")))
        score = float(mention.get(str(KG.roleConfidence), 0))
        introducing = str(KG.introducing) in mention
        said[mention[str(KG.inPaper)]].append(Said(mention[str(KG.refersTo)], introducing, role, score))
    for paper_iri, mentions in said.items():
        wanted |= {(paper_iri, str(ROLE_EDGES[role]), slug) for slug, role in decide_roles(mentions).items() if role}
    assert edges == wanted
    parts_of = [str(RDF[name]) for name in ("subject", "predicate", "object")]
    statements = [tuple(node[each] for each in parts_of) for node in nodes.values() if str(KG.support) in node]
    assert sorted(statements) == sorted(triples)


def stated(writer: Writer) -> dict[tuple[str, str, str], tuple[int, float]]:
    """The statements with support and confidence; that what they are about stands beside them is checked too."""
    check_derived(dump(writer))
    found: dict[URIRef, dict[str, str]] = defaultdict(dict)
    for s, p, o, _ in writer.store.quads(writer.iris.statements_graph):
        found[URIRef(str(s))][str(p).rpartition("#")[2]] = str(o)
    slug = writer.iris.slug
    return {
        (slug(f["subject"]), f["predicate"].rpartition("#")[2], slug(f["object"])): (
            int(f["support"]),
            float(f["confidence"]),
        )
        for f in found.values()
        if "support" in f
    }


def test_statements_count_their_papers_and_go_with_them(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    build([paper(1, "Momentum for parsing."), paper(2, "Momentum for parsing of momentum.")], parts(), writer)
    assert stated(writer) == {
        ("momentum", "usedFor", "parsing"): (2, 0.819),
        ("parsing", "partOf", "momentum"): (1, 0.63),
    }
    assert {o for _, o in facts(writer, KG.evidence)} == {
        URIRef(f"{writer.iris.base}id/mention/{place}") for place in ("p1-a-0-8", "p2-a-0-8", "p2-a-13-20")
    }
    build([paper(2, "Parsing.")], parts(), writer)
    assert stated(writer) == {("momentum", "usedFor", "parsing"): (1, 0.51)}
    build([paper(1, "Parsing.")], parts(), writer)
    assert stated(writer) == {}


def test_a_statement_holds_while_the_types_fit(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    build([paper(1, "Quantization against momentum.")], parts(), writer)
    assert stated(writer) == {}  # momentum is a concept
    build([paper(2, "The momentum as Method is what we looked at.")], parts(), writer)
    assert stated(writer) == {("momentum", "contrastedWith", "quantization"): (1, 0.6)}
    build([paper(2, "Nothing.")], parts(), writer)
    assert stated(writer) == {}


def test_both_directions_of_a_comparison_are_one_statement(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    texts = ["Quantization against gradient descent.", "Gradient descent against quantization."]
    build([paper(n, text) for n, text in enumerate(texts)], parts(), writer)
    assert stated(writer) == {("gradient-descent", "contrastedWith", "quantization"): (2, 0.898)}


def test_relations_and_roles_follow_mentions_that_move(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    first = paper(1, "We work with auto-encoder against autoencoder, and an autoencoder for parsing.")
    build([first], parts(), writer)
    assert entities(writer, "p1") == {"auto-encoder", "parsing"}
    assert stated(writer) == {("auto-encoder", "usedFor", "parsing"): (1, 0.38)}
    # Of two mentions that are equally sure the role that comes first decides.
    [role] = {p for _, p, o, _ in writer.store.quads() if o == writer.iris.entity("auto-encoder") and p in ROLES}
    assert role == KG.uses
    build([paper(2, "Autoencoder."), paper(3, "Autoencoder.")], parts(), writer)
    assert stated(writer) == {("autoencoder", "usedFor", "parsing"): (1, 0.38)}
    assert facts(writer, KG.uses) == {(writer.iris.paper("p1"), writer.iris.entity("autoencoder"))}


def test_what_has_the_role_of_being_proposed_is_introduced(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    build([paper(1, "We propose momentum with parsing, and work with momentum.")], parts(), writer)
    assert facts(writer, KG.introduces) == {(writer.iris.paper("p1"), writer.iris.entity("momentum"))}
    assert facts(writer, KG.uses) == {(writer.iris.paper("p1"), writer.iris.entity("parsing"))}
    check_derived(dump(writer))
