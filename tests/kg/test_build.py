import json
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef
from rdflib.namespace import RDF

from kg.build import BuildReport, Parts, build, default_parts
from kg.errors import SourceError
from kg.graph.shapes import violations
from kg.link.linker import NormalFormLinker
from kg.model import Paper
from kg.protocols import Extractor
from kg.resources import demo_corpus, load_graph, ontology_dir
from kg.sources import make_paper
from kg.vocab import KG
from kg.writer import Writer
from tests.corpus import dump, make_writer, outcome
from tests.fakes import C, D, FakeExtractor, M, T

NAMES = {"attention": M, "dropout": M, "ImageNet": D, "translation": T, "Hessian": C}


def parts(extractor: Extractor, generic: frozenset[str] = frozenset()) -> Parts:
    folder = ontology_dir()
    return Parts(
        extractor, NormalFormLinker(), generic, load_graph(folder / "kg.ttl"), load_graph(folder / "shapes.ttl")
    )


def test_contexts_are_compared_by_the_encoder_of_the_pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.build.choose_extractor", lambda *_: FakeExtractor(NAMES))
    (tmp_path / "mention_tagger").mkdir()
    runs = []
    for weights in (b"one", b"other"):
        (tmp_path / "mention_tagger" / "encoder.onnx").write_bytes(weights)
        runs.append(default_parts(tmp_path).run)
    one, other = (re.fullmatch(r"(.+)\+encoder\.([0-9a-f]{12})", run.linker) for run in runs)
    assert one
    assert other
    assert one[1] == other[1]
    assert one[2] != other[2]


def paper(title: str, abstract: str, **metadata: object) -> Paper:
    return make_paper(title, abstract, **metadata)


def types(writer: Writer, slug: str) -> set[URIRef]:
    node = writer.iris.entity(slug)
    return {o for s, p, o, _ in writer.store.quads() if s == node and p == RDF.type}


def edges(writer: Writer, paper_id: str, slug: str) -> set[URIRef]:
    pair = writer.iris.paper(paper_id), writer.iris.entity(slug)
    return {p for s, p, o, _ in writer.store.quads(writer.iris.paper_graph(paper_id)) if (s, o) == pair}


FIRST = paper(
    "One", "We propose attention. It uses dropout on ImageNet.", identifier="one", authors=("A B",), year=2020
)
SECOND = paper("Two", "Dropout for translation, and the Hessian.", identifier="two")


def test_papers_come_new_then_unchanged_then_replaced(tmp_path: Path) -> None:
    writer, made = make_writer(tmp_path), parts(FakeExtractor(NAMES))
    report = build([FIRST, SECOND], made, writer)
    assert (report.received, report.new, report.replaced, report.unchanged) == (2, 2, 0, 0)
    assert report.mentions == 6
    assert len(report.slugs) == 5
    before = dump(writer)
    assert build([FIRST, SECOND], made, writer).unchanged == 2
    assert dump(writer) == before
    changed = paper("Two", "Only translation is left.", identifier="two")
    report = build([FIRST, changed], made, writer)
    assert (report.new, report.replaced, report.unchanged) == (0, 1, 1)
    assert types(writer, "hessian") == set()
    assert "hessian" not in dump(writer)
    assert writer.index.search_entities("hessian") == []


def test_going_back_gives_the_same_graph(tmp_path: Path) -> None:
    writer, made = make_writer(tmp_path), parts(FakeExtractor(NAMES))
    build([FIRST, SECOND], made, writer)
    before = dump(writer)
    build([paper("Two", "ImageNet as Method, attention as Concept.", identifier="two")], made, writer)
    assert dump(writer) != before
    build([SECOND], made, writer)
    assert dump(writer) == before


def test_what_is_unchanged_is_not_read_again(tmp_path: Path) -> None:
    writer, extractor = make_writer(tmp_path), FakeExtractor(NAMES)
    build([FIRST, SECOND], parts(extractor), writer)
    build([FIRST, SECOND, FIRST], parts(extractor), writer)
    assert extractor.read == ["one", "two"]


def test_another_extractor_version_reads_again_and_replaces(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    build([FIRST], parts(FakeExtractor(NAMES)), writer)
    report = build([FIRST], parts(FakeExtractor({"attention": M}, version="2")), writer)
    assert report.replaced == 1
    assert types(writer, "dropout") == set()


def test_a_paper_twice_in_one_input_counts_once(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    report = build([FIRST, FIRST, SECOND], parts(FakeExtractor(NAMES)), writer)
    assert (report.received, report.new, report.replaced, report.unchanged) == (3, 2, 0, 1)


def test_another_record_of_the_same_id_is_rejected_and_nothing_flips(tmp_path: Path) -> None:
    """Two papers without ids and of one title, say: neither is lost without a word, and a second run is calm."""
    writer = make_writer(tmp_path)
    twins = [paper("Twin title", "Attention.", year=2001), paper("Twin title", "Dropout.", year=2015)]
    report = build([*twins, SECOND], parts(FakeExtractor(NAMES)), writer)
    assert (report.received, report.new, report.replaced) == (3, 2, 0)
    (rejected,) = report.rejected
    assert "Twin title" in str(rejected)
    assert "same id" in str(rejected)
    before = dump(writer)
    for _ in range(2):
        again = build([*twins, SECOND], parts(FakeExtractor(NAMES)), writer)
        assert (again.unchanged, again.replaced, len(again.rejected)) == (2, 0, 1)
        assert dump(writer) == before


def test_the_type_of_an_entity_is_decided_by_all_its_mentions(tmp_path: Path) -> None:
    writer, made = make_writer(tmp_path), parts(FakeExtractor(NAMES))
    build([FIRST, SECOND], made, writer)
    assert edges(writer, "two", "dropout") == {KG.mentions, KG.usesMethod}
    concepts = [paper(f"C{i}", "Dropout as Concept, dropout as Concept.", identifier=f"c{i}") for i in range(3)]
    build(concepts, made, writer)
    assert types(writer, "dropout") == {KG.Concept}
    assert edges(writer, "two", "dropout") == {KG.mentions, KG.hasConcept}
    assert edges(writer, "c0", "dropout") == {KG.mentions, KG.hasConcept}


def test_what_a_paper_proposes_stays_so_when_types_turn(tmp_path: Path) -> None:
    writer, made = make_writer(tmp_path), parts(FakeExtractor(NAMES))
    build([FIRST], made, writer)
    assert edges(writer, "one", "attention") == {KG.mentions, KG.introduces, KG.proposesMethod}
    turn = [paper(f"D{i}", "Attention as Dataset. Attention as Dataset.", identifier=f"d{i}") for i in range(3)]
    build(turn, made, writer)
    assert edges(writer, "one", "attention") == {KG.mentions, KG.introduces, KG.introducesDataset}


def test_generic_entities_are_marked(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    build([FIRST], parts(FakeExtractor(NAMES), frozenset({"dropout"})), writer)
    marked = {s for s, p, _, _ in writer.store.quads() if p == KG.generic}
    assert writer.iris.entity("dropout") in marked
    assert writer.iris.entity("attention") not in marked


def test_a_new_list_of_generic_terms_holds_for_papers_that_are_unchanged(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    build([FIRST], parts(FakeExtractor(NAMES), frozenset({"dropout", "unheard-of"})), writer)
    report = build([FIRST], parts(FakeExtractor(NAMES), frozenset({"attention"})), writer)
    assert report.unchanged == 1
    marked = {s for s, p, _, _ in writer.store.quads() if p == KG.generic}
    assert marked == {writer.iris.entity("attention")}
    assert {e.slug for e in writer.index.entities(limit=99) if e.generic} == {"attention"}
    fresh = make_writer(tmp_path, "b")
    build([FIRST], parts(FakeExtractor(NAMES), frozenset({"attention"})), fresh)
    assert dump(fresh) == dump(writer)


def test_rejected_records_cost_the_others_nothing(tmp_path: Path) -> None:
    writer = make_writer(tmp_path)
    records = [FIRST, SourceError("x.jsonl:2", "has no title"), SECOND]
    report = build(records, parts(FakeExtractor(NAMES, broken=frozenset({"one"}))), writer)
    assert (report.received, report.new, len(report.rejected)) == (3, 1, 2)
    assert {error.location for error in report.rejected} == {"x.jsonl:2", "paper one"}
    assert report.as_dict()["rejected"] == 2


def test_a_paper_that_breaks_a_shape_is_rejected_alone(tmp_path: Path) -> None:
    class Lying(FakeExtractor):
        def _mentions(self, paper, which):
            for mention in super()._mentions(paper, which):
                if paper.id == "one" and mention.text == "ImageNet":
                    object.__setattr__(mention, "text", "CIFAR")
                yield mention

    writer = make_writer(tmp_path)
    report = build([FIRST, SECOND], parts(Lying(NAMES)), writer)
    assert [str(error) for error in report.rejected][1:] == []
    assert report.new == 1
    assert report.rejected[0].location == "paper one"
    assert types(writer, "attention") == set()
    assert edges(writer, "two", "dropout") == {KG.mentions, KG.usesMethod}


def test_all_that_is_written_fits_the_shapes(tmp_path: Path) -> None:
    writer, made = make_writer(tmp_path), parts(FakeExtractor(NAMES))
    build([FIRST, SECOND], made, writer)
    ontology = set(writer.store.quads(writer.iris.ontology_graph))
    assert violations((q for q in writer.store.quads() if q not in ontology), made.shapes) == []


def test_the_reference_store_ends_with_the_same_quads(tmp_path: Path) -> None:
    oxigraph, memory = make_writer(tmp_path), make_writer(tmp_path, "b", memory=True)
    for records in ([FIRST, SECOND], [paper("Two", "Dropout as Task.", identifier="two")]):
        build(records, parts(FakeExtractor(NAMES)), oxigraph)
        build(records, parts(FakeExtractor(NAMES)), memory)
    assert set(memory.store.quads()) == set(oxigraph.store.quads())


SENTENCES = [
    "Attention.",
    "Dropout as Concept here.",
    "Dropout!",
    "ImageNets and imagenet as Concept.",
    "We propose dropout for it.",
    "Translation of the Hessian.",
    "ATTENTION as Task",
]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_graph_depends_on_the_papers_alone(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Any order, any batch size, with detours: the same N-Quads, and index rows."""
    texts = data.draw(st.lists(st.lists(st.sampled_from(SENTENCES), max_size=4), min_size=1, max_size=7))
    papers = [paper(f"P{i}", " ".join(text), identifier=f"p{i}") for i, text in enumerate(texts)]
    shuffled = data.draw(st.permutations(papers))
    detours = [paper(p.title, "Hessian as Metric. Dropout as Task.", identifier=p.identifier) for p in papers[:2]]

    def after(inputs: Iterable[list[Paper]], size: int) -> tuple[str, object]:
        return outcome(tmp_path_factory.mktemp("w"), parts(FakeExtractor(NAMES)), inputs, size)

    assert after([papers], 64) == after([detours, shuffled], data.draw(st.integers(1, 3)))


def test_progress_is_told_after_each_paper_and_each_batch(tmp_path: Path) -> None:
    seen: list[tuple[int, int, bool]] = []

    def progress(report: BuildReport) -> None:
        seen.append((report.linked, report.new, report.naming))

    build([FIRST, SECOND], parts(FakeExtractor(NAMES)), make_writer(tmp_path), batch_size=1, progress=progress)
    read = [(1, 0, False), (1, 1, False), (2, 1, False), (2, 2, False)]
    assert seen == [*read, (2, 2, True), (2, 2, True)]


def test_the_report_names_what_is_in_the_graph(tmp_path: Path) -> None:
    writer, made = make_writer(tmp_path), parts(FakeExtractor(NAMES))
    build([SECOND], made, writer)
    changed = paper("One again", "Dropout.", identifier="one")
    report = build([SECOND, FIRST, changed, SourceError("x:1", "is bad")], made, writer)
    assert report.kept == [("two", "Two", "unchanged"), ("one", "One", "new")]
    assert build([changed], made, writer).kept == [("one", "One again", "replaced")]


@pytest.mark.slow
def test_kill_9_loses_nothing_and_leaves_no_half_paper(tmp_path: Path) -> None:
    """Killed at random moments and started again, an ingest ends where an undisturbed one does."""
    corpus = tmp_path / "papers.jsonl"
    lines = demo_corpus().read_text(encoding="utf-8").splitlines()
    corpus.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "tests.slow_ingest", str(corpus), "--data"]

    subprocess.run([*command, str(tmp_path / "calm")], check=True, capture_output=True)
    chance = random.Random(7)  # noqa: S311 - a moment, not a secret
    for _ in range(6):
        process = subprocess.Popen(
            [*command, str(tmp_path / "killed")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        process.stdout.readline()  # the first batch is acknowledged
        time.sleep(chance.random() * 0.25)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    done = subprocess.run([*command, str(tmp_path / "killed")], check=True, capture_output=True, text=True)
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["received"] == report["new"] + report["unchanged"] == len(lines)
    assert report["unchanged"] > 0

    exports = [
        subprocess.run(
            [sys.executable, "-m", "kg.cli", "export", "--format", "nquads", "--data", str(tmp_path / name)],
            check=True,
            capture_output=True,
        ).stdout
        for name in ("calm", "killed")
    ]
    assert exports[0] == exports[1]
    assert len(exports[0]) > 10_000
    assert matrix_files(tmp_path / "calm") == matrix_files(tmp_path / "killed")


def matrix_files(data: Path) -> dict[str, bytes]:
    folder = data / "snapshots" / (data / "current").read_text() / "incidence"
    return {file.name: file.read_bytes() for file in folder.iterdir()}
