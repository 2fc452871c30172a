"""What was handed in -> its records, each with its place; and what to tell of those that cannot be read."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast

from kg.errors import SourceError
from kg.jobs.job import Problem, Source
from kg.sources import Record, read_packed

MAX_RECORDS = 100_000

_CORRECT = "Correct this record and hand it in again; the others are not affected."
_TITLE = "If this is a title, put its abstract on the line below it. If not, there is nothing to do."
_AGAIN = "Hand it in again; if it fails again, look for what is unusual in its text, or shorten it."
_TWICE = "Give the two records different ids, or hand in the one that you mean."
_APART = "Hand in the rest by itself."


def read_records(sources: Iterable[Source]) -> Iterator[tuple[Source, int, Record]]:
    """Every record of these, with its number in its source; no more than ``MAX_RECORDS`` in all."""
    numbers = Counter[str]()
    for source in sources:
        stream = cast("BinaryIO", io.BufferedReader(io.BytesIO(source.body)))
        for record in read_packed(stream, source.name):
            if numbers.total() >= MAX_RECORDS:
                left = SourceError(source.name, f"holds more than the {MAX_RECORDS:,} records that are read at once")
                yield source, numbers[source.name] + 1, left
                return
            numbers[source.name] += 1
            yield source, numbers[source.name], record


def problem_of(error: SourceError, file: str, record: int, title: str = "") -> Problem:
    """A record that was refused, as it is told; ``title`` where it could be read and failed later."""
    line = error.location.removeprefix(f"{file}:")
    return Problem(file, record, int(line) if line.isdecimal() else 0, title, error.reason, _advice(error, title))


def _advice(error: SourceError, title: str) -> str:
    if error.reason.startswith("no abstract follows"):
        return _TITLE
    if error.reason.startswith("holds more than"):
        return _APART
    if title:
        return _TWICE if "another record of the same id" in error.reason else _AGAIN
    return _CORRECT
