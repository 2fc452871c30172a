import pytest

from api.clients import UNKNOWN, client_at, client_of, is_local


@pytest.mark.parametrize(
    ("host", "key", "masked"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("::1", "::1", "::1"),
        ("testclient", UNKNOWN, UNKNOWN),
        ("", UNKNOWN, UNKNOWN),
    ],
)
def test_a_client_is_what_one_party_commands(host: str, key: str, masked: str) -> None:
    client = client_at(host)
    assert (client.key, client.masked) == (key, masked)


def test_neighbours_in_one_network_are_one_client() -> None:
    assert client_at("2001:db8::1").key == client_at("2001:db8::ffff:1").key
    assert client_at("2001:db8::1").key != client_at("2001:db8:0:1::1").key


def test_a_connection_without_an_address_is_unknown() -> None:
    assert client_of({"type": "http", "client": None}).key == UNKNOWN


@pytest.mark.parametrize(
    ("host", "header", "local"),
    [
        ("127.0.0.1", None, True),
        ("127.9.9.9", None, True),
        ("::1", None, True),
        ("192.168.0.2", None, False),
        ("localhost", None, False),
        ("127.0.0.1", b"x-forwarded-for", False),
        ("127.0.0.1", b"forwarded", False),
        ("127.0.0.1", b"via", False),
        ("127.0.0.1", b"x-real-ip", False),
    ],
)
def test_local_is_who_asks_from_here_for_himself(host: str, header: bytes | None, local: bool) -> None:
    headers = [(b"host", b"localhost"), *([(header, b"127.0.0.1")] if header else [])]
    assert is_local({"type": "http", "client": (host, 1), "headers": headers}) is local
