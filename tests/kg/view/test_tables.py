import csv
import io

from kg.model import Edge, Entity, Label, Network, Node, Paper
from kg.view.tables import Table, edges_table, entities_table, papers_table, to_csv


def rows(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(table), newline="")))


def test_csv_keeps_every_value_as_it_is() -> None:
    values = ("=SUM(A1)", '"quoted", and more', "two\r\nlines", "Müller 深度", None, True, -1, 0.25)
    text = to_csv(Table(["a"] * len(values), [values]))
    assert text.startswith("a,a,")
    assert text.endswith("\r\n")
    [_, row] = csv.reader(io.StringIO(text, newline=""))
    assert row == ["=SUM(A1)", '"quoted", and more', "two\r\nlines", "Müller 深度", "", "true", "-1", "0.25"]


def test_papers_entities_and_edges_have_a_row_each() -> None:
    paper = Paper("a", "A title", "Long text", ("Ada Lovelace", "Alan Turing"), 1936, "ACL", doi="10.1/x")
    assert rows(papers_table([paper])) == [
        ["id", "title", "authors", "year", "venue", "doi", "arxiv", "url"],
        ["a", "A title", "Ada Lovelace; Alan Turing", "1936", "ACL", "10.1/x", "", ""],
    ]
    assert rows(entities_table([Entity("sgd", "SGD", Label.METHOD, ("descent", "sgd"), 3, generic=True)]))[1] == [
        *("sgd", "SGD", "Method", "3", "true", "descent; sgd")
    ]
    nodes = tuple(Node(key, key.upper(), Label.METHOD, 1, 1, 0, 0, 0) for key in "ab")
    assert rows(edges_table(Network("n", nodes, (Edge("a", "b", 2, 0.5),), 2, 1)))[1] == [
        "a",
        "b",
        "A",
        "B",
        "2",
        "0.5",
    ]
