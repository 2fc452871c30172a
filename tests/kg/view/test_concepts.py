from dataclasses import replace
from pathlib import Path

import pytest

from kg.analysis.cooccurrence import Choice
from kg.errors import NotFoundError
from kg.model import MAX_NODES, Label
from kg.view.concepts import MAX_EGO, SENTENCES, Question, concept_network
from kg.workspace import Reader
from tests.corpus import NAMES


def test_the_whole_map_has_the_places_of_the_atlas(reader: Reader) -> None:
    network = concept_network(reader, Question())
    places = {place.slug: (place.x, place.y, place.community) for place in reader.atlas.places}
    assert {node.id: (node.x, node.y, node.cluster) for node in network.nodes} == places
    assert (network.title, network.papers) == ("Concept map", 16)
    assert network.total_nodes == len(NAMES) - 1  # one is generic
    assert network.nodes[0].papers == max(node.papers for node in network.nodes)
    assert all(" · " in name or name for name in network.clusters.values())


def test_filters_of_the_map_leave_out_entities(reader: Reader) -> None:
    only = concept_network(reader, Question(choice=Choice(labels=(Label.CONCEPT,))))
    assert {node.name.lower() for node in only.nodes} == {"tangent kernel", "infinite width"}
    assert only.total_nodes == 2
    often = concept_network(reader, Question(choice=Choice(min_papers=3)))
    assert {node.papers >= 3 for node in often.nodes} == {True}
    assert len(concept_network(reader, Question(choice=Choice(limit=2))).nodes) == 2


def test_what_surrounds_an_entity(reader: Reader) -> None:
    network = concept_network(reader, Question(focus="tangent-kernel"))
    assert (network.title, network.focus) == ("Concept map: tangent kernel", "tangent-kernel")
    assert network.nodes[0].id == "tangent-kernel"
    assert "neural-network" not in {node.id for node in network.nodes}
    with pytest.raises(NotFoundError, match="nope"):
        concept_network(reader, Question(focus="nope"))


def test_what_is_typical_of_papers_that_a_text_finds(reader: Reader) -> None:
    network = concept_network(reader, Question(query="translation"))
    assert (network.papers, network.title) == (1, "Concept map: papers on “translation”")
    assert {node.name.lower() for node in network.nodes} == {"attention", "translation", "accuracy"}
    nothing = concept_network(reader, Question(query="quaternion"))
    assert (nothing.nodes, nothing.papers) == ((), 0)


def test_what_surrounds_an_entity_in_some_papers(reader: Reader) -> None:
    network = concept_network(reader, Question(focus="attention", query="images"))
    assert (network.title, network.papers) == ("Concept map: Attention, papers on “images”", 1)
    assert {node.id for node in network.nodes} == {"attention", "imagenet", "rare-trick", "accuracy"}


def test_what_is_typical_of_these_papers(reader: Reader) -> None:
    network = concept_network(reader, Question(papers=("mt", "vision", "mt")))
    assert (network.papers, network.title) == (2, "Concept map: 2 papers")
    assert {node.id for node in network.nodes} == {"attention", "translation", "accuracy", "imagenet", "rare-trick"}
    with pytest.raises(NotFoundError, match="nope"):
        concept_network(reader, Question(papers=("nope",)))


@pytest.mark.parametrize(
    ("years", "title", "papers"),
    [
        ((2000, 2001), "2000 to 2001", 2),
        ((None, 2002), "up to 2002", 3),
        ((2004, None), "from 2004", 12),
        ((2002, 2002), "2002", 1),
    ],
)
def test_what_is_typical_of_years(reader: Reader, years: tuple[int, int], title: str, papers: int) -> None:
    network = concept_network(reader, Question(choice=Choice(year_from=years[0], year_to=years[1])))
    assert (network.title, network.papers) == (f"Concept map: {title}", papers)


def test_sentences_come_from_the_papers_that_were_counted(reader: Reader) -> None:
    plain = concept_network(reader, Question(focus="attention"))
    assert {node.evidence for node in plain.nodes} == {()}
    question = Question(focus="attention").with_sentences()
    drawn = concept_network(reader, question)
    for node in drawn.nodes:
        papers = [each.paper_id for each in node.evidence]
        assert 1 <= len(papers) == len(set(papers)) <= 3
        assert all(each.text.lower() == node.name.lower() for each in node.evidence)
    early = concept_network(reader, replace(question, choice=replace(question.choice, year_to=2002)))
    assert {each.paper_id for node in early.nodes for each in node.evidence} == {"mt"}


def test_large_drawings_bring_fewer_sentences() -> None:
    assert Question(choice=Choice(limit=MAX_NODES)).with_sentences().choice.examples == 1
    assert Question(choice=Choice(limit=MAX_NODES), focus="x").with_sentences().choice.examples == SENTENCES // MAX_EGO
    assert Question().with_sentences(0).choice.examples == 0


def test_a_snapshot_without_a_map_says_what_to_do(reader: Reader, tmp_path: Path) -> None:
    bare = replace(reader, path=tmp_path)
    from kg.errors import StoreError

    with pytest.raises(StoreError, match="kg index --rebuild"):
        concept_network(bare, Question())
