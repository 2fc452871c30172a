import csv
import io
import json
from pathlib import Path

import pytest

from kg.errors import NotFoundError
from tests.kg.cli.inside import told


def test_a_path_between_papers_or_entities_by_name(data_folder: Path) -> None:
    out = told("path", "Tangent kernel", "Images", data=data_folder)
    assert "From [tangent kernel] to Images (2003)" in out
    out = told("path", "paper:ntk", "Images", data=data_folder)
    assert "1. Tangent kernel (2000) → [rare trick] → Images (2003)" in out
    assert "Tangent kernel proposes rare trick" in out
    assert "“A neural network of infinite width follows the tangent kernel. We propose rare trick.”" in out
    found = json.loads(told("path", "paper:ntk", "vision", "--json", data=data_folder))
    assert [hop["entity"]["slug"] for hop in found["ways"][0]["hops"]] == ["rare-trick", "rare-trick"]
    [first, _] = csv.DictReader(io.StringIO(told("path", "paper:ntk", "vision", "--format", "csv", data=data_folder)))
    assert (first["paper"], first["entity"], first["role"]) == ("ntk", "rare-trick", "proposes")


def test_no_path_and_no_end_are_said(data_folder: Path) -> None:
    out = told("path", "paper:ntk", "vision", "--via", "Task", data=data_folder)
    assert "None: 'Tangent kernel' names no task that is specific and in another paper." in out
    for unknown in ("paper:nope", "entity:nope", "no such thing"):
        with pytest.raises(NotFoundError, match=unknown.rpartition(":")[2]):
            told("path", unknown, "vision", data=data_folder)


def test_papers_beside_each_other(data_folder: Path) -> None:
    out = told("compare", "ntk", "Images", "--type", "Method", data=data_folder)
    assert "1. Tangent kernel (2000)\n 2. Images (2003)" in out
    assert [line.split() for line in out.splitlines() if line.startswith("rare trick")] == [
        ["rare", "trick", "Method", "proposes", "names"]
    ]
    table = csv.DictReader(io.StringIO(told("compare", "ntk", "vision", "--format", "csv", data=data_folder)))
    assert [row["rare trick (Method)"] for row in table] == ["proposes", "names"]
    assert json.loads(told("compare", "ntk", "--json", data=data_folder))["papers"][0]["id"] == "ntk"
    assert "and 1 more" in told("compare", "vision", "--type", "Method", "--limit", "1", data=data_folder)
    assert "nothing specific" in told("compare", "other1", "--type", "Task", data=data_folder)
