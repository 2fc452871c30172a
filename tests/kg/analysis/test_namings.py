import pytest

from kg.analysis.namings import Chosen, Doing, Namings, Order, namings, paper_ids
from kg.errors import NotFoundError
from tests.kg.analysis.made import Made

PAPERS = {
    "a": (2003, "m-it"),
    "b": (2001, "m-it+ d-two"),
    "c": (None, "m-it d-two"),
    "d": (2003, "m-it!"),
    "e": (2002, "m-it+"),
    "other": (2009, "d-two"),
}


def ids(found: Namings) -> str:
    return "".join(each.paper.id for each in found.shown)


def test_papers_come_by_year_and_then_by_what_they_do() -> None:
    made = Made(PAPERS)
    assert ids(namings(made, "m-it", Chosen())) == "daebc"
    assert ids(namings(made, "m-it", Chosen(), order=Order.OLDEST)) == "bedac"
    assert ids(namings(made, "m-it", Chosen(), order=Order.TELLING)) == "debac"


def test_they_are_chosen_by_role_years_and_what_else_they_name() -> None:
    made = Made(PAPERS)
    uses = namings(made, "m-it", Chosen(Doing.USES))
    assert (ids(uses), uses.total) == ("eb", 2)
    assert ids(namings(made, "m-it", Chosen(Doing.NAMES))) == "ac"
    assert ids(namings(made, "m-it", Chosen(year_from=2002))) == "dae"
    assert ids(namings(made, "m-it", Chosen(year_to=2002))) == "eb"
    assert ids(namings(made, "m-it", Chosen(beside="d-two"))) == "bc"
    assert ids(namings(made, "m-it", Chosen(Doing.USES, 2002, 2003, "d-two"))) == ""


def test_counts_are_of_all_papers_whatever_is_chosen() -> None:
    found = namings(Made(PAPERS), "m-it", Chosen(Doing.PROPOSES))
    assert found.doing == {Doing.PROPOSES: 1, Doing.USES: 2, Doing.NAMES: 2}


def test_a_page_is_a_part_of_the_order_with_sentences() -> None:
    made = Made(PAPERS)
    page = namings(made, "m-it", Chosen(), start=2, limit=2)
    assert (ids(page), page.total) == ("eb", 5)
    assert page.shown[0].evidence
    assert page.shown[0].evidence.text == "m-it"
    assert namings(made, "m-it", Chosen(), start=99).shown == ()
    assert paper_ids(made, "m-it", Chosen()) == list("daebc")


def test_unknown_names_are_told() -> None:
    for slug, beside in (("nope", None), ("m-it", "nope")):
        with pytest.raises(NotFoundError, match="nope"):
            namings(Made(PAPERS), slug, Chosen(beside=beside))
