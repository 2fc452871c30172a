import re
import sys
from pathlib import Path

import pytest

from kg.errors import ExtractionError
from kg.extract import choose_extractor
from kg.extract.named import load_extractor
from kg.resources import model_dir
from kg.sources import make_paper
from tests.wayward import Wayward

MODULE = """
from tests.wayward import Wayward

def make(**options):
    return Wayward(**options)

def empty():
    return object()

class Unnamed(Wayward):
    name = ""

class Mute(Wayward):
    extract = None

number = 3
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", sys.path.copy())
    for name in [name for name in sys.modules if name.startswith("kg_test_")]:
        monkeypatch.delitem(sys.modules, name)
    (tmp_path / "kg_test_mine.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "kg_test_broken.py").write_text("import kg_test_not_installed", encoding="utf-8")
    (tmp_path / "kg_test_wrong.py").write_text("1 / 0", encoding="utf-8")
    return tmp_path


def test_a_module_of_the_working_directory_makes_an_extractor() -> None:
    extractor = load_extractor("kg_test_mine:make")
    assert (extractor.name, extractor.version) == ("wayward", "1")
    (extraction,) = extractor.extract([make_paper("A graph", "Graphs, and a graph.")])
    assert [(m.text, m.score) for m in extraction.mentions] == [("graph", 0.988)] * 2


def test_arguments_reach_the_factory_and_change_the_version() -> None:
    one, same, other = (load_extractor(f"kg_test_mine:make?word={word}") for word in ("a", "a", "b"))
    assert one.version == same.version
    assert re.fullmatch(r"1\+[0-9a-f]{12}", one.version)
    assert one.version != other.version
    (extraction,) = other.extract([make_paper("abba")])
    assert [m.start for m in extraction.mentions] == [1, 2]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gliner", "expected module:factory, as in my_extractor:make, or shipped"),
        ("a b:make", "expected module:factory"),
        (":make", "expected module:factory"),
        ("kg_test_none:make", "there is no module 'kg_test_none'; install it, or run this in the folder that holds it"),
        ("kg_test_mine.deep:make", "there is no module 'kg_test_mine.deep'"),
        ("kg_test_broken:make", "cannot be imported: ModuleNotFoundError: No module named 'kg_test_not_installed'"),
        ("kg_test_wrong:make", "cannot be imported: ZeroDivisionError"),
        ("kg_test_mine:mak", "has no 'mak'; did you mean make?"),
        ("kg_test_mine:number", "is of type int; expected a function or class"),
        ("kg_test_mine:make?wrod=x", "make(wrod='x') failed: TypeError"),
        ("kg_test_mine:make?start=fail", "failed: OSError: no weights here"),
        ("kg_test_mine:make?word", "after '?' expected key=value&key=value"),
        ("kg_test_mine:make?word=a&word=b", "a key is given twice"),
        ("kg_test_mine:empty", "which is no extractor: it has no name and no version and no extract"),
        ("kg_test_mine:Mute", "it has no extract that can be called"),
        ("kg_test_mine:Unnamed", "name must be text with a letter or digit, not ''"),
    ],
)
def test_what_is_wrong_with_a_name_is_said(name: str, reason: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        load_extractor(name)
    assert reason in str(caught.value)


def test_a_file_here_never_takes_the_place_of_a_package(folder: Path) -> None:
    (folder / "colorsys.py").write_text("raise SystemExit", encoding="utf-8")
    with pytest.raises(ExtractionError, match="module colorsys has no 'make'"):
        load_extractor("colorsys:make")


def test_options_win_over_the_setting(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("KG_EXTRACTOR", "kg_test_mine:make?word=set")
    assert choose_extractor().version != Wayward.version
    assert choose_extractor("kg_test_mine:make").version == Wayward.version
    with pytest.raises(ExtractionError, match="holds no pipeline"):
        choose_extractor(model=folder)
    with pytest.raises(ExtractionError, match="not both"):
        choose_extractor("kg_test_mine:make", folder)


def test_a_gazetteer_belongs_to_the_shipped_extractor(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    asked = []
    monkeypatch.setattr("kg.extract.make_extractor", lambda model, names: asked.append((model, names)))
    with pytest.raises(
        ExtractionError, match=r"gazetteer mine\.tsv belongs to the shipped extractor; kg_test_mine:make"
    ):
        choose_extractor("kg_test_mine:make", gazetteer="mine.tsv")
    monkeypatch.setenv("KG_GAZETTEER", "set.tsv")
    assert choose_extractor("kg_test_mine:make").version == Wayward.version
    choose_extractor()
    choose_extractor("shipped", gazetteer="mine.tsv")
    choose_extractor(model=folder)
    choose_extractor(gazetteer="shipped")
    assert asked == [
        (model_dir(), Path("set.tsv")),
        (model_dir(), Path("mine.tsv")),
        (folder, Path("set.tsv")),
        (model_dir(), None),
    ]
    monkeypatch.setenv("KG_EXTRACTOR", "kg_test_mine:make")
    with pytest.raises(ExtractionError, match="belongs to the shipped extractor"):
        choose_extractor()
