"""What is wrong with an index is found and named, whichever file and row it is in."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from rdflib import Literal, URIRef

from kg.analysis.verification import Difference, broken_shapes, differences
from kg.errors import StoreError
from kg.index.checking import stored
from kg.resources import load_graph, ontology_dir
from kg.vocab import KG
from kg.workspace import Workspace
from tests.corpus import BASE


@pytest.fixture
def folder(data_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


def found(folder: Path, sample: list[str] | None = None) -> list[Difference]:
    reader = Workspace(folder, BASE).reader()
    try:
        with stored(reader.path / "search.sqlite") as copy:
            return list(differences(reader.catalogue, copy, reader.incidence, reader.wording, sample))
    finally:
        reader.close()


def snapshot(folder: Path) -> Path:
    return folder / "snapshots" / (folder / "current").read_text()


def rewritten(folder: Path, name: str, change: Callable[[np.ndarray], None], within: str = "incidence") -> None:
    file = snapshot(folder) / within / f"{name}.npy"
    array = np.load(file)
    change(array)
    np.save(file, array)


def test_a_snapshot_is_what_its_graph_gives(data_folder: Path) -> None:
    assert found(data_folder) == []
    assert found(data_folder, ["mt", "vision"]) == []


@pytest.mark.parametrize(
    ("statement", "part", "about", "text"),
    [
        ("UPDATE papers SET title = 'Other' WHERE id = 'mt'", "search", "mt", "'Attention for translation'"),
        ("UPDATE papers SET year = 1900 WHERE id = 'mt'", "search", "mt", "1900"),
        ("DELETE FROM papers WHERE id = 'mt'", "search", "mt", "is missing"),
        ("UPDATE papers SET id = 'stranger' WHERE id = 'mt'", "search", "stranger", "does not describe"),
        ("UPDATE entities SET papers = 99 WHERE slug = 'attention'", "search", "attention", "99"),
        ("DELETE FROM entities WHERE slug = 'attention'", "search", "attention", "is missing"),
        ("INSERT INTO paper_text (rowid, title) VALUES (999, 'x')", "search", "", "17 rows for 16 papers"),
        ("UPDATE entity_text SET name = 'x' WHERE rowid = 1", "search", None, "'x'"),
        ("UPDATE paper_text_content SET c1 = 'x' WHERE id = 1", "search", "", "paper_text is broken"),
    ],
)
def test_a_row_of_the_search_index_that_is_wrong(
    folder: Path, statement: str, part: str, about: str | None, text: str
) -> None:
    with closing(sqlite3.connect(snapshot(folder) / "search.sqlite")) as db, db:
        db.execute(statement)
    assert any(
        each.part == part and text in each.text and (about is None or each.id == about) for each in found(folder)
    )


def add(number: int) -> Callable[[np.ndarray], None]:
    def change(array: np.ndarray) -> None:
        array[0] += number

    return change


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("years", "in the graph 2001"),
        ("by_paper.data", "the graph gives"),
        ("by_paper.indices", "the graph gives"),
        ("roles", "the graph gives"),
        ("places", "the graph gives"),
        ("labels", "in the graph"),
        ("by_entity.data", "the cells by entity"),
        ("roles_by_entity", "the cells by entity"),
    ],
)
def test_a_number_of_the_matrix_that_is_wrong(folder: Path, name: str, text: str) -> None:
    rewritten(folder, name, add(1))
    assert any(each.part == "matrix" and text in each.text for each in found(folder))


def test_a_count_of_a_word_that_is_wrong(folder: Path) -> None:
    rewritten(folder, "counts", lambda array: array.__setitem__(0, 200), "wording")
    (wrong,) = found(folder)
    assert (wrong.part, wrong.text) == ("wording", "its terms are not those of its title and abstract")


def test_a_flag_and_a_name_that_are_wrong(folder: Path) -> None:
    rewritten(folder, "generic", lambda array: np.logical_not(array, out=array))
    assert Difference("matrix", "attention", "is Method, generic True; in the graph Method, False") in found(folder)
    rewritten(folder, "papers.text", lambda array: array.__setitem__(0, ord("a")))
    wrong = found(folder)
    assert Difference("matrix", "features", "has no row") in wrong
    assert Difference("matrix", "aeatures", "holds the paper, which the graph does not describe") in wrong


def test_a_graph_whose_counts_do_not_fit_and_shapes_that_are_broken(folder: Path) -> None:
    workspace = Workspace(folder, BASE)
    entities = workspace.iris.entities_graph
    attention, mt = workspace.iris.entity("attention"), workspace.iris.paper_graph("mt")
    with workspace.writer() as writer:
        writer.store.apply(
            [(attention, KG.paperCount, Literal(2), entities)], [(attention, KG.paperCount, Literal(7), entities)]
        )
        mention = next(s for s, p, _, _ in writer.store.quads(mt) if p == KG.beginIndex)
        writer.store.apply([], [(URIRef(str(mention)), KG.confidence, Literal("much"), mt)])
        writer.rebuild()
    assert found(folder) == [Difference("graph", "attention", "its paperCount is 7, but 2 papers name it")]
    reader = workspace.reader()
    shapes = load_graph(ontology_dir() / "shapes.ttl")
    assert list(broken_shapes(reader.catalogue, shapes, ["vision"])) == []
    assert str(mention) in {each.id for each in broken_shapes(reader.catalogue, shapes, ["mt", "vision"])}
    reader.close()


def test_a_file_that_is_no_index_is_named(folder: Path) -> None:
    file = snapshot(folder) / "search.sqlite"
    file.unlink()
    file.write_bytes(b"nothing of the kind" * 500)
    with pytest.raises(StoreError, match="search"), stored(file):
        pass
