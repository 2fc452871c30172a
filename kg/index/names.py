"""Distinct texts in order, as two arrays that can be mapped into memory."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray


class Names(Sequence[str]):
    """Distinct texts, sorted by their code points: one array of bytes, and where each of them ends."""

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        """Over arrays that were written before; see ``of``."""
        self._text, self._ends = text, ends
        # To take one name out of a view is several times as quick as out of an array.
        self._bytes, self._stops = memoryview(text.data), memoryview(ends.data)

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Of these names, sorted."""
        encoded = sorted({name.encode() for name in names})
        return _joined(encoded, np.fromiter(accumulate(map(len, encoded)), dtype=np.int64, count=len(encoded)))

    @property
    def arrays(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """What the constructor takes."""
        return self._text, self._ends

    def __len__(self) -> int:
        """How many there are."""
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """One name, or several."""
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        return self._encoded(range(len(self))[at]).decode()

    def _encoded(self, at: int) -> bytes:
        return self._bytes[self._stops[at - 1] if at else 0 : self._stops[at]].tobytes()

    def find(self, name: str) -> int | None:
        """The position of a name, or None."""
        at, there = self._place(name.encode())
        return at if there else None

    def _place(self, name: bytes) -> tuple[int, bool]:
        """Where a name is, or would be put; bytes of UTF-8 are ordered as code points are."""
        at = bisect_left(range(len(self)), name, key=self._encoded)
        return at, at < len(self) and self._encoded(at) == name

    def renewed(self, come: Iterable[str], gone: Iterable[str]) -> "Renewed":
        """These names and those that come, whether they are here or not, without those that are gone.

        The cost is that of a copy of the arrays, and of a search for each name that is given.
        """
        placed = {name: self._place(name.encode()) for name in come}
        leaving = {at for at, there in map(self._place, map(str.encode, set(gone) - placed.keys())) if there}
        new = sorted((name.encode(), at) for name, (at, there) in placed.items() if not there)
        moved = self._moved([at for _, at in new], leaving)
        kept = moved >= 0
        lengths = np.zeros(int(kept.sum()) + len(new), dtype=np.int64)
        lengths[moved[kept]] = np.diff(self._ends, prepend=0)[kept]
        free = np.ones(len(lengths), dtype=np.bool_)
        free[moved[kept]] = False
        lengths[free] = [len(name) for name, _ in new]
        names = _joined(self._pieces(new, leaving), np.cumsum(lengths, dtype=np.int64))
        numbers = {name.decode(): number for (name, _), number in zip(new, np.flatnonzero(free).tolist(), strict=True)}
        numbers |= {name: int(moved[at]) for name, (at, there) in placed.items() if there}
        return Renewed(names, moved, numbers)

    def _moved(self, places: Sequence[int], leaving: Iterable[int]) -> NDArray[np.int32]:
        kept = np.ones(len(self), dtype=np.bool_)
        kept[list(leaving)] = False
        before = np.searchsorted(np.array(places, dtype=np.int64), np.arange(len(self)), side="right")
        return np.where(kept, np.cumsum(kept) - 1 + before, -1).astype(np.int32)

    def _pieces(self, new: Iterable[tuple[bytes, int]], leaving: Iterable[int]) -> Iterator[bytes | memoryview]:
        """The texts in their new order: stretches of the old ones, and new ones between them."""
        begin = 0
        # A new name goes before the old one at its place, be that kept or not.
        for at, name in sorted([*((at, name) for name, at in new), *((at, None) for at in leaving)], key=_place_of):
            cut = int(self._ends[at - 1]) if at else 0
            yield self._text[begin:cut].data
            begin = cut if name is not None else int(self._ends[at])
            yield name or b""
        yield self._text[begin:].data


class Renewed(NamedTuple):
    """Names after a change.

    ``moved`` says where each old one is now, -1 if it is gone; ``numbers`` where each of those is that came.
    """

    names: Names
    moved: NDArray[np.int32]
    numbers: dict[str, int]


def _place_of(piece: tuple[int, bytes | None]) -> tuple[int, bool, bytes]:
    at, name = piece
    return at, name is None, name or b""


def _joined(pieces: Iterable[bytes | memoryview], ends: NDArray[np.int64]) -> Names:
    return Names(np.frombuffer(b"".join(pieces), dtype=np.uint8), ends)
