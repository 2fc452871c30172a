"""A change that is too large for one transaction, written down before it is made.

Whoever finds it written down makes it, once more if need be: what a process that was killed left half done is done by
the next that opens the store.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

_REMOVAL = "removal.ru"
_ADDED = "added.nq"


class Redo:
    """The change that is under way in a store, in a folder of its own; there is one at a time."""

    def __init__(self, folder: Path) -> None:
        """Keep it in ``folder``, which is there only while a change is under way."""
        self._folder = folder

    @property
    def pending(self) -> bool:
        """Whether a change was begun and not finished."""
        return self._folder.exists()

    def write(self, removal: str, added: Iterable[str]) -> None:
        """Write down an update that removes, and lines of N-Quads; from here on the change counts as made."""
        beside = self._folder.with_suffix(".new")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        for name, lines in ((_REMOVAL, [removal]), (_ADDED, added)):
            with (beside / name).open("w", encoding="utf-8") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
        beside.rename(self._folder)

    def perform(self, store: ox.Store) -> None:
        """Make the change that is written down, see that it lasts, and forget it."""
        if removal := (self._folder / _REMOVAL).read_text(encoding="utf-8"):
            store.update(removal)
        store.bulk_load(path=str(self._folder / _ADDED), format=ox.RdfFormat.N_QUADS)
        store.flush()
        shutil.rmtree(self._folder)
