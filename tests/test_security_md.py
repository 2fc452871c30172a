"""The threat model names tests; each of them exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8")
ROWS = [
    line
    for line in TEXT.partition("## What is guarded")[2].partition("\n## ")[0].splitlines()
    if line.startswith("| ") and not line.startswith(("| **", "| threat"))
]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


def test_there_is_a_table() -> None:
    assert len(ROWS) > 20


@pytest.mark.parametrize("row", ROWS, ids=[row.split("|")[1].strip()[:40] for row in ROWS])
def test_every_row_says_what_guards_and_what_proves_it(row: str) -> None:
    _, threat, default, proof, _ = row.split("|")
    assert threat.strip()
    assert default.strip()
    assert re.fullmatch(r"\s*(`tests/[\w/]+\.py::test_\w+`\s*)+", proof)


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_every_test_that_is_named_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_setting_that_is_named_exists() -> None:
    from kg.settings import Settings

    for name in re.findall(r"\bKG_\w+", TEXT):
        assert name.removeprefix("KG_").lower() in Settings.model_fields, name
