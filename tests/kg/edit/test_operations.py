import pyoxigraph as ox
import pytest

from kg.edit.operations import over, touched_by
from kg.errors import BadQueryError
from kg.query.graphs import GraphSet
from kg.query.updates import inspect_update

TOUCHED = {
    "INSERT DATA { <urn:a> <urn:b> 1 }": set(),
    "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } <urn:a> <urn:b> 1 . GRAPH <urn:h> { } }": {"urn:g", "urn:h"},
    "PREFIX x: <urn:x:> DELETE DATA { GRAPH x:g { <urn:a> <urn:b> 1 } } ; PREFIX x: <urn:y:> DROP GRAPH x:g": {
        "urn:x:g",
        "urn:y:g",
    },
    "PREFIX : <urn:e:> CLEAR GRAPH :g": {"urn:e:g"},
    "INSERT { GRAPH <urn:g> { ?s ?p ?o } } WHERE { GRAPH ?any { ?s ?p ?o OPTIONAL { GRAPH <urn:z> { } } } }": {"urn:g"},
    "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }": {"urn:g"},
    "COPY <urn:a> TO <urn:b> ; MOVE GRAPH <urn:c> TO DEFAULT": {"urn:a", "urn:b", "urn:c"},
    "CREATE SILENT GRAPH <urn:g> ; CLEAR DEFAULT": {"urn:g"},
    "DELETE WHERE { GRAPH <urn:g> { ?s ?p ?o } }": {"urn:g"},
    "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }": None,
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }": None,
    "INSERT { GRAPH <urn:g> { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } } WHERE { GRAPH ?h { ?s ?p ?o } }": None,
    "CLEAR ALL": None,
    "DROP NAMED": None,
    "CLEAR GRAPH <relative>": None,
    "CLEAR GRAPH <http://example.org/a/../g>": None,
    r"CLEAR GRAPH <urn:\u0067>": None,
    r"PREFIX x: <urn:x:> CLEAR GRAPH x:a\-b": None,
    "CLEAR GRAPH x:g": None,
    "PREFIX x: <urn:x:> INSERT { GRAPHx:g { ?s ?p ?o } } WHERE { ?s ?p ?o }": None,
}


@pytest.mark.parametrize(("text", "expected"), TOUCHED.items())
def test_the_graphs_that_may_change_are_known_or_any(text: str, expected: set[str] | None) -> None:
    assert touched_by(inspect_update(text)) == expected


def filled() -> ox.Store:
    store = ox.Store()
    store.update(
        "INSERT DATA { <urn:s> <urn:p> 0 . GRAPH <urn:g> { <urn:s> <urn:p> 1 } "
        "GRAPH <urn:h> { <urn:s> <urn:p> 2 } GRAPH <urn:i> { <urn:s> <urn:p> 3 } }"
    )
    return store


def run(text: str, *default: str, named: tuple[str, ...] = ()) -> list[str]:
    store = filled()
    before = {str(quad) for quad in store}
    store.update(over(text, inspect_update(text), GraphSet(default, named)))
    after = {str(quad) for quad in store}
    changed = [f"-{line}" for line in before - after] + [f"+{line}" for line in after - before]
    return sorted(line.replace('"^^<http://www.w3.org/2001/XMLSchema#integer>', '"') for line in changed)


def test_patterns_see_the_graphs_of_the_request() -> None:
    copy = "INSERT { GRAPH <urn:out> { ?s <urn:q> ?o } } WHERE { ?s <urn:p> ?o }"
    assert run(copy) == ['+<urn:s> <urn:q> "0" <urn:out>']
    assert run(copy, "urn:g") == ['+<urn:s> <urn:q> "1" <urn:out>']
    assert run(copy, "urn:g", "urn:h") == ['+<urn:s> <urn:q> "1" <urn:out>', '+<urn:s> <urn:q> "2" <urn:out>']
    assert run(copy, named=("urn:h",)) == []


def test_named_graphs_of_the_request_limit_what_graph_may_name() -> None:
    copy = "INSERT { GRAPH <urn:out> { ?g <urn:q> ?o } } WHERE { GRAPH ?g { ?s <urn:p> ?o } }"
    assert run(copy, "urn:g", named=("urn:h", "urn:i")) == [
        '+<urn:h> <urn:q> "2" <urn:out>',
        '+<urn:i> <urn:q> "3" <urn:out>',
    ]


def test_delete_where_takes_them_too() -> None:
    """As SPARQL 1.1 has it: USING says where to look, and the template where to delete, here the unnamed graph."""
    text = "DELETE WHERE { # not } yet\n ?s ?p ?o . GRAPH <urn:h> { ?s ?p ?x } }"
    assert run(text, "urn:g", named=("urn:h",)) == ['-<urn:s> <urn:p> "2" <urn:h>']


def test_every_operation_with_a_pattern_gets_them_and_no_other() -> None:
    text = (
        "PREFIX u: <urn:> INSERT DATA { u:s u:p 9 } ; # WHERE\n DELETE { GRAPH u:g { ?s ?p ?o } } INSERT { ?s ?p 8 } "
        "WHERE { ?s ?p ?o . { SELECT ?s WHERE { ?s ?p ?o } } } ; INSERT { u:where u:p ?o } "
        "WHERE { ?s ?p ?o } ; CLEAR GRAPH u:i"
    )
    assert run(text, "urn:g") == [
        '+<urn:s> <urn:p> "8"',
        '+<urn:s> <urn:p> "9"',
        '-<urn:s> <urn:p> "1" <urn:g>',
        '-<urn:s> <urn:p> "3" <urn:i>',
    ]


@pytest.mark.parametrize(
    "text",
    [
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } USING <urn:g> WHERE { ?s ?p ?o }",
        "INSERT DATA {} ; INSERT { ?s ?p ?o } USING NAMED <urn:g> WHERE { ?s ?p ?o }",
    ],
)
def test_only_one_of_the_two_may_name_graphs(text: str) -> None:
    with pytest.raises(BadQueryError, match=r"names its graphs itself, with (WITH|USING)"):
        over(text, inspect_update(text), GraphSet(("urn:h",)))
    assert over(text, inspect_update(text), GraphSet()) == text


@pytest.mark.parametrize("iri", ["relative", "urn:x> WHERE {} ; DROP ALL #", "urn:a b", "", "http://x/a/../b"])
def test_a_graph_must_be_named_by_an_absolute_iri(iri: str) -> None:
    text = "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    with pytest.raises(BadQueryError, match="absolute IRI"):
        over(text, inspect_update(text), GraphSet((iri,)))
