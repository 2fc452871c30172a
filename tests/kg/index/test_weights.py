"""Rarity and strength, worked out by hand on small matrices."""

import math

import numpy as np
import pytest

from kg.index import incidence
from kg.index.incidence import EntityFact, Incidence, PaperFact
from kg.index.weights import COMMON, FEW, LENGTH, PARENT, POWER, ROLE_FACTORS, Weights, rarity
from kg.model import Label, Role


def matrix(named: dict[str, list[str]], broader: list[tuple[str, str]] = [], generic: str = "") -> Incidence:  # noqa: B006
    """Papers with the entities that they name, as ``slug``, ``slug/role`` or ``slug*confidence``."""
    facts = []
    for paper, each in named.items():
        cells = []
        for text in each:
            name, _, confidence = text.partition("*")
            slug, _, role = name.partition("/")
            cells.append((slug, float(confidence or 1), Role(role) if role else None))
        facts.append(PaperFact(paper, 2000, None, cells))
    slugs = {cell[0] for fact in facts for cell in fact.named} | {slug for pair in broader for slug in pair}
    return incidence.assemble(facts, (EntityFact(s, Label.METHOD, s == generic) for s in slugs), broader)


def number(corpus: int, papers: int) -> float:
    return float(rarity(np.array([papers]), corpus)[0])


@pytest.mark.parametrize("corpus", [240, 2000, 87_287])
def test_what_over_five_percent_of_a_large_corpus_name_counts_nothing(corpus: int) -> None:
    limit = int(COMMON * corpus)
    assert number(corpus, limit + 1) == number(corpus, corpus) == 0
    assert number(corpus, 2) == pytest.approx(math.log(COMMON * corpus / 2) ** POWER)
    assert number(corpus, 2) > number(corpus, 3) > number(corpus, limit - 1) > 0
    assert number(corpus, limit // 2) < number(corpus, 2) / 4


def test_a_small_corpus_has_links_too_but_none_by_what_nearly_all_name() -> None:
    assert number(47, 45) == number(47, FEW) == 0
    assert number(47, 9) > 0
    assert number(3, 3) == 0
    assert number(3, 2) > 0
    assert number(0, 0) == 0


def test_a_strength_is_confidence_times_role_by_the_length_of_the_list() -> None:
    made = Weights.of(matrix({"p": ["a/proposes*0.5", "b*0.25"], "q": ["a"]}))
    mean = 1.5
    long, short = 1 - LENGTH + LENGTH * 2 / mean, 1 - LENGTH + LENGTH / mean
    assert made.strengths.tolist() == pytest.approx([0.5 * ROLE_FACTORS[Role.PROPOSES] / long, 0.25 / long, 1 / short])
    assert made.flat + made.each * 2 == pytest.approx(long)
    turned = made.by_entity.toarray()
    assert turned[0].tolist() == pytest.approx([made.strengths[0], made.strengths[2]])
    assert turned[1].tolist() == pytest.approx([made.strengths[1], 0])


def test_kin_are_the_papers_that_name_a_thing_or_a_kind_of_it_with_the_strongest() -> None:
    found = matrix(
        {"p": ["sgd*0.5", "adam*0.25"], "q": ["descent"], "r": ["other"]}, [("sgd", "descent"), ("adam", "descent")]
    )
    made = Weights.of(found)
    descent = found.column("descent")
    row = made.kin.toarray()[descent]
    assert row.tolist() == pytest.approx(
        [made.strengths[found.entities_of(0)[0].tolist().index(found.column("sgd"))], made.strengths[2], 0]
    )
    assert made.kin_papers.tolist() == [2 if column == descent else 0 for column in range(len(found.entities))]
    assert made.kin_rarity[descent] == pytest.approx(PARENT * number(3, 2))
    assert made.kin_rarity[found.column("sgd")] == 0


def test_generic_terms_count_nothing_whatever_they_are_shared_by() -> None:
    found = matrix({"p": ["a", "kind"], "q": ["a"], "r": ["kind"], "s": []}, [("kind", "a")], generic="a")
    made = Weights.of(found)
    assert made.rarity[found.column("a")] == made.kin_rarity[found.column("a")] == 0
    assert made.rarity[found.column("kind")] > 0


def test_nothing_can_be_weighed() -> None:
    made = Weights.of(incidence.assemble([], [], []))
    assert made.strengths.tolist() == made.rarity.tolist() == []
    alone = Weights.of(matrix({"p": []}))
    assert alone.flat == 1 - LENGTH
