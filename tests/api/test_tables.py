import json

import pytest

from api.tables import Cell, Table, cell_of, table_of

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
        ({"type": "bnode", "value": "b0"}, Cell("_:b0")),
        ({"type": "literal", "value": "5", "datatype": f"{XSD}integer"}, Cell("5")),
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


def test_rows_keep_their_gaps_and_end_at_the_limit() -> None:
    bindings = [{"b": {"type": "literal", "value": str(n)}} for n in range(3)]
    document = json.dumps({"head": {"vars": ["a", "b"]}, "results": {"bindings": bindings}}).encode()
    assert table_of(document, BASE, 2) == Table(["a", "b"], [[None, Cell("0")], [None, Cell("1")]])


@pytest.mark.parametrize("value", [True, False])
def test_the_answer_of_ask(value: bool) -> None:
    assert table_of(json.dumps({"head": {}, "boolean": value}).encode(), BASE, 1) is value
