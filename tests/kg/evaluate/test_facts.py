"""Roles and relations: what counts as right, and above which score."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.evaluate import AnnotatedPaper, Evaluation, Span
from kg.evaluate.annotations import Annotation
from kg.evaluate.bootstrap import Sampling
from kg.evaluate.counts import Counts, total
from kg.evaluate.cutoffs import cutoffs, lowest
from kg.evaluate.evaluation import ComparedPaper
from kg.evaluate.facts import Facts, Matching, count_facts, relations, roles
from kg.evaluate.mentions import MICRO
from kg.evaluate.report import report_facts
from kg.model import Extraction, Label, Mention, Paper, Relation, RelationKind, Role
from tests.kg.evaluate.hand import D, M, abstract, title

PAPER = Paper("gold.jsonl:1", "BERT on GLUE", "BERT beats ELMo on GLUE and GLUE is hard.")
SPANS = (title(0, 4, M), title(8, 12, D), abstract(0, 4, M), abstract(11, 15, M), abstract(19, 23, D))
BERT, GLUE, BERT_AGAIN, ELMO, GLUE_AGAIN = range(5)
GOLD = AnnotatedPaper(PAPER, SPANS)
USED, ON, AGAINST = Role.USES, RelationKind.EVALUATED_ON, RelationKind.COMPARED_WITH


def mention(span: Span, role: Role | None = None, score: float = 0.0) -> Mention:
    text = PAPER.text(span.field)[span.start : span.end]
    return Mention(span.field, span.start, span.end, text, Label(span.label), 0.9, "", 0, "model", role, score)


def compared(
    wanted_roles: dict[int, Role],
    found_roles: list[tuple[Span, Role, float]],
    wanted: tuple[tuple[int, int, RelationKind], ...] = (),
    found: tuple[tuple[Span, Span, RelationKind, float], ...] = (),
) -> tuple[Facts, Facts]:
    extraction = Extraction(
        PAPER,
        tuple(mention(*each) for each in found_roles),
        relations=tuple(Relation(mention(h), mention(t), kind, score) for h, t, kind, score in found),
    )
    unannotated = AnnotatedPaper(replace(PAPER, id="gold.jsonl:2"), SPANS)
    evaluation = Evaluation((ComparedPaper(unannotated, extraction), ComparedPaper(GOLD, extraction)))
    annotations = {PAPER.id: Annotation(wanted_roles, wanted)}
    return roles(evaluation, annotations), relations(evaluation, annotations)


def counted(facts: Facts, kind: str, matching: Matching = Matching.EXACT, threshold: float = 0.0) -> Counts:
    assert len(facts.papers) == 1
    return total(count_facts(facts, matching, threshold)[kind])


# --- roles


def test_a_role_is_right_of_the_same_characters() -> None:
    # Another label does no harm, another role and one character more do.
    found = [
        (SPANS[BERT]._replace(label=D), Role.PROPOSES, 0.9),
        (SPANS[ELMO], Role.USES, 0.8),
        (SPANS[GLUE]._replace(start=7), Role.EVALUATES, 0.7),
    ]
    facts, _ = compared({BERT: Role.PROPOSES, ELMO: Role.COMPARES, GLUE: Role.EVALUATES}, found)
    assert counted(facts, Role.PROPOSES) == Counts(1, 1, 1, 1)
    assert counted(facts, Role.USES) == Counts(1, 0, 0, 0)
    assert counted(facts, Role.COMPARES) == Counts(0, 1, 0, 0)
    assert counted(facts, Role.EVALUATES) == Counts(1, 1, 0, 0)
    assert counted(facts, MICRO) == Counts(3, 3, 1, 1)
    assert counted(facts, Role.EVALUATES, Matching.OVERLAP) == Counts(1, 1, 1, 1)


def test_mentions_without_a_role_are_no_facts() -> None:
    facts, related = compared({}, [(SPANS[BERT], None, 0.0)])
    assert facts.papers[0].found == facts.papers[0].wanted == related.papers[0].found == ()
    assert facts.kinds == ("proposes", "uses", "compares", "evaluates", "addresses", "reports")


def test_by_name_each_name_counts_once() -> None:
    facts, _ = compared({BERT: USED, BERT_AGAIN: USED, ELMO: USED}, [(SPANS[BERT_AGAIN], USED, 0.9)])
    assert counted(facts, USED) == Counts(1, 3, 1, 1)
    assert counted(facts, USED, Matching.NAMES) == Counts(1, 2, 1, 1)


# --- relations


def test_a_relation_has_a_direction() -> None:
    wanted = ((BERT, GLUE, ON),)
    right = (SPANS[BERT], SPANS[GLUE], ON, 0.9)
    for matching in Matching:
        _, facts = compared({}, [], wanted, (right,))
        assert counted(facts, ON, matching) == Counts(1, 1, 1, 1)
        _, facts = compared({}, [], wanted, ((SPANS[GLUE], SPANS[BERT], ON, 0.9),))
        assert counted(facts, ON, matching) == Counts(1, 1, 0, 0)
        _, facts = compared({}, [], wanted, ((*right[:2], RelationKind.USED_FOR, 0.9),))
        assert counted(facts, MICRO, matching) == Counts(1, 1, 0, 0)


@pytest.mark.parametrize("matching", Matching)
@pytest.mark.parametrize("ends", [(BERT_AGAIN, ELMO), (ELMO, BERT_AGAIN)])
def test_a_comparison_has_none(matching: Matching, ends: tuple[int, int]) -> None:
    _, facts = compared({}, [], ((BERT_AGAIN, ELMO, AGAINST),), ((SPANS[ends[0]], SPANS[ends[1]], AGAINST, 0.9),))
    assert counted(facts, AGAINST, matching) == Counts(1, 1, 1, 1)


def test_both_ways_of_a_comparison_are_one() -> None:
    one, other = (SPANS[BERT_AGAIN], SPANS[ELMO], AGAINST, 0.9), (SPANS[ELMO], SPANS[BERT_AGAIN], AGAINST, 0.8)
    _, facts = compared({}, [], ((BERT_AGAIN, ELMO, AGAINST),), (one, other))
    assert counted(facts, AGAINST) == Counts(1, 1, 1, 1)


def test_lenient_ends_overlap_both() -> None:
    wanted = ((BERT_AGAIN, GLUE_AGAIN, ON),)
    wider = SPANS[GLUE_AGAIN]._replace(start=16)
    _, facts = compared({}, [], wanted, ((SPANS[BERT_AGAIN], wider, ON, 0.9),))
    assert counted(facts, ON) == Counts(1, 1, 0, 0)
    assert counted(facts, ON, Matching.OVERLAP) == Counts(1, 1, 1, 1)
    _, facts = compared({}, [], wanted, ((SPANS[ELMO], wider, ON, 0.9),))
    assert counted(facts, ON, Matching.OVERLAP) == Counts(1, 1, 0, 0)


def test_by_name_other_mentions_of_the_same_do_as_well() -> None:
    _, facts = compared({}, [], ((BERT, GLUE, ON),), ((SPANS[BERT_AGAIN], SPANS[GLUE_AGAIN], ON, 0.9),))
    assert counted(facts, ON, Matching.OVERLAP) == Counts(1, 1, 0, 0)
    assert counted(facts, ON, Matching.NAMES) == Counts(1, 1, 1, 1)


KINDS = st.sampled_from([ON, AGAINST])
PLACES = st.integers(0, 4)
STATED = st.lists(st.tuples(PLACES, PLACES, KINDS), unique=True, max_size=6).map(tuple)


@given(STATED, STATED)
def test_exact_is_never_more_than_lenient(wanted, found) -> None:
    _, facts = compared({}, [], wanted, tuple((SPANS[h], SPANS[t], kind, 1.0) for h, t, kind in found))
    exact, overlap, names = (counted(facts, MICRO, matching) for matching in Matching)
    assert exact.found_right <= overlap.found_right <= overlap.found == len(found)
    assert exact.wanted_right <= overlap.wanted_right <= overlap.wanted == len(wanted)
    assert bool(exact.found_right) <= bool(names.found_right)
    assert counted(facts, MICRO, threshold=1.1) == exact._replace(found=0, found_right=0, wanted_right=0)


# --- cutoffs

SCORED = [(SPANS[BERT], USED, 0.95), (SPANS[ELMO], USED, 0.55), (SPANS[GLUE], USED, 0.2)]


def test_what_is_left_above_a_score() -> None:
    facts, _ = compared({BERT: USED, GLUE: USED}, SCORED)
    table = cutoffs(facts)
    assert list(table) == [*Role, MICRO]
    assert [each.score for each in table[USED]] == [i / 20 for i in range(20)]
    counts = {each.score: each.counts for each in table[USED]}
    assert counts[0.0] == counts[0.2] == Counts(3, 2, 2, 2)
    assert counts[0.25] == counts[0.55] == Counts(2, 2, 1, 1)
    assert counts[0.6] == counts[0.95] == Counts(1, 2, 1, 1)
    best = lowest(table[USED])
    assert best
    assert (best.score, best.counts.precision, best.counts.recall) == (0.6, 1.0, 0.5)
    assert lowest(table[USED], 0.6) == table[USED][0]
    assert lowest(table[Role.REPORTS]) is None
    assert lowest(table[USED], least=2) is None
    assert lowest(table[USED], 0.5, least=2) == table[USED][0]


def test_the_report_is_json() -> None:
    facts, _ = compared({BERT: USED, GLUE: USED}, SCORED)
    whole = report_facts({"roles": facts}, Sampling(50))
    assert json.loads(json.dumps(whole)) == whole
    made = whole["roles"]
    assert (made["papers"], made["precision"]) == (1, 0.8)
    assert list(made["scores"]) == ["exact", "overlap", "names"]
    assert made["scores"]["exact"]["uses"]["precision"] == made["scores"]["exact"]["micro"]["precision"] == 2 / 3
    assert made["scores"]["exact"]["uses"]["interval"]["recall"] == [1, 1]
    assert made["chosen"]["uses"] == {"score": 0.6, "precision": 1.0, "recall": 0.5, "found": 1}
    assert made["chosen"]["reports"] is None
    assert len(made["cutoffs"]["micro"]) == 20
