from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ExtractionError, SourceError
from kg.extract.checked import CheckedExtractor, read_each
from kg.extract.mentions import MAX_CONTEXT, mention_at
from kg.model import Extraction, Field, Label, Mention, Paper, Relation, RelationKind, Role
from kg.sources import make_paper
from tests.wayward import Wayward

PAPER = make_paper("A graph", "One graph. Another graph of the graph.")


class Fixed:
    """Returns what it is given, whatever was asked."""

    name = "fixed"
    version = "1"

    def __init__(self, *extractions: Any) -> None:
        self.extractions = extractions

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        list(papers)
        yield from self.extractions


def checked(*extractions: Any) -> CheckedExtractor:
    return CheckedExtractor(Fixed(*extractions), "1")


def mentions(paper: Paper = PAPER) -> list[Mention]:
    return list(Wayward().mentions(paper))


def fault(*changed: Mention, **others: Any) -> str:
    with pytest.raises(ExtractionError) as caught:
        list(checked(Extraction(PAPER, changed, **others)).extract([PAPER]))
    return str(caught.value)


def test_good_mentions_pass_in_either_order_of_the_fields() -> None:
    title, *abstract = mentions()
    for order in ([title, *abstract], [*abstract, title]):
        (extraction,) = checked(Extraction(PAPER, tuple(order))).extract([PAPER])
        assert [m.start for m in extraction.mentions] == [m.start for m in order]
        assert {m.score for m in extraction.mentions} == {0.988}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"start": 5, "end": 10}, "abstract[5:10] reads 'raph.', not 'graph'"),
        ({"text": "Graph"}, "abstract[4:9] reads 'graph', not 'Graph'"),
        ({"end": 900}, "abstract[4:900] lies outside the abstract, which has 38 characters"),
        ({"start": -3}, "lies outside"),
        ({"start": 9}, "lies outside"),
        ({"score": 0}, "the score must be from 0.001 to 1, not 0"),
        ({"score": float("nan")}, "the score must be"),
        ({"score": 93.0}, "not 93.0"),
        ({"score": "high"}, "offsets must be whole numbers and the score a number"),
        ({"start": 4.0}, "offsets must be whole numbers"),
        ({"label": "Method"}, "must be a Field and a Label of kg.model"),
        ({"field": "abstract"}, "must be a Field and a Label of kg.model"),
        ({"role": "uses"}, "role must be a Role of kg.model or None, and its score a number, not 'uses' and 0.0"),
        ({"role_score": "high"}, "not None and 'high'"),
        ({"role_score": 1.5}, "'graph' at abstract[4:9]: the role's score must be from 0 to 1, not 1.5"),
        ({"role_score": float("nan")}, "the role's score must be"),
        ({"sentence": "One graph!"}, "the sentence given does not stand around it"),
        ({"sentence_start": 11, "sentence": "Another graph of the graph."}, "does not stand around it"),
    ],
)
def test_a_wrong_mention_is_named_with_its_paper(change: dict[str, Any], reason: str) -> None:
    told = fault(mentions()[0], replace(mentions()[1], **change))
    assert reason in told
    assert told.startswith("fixed, paper 'A graph', mention 2 of 2: ")


def test_mentions_that_overlap_or_run_backwards_are_refused() -> None:
    _, first, second, _ = mentions()
    assert "'graph' at abstract[4:9] overlaps the one before it, or stands in the wrong order" in fault(second, first)
    longer = mention_at(PAPER, Field.ABSTRACT, 0, 9, Label.TASK, score=0.5)
    assert "overlaps" in fault(longer, first)
    assert "is a str, not a Mention" in fault("graph")  # type: ignore[arg-type]


def related(**changes: Any) -> Relation:
    first, second, *_ = mentions()
    return Relation(**{"head": first, "tail": second, "kind": RelationKind.PART_OF, "score": 0.5, **changes})


def test_roles_and_relations_pass_rounded() -> None:
    first, second, *_ = (replace(m, role=Role.USES, role_score=0.98765) for m in mentions())
    relation = Relation(first, second, RelationKind.USED_FOR, 0.12345, "verb")
    (extraction,) = checked(Extraction(PAPER, (first, second), relations=(relation,))).extract([PAPER])
    assert {(m.role, m.role_score) for m in extraction.mentions} == {(Role.USES, 0.988)}
    [kept] = extraction.relations
    assert (kept.head, kept.tail) == extraction.mentions
    assert (kept.kind, kept.score, kept.rule) == (RelationKind.USED_FOR, 0.123, "verb")


@pytest.mark.parametrize(
    ("relation", "reason"),
    [
        ("used for", "is a str, not a Relation"),
        (
            related(kind="partOf"),
            "kind must be a RelationKind of kg.model and the score a number, not 'partOf' and 0.5",
        ),
        (related(score="high"), "not <RelationKind.PART_OF: 'partOf'> and 'high'"),
        (related(score=0), "the score must be from 0.001 to 1, not 0"),
        (related(score=float("nan")), "the score must be"),
        (related(head="graph"), "its head is none of the mentions of this extraction"),
        (related(tail=mentions()[2]), "its tail is none of the mentions of this extraction"),
        (related(tail=mentions()[0]), "'graph' at title[2:7] is both its head and its tail"),
    ],
)
def test_a_wrong_relation_is_named_with_its_paper(relation: Any, reason: str) -> None:
    told = fault(*mentions()[:2], relations=(related(), relation))
    assert reason in told
    assert told.startswith("fixed, paper 'A graph', relation 2 of 2: ")


def test_a_relation_is_given_once() -> None:
    two = (related(), related(score=0.7))
    assert "relation 2 of 2: says the same of the same two mentions as one before it" in fault(
        *mentions()[:2], relations=two
    )


def test_wrong_aliases_and_systems_are_refused() -> None:
    assert "aliases must be pairs" in fault(aliases=(("long",),))
    assert "aliases must be pairs" in fault(aliases=(("long", ""),))
    assert "system must be a name or None" in fault(system=3)


def test_every_paper_is_answered_once_and_in_order() -> None:
    other = make_paper("Other")
    good = Extraction(PAPER, ())
    for given_back, asked, reason in [
        ((), [PAPER], "returned nothing for paper 'A graph'"),
        ((good, good), [PAPER], "more extractions than it was given papers"),
        ((Extraction(other, ()), good), [PAPER, other], "returned paper 'Other' where paper 'A graph' was next"),
        (({"mentions": []},), [PAPER], "returned a dict, not an Extraction"),
    ]:
        with pytest.raises(ExtractionError, match=reason):
            list(checked(*given_back).extract(asked))


def test_bad_papers_are_rejected_and_good_ones_kept_without_reading_them_twice() -> None:
    read: list[str] = []

    class Counting(Wayward):
        def mentions(self, paper: Paper) -> Iterator[Mention]:
            read.append(paper.title)
            return super().mentions(paper)

    titles = ["first graph", "shift graph", "raise now", "double graph", "last graph"]
    extractor = CheckedExtractor(Counting(), "1")
    outcomes = list(read_each(extractor, [make_paper(title) for title in titles]))
    assert [isinstance(outcome, Extraction) for outcome in outcomes] == [True, False, False, False, True]
    assert read.count("first graph") == 1
    reasons = [outcome.reason for outcome in outcomes if isinstance(outcome, SourceError)]
    assert "title[7:12] lies outside the title" in reasons[0]
    assert reasons[1] == "wayward failed on paper 'raise now': ValueError: not this one"
    assert "overlaps" in reasons[2]


@given(st.text(alphabet="aB. !\n", min_size=1, max_size=80), st.data())
def test_a_mention_made_of_offsets_always_passes(text: str, data: st.DataObject) -> None:
    paper = Paper("x", "title", text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = mention_at(paper, Field.ABSTRACT, start, end, Label.TASK, score=0.5)
    assert list(checked(Extraction(paper, (made,))).extract([paper]))


def test_a_mention_has_its_own_sentence() -> None:
    text = "We start e.g. here. The method wins! Then it ends."
    paper = make_paper("T", text)
    made = mention_at(paper, Field.ABSTRACT, 24, 30, Label.METHOD, score=0.5)
    assert (made.text, made.sentence) == ("method", "The method wins!")
    assert mention_at(paper, Field.ABSTRACT, 20, 23, Label.METHOD, score=0.5).sentence == "The method wins!"
    endless = make_paper("T", "x " * 2000)
    assert len(mention_at(endless, Field.ABSTRACT, 2000, 2001, Label.METHOD, score=0.5).sentence) == 2 * MAX_CONTEXT + 1
