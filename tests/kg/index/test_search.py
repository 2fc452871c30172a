import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.index.search import SearchIndex
from kg.model import Entity, Label, Paper


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    made = SearchIndex(tmp_path / "search.sqlite")
    made.put_papers(
        [
            Paper("a", "Attention for all", "Transformers translate.", authors=("Zoë Müller",), year=2017),
            Paper("b", "beyond attention", "The word attention is here twice: attention.", venue="ACL"),
            Paper("c", "Convolutions", "Nothing of the kind, but a transformer is named."),
        ]
    )
    made.put_entities(
        [
            Entity("attention", "attention", Label.METHOD, ("self attention",), 2),
            Entity("self-attention", "self-attention", Label.METHOD, (), 9),
            Entity("cifar-10", "CIFAR-10", Label.DATASET, (), 3),
            Entity("sgd", "stochastic gradient descent", Label.METHOD, ("SGD",), 4, generic=True),
        ]
    )
    yield made
    made.close()


def test_texts_come_back_by_the_ids_of_papers(index: SearchIndex) -> None:
    assert index.texts(["c", "nope", "a"]) == {
        "a": ("Attention for all", "Transformers translate."),
        "c": ("Convolutions", "Nothing of the kind, but a transformer is named."),
    }
    assert index.texts([]) == {}


def test_titles_count_more_than_abstracts(index: SearchIndex) -> None:
    index.put_papers([Paper("d", "Another title", "attention, attention, attention and attention")])
    assert [hit.id for hit in index.search_papers("attention")][-1] == "d"


def test_the_last_word_may_be_a_beginning_and_accents_do_not_matter(index: SearchIndex) -> None:
    assert [hit.id for hit in index.search_papers("convol")] == ["c"]
    assert [hit.id for hit in index.search_papers("zoe muller")] == ["a"]
    assert index.search_papers("conv attention") == []


def test_snippets_mark_what_was_found(index: SearchIndex) -> None:
    (hit,) = index.search_papers("kind")
    assert ("kind", True) in hit.pieces
    assert hit.snippet == "Nothing of the kind, but a transformer is named."


def test_the_exact_name_comes_first_then_an_exact_alias_then_the_most_papers(index: SearchIndex) -> None:
    assert [e.slug for e in index.search_entities("attention")] == ["attention", "self-attention"]
    assert [e.slug for e in index.search_entities("sgd")] == ["sgd"]
    assert [e.slug for e in index.search_entities("cifar 10")] == ["cifar-10"]


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    """An index of one paper and one entity, which hold what no one types."""
    made = SearchIndex(tmp_path_factory.mktemp("strange") / "search.sqlite")
    made.put_papers([Paper("x", "Xylographie", "Xylographie.")])
    made.put_entities([Entity("x", "xylographie", Label.TASK, (), 1)])
    yield made
    made.close()


@settings(deadline=None)
@given(text=st.text(max_size=40).filter(lambda text: not set(text.casefold()) & set("xylographie")))
def test_no_text_is_an_error(text: str, strange: SearchIndex) -> None:
    assert strange.search_papers(text) == []
    assert strange.search_entities(text, labels=[Label.TASK]) == []
    assert strange.search(text) == ([], [], None)
    assert strange.suggest(text) == ([], None)
    assert strange.titles_like(f"?{text}?") == []


@settings(deadline=None)
@given(text=st.text(st.sampled_from("xylo\"*():^-+{} \0NEARORAND'%_"), max_size=20))
def test_no_operator_is_one(text: str, strange: SearchIndex) -> None:
    assert len(strange.search(text).papers) <= 1
    assert len(strange.suggest(text).items) <= 2


def test_replacing_forgets_the_old_text(index: SearchIndex) -> None:
    index.put_papers([Paper("a", "Renamed", "Something else.")])
    assert index.search_papers("translate") == []
    assert [hit.id for hit in index.search_papers("renamed")] == ["a"]
    assert index.counts()["Paper"] == 3


def test_what_is_gone_is_not_found(index: SearchIndex) -> None:
    index.put_entities([], gone=["cifar-10", "never-was"])
    assert index.search_entities("cifar") == []
    assert index.counts()["Dataset"] == 0


def test_lists_go_on_where_they_stopped(index: SearchIndex) -> None:
    first = index.papers(limit=2)
    rest = index.papers(after=(first[-1].title, first[-1].id), limit=2)
    assert [hit.id for hit in [*first, *rest]] == ["a", "b", "c"]
    top = index.entities(limit=2)
    others = index.entities(after=(top[-1].papers, top[-1].slug), limit=9)
    assert [e.slug for e in [*top, *others]] == ["self-attention", "sgd", "cifar-10", "attention"]
    assert [e.slug for e in index.entities(label=Label.DATASET)] == ["cifar-10"]


def test_entities_come_back_as_they_went_in(index: SearchIndex) -> None:
    (found,) = index.search_entities("sgd")
    assert found == Entity("sgd", "stochastic gradient descent", Label.METHOD, ("SGD",), 4, generic=True)


def test_titles_by_a_part_of_them(index: SearchIndex) -> None:
    assert [hit.id for hit in index.titles_like("ATTENTION")] == ["b", "a"]
    assert [hit.id for hit in index.titles_like("100%")] == []


def test_an_index_is_stale_until_it_is_marked_clean(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "s.sqlite")
    assert index.stale
    index.mark(clean=True)
    assert not index.stale
    index.mark(clean=False)
    index.close()
    again = SearchIndex(tmp_path / "s.sqlite")
    assert again.stale
    again.close()


def test_an_index_of_another_version_is_made_anew_by_writers_and_refused_by_readers(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            "CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL); INSERT INTO state VALUES ('clean', '2');"
            "CREATE TABLE papers (id TEXT); INSERT INTO papers VALUES ('old');"
            "CREATE TABLE retired (kind TEXT, id TEXT);"
            "CREATE TRIGGER paper_goes AFTER DELETE ON papers BEGIN INSERT INTO retired VALUES ('paper', OLD.id); END;"
        )
    with pytest.raises(StoreError, match="kg index --rebuild"):
        SearchIndex(path, read_only=True)
    with closing(SearchIndex(path)) as index:
        assert index.stale
        assert index.counts()["Paper"] == 0
        assert index.retired("paper", "old")
    SearchIndex(path, read_only=True).close()


def test_reading_what_is_not_there_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none\.sqlite"):
        SearchIndex(tmp_path / "none.sqlite", read_only=True)


def test_entities_are_found_by_any_number_of_slugs(index: SearchIndex) -> None:
    wanted = [*(f"none-{i}" for i in range(1200)), "sgd", "cifar-10"]
    assert {entity.slug: entity.generic for entity in index.entities_of(wanted)} == {"sgd": True, "cifar-10": False}
    assert list(index.entities_of([])) == []


def test_what_left_is_remembered_until_it_comes_back(index: SearchIndex) -> None:
    assert not index.retired("entity", "sgd")
    index.put_entities([], gone=["sgd", "never-was"])
    assert index.retired("entity", "sgd")
    assert not index.retired("paper", "sgd")
    assert not index.retired("entity", "never-was")
    index.put_entities([Entity("sgd", "SGD", Label.METHOD, (), 1)])
    assert not index.retired("entity", "sgd")


def test_what_is_not_put_back_after_a_clearing_is_retired(index: SearchIndex, tmp_path: Path) -> None:
    index.clear()
    index.put_papers([Paper("a", "Attention for all")])
    index.copy_to(tmp_path / "copy.sqlite")
    copy = SearchIndex(tmp_path / "copy.sqlite", read_only=True)
    assert [copy.retired("paper", name) for name in "abcd"] == [False, True, True, False]
    assert copy.retired("entity", "attention")
    copy.close()
