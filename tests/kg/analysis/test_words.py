"""Papers related by their words: what they count, which are shown, and that rare ones may do alone."""

import random

import numpy as np
import pytest

from kg.analysis.words import CANDIDATES, LEAST, MOSTLY, SHOWN, Common, Spelt, Words
from kg.index.terms import column_of, counted
from kg.index.weights import POWER
from kg.index.word_weights import HALF, PHRASE, RARE, WORDING, WordWeights
from kg.index.wording import Wording

NOTHING = np.zeros(0, np.int64), np.zeros(0)


def corpus(*first: tuple[str, str], papers: int = 400) -> list[tuple[str, str]]:
    """These papers, and others of common words."""
    chance = random.Random(1)  # noqa: S311 - no secret
    common = [f"common{n}" for n in range(30)]
    return [*first, *(("Study", " ".join(chance.choices(common, k=12))) for _ in range(papers - len(first)))]


def weigh(texts: list[tuple[str, str]]) -> WordWeights:
    return WordWeights.of(Wording.of(texts))


def counted_with(words: Words, *rows: int) -> list[float]:
    return [common.weight for common in words.told(np.array(rows))]


def by_hand(texts: list[tuple[str, str]], one: int, other: int) -> float:
    cells = [{column: count for column, count, _ in counted(*text)} for text in texts]
    words = [sum(count for column, count in each.items() if column % 2 == 0) for each in cells]
    damping = [each / (sum(words) / len(words)) for each in words]
    total = 0.0
    for column in cells[one].keys() & cells[other].keys():
        users = sum(column in each for each in cells)
        if users > MOSTLY * len(texts):
            continue
        strengths = [cells[row][column] / (cells[row][column] + damping[row]) for row in (one, other)]
        factor = (
            WORDING
            * len(texts)
            / (len(texts) + HALF)
            * np.log(len(texts) / users) ** POWER
            * (PHRASE if column % 2 else 1.0)
        )
        total += factor * strengths[0] * strengths[1]
    return total


def test_weights_are_rarity_times_both_strengths_and_go_both_ways() -> None:
    texts = corpus(
        ("Zebra stripes", "common1 zebra stripes."), ("Of zebra stripes", "zebra common2, common1"), papers=60
    )
    weights = weigh(texts)
    for one, other in ((0, 1), (0, 5), (7, 8)):
        (found,) = counted_with(Words.of(weights, one), other)
        (back,) = counted_with(Words.of(weights, other), one)
        assert found == pytest.approx(by_hand(texts, one, other))
        assert back == pytest.approx(found)


def test_rare_words_bring_papers_together_and_common_ones_do_not() -> None:
    first = ("Zebra", "stripes of one zebra"), ("Zebra", "stripes"), ("Zebra", "only")
    words = Words.of(weigh(corpus(*first)), 0)
    rows, _ = words.added(NOTHING, None, alone=True, least=9)
    assert LEAST == 2
    assert rows.tolist() == [1]  # the third shares one rare word
    assert words.added(NOTHING, None, alone=False, least=9)[0].tolist() == []
    both, sums = words.added((np.array([2]), np.array([1.5])), None, alone=True, least=9)
    assert both.tolist() == [1, 2]
    assert sums.tolist() == pytest.approx([counted_with(words, 1)[0], 1.5 + counted_with(words, 2)[0]])
    late = np.arange(400) > 1
    assert words.added((np.array([2]), np.array([1.5])), late, alone=True, least=9)[0].tolist() == [2]


def test_in_a_small_corpus_no_words_are_rare_enough_to_do_alone() -> None:
    papers = int(1 / RARE)
    words = Words.of(weigh(corpus(("Zebra", "stripes run"), ("Zebra", "stripes run"), papers=papers)), 0)
    assert words.added(NOTHING, None, alone=True, least=9)[0].tolist() == []


def test_of_many_papers_the_nearest_are_compared() -> None:
    near = [("Zebra", "common1 common2")] * 3
    weights = weigh(corpus(("Zebra", "common1 common2"), *near, papers=500))
    shares = np.arange(1, 500), np.full(499, 0.25)
    rows, sums = Words.of(weights, 0).added(shares, None, alone=True, least=9)
    assert len(rows) == CANDIDATES
    assert set(rows[np.argsort(-sums)[:3]].tolist()) == {1, 2, 3}


def test_what_is_not_kept_is_not_found_however_near_it_is() -> None:
    words = Words.of(weigh(corpus(("Zebra", "common1 common2"), papers=500)), 0)
    shares, kept = (np.arange(1, 500), np.full(499, 0.25)), np.arange(500) < 10
    for alone in (False, True):
        assert words.added(shares, kept, alone=alone, least=9)[0].tolist() == list(range(1, 10))


def told(texts: list[tuple[str, str]], names: tuple[str, ...] = ()) -> tuple[str, ...]:
    (common,) = Words.of(weigh(texts), 0).told(np.array([1]))
    return Spelt.of("a", texts[0]).shared(Spelt.of("b", texts[1]), common, names, shown=False).words


def test_what_counts_most_is_shown_each_word_once_and_nothing_common() -> None:
    texts = corpus(("Zebra stripes", "common1, common2, and the herd"), ("Zebra stripes", "the herd, common1, common2"))
    assert told(texts)[0] == "zebra stripes"
    assert set(told(texts)) == {"zebra stripes", "herd", "the"}
    many = ", ".join(f"word{n}" for n in range(9))
    assert len(told(corpus(("One", many), ("Two", many)))) == SHOWN


def test_words_of_names_that_are_shared_anyway_are_not_shown_again() -> None:
    texts = corpus(("Zebra stripes", "a herd"), ("Zebra stripes", "a herd"))
    assert "zebra stripes" in told(texts)
    assert told(texts, ("Zebra",)) != told(texts)
    assert not {"zebra stripes", "zebra", "stripes"} & set(told(texts, ("Stripes of a zebra",)))


def test_a_word_that_only_seems_to_be_in_the_other_is_not_shown() -> None:
    common = Common(1.0, [(column_of("zebra"), 0, 0), (column_of("stripes"), 6, 6)])
    spelling = Spelt.of("a", ("Zebra", "stripes"))
    for abstract, words in (("Stripes", ("zebra", "stripes")), ("spots", ("zebra",))):
        assert spelling.shared(Spelt.of("b", ("Zebra", abstract)), common, (), shown=False).words == words


def test_sentences_show_the_first_word_in_both() -> None:
    texts = corpus(
        ("Animals", "We run, e.g. fast. Zebra stripes confuse flies. They do."),
        ("Stripes", "Flies hate Zebra stripes!"),
    )
    (common,) = Words.of(weigh(texts), 0).told(np.array([1]))
    here, there = Spelt.of("a", texts[0]), Spelt.of("b", texts[1])
    found = here.shared(there, common, (), shown=True)
    assert found.words == ("zebra stripes", "flies")
    assert found.here
    assert found.there
    assert (found.here.paper_id, found.here.sentence) == ("a", "Zebra stripes confuse flies.")
    assert (found.there.paper_id, found.there.sentence) == ("b", "Flies hate Zebra stripes!")
    assert found.there.sentence[found.there.start : found.there.end] == found.there.text == "Zebra stripes"
    assert found.reason == f"weight {found.weight:.2f}, and shares the words: {', '.join(found.words)}"
    assert "all words" in here.shared(there, Common(1.0, []), (), shown=True).reason


def test_papers_without_words_are_compared_too() -> None:
    weights = weigh([("", ""), ("", ""), ("a", "b")])
    assert counted_with(Words.of(weights, 0), 1, 2) == [0, 0]
    assert Words.of(weights, 0).told(np.array([1])) == [Common(0.0, [])]
    assert WordWeights.of(Wording.of([])).damping.tolist() == []
