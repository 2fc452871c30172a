import pytest

from kg.errors import BadQueryError
from kg.query.updates import inspect_update

PREFIX = "PREFIX x: <http://127.0.0.1:9/> "

ALLOWED = [
    "",
    "# nothing",
    "PREFIX x: <urn:x:>",
    "INSERT DATA { <urn:a> <urn:b> 'LOAD <http://x>; DROP ALL' }",
    "insert data{<urn:a><urn:b>1};delete where{?s ?p ?o};",
    "PREFIX load: <urn:l:> PREFIX service: <urn:s:> INSERT DATA { load:a load:load service:b }",
    "WITH <urn:g> DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } USING <urn:h> USING NAMED <urn:i> WHERE { ?s ?p ?o }",
    "CLEAR SILENT ALL ; DROP GRAPH <urn:g> ; CREATE SILENT GRAPH <urn:g> ; ADD DEFAULT TO <urn:g>",
    "MOVE SILENT GRAPH <urn:a> TO DEFAULT ; COPY <urn:a> TO <urn:b> ; CLEAR NAMED ; BASE <urn:b:> DROP DEFAULT",
    "INSERT DATA { <urn:a> <urn:b> " + "-1 , " * 2000 + "+1 }",
    "DELETE DATA { GRAPH <urn:g> { <urn:a> <urn:b> -1 } <urn:a> <urn:b> " + "-1 , " * 600 + "+1 }",
    "INSERT { ?load ?drop ?service } WHERE { ?load ?drop ?service }",
]
REFUSED = {
    "LOAD <http://127.0.0.1:9/>": "LOAD is not allowed",
    "load silent <file:///etc/passwd> into graph <urn:g>": "LOAD is not allowed",
    "LOAD#\n<http://127.0.0.1:9/>": "LOAD is not allowed",
    PREFIX + "LOADx:y": "LOAD is not allowed",
    PREFIX + "INSERT DATA {} ; LOADx:y": "LOAD is not allowed",
    PREFIX + "LOADSILENTx:y": "LOAD is not allowed",
    "LOADSILENT<http://127.0.0.1:9/>": "LOAD is not allowed",
    r"\u004cOAD <http://127.0.0.1:9/>": "LOAD is not allowed",
    r"INSERT DATA {} ; L\u004FAD <http://127.0.0.1:9/>": "LOAD is not allowed",
    "INSERT DATA { <urn:a> <urn:b> 1 } LOAD <http://127.0.0.1:9/>": "LOAD is not allowed",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }": "SERVICE is not allowed",
    PREFIX + "INSERT { ?s ?p ?o } WHERE { SERVICEx:y { ?s ?p ?o } }": "SERVICE is not allowed",
    "INSERT { ?s ?p ?o } WHERE { \\u0053ERVICE <urn:x> { ?s ?p ?o } }": "SERVICE is not allowed",
    "SELECT * { ?s ?p ?o }": "expected INSERT",
    "INSERT DATA {} ; ASK {}": "expected INSERT",
    "INSERTDATA { <urn:a> <urn:b> 1 }": "expected INSERT",
    "CLEARALL": "expected INSERT",
    PREFIX + "WITHx:g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }": "expected INSERT",
    PREFIX + "DELETE { ?s ?p ?o } USINGx:g WHERE { ?s ?p ?o }": "cannot stand outside of braces",
    "DELETE { ?s ?p ?o } USINGNAMED <urn:g> WHERE { ?s ?p ?o }": "cannot stand outside of braces",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o } VALUES ?s { 1 }": "cannot stand outside of braces",
    "INSERT DATA { <urn:a> <urn:b> 'open }": "never ends",
    "INSERT DATA { " + "[ <urn:p> " * 200: "nests brackets",
    "INSERT DATA { <urn:a> <urn:b> '" + "x" * 70_000 + "' }": "at most 65536",
    "INSERT { ?s ?p ?o } WHERE { " + "{} UNION " * 600 + "{} }": "more than 500 operators",
    "INSERT DATA { <urn:a> <urn:b> '\ud800' }": "surrogate",
}


@pytest.mark.parametrize("text", ALLOWED)
def test_updates_pass(text: str) -> None:
    assert "".join(piece.text for piece in inspect_update(text)) or not text or text.startswith("#")


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=[text[:50] for text in REFUSED])
def test_what_is_no_update_of_this_graph_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadQueryError, match=reason):
        inspect_update(text)


def test_the_place_is_named() -> None:
    with pytest.raises(BadQueryError, match=r"^line 2, column 3: LOAD"):
        inspect_update("INSERT DATA {} ;\n  LOAD <urn:x>")


@pytest.mark.parametrize("bracket", ["{", "(", "[", "<<", "{ OPTIONAL ", "{ ?s ?p [ "])
@pytest.mark.parametrize("depth", [200, 10_000])
def test_deep_nesting_never_reaches_the_engine(bracket: str, depth: int) -> None:
    with pytest.raises(BadQueryError):
        inspect_update(f"INSERT {{ ?s ?p ?o }} WHERE {{ {bracket * depth}")
