from collections.abc import Sequence

from rdflib import Literal, URIRef

from kg.errors import QueryTimeoutError
from kg.protocols import Row
from kg.query.examples import examples, questions, unfilled, values
from kg.workspace import Reader


def test_every_question_that_has_an_answer_comes_with_values_that_give_it(reader: Reader) -> None:
    def ask(query: str) -> Sequence[Row]:
        return list(reader.store.select(query))

    found = examples(values(reader.catalogue, reader.index), ask)
    assert [each.id for each in found] == [question.name for question in questions()]
    for each in found:
        assert bool(ask(each.query)) == each.answered, each.id
        for name, term in each.parameters.items():
            assert f"VALUES ?{name} {{ {term.n3()} }}" in each.query
        assert len(set(each.parameters.values())) == len(each.parameters)
    unanswered = {each.id[:2] for each in found if not each.answered}
    # The small graph has no hierarchy, nobody curated it, and nothing in it is compared.
    assert unanswered <= {"04", "09", "13", "18", "22"}


def test_values_come_from_the_answers_where_no_common_thing_has_any() -> None:
    rare = URIRef("http://x.example/id/entity/rare")

    def ask(query: str) -> Sequence[Row]:
        if "VALUES" not in query:
            return [{"method": rare, "dataset": rare}, {"method": rare}] if "?dataset" in query else []
        return [{}] if str(rare) in query else []

    names = ("paper", "target", "entity", "method", "dataset", "task", "area", "name", "run", "type")
    common: dict[str, Sequence[URIRef | Literal]] = {name: [URIRef("http://x.example/common")] for name in names}
    found = {each.id: each for each in examples(common, ask)}
    example = found["07-datasets-with-a-method"]
    assert example.answered
    assert example.parameters == {"method": rare}
    assert not found["08-methods-on-a-task"].answered
    assert "http://x.example/common" in found["08-methods-on-a-task"].query


def test_a_question_that_takes_too_long_is_left_unanswered() -> None:
    def ask(_: str) -> Sequence[Row]:
        raise QueryTimeoutError("too long")

    names = ("paper", "target", "entity", "method", "dataset", "task", "area", "name", "run", "type")
    found = examples({name: [] for name in names}, ask)
    assert [each.answered for each in found] == [False] * len(questions())
    assert not any("#+" in each.query for each in found), "the header of the file is none of the query"


def test_questions_can_be_shown_before_a_graph_is_known() -> None:
    first = unfilled()[0]
    assert first.title == "Papers by shared methods"
    assert first.question == "Papers that share methods with a paper, those that share most first, and which methods."
    assert first.query.startswith("PREFIX")
    assert (dict(first.parameters), first.answered) == ({}, True)
