import pytest

from api.charts import MAX_BARS, ROWS, Chart, chart_of, number
from api.tables import Cell, Table, kinds_of


def things(*names: str) -> list[Cell | None]:
    return [Cell(name, full=f"urn:{name}") for name in names]


def numbers(*values: float) -> list[Cell | None]:
    return [Cell(str(value), number=value) for value in values]


def texts(*values: str) -> list[Cell | None]:
    return [Cell(value) for value in values]


def table(**columns: list[Cell | None]) -> Table:
    return Table(list(columns), [list(row) for row in zip(*columns.values(), strict=True)])


def chart(made: Table, across: str = "", of: str | None = None) -> Chart:
    found = chart_of(made, kinds_of(made), across, of)
    assert found is not None
    return found


def test_names_stand_before_the_numbers_beside_them() -> None:
    made = table(method=things("a", "b"), kind=texts("k", "k"), name=texts("A", "B"), papers=numbers(4, 2))
    found = chart(made)
    assert (found.across, found.of) == ("name", "papers")
    assert found.choices.across == ["name", "method", "papers"]
    assert [(bar.cell.text, bar.value, bar.start, bar.length) for bar in found.bars] == [
        ("A", "4", 0, 100),
        ("B", "2", 0, 50),
    ]
    assert not found.summed


def test_other_columns_can_be_chosen_and_wrong_ones_are_passed_over() -> None:
    made = table(a=things("x", "y"), b=numbers(1, 2), c=numbers(3, 4))
    assert (chart(made, "a", "c").across, chart(made, "a", "c").of) == ("a", "c")
    assert chart(made, "a", ROWS).of == ROWS
    assert (chart(made, "no", "no").across, chart(made, "no", "no").of) == ("a", "b")


def test_without_numbers_rows_are_counted() -> None:
    found = chart(table(role=texts("uses", "uses", "proposes"), paper=things("a", "b", "c")), "role")
    assert [(bar.cell.text, bar.value) for bar in found.bars] == [("uses", "2"), ("proposes", "1")]


def test_values_of_one_thing_are_added_up_and_it_says_so() -> None:
    found = chart(table(name=texts("a", "b", "a"), n=numbers(1, 2, 3)))
    assert [(bar.cell.text, bar.value) for bar in found.bars] == [("a", "4"), ("b", "2")]
    assert found.summed


def test_what_is_below_nothing_goes_the_other_way() -> None:
    found = chart(table(name=texts("a", "b"), slope=numbers(3, -1)))
    assert found.zero == 25
    assert [(bar.start, bar.length) for bar in found.bars] == [(25, 75), (0, 25)]


def test_bars_that_are_too_many_are_counted() -> None:
    many = MAX_BARS + 3
    found = chart(table(name=texts(*map(str, range(many))), n=numbers(*range(many))))
    assert (len(found.bars), found.left_out) == (MAX_BARS, 3)


def test_years_stand_in_their_order_with_room_for_those_that_miss() -> None:
    years = [Cell(year, note="xsd:gYear") for year in ("2005", "2001", "2002")]
    found = chart(table(year=[*years], papers=numbers(1, 2, 4)))
    assert [(point.label, point.value) for point in found.points] == [("2001", "2"), ("2002", "4"), ("2005", "1")]
    assert [point.x for point in found.points] == pytest.approx([10, 30, 90])
    assert [point.y for point in found.points] == [50, 0, 75]
    assert (found.width, found.low, found.high, found.zero) == (20, "0", "4", 100)
    assert not found.is_line
    assert [point.label for point in found.ticks] == ["2001", "2002", "2005"]


def test_many_points_are_a_line() -> None:
    days = [Cell(f"20{n // 12:02}-{n % 12 + 1:02}", note="xsd:gYearMonth") for n in range(120)]
    found = chart(table(month=[*days], n=numbers(*range(120))))
    assert found.is_line
    assert found.path.startswith("0.42,100.00 ")
    assert len(found.ticks) < 13


@pytest.mark.parametrize(
    "made", [table(a=texts()), table(a=texts("x", "x")), table(a=[None, None])], ids=["empty", "same", "unbound"]
)
def test_where_nothing_differs_there_is_no_chart(made: Table) -> None:
    assert chart_of(made, kinds_of(made)) is None


def test_rows_whose_value_misses_are_left_out() -> None:
    found = chart(table(name=texts("a", "b", "c"), n=[*numbers(1), None, *numbers(2)]))
    assert [bar.cell.text for bar in found.bars] == ["a", "c"]


@pytest.mark.parametrize(
    ("value", "text"), [(12345, "12,345"), (0.5, "0.5"), (1234.5678, "1,235"), (1e20, "1e+20"), (-3, "-3")]
)
def test_numbers_are_written_for_people(value: float, text: str) -> None:
    assert number(value) == text
