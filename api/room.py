"""Whether the disk of the data folder has room to write."""

import shutil
from pathlib import Path

from kg.errors import StoreFullError

FLOOR = 256 << 20
"""Free bytes below which a store cannot be trusted to write, or even to open again."""


def full(folder: Path) -> str:
    """What to say of a disk that is nearly full; empty for any other."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    free = shutil.disk_usage(there).free
    return f"the disk of {folder} has {free >> 20:,} MB left; free some" if free < FLOOR else ""


def require_room(folder: Path) -> None:
    """Raise StoreFullError for a disk that is nearly full."""
    if reason := full(folder):
        raise StoreFullError(f"nothing can be taken in: {reason}")
