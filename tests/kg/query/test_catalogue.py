import pytest

from kg.errors import NotFoundError
from kg.model import Entity, Field, Label, Paper, RelationKind, Role
from kg.query.catalogue import in_words
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
    assert [row.role for row in rows] == [None, None]
    assert {row.id: row.introduces for row in reader.catalogue.papers_of("rare-trick")} == {
        "ntk": True,
        "vision": False,
    }


def test_roles_are_those_of_the_paper_and_of_its_mentions(reader: Reader) -> None:
    assert reader.catalogue.roles("mt") == {"attention": Role.USES, "translation": Role.ADDRESSES}
    assert reader.catalogue.roles("vision") == {"imagenet": Role.EVALUATES, "accuracy": Role.REPORTS}
    assert reader.catalogue.roles("ntk") == {"rare-trick": Role.PROPOSES}
    said = {(m.mention.text, m.mention.role, m.mention.role_score) for m in reader.catalogue.mentions("mt")}
    assert said == {
        ("Attention", None, 0.0),
        ("translation", None, 0.0),
        ("neural network", None, 0.0),
        ("attention", Role.USES, 0.75),
        ("translation", Role.ADDRESSES, 0.75),
        ("Accuracy", None, 0.0),
    }
    assert {row.id: row.role for row in reader.catalogue.papers_of("attention")} == {"mt": Role.USES, "vision": None}


def test_statements_come_from_either_end_with_sentences_of_different_papers(reader: Reader) -> None:
    [used] = reader.catalogue.statements("translation", limit=9)
    assert (used.subject.name, used.subject.label, used.kind) == ("Attention", Label.METHOD, RelationKind.USED_FOR)
    assert (used.object.slug, used.papers, used.score) == ("translation", 1, 0.55)
    assert [(e.paper_id, e.parts, e.title) for e in used.evidence] == [
        ("mt", ("", "Attention", " for translation"), "Attention for translation")
    ]
    [wide, on] = reader.catalogue.statements("neural-network", limit=9, sentences=9)
    assert (wide.kind, wide.object.slug, wide.papers) == (RelationKind.PART_OF, "infinite-width", 2)
    assert [e.paper_id for e in wide.evidence] == ["features", "ntk"]
    assert wide.evidence[0].score >= wide.evidence[1].score
    assert (on.kind, on.object.slug) == (RelationKind.EVALUATED_ON, "imagenet")
    assert len(reader.catalogue.statements("neural-network", limit=1)[0].evidence) == 1
    assert reader.catalogue.statements("accuracy", limit=9) == []


def test_kinds_can_be_read() -> None:
    assert {in_words(kind) for kind in RelationKind} == {
        "used for",
        "evaluated on",
        "part of",
        "is a",
        "compared with",
        "measured by",
    }


def test_evidence_prefers_abstracts(reader: Reader) -> None:
    first = reader.catalogue.evidence("ntk", "tangent-kernel")[0]
    assert first.sentence.startswith("A neural network")
    assert first.sentence[first.start : first.end] == first.text
    assert {e.paper_id for e in reader.catalogue.sentences("attention", limit=9)} == {"mt", "vision"}
    assert len(reader.catalogue.sentences("accuracy", limit=3)) == 3


def test_totals(reader: Reader) -> None:
    assert reader.catalogue.totals() == (43, 40)
