import pytest

from kg.analysis.meetings import meeting, quoted, sightings
from kg.analysis.sightings import Sighting, Titled
from kg.atlas.association import Weight, associate
from kg.atlas.pairs import Scope
from kg.errors import NotFoundError
from kg.model import Evidence
from kg.workspace import Reader
from tests.kg.analysis.made import Made


def test_two_entities_meet_in_the_papers_that_name_both(reader: Reader) -> None:
    found = meeting(reader, ("attention", "accuracy"), Scope(reader.incidence), Weight.NPMI)
    assert (found.left.slug, found.right.slug, found.papers, found.total) == ("attention", "accuracy", 2, 16)
    assert found.counts == (2, 14)
    assert found.expected == 1.75
    assert found.weight == associate(Weight.NPMI, 2, 2, 14, 16)
    assert [one.paper.id for one, _ in found.places] == ["vision", "mt"]  # as sure, so the newer one first
    for one, other in found.places:
        assert one.paper == other.paper
        assert one.evidence
        assert one.evidence.text.lower() == "attention"
        assert other.evidence
        assert other.evidence.text.lower() == "accuracy"
    assert len(meeting(reader, ("attention", "accuracy"), Scope(reader.incidence), Weight.NPMI, limit=1).places) == 1


def test_only_papers_that_count_are_counted(reader: Reader) -> None:
    rows = reader.incidence.years == 2002
    found = meeting(reader, ("attention", "accuracy"), Scope(reader.incidence, rows), Weight.NPMI)
    assert (found.papers, found.counts, found.total) == (1, (1, 1), 1)
    assert [each.paper.id for each in sightings(reader, "attention", Scope(reader.incidence, rows))] == ["mt"]
    apart = meeting(reader, ("imagenet", "translation"), Scope(reader.incidence), Weight.NPMI)
    assert (apart.papers, apart.places, apart.weight) == (0, (), 0.0)
    with pytest.raises(NotFoundError):
        meeting(reader, ("imagenet", "nope"), Scope(reader.incidence), Weight.NPMI)


def test_papers_that_do_something_with_it_come_first() -> None:
    made = Made({"p1": (2020, "mnew"), "p2": (2001, "mnew+"), "p3": (2021, "mnew"), "p4": (2000, "mnew!")})
    found = sightings(made, "mnew", Scope(made.incidence), limit=3)
    assert [each.paper.id for each in found] == ["p2", "p4", "p3"]


def said(sentence: str, *texts: str) -> list[Sighting]:
    places = [(sentence.index(text), sentence.index(text) + len(text)) for text in texts]
    evidence = (Evidence("p", sentence, start, end, sentence[start:end], 0.9) for start, end in places)
    return [Sighting(Titled("p", "P", None), None, 0.9, each) for each in evidence]


def test_a_sentence_that_names_both_is_shown_once() -> None:
    [pieces] = quoted(*said("We use BERT on SQuAD.", "BERT", "SQuAD"))
    assert pieces == [("We use ", False), ("BERT", True), (" on ", False), ("SQuAD", True), (".", False)]
    two = quoted(*said("We use BERT.", "BERT"), *said("SQuAD is hard.", "SQuAD"))
    assert ["".join(text for text, _ in each) for each in two] == ["We use BERT.", "SQuAD is hard."]
    [overlapping] = quoted(*said("deep Q-learning works", "deep Q-learning", "Q-learning"))
    assert "".join(text for text, named in overlapping if named) == "deep Q-learning"
    assert quoted(Sighting(Titled("p", "P", None), None, 0.9, None)) == []
