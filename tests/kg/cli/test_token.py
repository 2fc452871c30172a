import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import StoreError
from kg.tokens import Scope, Tokens


def kg(*arguments: str, data: Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["token", *arguments, "--data", str(data)])
    return result.exit_code, result.stdout, result.stderr


def test_the_value_alone_goes_to_standard_output(tmp_path: Path) -> None:
    code, out, _ = kg("create", "--scope", "update", "--expires", "30d", "--name", "a [b]x[/b]", data=tmp_path)
    assert code == 0
    value = out.strip()
    token = Tokens(tmp_path).check(value, Scope.UPDATE)
    assert token.expires == pytest.approx(token.created + 30 * 86400)
    assert token.name == "a [b]x[/b]"


def test_the_list_never_shows_a_value(tmp_path: Path) -> None:
    assert "kg token create" in kg("list", data=tmp_path)[1]
    made = json.loads(
        kg("create", "--scope", "ingest", "--scope", "curate", "--name", "job", "--json", data=tmp_path)[1]
    )
    for form in ((), ("--json",)):
        code, out, _ = kg("list", *form, data=tmp_path)
        assert code == 0
        assert made["token"] not in out
        assert made["id"] in out
        assert "job" in out
    (listed,) = json.loads(kg("list", "--json", data=tmp_path)[1])
    assert (listed["scopes"], listed["state"], listed["expires"]) == (["curate", "ingest"], "active", None)


def test_a_link_carries_the_token_in_its_fragment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variables, site in (
        ({}, "http://127.0.0.1:8000/"),
        ({"KG_PORT": "9000", "KG_HOST": "0.0.0.0"}, "http://127.0.0.1:9000/"),  # noqa: S104 - not listened on
        ({"KG_HOST": "::1"}, "http://[::1]:9000/"),
        ({"KG_BASE": "https://kg.example.org/"}, "https://kg.example.org/"),
    ):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        out = kg("create", "--scope", "ingest", "--link", data=tmp_path)[1].strip()
        address, _, value = out.partition("#token=")
        assert address == f"{site}ingest"
        assert Tokens(tmp_path).check(value, Scope.INGEST)
    assert kg("create", "--scope", "update", "--link", data=tmp_path)[0] == 2


def test_a_token_takes_the_place_of_those_of_its_name(tmp_path: Path) -> None:
    for _ in range(3):
        value = kg("create", "--scope", "ingest", "--name", "start", "--replace", data=tmp_path)[1].strip()
    kg("create", "--scope", "ingest", "--name", "other", data=tmp_path)
    tokens = json.loads(kg("list", "--json", data=tmp_path)[1])
    assert [(token["name"], token["state"]) for token in tokens] == [
        ("start", "revoked"), ("start", "revoked"), ("start", "active"), ("other", "active"),
    ]  # fmt: skip
    assert Tokens(tmp_path).check(value, Scope.INGEST)


def test_a_token_is_revoked_by_its_id(tmp_path: Path) -> None:
    made = json.loads(kg("create", "--scope", "admin", "--json", data=tmp_path)[1])
    assert kg("revoke", made["id"], data=tmp_path)[0] == 0
    (listed,) = json.loads(kg("list", "--json", data=tmp_path)[1])
    assert listed["state"] == "revoked"
    assert kg("revoke", "nope", data=tmp_path)[0] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ("create",),
        ("create", "--scope", "root"),
        ("create", "--scope", "update", "--expires", "soon"),
        ("create", "--scope", "update", "--expires", "0d"),
        ("create", "--scope", "update", "--expires", "999999w"),
        ("create", "--scope", "update", "--name", "x" * 101),
        ("create", "--scope", "update", "--name", "a\x1b[2Jb"),
    ],
)
def test_what_makes_no_sense_makes_no_token(tmp_path: Path, wrong: tuple[str, ...]) -> None:
    assert kg(*wrong, data=tmp_path)[0] == 2
    assert Tokens(tmp_path).list() == []


def test_a_public_address_needs_a_token(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["serve", "--host", "0.0.0.0", "--data", str(tmp_path)])  # noqa: S104 - refused
    assert isinstance(result.exception, StoreError)
    assert "kg token create --scope update, or set KG_WRITES=off" in str(result.exception)
