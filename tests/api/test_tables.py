import pytest

from api.tables import Cell, Table, cell_of, kinds_of, table_of
from api.tables import Kind as ColumnKind
from kg.query.results import Kind, ResultFormat, Term, write_boolean, write_solutions

BASE = "https://kg.example/papers/"
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("term", "cell"),
    [
        (
            {"type": "uri", "value": f"{BASE}id/entity/a%20b"},
            Cell("entity/a%20b", "/papers/id/entity/a%20b", f"{BASE}id/entity/a%20b"),
        ),
        ({"type": "uri", "value": f"{XSD}integer"}, Cell("xsd:integer", None, f"{XSD}integer")),
        ({"type": "uri", "value": "javascript:x()"}, Cell("javascript:x()", None, "javascript:x()")),
        ({"type": "uri", "value": BASE}, Cell(BASE, None, BASE)),
        (
            {"type": "uri", "value": f"{BASE}/evil.example/"},
            Cell(f"{BASE}/evil.example/", None, f"{BASE}/evil.example/"),
        ),
        ({"type": "bnode", "value": "b0"}, Cell("_:b0")),
        ({"type": "literal", "value": "5", "datatype": f"{XSD}integer"}, Cell("5", number=5)),
        ({"type": "literal", "value": "1e2", "datatype": f"{XSD}double"}, Cell("1e2", number=100)),
        ({"type": "literal", "value": "INF", "datatype": f"{XSD}double"}, Cell("INF")),
        ({"type": "literal", "value": "five", "datatype": f"{XSD}integer"}, Cell("five")),
        ({"type": "literal", "value": "2017", "datatype": f"{XSD}gYear"}, Cell("2017", note="xsd:gYear")),
        ({"type": "literal", "value": "5", "datatype": "urn:km"}, Cell("5", note="<urn:km>")),
        ({"type": "literal", "value": "hi", "xml:lang": "en"}, Cell("hi", note="en")),
        ({"type": "literal", "value": ""}, Cell("")),
        (
            {
                "type": "triple",
                "value": {
                    "subject": {"type": "bnode", "value": "s"},
                    "predicate": {"type": "uri", "value": "urn:p"},
                    "object": {"type": "literal", "value": "o"},
                },
            },
            Cell("<<( _:s urn:p o )>>"),
        ),
    ],
)
def test_cells(term: dict[str, object], cell: Cell) -> None:
    assert cell_of(term, BASE) == cell


def answer(*values: str | None) -> bytes:
    rows = [[None, None if value is None else Term(Kind.LITERAL, value)] for value in values]
    return write_solutions(ResultFormat.JSON, ["a", "b"], rows, max_rows=100, max_bytes=10_000).body


def test_rows_keep_their_gaps_and_end_at_the_limit() -> None:
    assert table_of(answer("0", '"bindings":[', "2"), BASE, 2) == Table(
        ["a", "b"], [[None, Cell("0")], [None, Cell('"bindings":[')]]
    )
    assert table_of(answer("0", None), BASE, 5) == Table(["a", "b"], [[None, Cell("0")], [None, None]])
    assert table_of(answer(), BASE, 5) == Table(["a", "b"], [])


def test_rows_behind_the_limit_are_not_read() -> None:
    document = answer("0", "1").replace(b'"1"', b"no JSON")
    assert table_of(document, BASE, 1) == Table(["a", "b"], [[None, Cell("0")]])


IRI, NUMBER, YEAR, TEXT = Cell("x", full="urn:x"), Cell("1990", number=1990), Cell("2017", note="xsd:gYear"), Cell("a")


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("a", [IRI, None, IRI], ColumnKind.THING),
        ("a", [NUMBER, NUMBER], ColumnKind.NUMBER),
        ("firstYear", [NUMBER, NUMBER], ColumnKind.TIME),
        ("a", [YEAR, Cell("2018-05-01", note="xsd:date")], ColumnKind.TIME),
        ("a", [Cell("2017"), Cell("1999")], ColumnKind.TIME),
        ("a", [Cell("2017"), Cell("17")], ColumnKind.TEXT),
        ("a", [IRI, TEXT], ColumnKind.TEXT),
        ("a", [NUMBER, TEXT], ColumnKind.TEXT),
        ("a", [None], ColumnKind.TEXT),
    ],
)
def test_columns_are_what_all_their_cells_are(name: str, cells: list[Cell | None], kind: ColumnKind) -> None:
    assert kinds_of(Table([name], [[cell] for cell in cells])) == [kind]


@pytest.mark.parametrize("value", [True, False])
def test_the_answer_of_ask(value: bool) -> None:
    assert table_of(write_boolean(ResultFormat.JSON, value).body, BASE, 1) is value
