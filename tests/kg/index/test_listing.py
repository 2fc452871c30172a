from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.index.listing import Initial, Listed, Part
from kg.index.search import SearchIndex
from kg.model import Entity, Label

NAMES = {
    "Attention": 70,
    "attention head": 9,
    "Äther": 2,
    "beam search": 70,
    "2-opt": 1,
    "ε-greedy": 3,
    "BERT": 100,
    "Adam": 9,
}
METHODS = [Entity(f"e{n}", name, Label.METHOD, ("a name",), papers) for n, (name, papers) in enumerate(NAMES.items())]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    made = SearchIndex(tmp_path / "search.sqlite")
    made.put_entities([*METHODS, Entity("other", "Atari", Label.DATASET, (), 99)])
    yield made
    made.close()


def names(part: Part) -> list[str]:
    return [each.name for each in part.entities]


def all_of(lists: Callable[..., Part], listed: Listed, limit: int) -> list[str]:
    found, after = list[str](), Any
    while after:
        part = lists(listed, after=None if after is Any else after, limit=limit)
        assert 0 < len(part.entities) <= limit or not found
        found, after = found + names(part), part.after
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_by_name_without_case_accents_and_signs(index: SearchIndex, limit: int) -> None:
    expected = ["2-opt", "Adam", "Äther", "Attention", "attention head", "beam search", "BERT", "ε-greedy"]
    assert all_of(index.by_name, Listed(Label.METHOD), limit) == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_those_in_most_papers_first(index: SearchIndex, limit: int) -> None:
    found = all_of(index.by_papers, Listed(Label.METHOD), limit)
    assert found == ["BERT", "Attention", "beam search", "attention head", "Adam", "ε-greedy", "Äther", "2-opt"]
    assert all_of(index.by_papers, Listed(Label.METHOD, Initial.A), limit) == [
        "Attention",
        "attention head",
        "Adam",
        "Äther",
    ]


@pytest.mark.parametrize("lists", ["by_name", "by_papers"])
def test_initials_types_and_numbers_choose(index: SearchIndex, lists: str) -> None:
    def found(listed: Listed) -> set[str]:
        return set(names(getattr(index, lists)(listed)))

    assert found(Listed(Label.METHOD, Initial.B)) == {"BERT", "beam search"}
    assert found(Listed(Label.METHOD, Initial.DIGIT)) == {"2-opt"}
    assert found(Listed(Label.METHOD, Initial.OTHER)) == {"ε-greedy"}
    assert found(Listed(Label.METHOD, Initial.A, 9)) == {"Attention", "attention head", "Adam"}
    assert found(Listed(Label.METHOD, None, 70)) == {"BERT", "Attention", "beam search"}
    assert found(Listed(Label.DATASET)) == {"Atari"}
    assert found(Listed(Label.TASK)) == set()
