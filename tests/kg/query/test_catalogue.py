import pytest

from kg.errors import NotFoundError
from kg.model import Entity, Field, Label, Paper
from kg.workspace import Reader


def test_a_paper_comes_back_as_it_was_read(reader: Reader) -> None:
    paper = reader.catalogue.paper("ntk")
    assert paper == Paper(
        "ntk",
        "Tangent kernel",
        "A neural network of infinite width follows the tangent kernel. We propose rare trick.",
        authors=("Ada Lovelace", "Alan Turing"),
        year=2000,
        identifier="ntk",
    )


def test_mentions_come_in_reading_order_with_the_title_first(reader: Reader) -> None:
    found = [linked.mention for linked in reader.catalogue.mentions("ntk")]
    assert [m.field for m in found] == [Field.TITLE, *[Field.ABSTRACT] * 4]
    starts = [m.start for m in found[1:]]
    assert starts == sorted(starts)


def test_an_entity_comes_with_its_aliases(reader: Reader) -> None:
    entity = reader.catalogue.entity("tangent-kernel")
    assert entity == Entity("tangent-kernel", "tangent kernel", Label.CONCEPT, (), 2)
    assert reader.catalogue.entity("neural-network").generic


@pytest.mark.parametrize("name", ["nope", "", "a b", "x> <y", "../a", "é", "\ud800"])
def test_what_is_not_there_is_not_found_whatever_its_name(reader: Reader, name: str) -> None:
    with pytest.raises(NotFoundError):
        reader.catalogue.paper(name)
    with pytest.raises(NotFoundError):
        reader.catalogue.entity(name)
    assert reader.catalogue.papers_of(name) == []


def test_papers_of_an_entity_newest_first(reader: Reader) -> None:
    rows = reader.catalogue.papers_of("tangent-kernel")
    assert [(row.id, row.year) for row in rows] == [("features", 2001), ("ntk", 2000)]
    assert {row.id: row.introduces for row in reader.catalogue.papers_of("rare-trick")} == {
        "ntk": True,
        "vision": False,
    }


def test_evidence_prefers_abstracts(reader: Reader) -> None:
    first = reader.catalogue.evidence("ntk", "tangent-kernel")[0]
    assert first.sentence.startswith("A neural network")
    assert first.sentence[first.start : first.end] == first.text
    assert {e.paper_id for e in reader.catalogue.sentences("attention", limit=9)} == {"mt", "vision"}
    assert len(reader.catalogue.sentences("accuracy", limit=3)) == 3


def test_totals(reader: Reader) -> None:
    assert reader.catalogue.totals() == (43, 40)
