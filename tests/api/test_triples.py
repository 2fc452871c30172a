import pytest

from api.triples import triples_of

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("<urn:o>", {"type": "uri", "value": "urn:o"}),
        ("<urn:\\u00e9>", {"type": "uri", "value": "urn:\u00e9"}),
        ("_:b0", {"type": "bnode", "value": "b0"}),
        ('"o"', {"type": "literal", "value": "o"}),
        ('""', {"type": "literal", "value": ""}),
        ('"a \\"b\\" > <c> \\\\ \\n\\U0001F600."', {"type": "literal", "value": 'a "b" > <c> \\ \n\U0001f600.'}),
        ('"o"@en-GB', {"type": "literal", "value": "o", "xml:lang": "en-GB"}),
        ('"5"^^<' + XSD + "integer>", {"type": "literal", "value": "5", "datatype": f"{XSD}integer"}),
    ],
)
def test_every_kind_of_term_is_read(written: str, term: dict[str, str]) -> None:
    [(subject, predicate, object_)] = triples_of(f"<urn:s> <urn:p> {written} .\n".encode(), 10)
    assert subject == {"type": "uri", "value": "urn:s"}
    assert predicate == {"type": "uri", "value": "urn:p"}
    assert object_ == term


def test_a_quoted_triple_is_one_term() -> None:
    line = b'_:r <urn:p> <<( <urn:a> <urn:b> <<( <urn:c> <urn:d> "e" )>> )>> .\n'
    [(_, _, object_)] = triples_of(line, 1)
    assert object_["type"] == "triple"
    assert object_["value"]["object"]["value"]["object"] == {"type": "literal", "value": "e"}


def test_lines_behind_the_limit_are_not_read() -> None:
    document = b"<urn:s> <urn:p> <urn:1> .\n<urn:s> <urn:p> <urn:2> .\nno triple\n"
    assert [row[2]["value"] for row in triples_of(document, 2)] == ["urn:1", "urn:2"]
    assert list(triples_of(b"", 2)) == []
