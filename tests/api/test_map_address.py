from urllib.parse import parse_qsl, urlsplit

import pytest

from api.map_address import MapAddress

STATE = [
    ("focus", "bert"),
    ("type", "Method"),
    ("type", "Task"),
    ("year_from", ""),
    ("expand", "bert:12"),
    ("expand", "a:b:24"),
    ("pin", "squad"),
    ("hide", "f1"),
    ("select", "bert"),
    ("with", "squad"),
    ("at", "0,0,0.5"),
    ("view", "list"),
]
ADDRESS = MapAddress(STATE)


def params(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)


def test_an_address_says_all_of_its_state_and_nothing_empty() -> None:
    assert params(str(ADDRESS)) == [each for each in STATE if each[1]]
    assert str(MapAddress([("q", " ")])) == "/map"


@pytest.mark.parametrize(
    ("address", "gone", "there"),
    [
        (ADDRESS.choosing("a&b"), [("select", "bert"), ("with", "squad")], [("select", "a&b")]),
        (ADDRESS.linking("x", "y"), [("select", "bert"), ("with", "squad")], [("select", "x"), ("with", "y")]),
        (ADDRESS.cleared(), [("select", "bert"), ("with", "squad")], []),
        (ADDRESS.expanding("bert", 24), [("expand", "bert:12")], [("expand", "bert:24")]),
        (ADDRESS.expanding("a:b", 0), [("expand", "a:b:24")], []),
        (ADDRESS.showing("f1"), [("hide", "f1")], []),
        (ADDRESS.pinning("new"), [], [("pin", "new")]),
        (ADDRESS.pinning("squad"), [], []),
        (ADDRESS.unpinning("squad"), [("pin", "squad")], []),
        (ADDRESS.hiding("squad"), [("pin", "squad"), ("select", "bert"), ("with", "squad")], [("hide", "squad")]),
        (ADDRESS.opening(3), [("select", "bert"), ("with", "squad")], [("cluster", "3")]),
        (ADDRESS.viewed("map"), [("view", "list")], [("view", "map")]),
        (ADDRESS.naming("focus", "roberta"), [("focus", "bert")], [("focus", "roberta")]),
    ],
)
def test_one_click_changes_one_thing(address: str, gone: list[tuple[str, str]], there: list[tuple[str, str]]) -> None:
    before = {each for each in STATE if each[1]}
    assert set(params(address)) == (before - set(gone)) | set(there)
    assert len(params(address)) == len(set(params(address)))


def test_another_focus_starts_anew_by_the_same_filters() -> None:
    assert set(params(ADDRESS.around("t5"))) == {
        ("focus", "t5"), ("select", "t5"), ("type", "Method"), ("type", "Task"), ("view", "list")
    }  # fmt: skip
    assert {name for name, _ in params(ADDRESS.everywhere())} == {"type", "view"}


def test_files_and_the_page_that_stands_alone() -> None:
    path, query = ADDRESS.exported("gexf").split("?")
    assert path == "/map/export"
    assert {name for name, _ in parse_qsl(query)} == {"focus", "type", "expand", "pin", "hide", "format"}
    alone = ADDRESS.standalone()
    assert alone.startswith("/network?")
    assert {name for name, _ in params(alone)} == {"focus", "type", "limit"}


def test_forms_send_along_what_they_have_no_field_for() -> None:
    assert dict(ADDRESS.kept()).keys() == {"expand", "pin", "hide", "view"}
    path = ADDRESS.pathless("bert")
    assert ("select", "bert") in path
    assert {"with", "path"}.isdisjoint(name for name, _ in path)
