"""Names where all papers put them: the same graph by any way, and nothing to do the second time."""

import gzip
import json
import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef
from rdflib.namespace import SKOS
from rdflib.term import Node

from kg.build import Parts, build, default_parts
from kg.consolidate.naming import Naming
from kg.consolidate.papers import Consolidator
from kg.graph.shapes import violations
from kg.link.linker import NormalFormLinker
from kg.model import Paper
from kg.protocols import Embedder, Extractor
from kg.query.catalogue import Catalogue
from kg.resources import load_graph, ontology_dir
from kg.sources import make_paper
from kg.vocab import KG
from kg.writer import Writer
from tests.corpus import dump, make_writer, outcome
from tests.fakes import C, D, DefiningExtractor, M, T, TopicEmbedder, relations

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "paperlists.jsonl.gz"
NAMES = {
    "sparse selective training": M,
    "Stanford Sentiment Treebank": D,
    "SST": M,
    "gradient descent": M,
    "stochastic gradient descent": M,
    "momentum": C,
    "parsing": T,
    "auto-encoder": M,
    "autoencoder": M,
    "quantization": M,
    "quantizaiton": M,
}
ONTOLOGY, SHAPES = (load_graph(ontology_dir() / name) for name in ("kg.ttl", "shapes.ttl"))
TOPICS = TopicEmbedder(("images", "language"))


class LongestExtractor(DefiningExtractor):
    """Of names that overlap the longer counts."""

    def _read(self, paper):
        found = super()._read(paper)
        spans = [(m.field, m.start, m.end) for m in found.mentions]
        outer = {
            span
            for span in spans
            if not any(o != span and o[0] == span[0] and o[1] <= span[1] and span[2] <= o[2] for o in spans)
        }
        kept = tuple(m for m in found.mentions if (m.field, m.start, m.end) in outer)
        return replace(found, mentions=kept, relations=tuple(relations(paper, kept)))


def parts(embedder: Embedder | None = None, extractor: Extractor | None = None) -> Parts:
    return Parts(
        extractor or LongestExtractor(NAMES), NormalFormLinker(), frozenset({"generic"}), ONTOLOGY, SHAPES, embedder
    )


def paper(number: int | str, abstract: str) -> Paper:
    return make_paper(f"Paper {number}", abstract, identifier=f"p{number}")


def entities(writer: Writer, paper_id: str) -> set[str]:
    """What a paper mentions; the edges, the mentions and the index must agree."""
    catalogue = Catalogue(writer.store, writer.iris)
    found = {entity.slug for entity in catalogue.entities_of(paper_id)}
    assert found == {linked.entity.slug for linked in catalogue.mentions(paper_id)}
    assert found <= {entity.slug for entity in writer.index.entities(limit=200)}
    return found


def facts(writer: Writer, predicate: URIRef) -> set[tuple[Node, Node]]:
    own = writer.iris.ontology_graph
    return {(s, o) for s, p, o, g in writer.store.quads() if p == predicate and g != own}


SST = "Sparse selective training (SST) helps."


def test_an_abbreviation_goes_where_the_papers_that_define_it_put_it(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    build([paper(1, "SST saves time."), paper(2, SST)], parts(), writer)
    assert entities(writer, "p1") == {"sst"}  # one paper is not enough
    build([paper(3, SST)], parts(), writer)
    assert entities(writer, "p1") == {"sparse-selective-training"}
    (entity,) = [e for e in writer.index.entities(limit=9) if e.slug == "sparse-selective-training"]
    assert entity.papers == 3
    assert "SST" in (entity.name, *entity.aliases)
    assert writer.index.search_entities("sst")[0].slug == entity.slug
    build([paper(3, "Nothing is defined.")], parts(), writer)
    assert entities(writer, "p1") == {"sst"}


def test_what_was_moved_says_by_what_and_how_surely(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    build([paper(1, "SST saves time."), paper(2, SST), paper(3, SST)], parts(), writer)
    rules = {str(s).rpartition("/")[2]: str(o) for s, o in facts(writer, KG.linkRule)}
    assert rules == {
        "p1-a-0-3": "sense",
        **{f"p{n}-a-0-25": "name" for n in (2, 3)},
        **{f"p{n}-a-27-30": "definition" for n in (2, 3)},
    }
    assert {str(o) for _, o in facts(writer, KG.linkScore)} == {"1"}
    assert len(facts(writer, KG.longFormKey)) == 2


@pytest.mark.parametrize("order", [1, -1])
def test_one_name_of_two_things_is_two_entities_in_any_order(tmp_path: Path, order: int) -> None:
    writer = make_writer(tmp_path)
    long = "x" * 25  # the fake's confidence grows with the length of the text
    records = [paper(1, f"SST as Dataset holds {long}."), paper(2, f"We train with SST {long}.")]
    for record in records[::order]:
        build([record], parts(), writer)
    assert (entities(writer, "p1"), entities(writer, "p2")) == ({"sst"}, {"sst-method"})
    kinds = {e.slug: e.label for e in writer.index.entities(limit=9)}
    assert kinds == {"sst": D, "sst-method": M}


def test_spellings_meet_at_the_one_of_most_papers(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    build([paper(1, "An auto-encoder."), paper(2, "An autoencoder.")], parts(), writer)
    assert entities(writer, "p1") == entities(writer, "p2") == {"auto-encoder"}
    build([paper(3, "An autoencoder.")], parts(), writer)
    assert entities(writer, "p1") == entities(writer, "p3") == {"autoencoder"}
    assert [e.papers for e in writer.index.entities(limit=9)] == [3]


def test_a_slip_is_merged_where_the_context_agrees(tmp_path: Path) -> None:
    right = [paper(n, f"Quantization of images {n}.") for n in (1, 2)]
    alike, other = paper(3, "Quantizaiton of images."), paper(3, "Quantizaiton of language.")
    for embedder, record, slug in (
        (TOPICS, alike, "quantization"),
        (TOPICS, other, "quantizaiton"),
        (None, alike, "quantizaiton"),
    ):
        writer = make_writer(tmp_path, f"{slug}-{embedder is None}")
        build([record, *right], parts(embedder), writer)
        assert entities(writer, "p3") == {slug}


def test_the_embedder_is_a_part_of_the_run() -> None:
    assert parts().run != parts(TOPICS).run
    assert parts(TOPICS).run != parts(TopicEmbedder(("images",), version="other")).run


def test_the_hierarchy_comes_from_heads_and_from_sentences(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    heads = [paper(n, "Stochastic gradient descent is no gradient descent.") for n in (1, 2)]
    build([*heads, paper(3, "An autoencoder such as SST is used.")], parts(), writer)
    node = writer.iris.entity
    assert facts(writer, SKOS.broader) == {
        (node("stochastic-gradient-descent"), node("gradient-descent")),
        (node("sst"), node("autoencoder")),
    }
    build([paper(3, "Nothing.")], parts(), writer)
    assert facts(writer, SKOS.broader) == {(node("stochastic-gradient-descent"), node("gradient-descent"))}


def test_what_a_paper_introduces_stays_introduced_when_its_name_moves(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    records = [
        paper(1, "We propose auto-encoder. And an autoencoder."),
        paper(2, "Autoencoder."),
        paper(3, "Autoencoder."),
    ]
    build(records, parts(), writer)
    assert entities(writer, "p1") == {"autoencoder"}
    assert facts(writer, KG.introduces) == {(writer.iris.paper("p1"), writer.iris.entity("autoencoder"))}


@pytest.mark.parametrize("done", range(4))
def test_a_pass_that_was_cut_off_is_completed(tmp_path: Path, done: int) -> None:
    related = paper(4, "An auto-encoder is a quantization, an autoencoder for parsing.")
    records = [paper(1, "SST for parsing."), paper(2, SST), paper(3, SST), related]
    calm, cut = make_writer(tmp_path), make_writer(tmp_path, "b")
    build(records, parts(), calm)
    made = parts()
    consolidator = Consolidator(cut.store, cut.iris, made.run, made.generic)
    linked = [made.linker.link(extraction) for extraction in made.extractor.extract(records)]
    cut.commit(consolidator.change(linked))
    changes = Naming(cut.store, cut.iris, consolidator, made.generic).changes()
    for change in islice(changes, done):
        cut.commit(change)
    assert (next(changes, None) is None) == (done == 3)
    build(records, parts(), cut)
    assert dump(cut) == dump(calm)


def test_the_second_time_nothing_is_written(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    records = [paper(1, "SST."), paper(2, SST), paper(3, SST), paper(4, "An auto-encoder, an autoencoder.")]
    build(records, parts(), writer)
    written: list[object] = []
    writer.store.apply = lambda *change: written.append(change)  # type: ignore[method-assign]
    build(records, parts(), writer)
    assert written == []


def test_what_is_left_fits_the_shapes_and_the_reference_store_agrees(tmp_path: Path) -> None:
    records = [
        paper(1, "SST as Dataset. Stochastic gradient descent."),
        paper(2, SST),
        paper(3, f"{SST} Stochastic gradient descent is a gradient descent."),
        paper(4, "An autoencoder such as SST, and an auto-encoder. Gradient descent."),
        paper(5, "Gradient descent against SST for parsing. It does parsing with an autoencoder."),
        paper(6, "An autoencoder is a quantization. SST against gradient descent."),
    ]
    oxigraph, memory = make_writer(tmp_path), make_writer(tmp_path, "b", memory=True)
    for writer in (oxigraph, memory):
        build(records, parts(TOPICS), writer)
    assert set(memory.store.quads()) == set(oxigraph.store.quads())
    assert facts(oxigraph, KG.support)
    own = set(oxigraph.store.quads(oxigraph.iris.ontology_graph))
    assert violations((quad for quad in oxigraph.store.quads() if quad not in own), SHAPES) == []


SENTENCES = [
    "SST saves time.",
    "SST as Dataset is read.",
    SST,
    "The Stanford Sentiment Treebank (SST) is read with parsing.",
    "Parsing with momentum.",
    "An auto-encoder of images.",
    "An autoencoder of language.",
    "Quantization of images.",
    "Quantizaiton of images.",
    "We propose SST.",
    "Gradient descent such as stochastic gradient descent.",
    "An autoencoder is a quantization.",
    "SST for parsing.",
    "An auto-encoder on SST.",
    "An autoencoder on SST as Dataset.",
    "Gradient descent against SST, and autoencoder against gradient descent.",
    "We propose autoencoder against auto-encoder.",
    "It does parsing with quantization by momentum as Metric.",
]


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_the_graph_depends_on_the_papers_alone(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Any order, any batch size, late definitions and papers that were others before: the same N-Quads and index."""
    texts = data.draw(st.lists(st.lists(st.sampled_from(SENTENCES), max_size=3), min_size=1, max_size=8))
    papers = [paper(i, " ".join(text)) for i, text in enumerate(texts)]
    shuffled = data.draw(st.permutations(papers))
    detours = [paper(i, data.draw(st.sampled_from(SENTENCES))) for i in range(min(3, len(papers)))]

    def after(inputs: Iterable[list[Paper]], size: int) -> tuple[str, object]:
        return outcome(tmp_path_factory.mktemp("w"), parts(TOPICS), inputs, size)

    assert after([papers], 64) == after([detours, shuffled], data.draw(st.integers(1, 3)))


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.exists(), reason=f"the corpus of abstracts is not here ({CORPUS})")
def test_real_papers_in_three_orders_give_the_identical_graph(tmp_path: Path) -> None:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in islice(file, 0, 6000, 100)]
    records = [make_paper(r["title"], r.get("abstract") or "", identifier=r["id"]) for r in rows]
    made, graphs = default_parts(), set()
    for seed, size in ((1, 64), (2, 7), (3, 20)):
        random.Random(seed).shuffle(records)  # noqa: S311 - an order, not a secret
        writer = make_writer(tmp_path, str(seed))
        build(records, made, writer, batch_size=size)
        graphs.add(dump(writer))
    assert len(records) == 60
    assert len(graphs) == 1
