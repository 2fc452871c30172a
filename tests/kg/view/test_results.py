import pytest
from rdflib import Graph

from kg.model import Label, Network, Node, Paper
from kg.view.forms import Form
from kg.view.results import Result
from kg.view.tables import papers_table

PAPER = Paper("a", "Half a pair \ud800")
NODE = Node("a", "A", Label.TASK, 1, 0, 0, 0, 0)
RESULT = Result(
    "papers",
    table=lambda: papers_table([PAPER]),
    papers=lambda: [PAPER],
    graph=Graph,
    network=Network("n", (NODE,), (), 1, 0),
)


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.JSON])
def test_every_form_can_be_written_as_utf8(form: Form) -> None:
    assert RESULT.written(form).decode("utf-8")


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.CSV])
def test_what_a_result_cannot_be_seen_as_is_named(form: Form) -> None:
    with pytest.raises(ValueError, match=f"papers cannot be seen as {form}"):
        Result("papers", table=lambda: papers_table([])).written(form)


def test_forms_have_different_types_and_endings() -> None:
    assert len({form.bare for form in Form}) == len({form.extension for form in Form}) == len(Form)
