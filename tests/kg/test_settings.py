"""The environment to Settings: every mistake is named by its variable."""

from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KG_{name.upper()}", raising=False)


def test_defaults_keep_to_this_machine() -> None:
    settings = load_settings()
    assert settings.host == "127.0.0.1"
    assert settings.data == Path("kg-data")
    assert settings.base.endswith("/")


def test_each_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_DATA", "/tmp/else")  # noqa: S108 - nothing is written there
    monkeypatch.setenv("KG_PORT", "9000")
    monkeypatch.setenv("KG_HOSTS", '["kg.example.org"]')
    monkeypatch.setenv("KG_UNKNOWN", "x")
    settings = load_settings()
    assert (settings.data, settings.port, settings.hosts) == (Path("/tmp/else"), 9000, ["kg.example.org"])  # noqa: S108


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KG_PORT", "http"),
        ("KG_PORT", ""),
        ("KG_PORT", "70000"),
        ("KG_QUERY_TIMEOUT", "0"),
        ("KG_QUERY_TIMEOUT", "nan"),
        ("KG_QUERY_TIMEOUT", "inf"),
        ("KG_QUERY_ROWS", "-1"),
        ("KG_QUERY_WORKERS", "1.5"),
        ("KG_NETWORK_NODES", "5"),
        ("KG_PROXIES", "127.0.0.1"),
        ("KG_PROXIES", '["proxy.example.org"]'),
        ("KG_PROXIES", '["10.0.0.1/8"]'),
        ("KG_METRICS", "yes"),
        ("KG_LOG", "xml"),
        ("KG_QUERY_BUDGET", "-1"),
        ("KG_CONNECTIONS", "0"),
        ("KG_HOSTS", "localhost"),
        ("KG_HOSTS", "[1, 2"),
        ("KG_HOSTS", "5"),
    ],
)
def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(StoreError, match=rf"^settings: {variable}: "):
        load_settings()


def test_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_PROXIES", '["127.0.0.1", "10.0.0.0/8", "fd00::/8"]')
    assert [str(network) for network in load_settings().proxies] == ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_PORT", "x")
    monkeypatch.setenv("KG_QUERY_ROWS", "y")
    with pytest.raises(StoreError, match=r"KG_PORT: .*; KG_QUERY_ROWS: "):
        load_settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())
