import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.edit.documents import Document
from kg.edit.pool import EditPool
from kg.errors import (
    BadQueryError,
    BadRdfError,
    StoreError,
    StoreLockedError,
    WorkBusyError,
    WorkResourceError,
    WorkTimeoutError,
)
from kg.query.graphs import GraphSet
from kg.workspace import Workspace
from tests.corpus import BASE

MINE = "urn:mine"
ONE = f"INSERT DATA {{ GRAPH <{MINE}> {{ <urn:a> <urn:b> 1 }} }}"
ENDLESS = f"INSERT {{ GRAPH <{MINE}> {{ ?a ?b ?k }} }} WHERE {{ {' '.join(f'GRAPH ?g{i} {{ ?a{i} ?b{i} ?c{i} }}' for i in range(6))} FILTER(?c1 = ?b2) BIND(?a1 AS ?a) BIND(?b1 AS ?b) BIND(?c5 AS ?k) }}"  # noqa: E501
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, seccomp or a limit on the address space")


@pytest.fixture
def folder(data_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


@pytest.fixture
def pool(folder: Path) -> Iterator[EditPool]:
    with EditPool(folder, BASE, timeout=30.0) as made:
        yield made


def published(folder: Path) -> str:
    """The newest snapshot as N-Quads, sorted; with the statements of the unnamed graph."""
    reader = Workspace(folder, BASE).reader()
    try:
        return "\n".join(sorted(map(str, reader.store._store)))
    finally:
        reader.close()


def live(folder: Path) -> str:
    """What the live store holds, read after the next writer has mended what was left undone."""
    with Workspace(folder, BASE).writer() as writer:
        return "\n".join(sorted(map(str, writer.store._store)))


def turtle(text: str) -> Document:
    return Document(text.encode(), "turtle", "http://example.org/base/")


def worker_of(pool: EditPool) -> int:
    (worker,) = pool._workers
    return int(worker._process.pid)


def test_an_update_is_seen_by_the_next_reader(pool: EditPool, folder: Path) -> None:
    before = published(folder)
    pool.update(ONE)
    assert set(published(folder).splitlines()) - set(before.splitlines()) == {
        f'<urn:a> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <{MINE}>'
    }
    pool.update(f"DELETE DATA {{ GRAPH <{MINE}> {{ <urn:a> <urn:b> 1 }} }}")
    assert published(folder) == before


def test_an_empty_folder_gets_a_graph(tmp_path: Path) -> None:
    with EditPool(tmp_path / "new", BASE) as pool:
        pool.update(ONE)
    assert MINE in published(tmp_path / "new")


def test_the_unnamed_graph_is_part_of_what_queries_see(pool: EditPool, folder: Path) -> None:
    pool.update("INSERT DATA { <urn:a> <urn:b> 1 }")
    reader = Workspace(folder, BASE).reader()
    assert list(reader.store.select("SELECT ?o { <urn:a> <urn:b> ?o }"))
    reader.close()


def test_several_operations_are_one_change(pool: EditPool, folder: Path) -> None:
    before = published(folder)
    for last in (f"CREATE GRAPH <{MINE}>", "DROP GRAPH <urn:nope>"):
        with pytest.raises(BadQueryError, match="graph"):
            pool.update(f"{ONE} ; CLEAR ALL ; CREATE GRAPH <{MINE}2> ; {ONE} ; {last}")
    assert (published(folder), live(folder)) == (before, before)


def test_what_cannot_be_read_leaves_no_trace(pool: EditPool, folder: Path) -> None:
    generation = Workspace(folder, BASE).generation()
    for text in ("INSERT DATA { <urn:a> <urn:b> }", "INSERT DATA { <a> <urn:b> 1 }", "INSERT { ?a ?b ?c }"):
        with pytest.raises(BadQueryError):
            pool.update(text)
    with pytest.raises(BadRdfError, match="line 2"):
        pool.put(MINE, turtle("<a> <b> <c> .\n<a> <b>"), merge=False)
    assert Workspace(folder, BASE).generation() == generation


def test_relative_iris_start_from_the_base(pool: EditPool, folder: Path) -> None:
    pool.update(f"INSERT DATA {{ GRAPH <{MINE}> {{ <a> <b> <c> }} }}", GraphSet(base="http://example.org/x"))
    assert f"<http://example.org/a> <http://example.org/b> <http://example.org/c> <{MINE}>" in published(folder)


def test_the_request_may_say_which_graphs_a_pattern_sees(pool: EditPool, folder: Path) -> None:
    pool.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } GRAPH <urn:h> { <urn:s> <urn:p> 2 } }")
    pool.update("INSERT { GRAPH <urn:out> { ?s <urn:q> ?o } } WHERE { ?s <urn:p> ?o }", GraphSet(("urn:g",)))
    named = "INSERT { GRAPH <urn:out> { ?g <urn:r> ?o } } WHERE { GRAPH ?g { <urn:s> <urn:p> ?o } }"
    pool.update(named, GraphSet((), ("urn:h",)))
    found = [line for line in published(folder).splitlines() if line.endswith("<urn:out>")]
    assert [line.split("^^")[0] for line in found] == ['<urn:h> <urn:r> "2"', '<urn:s> <urn:q> "1"']


def test_a_graph_may_be_emptied_and_filled_again(pool: EditPool, folder: Path) -> None:
    for text in ("CLEAR ALL", "DROP ALL", "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }"):
        pool.update(text)
        assert published(folder) == ""
        reader = Workspace(folder, BASE).reader()
        assert (reader.index.papers(), reader.index.entities(), reader.catalogue.totals()) == ([], [], (0, 0))
        reader.close()
        pool.update(ONE)
        assert MINE in published(folder)


def test_lists_and_search_follow_a_change_of_papers_and_entities(pool: EditPool, folder: Path) -> None:
    title = "<http://purl.org/dc/terms/title>"
    graph, paper = f"<{BASE}graph/paper/ntk>", f"<{BASE}id/paper/ntk>"
    pool.update(
        f"DELETE {{ GRAPH {graph} {{ {paper} {title} ?t }} }} "
        f"INSERT {{ GRAPH {graph} {{ {paper} {title} 'Renamed' }} }} "
        f"WHERE {{ GRAPH {graph} {{ {paper} {title} ?t }} }}"
    )
    pool.update(
        f"INSERT DATA {{ GRAPH <{BASE}graph/entities> {{ <{BASE}id/entity/attention> "
        "<http://www.w3.org/2004/02/skos/core#altLabel> 'heedfulness' } }"
    )
    pool.drop(f"{BASE}graph/paper/mt")
    reader = Workspace(folder, BASE).reader()
    assert [hit.id for hit in reader.index.search_papers("renamed")] == ["ntk"]
    assert [hit.slug for hit in reader.index.search_entities("heedfulness")] == ["attention"]
    assert "mt" not in {hit.id for hit in reader.index.papers()}
    assert len(reader.index.papers()) == 15
    reader.close()


def test_half_of_a_paper_is_not_listed_and_harms_no_writer(pool: EditPool, folder: Path) -> None:
    for text in (
        f"INSERT DATA {{ GRAPH <{BASE}graph/paper/x> {{ <{BASE}id/paper/x> a <https://w3id.org/paperkg/ns#Paper> }} }}",
        f"INSERT DATA {{ <{BASE}id/paper/ntk> <http://purl.org/dc/terms/issued> 'some day' }}",
        "INSERT { GRAPH ?g { ?s a <urn:Thing> } } WHERE { GRAPH ?g { ?s a <https://w3id.org/paperkg/ns#Method> } }",
    ):
        pool.update(text)
        pool.update(ONE)
    reader = Workspace(folder, BASE).reader()
    assert "x" not in {hit.id for hit in reader.index.papers()}
    reader.close()


def test_other_graphs_cost_no_new_index(pool: EditPool, folder: Path) -> None:
    pool.update(ONE)
    first = Workspace(folder, BASE).reader().path / "search.sqlite"
    pool.update("INSERT { GRAPH <urn:n> { <urn:x> ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }")
    second = Workspace(folder, BASE).reader().path / "search.sqlite"
    assert first.stat().st_ino == second.stat().st_ino
    pool.drop(f"{BASE}graph/paper/mt")
    assert (Workspace(folder, BASE).reader().path / "search.sqlite").stat().st_ino != first.stat().st_ino


def test_a_graph_is_put_merged_and_dropped(pool: EditPool, folder: Path) -> None:
    assert pool.put(MINE, turtle("<a> <b> [ <c> 'old' ] ."), merge=False)
    assert not pool.put(MINE, turtle("<a> <b> [ <c> 'more' ] ."), merge=True)
    assert published(folder).count(MINE) == 4
    assert not pool.put(MINE, turtle("<a> <b> 'new' ."), merge=False)
    assert published(folder).count(MINE) == 1
    assert not pool.put(MINE, turtle(""), merge=False)
    assert pool.drop(MINE)
    assert not pool.drop(MINE)
    assert not pool.put(None, turtle("<a> <b> 'unnamed \\\\ \\\" { \\n' ."), merge=False)
    assert "unnamed" in published(folder)
    assert pool.drop(None)
    assert "unnamed" not in published(folder)


def test_hostile_documents_are_refused(pool: EditPool, folder: Path) -> None:
    before = published(folder)
    for body, syntax, reason in (
        ('<!DOCTYPE r [<!ENTITY a "aaaa">]><r/>', "rdfxml", "DOCTYPE"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a xmlns="urn:x:"/>', "rdfxml", "UTF-8"),
        ('{"@context": "http://127.0.0.1:9/c", "@id": "urn:a", "b": 1}', "jsonld", "LoadDocument"),
        ('{"@context": {"@import": "file:///etc/passwd"}, "@id": "urn:a"}', "jsonld", "cannot be read"),
        ('{"@id": "urn:g", "@graph": [{"@id": "urn:a", "urn:b": 1}]}', "jsonld", "[Nn]amed graphs"),
        ("<urn:a> <urn:b> <urn:c> <urn:g> .", "ntriples", "line 1"),
    ):
        with pytest.raises(BadRdfError, match=reason):
            pool.put(MINE, Document(body.encode(), syntax, BASE), merge=True)
    assert live(folder) == before


def test_nesting_costs_no_more_than_the_process(pool: EditPool, folder: Path) -> None:
    before, depth = published(folder), 100_000
    bombs = {
        "jsonld": '{"urn:p":' * depth + "1" + "}" * depth,
        "turtle": "<urn:a> <urn:b> " + "(" * depth + ")" * depth + " .",
        "rdfxml": '<a xmlns="urn:x:">' + "<b>" * depth + "</b>" * depth + "</a>",
        "ntriples": "<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * depth,
    }
    pool._timeout = 5.0
    for syntax, bomb in bombs.items():
        try:
            pool.put(MINE, Document(bomb.encode(), syntax, BASE), merge=False)
        except (BadRdfError, WorkTimeoutError, WorkResourceError):
            assert live(folder) == before
        else:
            assert pool.drop(MINE)
    pool._timeout = 30.0
    pool.update(ONE)


def test_an_overrun_is_killed_and_changes_nothing(folder: Path) -> None:
    before = published(folder)
    with EditPool(folder, BASE, timeout=30.0) as pool:
        pool.update("INSERT DATA {}")
        pool._timeout = 0.7
        with pytest.raises(WorkTimeoutError, match=r"the change took longer than 0\.7 s and was stopped"):
            pool.update(ENDLESS)
        assert live(folder) == before
        pool._timeout = 30.0
        pool.update(ONE)
    assert MINE in published(folder)


def test_killed_in_the_midst_of_an_update_the_store_is_as_it_was(folder: Path) -> None:
    before = published(folder)
    with EditPool(folder, BASE, timeout=30.0) as pool:
        pool.update("INSERT DATA {}")
        victim = worker_of(pool)
        killer = threading.Timer(0.8, os.kill, (victim, signal.SIGKILL))
        killer.start()
        with pytest.raises(WorkResourceError, match="ended with status -9"):
            pool.update(ENDLESS)
        killer.join()
    assert live(folder) == before


@LINUX
def test_memory_is_limited(folder: Path) -> None:
    before = published(folder)
    doubling = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(34))
    with EditPool(folder, BASE, timeout=30.0, memory=128 << 20) as pool:
        with pytest.raises((WorkResourceError, WorkTimeoutError)):
            pool.update(f"INSERT {{ <urn:a> <urn:b> ?x34 }} WHERE {{ BIND('aaaaaaaaaaaaaaaa' AS ?x0) {doubling} }}")
        assert live(folder) == before


def test_another_writer_is_told_of_at_once_and_others_write_in_between(pool: EditPool, folder: Path) -> None:
    with Workspace(folder, BASE).writer():
        asked = time.monotonic()
        with pytest.raises(StoreLockedError, match="in use by another process"):
            pool.update(ONE)
        assert time.monotonic() - asked < 20
    pool.update(ONE)
    held = (
        "import sys; from pathlib import Path; from kg.workspace import Workspace\n"
        "with Workspace(Path(sys.argv[1]), sys.argv[2]).writer(): print('open')"
    )
    done = subprocess.run([sys.executable, "-c", held, str(folder), BASE], capture_output=True, text=True, check=True)
    assert done.stdout == "open\n"


def test_changes_wait_for_their_turn_in_a_bounded_line(folder: Path) -> None:
    for limits, reason in (({"queue": 1}, "waiting already"), ({"timeout": 0.2}, r"more than 0\.2 s")):
        pool = EditPool(folder, BASE, **limits)
        with pool, pool._next(), pytest.raises(WorkBusyError, match=reason):
            pool.update(ONE)


def test_a_change_that_no_reader_sees_yet_is_told_of_and_made_up_for(pool: EditPool, folder: Path) -> None:
    snapshots = folder / "snapshots"
    snapshots.rename(folder / "elsewhere")
    snapshots.write_text("no folder")
    with pytest.raises((StoreError, WorkResourceError), match=r"kept|status"):
        pool.update(ONE)
    snapshots.unlink()
    (folder / "elsewhere").rename(snapshots)
    pool.update("INSERT DATA {}")
    assert MINE in published(folder)
