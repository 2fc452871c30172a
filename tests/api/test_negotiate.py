import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.negotiate import accepted, best_match

OFFERED = ("application/json", "text/html", "text/csv")


@pytest.mark.parametrize(
    ("header", "best"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/html"),
        ("text/csv", "text/csv"),
        ("TEXT/HTML", "text/html"),
        ("text/html;q=0.4, application/json;q=0.5", "application/json"),
        ("text/*;q=0.9, text/html;q=0.1, */*;q=0.5", "text/csv"),
        ("application/json;q=0, */*", "text/html"),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/csv;q=banana", "text/csv"),
        ("text/csv;q=nan", "text/csv"),
        ("text/csv; charset=utf-8; q=0.2, text/html;q=0.1", "text/csv"),
        ("text/csv, */*", "text/csv"),
        ("text/*, text/csv", "text/csv"),
        ("text/csv;q=0.5, text/csv;charset=utf-8;q=0, text/html;q=0.1", "text/html"),
        ('text/html;q=0.1;note="a, text/csv;q=1", application/json;q=0.2', "application/json"),
        ('text/csv;note="never closed, text/html', "text/csv"),
        ("text/html, image/gif, *; q=.2", "text/html"),
        ("image/gif, *; q=.2", "application/json"),
        ("application/json;q=0.000, text/csv;q=0.001", "text/csv"),
        ("application/json;q=0, text/html;q=0, text/csv;q=0", None),
        ("text/csv;q=1.0,application/json;q=1", "application/json"),
    ],
)
def test_the_best_match(header: str | None, best: str | None) -> None:
    assert best_match(header, OFFERED) == best


@given(st.text(max_size=80))
def test_no_header_is_an_error(header: str) -> None:
    assert best_match(header, OFFERED) in (*OFFERED, None)
    assert all(0 <= each.quality <= 1 for each in accepted(header))
