from kg.analysis.company import company
from kg.analysis.comparison import compare
from kg.analysis.gaps import gaps_of_task
from kg.analysis.paths import find_end, find_ways
from kg.analysis.trends import find_trends, timeline
from kg.model import Label
from kg.view.findings import (
    company_table,
    comparison_table,
    gaps_table,
    trends_table,
    ways_table,
    years_table,
)
from kg.view.tables import Table
from tests.kg.analysis.made import Made
from tests.kg.analysis.test_gaps import WORK
from tests.kg.analysis.test_trends import corpus


def rows(table: Table) -> list[dict[str, object]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_a_row_for_each_hop() -> None:
    made = Made({"p": (2001, "m-a+"), "q": (None, "m-a")})
    found = find_ways(made, find_end(made.incidence, "p"), find_end(made.incidence, "q"))
    first, second = rows(ways_table(found))
    assert (first["path"], first["hop"], first["paper"], first["role"]) == (1, 1, "p", "uses")
    assert (second["hop"], second["entity"], second["role"]) == (2, "m-a", None)
    assert second["sentence"] == "Here m-a is."


def test_a_row_for_each_year() -> None:
    [row] = rows(years_table(timeline(Made({"p": (2001, "m-a")}), "m-a")))
    assert (row["year"], row["papers"], row["total"], row["share"]) == (2001, 1, 1, 1.0)


def test_a_row_for_what_rises_and_a_column_for_each_year() -> None:
    [row] = rows(trends_table(find_trends(Made(corpus({"m-up": [1, 2, 5, 10, 20]})))))
    assert row["id"] == "m-up"
    assert [row[str(year)] for year in range(2011, 2016)] == [1, 2, 5, 10, 20]
    assert rows(trends_table(find_trends(Made({"p": (2001, "m-a")})))) == []


def test_a_row_for_each_gap() -> None:
    [row] = rows(gaps_table(gaps_of_task(Made(WORK), "t-seg")))
    assert (row["method"], row["task"], row["tried"], row["papers"]) == ("m-c", "t-seg", 2, 5)
    assert row["trials"] == "M-A (3); M-B (2)"


def test_a_row_for_each_companion() -> None:
    [row] = rows(company_table(company(Made({"p": (1, "m-a d-b"), "q": (1, "d-b")}), "m-a", [Label.DATASET])))
    assert (row["id"], row["type"], row["papers"], row["of"]) == ("d-b", "Dataset", 1, 2)


def test_a_row_for_each_paper_and_a_column_for_each_entity() -> None:
    found = compare(Made({"p": (2001, "m-a! d-b"), "q": (None, "d-b"), "r": (1, "c-c")}), ["p", "q"])
    first, second = rows(comparison_table(found))
    assert (first["M-A (Method)"], first["D-B (Dataset)"]) == ("proposes", "names")
    assert (second["M-A (Method)"], second["D-B (Dataset)"], second["year"]) == (None, "names", None)
