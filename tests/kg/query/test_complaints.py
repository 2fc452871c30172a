import pyoxigraph as ox
import pytest

from kg.errors import BadQueryError
from kg.query.complaints import complaint


@pytest.mark.parametrize(
    ("query", "place", "reason"),
    [
        ("SELECT * {\n ?a ?b }", (2, 9), "expected one of "),
        ("ASK { ?s ?p ?o } LIMIT x", (1, 24), "expected one of HAVING"),
        ("SELECT (COUNT(?x) AS ?y) ?x { ?x ?p ?o }", (1, 41), "The SELECT contains a variable that is unbound"),
        ("ASK { ?s foo:bar 1 }", (1, 17), "Prefix not found"),
        ("ASK { ?s <rel> 1}", (1, 15), "IRI parsing failed"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", (1, 34), "SELECT * is not authorized with GROUP BY"),
        ("ASK { BIND(1 AS ?x) BIND(2 AS ?x) }", (1, 36), "this does not continue"),
        ("ASK { { _:a ?p ?o } { _:a ?q ?r } }", (1, 31), "this does not continue"),
    ],
)
def test_the_engines_words_are_told_with_their_place(query: str, place: tuple[int, int], reason: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(query)
    error = complaint(str(caught.value))
    line, column = place
    assert str(error).startswith(f"line {line}, column {column}: {reason}")
    assert error.place == place
    assert "'0'..=" not in str(error)
    assert "[_]" not in str(error)


def test_an_unknown_message_is_passed_on() -> None:
    error = complaint("something else")
    assert str(error) == "something else"
    assert error.place is None


def test_a_place_in_the_middle_of_a_text_is_none_of_the_query() -> None:
    assert BadQueryError("see line 1, column 2: there").place is None
