"""What the README says is true: commands run, outputs are real, settings are complete."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kg.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(name: str) -> tuple[str, str]:
    """Command and output of the console block after ``<!-- example: name -->``."""
    match = re.search(rf"<!-- example: {name} -->\n```console\n\$ (.*?)\n```", README, re.DOTALL)
    assert match, name
    lines = match[1].split("\n")
    for end in range(1, len(lines) + 1):
        command = "\n".join(lines[:end])
        if command.count("'") % 2 == 0 and command.count('"') % 2 == 0:
            return command, "\n".join(lines[end:])
    raise AssertionError(f"the quotes of {name} never close")


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]


def words(text: str) -> list[str]:
    return re.sub(r"\d+(?:\.\d+)?", "#", text).split()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["related", "query"])
def test_examples_print_what_the_readme_shows(demo: Path, name: str) -> None:
    command, shown = block(name)
    arguments = shlex.split(command)
    assert arguments[0] == ".venv/bin/kg"
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", *arguments[1:], "--data", str(demo)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert words(done.stdout) == words(shown)
    # Another processor may round a weight another way.
    assert numbers(done.stdout) == pytest.approx(numbers(shown), abs=0.05)


@pytest.mark.slow
def test_the_example_over_http_is_what_the_service_answers(demo: Path) -> None:
    command, shown = block("evidence")
    path = re.search(r"http://127\.0\.0\.1:8000(/\S+?)'", command)
    assert path
    with TestClient(create_app(Settings.model_validate({"data": demo, "hosts": ["testserver"]}))) as client:
        assert client.get(path[1]).json()["evidence"][0]["sentence"] == shown


def test_the_settings_table_is_complete() -> None:
    rows = dict(re.findall(r"^\| `(KG_\w+)` \| `(.*?)` \|", README, re.MULTILINE))
    expected = {
        f"KG_{name.upper()}": str(field.default) if name != "hosts" else None
        for name, field in Settings.model_fields.items()
    }
    assert rows.keys() == expected.keys()
    for name, default in expected.items():
        assert default is None or rows[name] == default


def test_files_that_are_linked_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target


def test_the_two_commands_are_there() -> None:
    for command in ("scripts/start", "scripts/test", "scripts/check", "scripts/lock", "scripts/train_extractor"):
        assert command in README
        assert (ROOT / command).stat().st_mode & 0o111
