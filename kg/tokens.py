"""The tokens of those who may write: made once, kept as hashes in the data folder, looked at on each write.

The file is opened anew each time, so that a running service knows of a new or a revoked token at once.
"""

import hashlib
import hmac
import secrets
import sqlite3
import time
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from kg.errors import BadTokenError, NotFoundError, ScopeError
from kg.private import make_private, opened

PREFIX = "kg_"
MAX_NAME = 100
_SECRET_BYTES = 32
_LENGTH = len(PREFIX) + len(secrets.token_urlsafe(_SECRET_BYTES))
_SEEN_EVERY = 60.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL, scopes TEXT NOT NULL, name TEXT NOT NULL,
    created REAL NOT NULL, expires REAL, used REAL, revoked REAL);
"""
_COLUMNS = "id, scopes, name, created, expires, used, revoked"


class Scope(StrEnum):
    """What a token is for."""

    UPDATE = "update"
    INGEST = "ingest"
    CURATE = "curate"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token, its value not among it. Times are seconds since 1970; ``used`` is exact to a minute."""

    id: str
    scopes: frozenset[Scope]
    name: str
    created: float
    expires: float | None
    used: float | None
    revoked: float | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """From a row of the table."""
        key, scopes, *rest = row
        return cls(key, frozenset(map(Scope, scopes.split())), *rest)

    def state(self, now: float) -> str:
        """``active``, ``expired`` or ``revoked``."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= now else "active"

    def allows(self, scope: Scope) -> bool:
        """Whether its scopes hold this one; ``admin`` holds all."""
        return bool({scope, Scope.ADMIN} & self.scopes)


class Tokens:
    """The tokens of one data folder; holds nothing open, so it is safe from many threads and processes."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made before the first token is."""
        self._path = folder / "tokens.sqlite"

    def create(self, scopes: Collection[Scope], *, name: str = "", lifetime: float | None = None) -> tuple[Token, str]:
        """A new token and its value, which is kept nowhere; ``lifetime`` is in seconds."""
        value = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        now = time.time()
        expires = None if lifetime is None else now + lifetime
        token = Token(secrets.token_hex(4), frozenset(scopes), name[:MAX_NAME], now, expires, None, None)
        make_private(self._path)
        with self._open() as db:
            db.execute(
                "INSERT INTO tokens (id, digest, scopes, name, created, expires) VALUES (?, ?, ?, ?, ?, ?)",
                (token.id, _digest(value), " ".join(sorted(token.scopes)), token.name, token.created, token.expires),
            )
        return token, value

    def list(self) -> list[Token]:
        """All tokens that were ever made, the oldest first."""
        if not self._path.exists():
            return []
        with self._open() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM tokens ORDER BY created, id")  # noqa: S608 - a constant
            return [Token.of(row) for row in rows]

    def revoke(self, token_id: str) -> Token:
        """End a token for good; raises NotFoundError. Doing it again changes nothing."""
        if token_id not in {token.id for token in self.list()}:
            raise NotFoundError("token", token_id)
        with self._open() as db:
            db.execute("UPDATE tokens SET revoked = ? WHERE id = ? AND revoked IS NULL", (time.time(), token_id))
        return next(token for token in self.list() if token.id == token_id)

    def replace(self, name: str) -> None:
        """End all tokens of this name for good."""
        if not self._path.exists():
            return
        with self._open() as db:
            db.execute("UPDATE tokens SET revoked = ? WHERE name = ? AND revoked IS NULL", (time.time(), name))

    def check(self, value: str, scope: Scope) -> Token:
        """The token of this value, if it allows ``scope`` now; raises BadTokenError or ScopeError.

        Every token is compared, each in constant time, so that the time taken says nothing of their values.
        """
        if len(value) != _LENGTH or not value.startswith(PREFIX):
            raise BadTokenError(f"a token begins with {PREFIX} and has {_LENGTH} characters; this one does not")
        asked, found = _digest(value), None
        with self._open() as db:
            for digest, *row in db.execute(f"SELECT digest, {_COLUMNS} FROM tokens"):  # noqa: S608 - a constant
                if hmac.compare_digest(digest, asked):
                    found = Token.of(row)
        now = time.time()
        if found is None or found.state(now) != "active":
            what = "unknown here" if found is None else found.state(now)
            raise BadTokenError(f"this token is {what}; kg token list shows those that are good")
        if not found.allows(scope):
            raise ScopeError(scope)
        if found.used is None or now - found.used > _SEEN_EVERY:
            with self._open() as db:
                db.execute("UPDATE tokens SET used = ? WHERE id = ?", (now, found.id))
        return found

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self._path, _SCHEMA)


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()
