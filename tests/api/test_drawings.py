from collections.abc import Iterable

from api.drawings import MAX_DOTS, NAMES, TYPE, Drawing, Known, of_rows, of_triples
from api.tables import Cell, Table, kinds_of
from kg.vocab import NS

LABEL = next(name for name in NAMES if name.endswith("prefLabel"))


def thing(name: str) -> Cell:
    return Cell(name, full=f"urn:{name}")


def look(iris: Iterable[str]) -> dict[str, Known]:
    return {iri: Known("A paper", "paper") for iri in iris if iri == "urn:p"}


def of_table(*rows: list[Cell | None]) -> Drawing | None:
    table = Table([f"v{at}" for at in range(len(rows[0]))], list(rows))
    return of_rows(table, kinds_of(table), look)


def of_graph(*triples: tuple[str, str, str | Cell]) -> Drawing | None:
    rows: list[list[Cell | None]] = [
        [thing(s), Cell(p, full=p), o if isinstance(o, Cell) else thing(o)] for s, p, o in triples
    ]
    return of_triples(Table(["subject", "predicate", "object"], rows), look)


def pairs(drawing: Drawing) -> set[tuple[str, str]]:
    """Which things its lines lead from and to: those whose marks are nearest to the ends."""

    def at(place: tuple[float, float]) -> str:
        return min(drawing.dots, key=lambda d: (d.mark.x - place[0]) ** 2 + (d.mark.y - place[1]) ** 2).cell.text

    return {(at(line.begin), at(line.end)) for line in drawing.lines}


def test_a_row_is_a_path_through_its_things() -> None:
    found = of_table([thing("p"), Cell("title"), thing("m"), thing("d")], [thing("p"), Cell("title"), None, thing("e")])
    assert found is not None
    assert pairs(found) == {("p", "m"), ("m", "d"), ("p", "e")}
    assert (found.things, found.links, found.directed) == (4, 3, False)
    named = {dot.cell.text: (dot.name, dot.kind) for dot in found.dots}
    assert named["p"] == ("A paper", "paper")
    assert named["m"] == ("m", "")


def test_a_property_stands_between_its_neighbours() -> None:
    uses = Cell("kg:usedFor", full=f"{NS}usedFor")
    found = of_table([thing("a"), uses, thing("b")])
    assert found is not None
    assert pairs(found) == {("a", "b")}
    assert [line.name for line in found.lines] == ["kg:usedFor"]
    assert found.lines[0].at is not None


def test_rows_without_two_things_are_not_drawn() -> None:
    assert of_table([thing("a"), Cell("b")]) is None
    assert of_table([thing("a"), thing("a")]) is not None


def test_triples_are_arrows_and_tell_names_and_types() -> None:
    found = of_graph(
        ("m", LABEL, Cell("The method")),
        ("m", TYPE, Cell("kg:Method", full=f"{NS}Method")),
        ("p", "urn:uses", "m"),
        ("p", "urn:cites", "m"),
        ("p", "urn:note", Cell("a literal")),
    )
    assert found is not None
    assert found.directed
    assert {dot.cell.text: (dot.name, dot.kind) for dot in found.dots} == {
        "m": ("The method", "method"),
        "p": ("A paper", "paper"),
    }
    assert found.kinds == {"method", "paper"}
    assert [line.name for line in found.lines] == ["urn:uses, urn:cites"]
    assert of_graph(("a", "urn:p", Cell("alone"))) is not None


def test_what_is_drawn_is_capped_and_the_rest_counted() -> None:
    many = MAX_DOTS + 30
    found = of_table(*([thing("hub"), thing(str(n))] for n in range(many)))
    assert found is not None
    assert len(found.dots) == MAX_DOTS
    assert (found.things, found.links) == (many + 1, many)
    assert found.dots[0].cell.text == "hub"
    assert found.dots[0].mark.size > found.dots[1].mark.size
    assert all(0 <= dot.mark.x <= found.width and 0 <= dot.mark.y <= found.height for dot in found.dots)


def test_the_same_answer_is_drawn_the_same() -> None:
    rows = [[thing(str(n)), thing(str(n * 7 % 10))] for n in range(10)]
    assert of_table(*rows) == of_table(*rows)
