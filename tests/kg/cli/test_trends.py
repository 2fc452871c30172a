import csv
import io
import json
from pathlib import Path

import pytest

from kg.analysis.trends import Year
from kg.build import build
from kg.cli.trends import _bar, _line
from kg.sources import make_paper
from kg.workspace import Workspace
from tests.corpus import BASE, corpus_parts
from tests.kg.cli.inside import told


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which attention rises and the rare trick falls; one paper has no year."""
    path = tmp_path_factory.mktemp("years") / "data"
    told = {"attention": (0, 0, 1, 3, 6, 8), "rare trick": (8, 6, 3, 1, 0, 0)}
    texts = [
        (2010 + i, n, " ".join(f"It propose {name}." for name, counts in told.items() if n < counts[i]))
        for i in range(6)
        for n in range(8)
    ]
    papers = [
        make_paper(f"Paper {n} of {year}", f"{text} Accuracy on ImageNet.", identifier=f"p{year}-{n}", year=year)
        for year, n, text in texts
    ]
    papers.append(make_paper("Without a year", "It propose attention.", identifier="undated"))
    with Workspace(path, BASE).writer() as writer:
        build(papers, corpus_parts(), writer)
    return path


def test_a_timeline_with_its_first_proposers(years: Path) -> None:
    out = told("timeline", "attention", data=years)
    assert [line.split()[:3] for line in out.splitlines() if line.startswith("201")] == [
        ["2012", "1", "8"],
        ["2013", "3", "8"],
        ["2014", "6", "8"],
        ["2015", "8", "8"],
    ]
    assert "Without a year: 1 paper." in out
    assert "First proposed in 2012:\n  Paper 0 of 2012 (p2012-0)\n" in out
    assert "Proposed without a year, and perhaps first: by 1 paper." in out
    assert "First proposed in 2010, by 8 papers:" in told("timeline", "rare trick", data=years)
    assert "No paper with a year proposes it." in told("timeline", "ImageNet", data=years)
    rows = list(csv.DictReader(io.StringIO(told("timeline", "attention", "--format", "csv", data=years))))
    assert [row["papers"] for row in rows] == ["1", "3", "6", "8"]
    assert json.loads(told("timeline", "attention", "--json", data=years))["undated"] == 1


def test_what_rises_and_what_falls(years: Path) -> None:
    rising = told("trends", data=years)
    assert "What rises from 2006 to 2015" in rising
    assert "Attention" in rising or "attention" in rising
    assert "rare trick" not in rising
    assert "Left out, for they have no year: 1 paper." in rising
    [row] = csv.DictReader(io.StringIO(told("trends", "--falling", "--format", "csv", data=years)))
    assert (row["id"], row["2010"], row["2015"]) == ("rare-trick", "8", "0")
    assert json.loads(told("trends", "--json", "--from", 2011, "--to", 2014, data=years))["start"] == 2011
    assert "Nothing does surely, of 0 in at least 500 papers." in told("trends", "--min-papers", 500, data=years)


def test_bars_and_lines_are_as_long_as_shares() -> None:
    assert [_bar(part) for part in (0, 0.05, 1)] == ["", "██", "█" * 40]
    assert _line([Year(2000 + i, 1, 1, share, 0, 1) for i, share in enumerate((0, 0.1, 0.2))]) == " ▄█"
