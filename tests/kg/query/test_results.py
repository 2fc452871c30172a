import csv
import io
import json
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.query.results import (
    XSD,
    Document,
    Kind,
    ResultFormat,
    Term,
    pack,
    unpack,
    write_boolean,
    write_solutions,
)
from kg.query.worker import _term

SPARQL = "{http://www.w3.org/2005/sparql-results#}"
ENGINE = {
    ResultFormat.JSON: ox.QueryResultsFormat.JSON,
    ResultFormat.XML: ox.QueryResultsFormat.XML,
    ResultFormat.CSV: ox.QueryResultsFormat.CSV,
    ResultFormat.TSV: ox.QueryResultsFormat.TSV,
}
TABLES = list(ENGINE)


def typed(value: str, name: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + name))


TERMS: list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = [
    ox.Literal("plain"),
    ox.Literal(""),
    ox.Literal('say "a", b'),
    ox.Literal("it's\ta tab, a \\ backslash"),
    ox.Literal("two\nlines"),
    ox.Literal("\u00e9\u4e2d\U0001f600\u2028\x85\x7f"),
    ox.Literal('=HYPERLINK("http://x")'),
    ox.Literal("+1"),
    ox.Literal("<b>&amp;]]></b>"),
    ox.Literal("hi", language="en-us"),
    ox.Literal("hi", language="ar", direction=ox.BaseDirection.RTL),
    typed("s", "string"),
    typed("5", "integer"),
    typed("-5", "integer"),
    typed("five", "integer"),
    typed("1.5", "decimal"),
    typed("1", "decimal"),
    typed("100000", "double"),
    typed("INF", "double"),
    typed("true", "boolean"),
    typed("2020-01-02", "date"),
    ox.Literal("x", datatype=ox.NamedNode("http://x/dt?a&b")),
    ox.NamedNode("http://x/\u00e9?a&b#c"),
    ox.NamedNode("urn:it's"),
    ox.BlankNode("b1"),
    ox.Triple(ox.BlankNode("b"), ox.NamedNode("http://p"), ox.Literal("o", language="en")),
]


def ours(result_format: ResultFormat, rows: list[list[Term | None]], names: str = "on") -> bytes:
    return write_solutions(result_format, list(names), rows, max_rows=1000, max_bytes=1 << 20).body


def engines(result_format: ResultFormat, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> bytes:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://s"), ox.NamedNode("http://p"), term))
    results = store.query("SELECT ?o ?n { ?s ?p ?o }")
    assert isinstance(results, ox.QuerySolutions)
    body = results.serialize(format=ENGINE[result_format])
    assert body is not None
    return body


@pytest.mark.parametrize("result_format", TABLES)
@pytest.mark.parametrize("term", TERMS, ids=str)
def test_same_bytes_as_the_engine(
    result_format: ResultFormat, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
) -> None:
    theirs = engines(result_format, term).replace(b"&apos;", b"'")
    assert ours(result_format, [[_term(term), None]]) == theirs


@pytest.mark.parametrize("result_format", TABLES)
@pytest.mark.parametrize("query", ["SELECT ?o { ?s ?p ?o }", "SELECT ?o {}", "SELECT * {}"])
def test_same_bytes_as_the_engine_without_values(result_format: ResultFormat, query: str) -> None:
    results = ox.Store().query(query)
    assert isinstance(results, ox.QuerySolutions)
    names = "".join(variable.value for variable in results.variables)
    rows: list[list[Term | None]] = [] if "?s" in query else [[None] * len(names)]
    assert ours(result_format, rows, names) == results.serialize(format=ENGINE[result_format])


@pytest.mark.parametrize("result_format", TABLES)
@pytest.mark.parametrize("value", [True, False])
def test_booleans_as_the_engine_writes_them(result_format: ResultFormat, value: bool) -> None:
    results = ox.Store().query("ASK {}" if value else "ASK { ?s ?p ?o }")
    assert isinstance(results, ox.QueryBoolean)
    document = write_boolean(result_format, value)
    assert document.body == results.serialize(format=ENGINE[result_format])
    assert document.rows is None


def test_csv_quotes_iris_with_commas_where_the_engine_does_not() -> None:
    cells = list(csv.reader(io.StringIO(ours(ResultFormat.CSV, [[Term(Kind.IRI, "http://x/a,b")]], "o").decode())))
    assert cells == [["o"], ["http://x/a,b"]]
    assert b'"' not in engines(ResultFormat.CSV, ox.NamedNode("http://x/a,b"))


def test_csv_keeps_formulas_as_they_are() -> None:
    assert ours(ResultFormat.CSV, [[Term(Kind.LITERAL, "=1+1")]], "o") == b"o\r\n=1+1\r\n"


def test_xml_keeps_carriage_returns_and_drops_what_xml_cannot_say() -> None:
    value = "a\rb\r\nc\x00\x01\x0b\ufffe\ud7ff "
    root = ET.fromstring(ours(ResultFormat.XML, [[Term(Kind.LITERAL, value)]], "o"))  # noqa: S314 - our own
    assert root.findtext(f".//{SPARQL}literal") == "a\rb\r\nc\ufffd\ufffd\ufffd\ufffd\ud7ff "


VALUES = st.text(st.characters(codec="utf-8"), max_size=20)
ROWS = st.lists(st.lists(st.one_of(st.none(), VALUES), min_size=2, max_size=2), max_size=5)


def literals(rows: list[list[str | None]]) -> list[list[Term | None]]:
    return [[None if value is None else Term(Kind.LITERAL, value) for value in row] for row in rows]


@given(rows=ROWS)
def test_any_text_survives(rows: list[list[str | None]]) -> None:
    table = literals(rows)
    found = json.loads(ours(ResultFormat.JSON, table))["results"]["bindings"]
    assert [[row.get(name, {}).get("value") for name in "on"] for row in found] == rows

    text = ours(ResultFormat.CSV, table).decode()
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == [[cell or "" for cell in row] for row in rows]

    lines = ours(ResultFormat.TSV, table).decode().split("\n")[1:-1]
    assert [line.count("\t") for line in lines] == [1] * len(rows)
    parsed = ox.parse_query_results(ours(ResultFormat.TSV, table), format=ox.QueryResultsFormat.TSV)
    assert isinstance(parsed, ox.QuerySolutions)
    assert [[None if cell is None else cell.value for cell in row] for row in parsed] == rows


@given(rows=ROWS, max_rows=st.integers(0, 6), max_bytes=st.integers(0, 400))
def test_cut_documents_are_whole(rows: list[list[str | None]], max_rows: int, max_bytes: int) -> None:
    for result_format in TABLES:
        document = write_solutions(result_format, ["o", "n"], literals(rows), max_rows=max_rows, max_bytes=max_bytes)
        assert document.rows is not None
        kept = document.rows
        assert kept <= min(max_rows, len(rows))
        assert document.truncated == (kept < len(rows))
        assert document.body == ours(result_format, literals(rows[:kept]))
        assert len(document.body) <= max_bytes or kept == 0


def test_rows_after_the_limit_are_not_asked_for() -> None:
    def rows() -> Iterator[list[Term | None]]:
        yield [Term(Kind.LITERAL, "1")]
        yield [Term(Kind.LITERAL, "2")]
        pytest.fail("read too far")

    document = write_solutions(ResultFormat.TSV, ["o"], rows(), max_rows=1, max_bytes=1000)
    assert document == Document(b'?o\n"1"\n', truncated=True, rows=1)


@given(body=st.binary(max_size=50), truncated=st.booleans(), rows=st.one_of(st.none(), st.integers(0, 2**40)))
def test_frames_round_trip(body: bytes, truncated: bool, rows: int | None) -> None:
    document = Document(body, truncated, rows)
    assert unpack(pack(document)) == document


def test_formats_have_distinct_types_and_names() -> None:
    assert len({result_format.media_type.split(";")[0] for result_format in ResultFormat}) == len(ResultFormat)
    assert len({result_format.extension for result_format in ResultFormat}) == len(ResultFormat)
    theirs = {result_format.media_type for result_format in ENGINE.values()}
    assert theirs == {result_format.media_type for result_format in ResultFormat if not result_format.is_graph}
