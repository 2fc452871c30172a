"""Databases that their owner alone may read."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kg.errors import StoreError


def make_private(path: Path) -> None:
    """An empty file that its owner alone may read, before SQLite makes one that all may; raises StoreError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise StoreError(f"{path} cannot be made: {error}") from error


@contextmanager
def opened(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """One transaction over the tables of ``schema``, which are made where they are missing; raises StoreError."""
    try:
        with closing(sqlite3.connect(path, timeout=30)) as db, db:
            db.executescript(schema)
            yield db
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be used: {error}") from error
