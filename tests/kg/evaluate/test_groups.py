"""Venues and years to groups."""

import pytest

from kg.evaluate import AnnotatedPaper, evaluate
from kg.evaluate.groups import By, group, venue_group, year_band
from tests.kg.evaluate.hand import Scripted, paper


@pytest.mark.parametrize(
    ("venue", "name"),
    [
        ("ACL", "NLP"),
        ("COLM", "NLP"),
        ("Findings of the ACL: NAACL 2024", "NLP"),
        ("wacv", "vision"),
        ("NIPS", "ML"),
        ("NeurIPS 2023 (spotlight)", "ML"),
        ("CORL", "robotics"),
        ("IJCAI-20", "AI"),
        ("WWW", "other"),
        ("PLACLE", "other"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_venues(venue: str | None, name: str) -> None:
    assert venue_group(paper(venue=venue)) == name


@pytest.mark.parametrize(
    ("year", "name"), [(2019, "2015-2019"), (2020, "2020-2024"), (2024, "2020-2024"), (None, "unknown")]
)
def test_years(year: int | None, name: str) -> None:
    assert year_band(paper(year=year)) == name


def test_groups_hold_every_paper_once_in_a_fixed_order() -> None:
    known = [("WWW", 2021), ("ICRA", None), ("ACL", 1999), (None, 2021), ("ICML", 2008)]
    gold = [AnnotatedPaper(paper(str(i), year, venue), ()) for i, (venue, year) in enumerate(known)]
    result = evaluate(gold, Scripted(*[((), None, 1.0)] * 5))
    held = {by: {name: [p.gold.paper.id for p in each.papers] for name, each in group(result, by).items()} for by in By}
    assert held[By.VENUE] == {"NLP": ["2"], "ML": ["4"], "robotics": ["1"], "other": ["0"], "unknown": ["3"]}
    assert held[By.YEAR] == {"1995-1999": ["2"], "2005-2009": ["4"], "2020-2024": ["0", "3"], "unknown": ["1"]}
    assert list(held[By.VENUE]) == ["NLP", "ML", "robotics", "other", "unknown"]
    assert list(held[By.YEAR]) == ["1995-1999", "2005-2009", "2020-2024", "unknown"]
