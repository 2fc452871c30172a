"""A corpus read once: what the shipped extractor found in each paper, kept outside the repository.

Papers come in the order of a hash of their ids, so that the first N are a fair sample of all, and those that were read
for a small benchmark serve a larger one. Each file of 250 papers is written whole or not at all: a run that is cut
off goes on where it stopped.
"""

import gzip
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter

from kg.errors import SourceError
from kg.model import Extraction, Paper
from kg.protocols import Extractor

PAPERS_A_FILE = 250
_EXTRACTIONS = TypeAdapter(list[Extraction])


def cache_folder() -> Path:
    """``KG_BENCH_CACHE``, or paperkg's folder among the caches of this user."""
    asked = os.environ.get("KG_BENCH_CACHE")  # noqa: TID251 - a benchmark's own switch, no setting of kg
    user = os.environ.get("XDG_CACHE_HOME")  # noqa: TID251 - as above
    return Path(asked) if asked else Path(user or Path.home() / ".cache") / "paperkg" / "benchmarks"


def sample(papers: Iterable[Paper | SourceError], number: int | None = None) -> list[Paper]:
    """Up to ``number`` papers in the order of a hash of their ids, whatever order they come in."""
    good = {paper.id: paper for paper in papers if isinstance(paper, Paper)}
    ordered = sorted(good.values(), key=lambda paper: hashlib.sha256(paper.id.encode()).digest())
    return ordered[:number]


class Extractions:
    """What an extractor found in the papers of a sample, from files as far as they were read before."""

    def __init__(self, papers: list[Paper], extractor: Extractor, folder: Path | None = None) -> None:
        """Use ``folder``, or that of ``cache_folder`` for this extractor."""
        self._papers, self._extractor = papers, extractor
        name = hashlib.sha256(f"{extractor.name} {extractor.version}".encode()).hexdigest()[:16]
        self._folder = (folder or cache_folder()) / f"extractions-{name}"

    def __iter__(self) -> Iterator[Extraction]:
        """Every paper once, in order; what was not read before is read now, and progress told on standard error."""
        self._folder.mkdir(parents=True, exist_ok=True)
        papers, started, done = iter(self._papers), time.monotonic(), 0
        while some := list(islice(papers, PAPERS_A_FILE)):
            file = self._folder / f"{_name(some)}.json.gz"
            if not file.exists():
                self._read(some, file)
                done += len(some)
                rate = done / (time.monotonic() - started)
                print(f"\r{done:,} papers read, {rate:.1f} a second ", end="", file=sys.stderr, flush=True)
            yield from _EXTRACTIONS.validate_json(gzip.decompress(file.read_bytes()))
        if done:
            print(file=sys.stderr)

    def _read(self, papers: list[Paper], file: Path) -> None:
        found = _EXTRACTIONS.dump_json(list(self._extractor.extract(papers)))
        beside = file.with_suffix(f".{os.getpid()}")
        beside.write_bytes(gzip.compress(found, 5))
        beside.replace(file)


def _name(papers: list[Paper]) -> str:
    """Of these very texts in this order."""
    digest = hashlib.sha256()
    for paper in papers:
        digest.update(repr(paper).encode())
    return digest.hexdigest()[:24]
