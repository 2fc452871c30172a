"""Words with slips of the pen → the words that were meant.

Every word of names and titles is filed under what is left of its first letters when any one of them, or none, is left
out; so a word with a letter too many, too few, wrong or in the wrong place is filed under something that the right one
is filed under too. What else shares it is told apart by its distance, and by how many names and titles hold a word.
"""

import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rapidfuzz.distance import OSA

from kg.index.folding import fold

FIRST = 7
"""Letters of a word that it is filed by."""
SHORTEST, LONGEST = 4, 32
"""Words of other lengths are left as they are: near a short one there are too many."""
TWO_SLIPS = 8
"""Letters from which on a word may have two slips."""
COMMON = 20
"""A word that so many names and titles hold is right; a rarer one is a slip of one that is so many times as common."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS words (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS filed (rest INTEGER NOT NULL, word INTEGER NOT NULL, PRIMARY KEY (rest, word)) WITHOUT ROWID;
"""

_LETTERS = re.compile(r"[^\W\d_]+")


class _Candidate(NamedTuple):
    distance: int
    unlike_in_length: bool
    rarity: int
    word: str


def words_of(texts: Iterable[str]) -> set[str]:
    """The words of a name or title that can be told from others."""
    found = (word for text in texts for word in _LETTERS.findall(fold(text)))
    return {word for word in found if SHORTEST <= len(word) <= LONGEST}


def count(db: sqlite3.Connection, changes: Counter[str]) -> None:
    """Add to how many names and titles hold each word; what none holds any more is forgotten."""
    for word, change in sorted(changes.items()):
        row = db.execute(
            "UPDATE words SET uses = uses + ? WHERE word = ? RETURNING id, uses", (change, word)
        ).fetchone()
        if row is None and change > 0:
            row = db.execute("INSERT INTO words (word, uses) VALUES (?, ?) RETURNING id", (word, change)).fetchone()
            db.executemany("INSERT INTO filed VALUES (?, ?)", [(rest, row[0]) for rest in _rests(word)])
        elif row and row[1] <= 0:
            db.execute("DELETE FROM words WHERE id = ?", row[:1])
            db.executemany("DELETE FROM filed WHERE rest = ? AND word = ?", [(rest, row[0]) for rest in _rests(word)])


def meant(db: sqlite3.Connection, words: list[str]) -> list[str] | None:
    """The words that were meant, the last one perhaps as a beginning; None if they are those that were typed."""
    corrected = [_nearest(db, word, open_end=i == len(words)) for i, word in enumerate(words, 1)]
    return corrected if corrected != words else None


def _nearest(db: sqlite3.Connection, word: str, *, open_end: bool) -> str:
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return word
    own = db.execute("SELECT uses FROM words WHERE word = ?", (fold(word),)).fetchone()
    if own and own[0] >= COMMON:
        return word
    candidates = sorted(_candidates(db, fold(word), open_end=open_end))
    uses = next((-each.rarity for each in candidates if not each.distance), 0)
    best = next((each for each in candidates if each.distance and -each.rarity > COMMON * uses), None)
    return best.word if best else word


def _candidates(db: sqlite3.Connection, word: str, *, open_end: bool) -> Iterator[_Candidate]:
    """Words near this one, or of which it is nearly the beginning."""
    slips = 1 + (len(word) >= TWO_SLIPS)
    rests = _rests(word)
    rows = db.execute(
        "SELECT DISTINCT w.word, w.uses FROM filed f JOIN words w ON w.id = f.word "  # noqa: S608 - question marks
        f"WHERE f.rest IN ({', '.join('?' * len(rests))})",
        list(rests),
    ).fetchall()
    for other, uses in rows:
        distance = OSA.distance(word, other, score_cutoff=slips)
        if open_end:
            distance = min(distance, *(OSA.distance(word, other[: len(word) + n]) for n in (-1, 0, 1)))
        if distance <= slips:
            yield _Candidate(distance, abs(len(word) - len(other)) > distance, -uses, other)


def _rests(word: str) -> set[int]:
    first = word[:FIRST]
    return {zlib.crc32(rest.encode()) for rest in (first, *(first[:i] + first[i + 1 :] for i in range(len(first))))}
