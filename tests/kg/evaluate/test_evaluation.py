"""The pairs that all numbers are made of."""

import pytest

from kg.evaluate import AnnotatedPaper, evaluate
from kg.evaluate.counts import Counts
from tests.kg.evaluate.hand import M, Scripted, evaluated, paper, title


def test_papers_keep_their_order_and_their_spans() -> None:
    result = evaluated(([title(0, 5, M)], []), ([], [title(1, 4, M)]))
    assert [each.gold.paper.id for each in result.papers] == ["0", "1"]
    assert [(each.wanted, each.found) for each in result.papers] == [
        (frozenset([title(0, 5, M)]), frozenset()),
        (frozenset(), frozenset([title(1, 4, M)])),
    ]


def test_names_of_what_is_introduced_count_to_the_letter() -> None:
    gold = [AnnotatedPaper(paper(str(i)), (), system) for i, system in enumerate(["A", "A", None, None])]
    result = evaluate(gold, Scripted(*(((), system, 1.0) for system in ("A", "a", "B", None))))
    assert result.systems == Counts(found=3, wanted=2, found_right=1, wanted_right=1)


def test_an_extractor_that_loses_a_paper_is_a_bug() -> None:
    class Forgetful(Scripted):
        def extract(self, papers):
            return super().extract(list(papers)[:-1])

    gold = [AnnotatedPaper(paper(name), ()) for name in "ab"]
    with pytest.raises(ValueError, match="shorter"):
        evaluate(gold, Forgetful(((), None, 1.0)))
