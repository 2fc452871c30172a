"""What was changed step by step is what would be written anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.index.search import SearchIndex
from kg.model import Entity, Label, Paper

TABLES = {
    "papers": "id, title, byline, year, venue, url, doi, arxiv, identifier, key",
    "paper_text": "title, abstract, byline",
    "entities": "slug, name, label, aliases, papers, generic",
    "entity_text": "name, aliases, floors",
    "names": "(SELECT slug FROM entities e WHERE e.rowid = entity), alias, key, papers",
    "words": "word, uses",
    "filed": "rest, (SELECT w.word FROM words w WHERE w.id = filed.word)",
}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[SearchIndex, SearchIndex]]:
    both = SearchIndex(tmp_path / "a.sqlite"), SearchIndex(tmp_path / "b.sqlite")
    yield both
    for index in both:
        index.close()


def content(index: SearchIndex) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: sorted(index._db.execute(f"SELECT {columns} FROM {table}"), key=repr)  # noqa: S608
        for table, columns in TABLES.items()
    }


def test_steps_lead_to_what_is_written_at_once(two: tuple[SearchIndex, SearchIndex]) -> None:
    steps, once = two
    attention = Paper("a", "Attention for all", "Text.", ("Ada",), 2017, "ACL", "http://x", "10.1/x", "1.2", "a")
    steps.put_papers([attention, Paper("b", "Grapgh slips"), Paper("c", "Convolution")])
    steps.put_entities(
        [
            Entity("sgd", "gradient descent", Label.METHOD, ("SGD", "descent"), 7),
            Entity("adam", "Adam", Label.METHOD, (), 1),
            Entity("gone", "vanishing thing", Label.TASK, (), 1),
        ]
    )
    steps.put_papers([Paper("b", "Graph slips", year=2020)], gone=["c", "never"])
    steps.put_entities([Entity("sgd", "gradient descent", Label.METHOD, ("SGD",), 8)], gone=["gone", "never"])
    steps.put_entities([Entity("adam", "Adam", Label.METHOD, (), 2), Entity("sgd", "SGD", Label.TASK, (), 64)])

    once.put_entities([Entity("sgd", "SGD", Label.TASK, (), 64), Entity("adam", "Adam", Label.METHOD, (), 2)])
    once.put_papers([Paper("b", "Graph slips", year=2020), attention])
    assert content(steps) == content(once)


def test_a_count_alone_changes_no_text(two: tuple[SearchIndex, SearchIndex]) -> None:
    index, _ = two
    index.put_entities([Entity("sgd", "SGD", Label.METHOD, ("descent",), 9)])
    before = index._db.execute("SELECT id, block FROM entity_text_data ORDER BY id").fetchall()
    index.put_entities([Entity("sgd", "SGD", Label.METHOD, ("descent",), 10)])
    assert index._db.execute("SELECT id, block FROM entity_text_data ORDER BY id").fetchall() == before
    assert {papers for (papers,) in index._db.execute("SELECT papers FROM names")} == {10}


def test_records_come_back_whole_and_in_order(two: tuple[SearchIndex, SearchIndex]) -> None:
    index, _ = two
    papers = [
        Paper(f"p{i}", f"Title {i}", "Text.", ("A B", "C"), 2000 + i, "ACL", "http://x", f"10.1/{i}", "1.2", f"p{i}")
        for i in range(600)
    ]
    index.put_papers([*papers, Paper("bare", "Bare")])
    wanted = [*reversed(papers), Paper("bare", "Bare")]
    assert list(index.records([*(p.id for p in reversed(papers)), "none", "bare"])) == wanted
