"""What is worked out once and kept: once for each snapshot by who asks first, and the last few answers of a kind."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
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


class LastFew(Generic[T]):
    """The ``size`` things that were put or found last, by their keys; safe from many threads."""

    def __init__(self, size: int) -> None:
        """Start empty."""
        self._size = size
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> T | None:
        """What is kept under a key."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def put(self, key: Hashable, thing: T) -> T:
        """Keep a thing, which is given back; the one that was used longest ago makes room."""
        with self._lock:
            self._things[key] = thing
            self._things.move_to_end(key)
            while len(self._things) > self._size:
                self._things.popitem(last=False)
        return thing
