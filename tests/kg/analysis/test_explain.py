"""Why an entity is one, and what was kept apart from it."""

from pathlib import Path

import pytest

from kg.analysis.explain import Explanation, explain
from kg.build import Parts, build
from kg.errors import NotFoundError
from kg.index.search import SearchIndex
from kg.iri import Iris
from kg.link.linker import NormalFormLinker
from kg.model import RelationKind
from kg.query.catalogue import Catalogue
from kg.resources import load_graph, ontology_dir
from kg.sources import make_paper
from kg.store.oxigraph import OxigraphStore
from kg.writer import Writer
from tests.fakes import D, DefiningExtractor, M

LONG, TREEBANK = "sparse selective training", "Stanford Sentiment Treebank"
TEXTS = [
    f"We use {LONG} (SST).",
    f"A {LONG} (SST) is fast.",
    "SST saves time.",
    f"The {TREEBANK} (SST) is read.",
    f"SST is a pruner, and {TREEBANK}.",
]


@pytest.fixture(scope="module")
def reasons(tmp_path_factory: pytest.TempPathFactory) -> Explanation:
    return explain(catalogue(tmp_path_factory.mktemp("explain")), "sparse-selective-training")


def catalogue(folder: Path) -> Catalogue:
    writer = Writer(OxigraphStore(None), SearchIndex(folder / "s.sqlite"), Iris("http://127.0.0.1:8000/"))
    ontology = [load_graph(ontology_dir() / name) for name in ("kg.ttl", "shapes.ttl")]
    extractor = DefiningExtractor({LONG: M, TREEBANK: D, "SST": M, "pruner": M})
    papers = [make_paper(f"Paper {i}", text, identifier=f"p{i}") for i, text in enumerate(TEXTS)]
    build(papers, Parts(extractor, NormalFormLinker(), frozenset(), *ontology), writer)
    return Catalogue(writer.store, writer.iris)


def test_names_come_with_counts_and_rules(reasons: Explanation) -> None:
    found = {(name.name, name.rule, name.mentions, name.papers, name.score) for name in reasons.names}
    assert found == {
        ("SST", "definition", 2, 2, 1.0),
        ("SST", "sense", 2, 2, 1.0),
        ("sparse selective training", "name", 2, 2, 1.0),
    }


def test_definitions_come_with_their_sentences(reasons: Explanation) -> None:
    assert [(d.paper, d.short, d.sentence) for d in reasons.definitions] == [
        ("p0", "SST", TEXTS[0]),
        ("p1", "SST", TEXTS[1]),
    ]


def test_other_senses_are_told_with_the_reason(reasons: Explanation) -> None:
    assert [(a.slug, a.papers, a.reason) for a in reasons.apart] == [
        ("stanford-sentiment-treebank", 1, "defined so by its papers")
    ]


def test_relatives_come_with_the_sentence_that_says_so(reasons: Explanation) -> None:
    [broader] = reasons.broader
    assert (broader.slug, broader.rule, broader.sentence, broader.paper) == ("pruner", "is-a", TEXTS[4], "p4")
    assert reasons.narrower == ()
    assert len({sample.paper_id for sample in reasons.samples}) == len(reasons.samples) == 3


def test_roles_are_counted_and_statements_come_with_a_sentence(tmp_path: Path) -> None:
    found = explain(catalogue(tmp_path), "pruner")
    assert found.roles == {}
    [said] = found.statements
    assert (said.subject.slug, said.kind, said.object.slug) == (
        "sparse-selective-training",
        RelationKind.IS_A,
        "pruner",
    )
    assert [(e.sentence, e.paper_id) for e in said.evidence] == [(TEXTS[4], "p4")]
    assert said.papers == 1


def test_an_unknown_entity_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no entity 'nothing'"):
        explain(catalogue(tmp_path), "nothing")
