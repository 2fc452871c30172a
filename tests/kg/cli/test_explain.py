"""kg explain, as a person types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.cli.explain import find_entity
from kg.errors import AmbiguousError, NotFoundError
from kg.workspace import Reader


def test_it_tells_names_rules_and_an_example(data_folder: Path) -> None:
    done = CliRunner().invoke(app, ["explain", "Tangent kernels", "--data", str(data_folder)])
    assert done.exit_code == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "tangent kernel (Concept, 2 papers) tangent-kernel"
    assert "tangent kernel 2 2 name 1.00" in lines
    assert any(line.endswith("(ntk)") for line in lines[lines.index("For example:") :])


def test_it_tells_roles_and_statements(data_folder: Path) -> None:
    done = CliRunner().invoke(app, ["explain", "attention", "--data", str(data_folder)])
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[1] == "Roles: 1 uses"
    at = lines.index("What papers state:")
    assert lines[at + 1 : at + 3] == [
        "Attention used for translation (1 paper, 0.55)",
        "“Attention for translation” (mt)",
    ]


def test_machines_get_all_of_it(data_folder: Path) -> None:
    done = CliRunner().invoke(app, ["explain", "rare-trick", "--data", str(data_folder), "--json"])
    record = json.loads(done.stdout)
    told = "entity roles names definitions apart broader narrower statements samples"
    assert list(record) == told.split()
    assert record["roles"] == {"proposes": 1}
    assert record["entity"]["slug"] == "rare-trick"
    assert {name["rule"] for name in record["names"]} == {"name"}


@pytest.mark.parametrize("name", ["tangent kernel", "tangent-kernel", "Tangent Kernels", " tangent kernel "])
def test_any_spelling_of_a_name_is_understood(reader: Reader, name: str) -> None:
    assert find_entity(reader, name) == "tangent-kernel"


def test_a_name_that_nothing_has_is_answered_with_near_ones(reader: Reader) -> None:
    with pytest.raises(NotFoundError, match="did you mean tangent kernel"):
        find_entity(reader, "tangant kernel")
    with pytest.raises(NotFoundError, match=r"no entity '-'$"):
        find_entity(reader, "-")


def test_a_name_of_several_is_not_guessed(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    [one] = reader.index.search_entities("rare trick")
    monkeypatch.setattr(reader.index, "search_entities", lambda *_, **__: [one, one])
    with pytest.raises(AmbiguousError, match="rare-trick"):
        find_entity(reader, "rare trick")
    # Of several things of one name the id says which.
    assert find_entity(reader, "rare-trick") == "rare-trick"
