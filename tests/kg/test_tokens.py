import hashlib
import re
import stat
import threading
from pathlib import Path

import pytest

from kg.errors import BadTokenError, NotFoundError, ScopeError, StoreError
from kg.tokens import Scope, Tokens


def test_a_token_is_good_for_its_scopes_alone(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    token, value = tokens.create({Scope.UPDATE, Scope.CURATE})
    assert re.fullmatch(r"kg_[A-Za-z0-9_-]{43}", value)
    for scope in (Scope.UPDATE, Scope.CURATE):
        assert tokens.check(value, scope).id == token.id
    with pytest.raises(ScopeError, match="kg token create --scope ingest"):
        tokens.check(value, Scope.INGEST)


def test_admin_is_good_for_all(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    _, value = tokens.create({Scope.ADMIN})
    assert all(tokens.check(value, scope) for scope in Scope)


def test_only_the_hash_is_kept_in_a_file_of_its_owner(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "new" / "data")
    _, value = tokens.create({Scope.UPDATE})
    (file,) = (tmp_path / "new" / "data").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    content = file.read_bytes()
    assert value.encode() not in content
    assert value.removeprefix("kg_").encode() not in content
    assert hashlib.sha256(value.encode()).digest() in content


def test_a_file_that_all_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "tokens.sqlite").touch(0o644)
    Tokens(tmp_path).create({Scope.UPDATE})
    assert stat.S_IMODE((tmp_path / "tokens.sqlite").stat().st_mode) == 0o600


def test_a_file_that_was_only_begun_holds_no_token(tmp_path: Path) -> None:
    (tmp_path / "tokens.sqlite").touch(0o600)
    assert Tokens(tmp_path).list() == []


def test_looking_makes_no_file(tmp_path: Path) -> None:
    assert Tokens(tmp_path).list() == []
    assert list(tmp_path.iterdir()) == []


def test_a_revoked_token_is_refused_at_once_and_stays_in_the_list(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    token, value = tokens.create({Scope.UPDATE}, name="nightly")
    other, still_good = tokens.create({Scope.UPDATE})
    first = Tokens(tmp_path).revoke(token.id).revoked
    with pytest.raises(BadTokenError, match="revoked"):
        tokens.check(value, Scope.UPDATE)
    assert tokens.check(still_good, Scope.UPDATE).id == other.id
    assert [(each.id, each.name, each.revoked is None) for each in tokens.list()] == [
        (token.id, "nightly", False),
        (other.id, "", True),
    ]
    assert tokens.revoke(token.id).revoked == first
    with pytest.raises(NotFoundError, match="no token 'nope'"):
        tokens.revoke("nope")


def test_a_token_ends_when_it_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Tokens(tmp_path)
    token, value = tokens.create({Scope.UPDATE}, lifetime=60)
    assert tokens.check(value, Scope.UPDATE)
    monkeypatch.setattr("kg.tokens.time.time", lambda: token.created + 60)
    with pytest.raises(BadTokenError, match="expired"):
        tokens.check(value, Scope.UPDATE)


def test_the_last_use_is_kept_to_the_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Tokens(tmp_path)
    token, value = tokens.create({Scope.UPDATE})
    assert tokens.list()[0].used is None
    for later, expected in ((1, 1), (30, 1), (90, 90)):
        monkeypatch.setattr("kg.tokens.time.time", lambda at=later: token.created + at)
        tokens.check(value, Scope.UPDATE)
        assert tokens.list()[0].used == token.created + expected


def test_what_is_nearly_a_token_is_none(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    _, value = tokens.create({Scope.UPDATE})
    for wrong in (value[:-1], value + "A", value.swapcase(), value.removeprefix("kg_"), "", "kg_" + "A" * 43, "é" * 46):
        with pytest.raises(BadTokenError):
            tokens.check(wrong, Scope.UPDATE)


def test_every_token_is_compared_and_in_constant_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, compared = Tokens(tmp_path), []
    values = [tokens.create({Scope.UPDATE})[1] for _ in range(3)]
    monkeypatch.setattr("kg.tokens.hmac.compare_digest", lambda a, b: compared.append(a) or a == b)
    for value in (values[0], values[2], "kg_" + "A" * 43):
        compared.clear()
        try:
            tokens.check(value, Scope.UPDATE)
        except BadTokenError:
            assert value.endswith("AAA")
        assert len(compared) == 3


def test_many_may_look_while_tokens_are_made(tmp_path: Path) -> None:
    tokens, failed = Tokens(tmp_path), []
    _, value = tokens.create({Scope.UPDATE})

    def look() -> None:
        try:
            for _ in range(20):
                tokens.check(value, Scope.UPDATE)
                tokens.create({Scope.INGEST})
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(tokens.list()) == 81


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "tokens.sqlite").write_text("not a database, but long enough to be taken for one" * 40)
    with pytest.raises(StoreError, match=r"tokens\.sqlite"):
        Tokens(tmp_path).list()
