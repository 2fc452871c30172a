import pytest
from fastapi import HTTPException

from api.formats import Choice, choose, prefers_page, types_of
from kg.query.guard import QueryForm
from kg.query.results import ResultFormat

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("form", QueryForm)
def test_every_format_that_fits_can_be_asked_for_by_its_type(form: QueryForm) -> None:
    fitting = [each for each in ResultFormat if each.is_graph == form.gives_graph]
    for each in fitting:
        bare = each.media_type.partition(";")[0]
        assert choose(form, None, bare) == Choice(each, each.media_type)
    assert set(types_of(form).values()) == set(fitting)


@pytest.mark.parametrize(
    ("form", "accept", "choice"),
    [
        (QueryForm.SELECT, None, Choice(ResultFormat.JSON, "application/sparql-results+json")),
        (QueryForm.DESCRIBE, None, Choice(ResultFormat.TURTLE, "text/turtle; charset=utf-8")),
        (QueryForm.SELECT, BROWSER, None),
        (QueryForm.CONSTRUCT, "text/csv, text/html;q=0.1", None),
        (QueryForm.CONSTRUCT, "application/json", Choice(ResultFormat.JSONLD, "application/json")),
        (QueryForm.ASK, "text/plain", Choice(ResultFormat.TSV, "text/plain; charset=utf-8")),
        (QueryForm.SELECT, "text/*;q=0.5", Choice(ResultFormat.CSV, "text/csv; charset=utf-8")),
    ],
)
def test_accept_chooses(form: QueryForm, accept: str | None, choice: Choice | None) -> None:
    assert choose(form, None, accept) == choice


def test_a_named_format_wins() -> None:
    assert choose(QueryForm.SELECT, ResultFormat.CSV, BROWSER) == Choice(ResultFormat.CSV, "text/csv; charset=utf-8")
    assert choose(QueryForm.SELECT, "html", "text/csv") is None
    assert prefers_page("html", "text/csv")
    assert not prefers_page(ResultFormat.CSV, BROWSER)


@pytest.mark.parametrize("accept", ["image/png", "text/plain", "*/*;q=0", "text/turtle"])
def test_nothing_that_fits_is_406(accept: str) -> None:
    with pytest.raises(HTTPException) as caught:
        choose(QueryForm.SELECT, None, accept)
    assert caught.value.status_code == 406
    assert "text/csv" in caught.value.detail


@pytest.mark.parametrize(("accept", "page"), [(BROWSER, True), ("text/html", True), ("*/*", False), (None, False)])
def test_browsers_prefer_a_page(accept: str | None, page: bool) -> None:
    assert prefers_page(None, accept) is page
