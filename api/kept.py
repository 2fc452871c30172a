"""What is worked out once for each snapshot, by the request that asks first."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from kg.workspace import Reader

T = TypeVar("T")


class Kept(Generic[T]):
    """Keeps what ``work`` finds in the newest snapshot; who asks while it is being found waits for it."""

    def __init__(self, work: Callable[[Reader], T]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._found: tuple[str, T] | None = None

    def get(self, reader: Reader) -> T:
        """What there is in a snapshot."""
        with self._lock:
            if self._found is None or self._found[0] != reader.path.name:
                self._found = reader.path.name, self._work(reader)
            return self._found[1]
