"""Framed requests -> jobs done: the process that reads papers and writes them into the graph, one job at a time.

Run as ``python -m kg.jobs.worker FOLDER BASE EXTRACTOR GAZETTEER SECONDS MEMORY CWD`` by ``kg.jobs.runner``; each
request means: do the next job. CWD is where modules of extractors are looked for last, and where the paths of a
gazetteer and of FOLDER begin. ``kg.process.child`` says what holds it in.
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.build import Parts, default_parts
from kg.errors import KgError, StoreLockedError
from kg.jobs.job import Stage
from kg.jobs.table import Jobs
from kg.jobs.working import Working
from kg.process.child import Child
from kg.process.frames import Verdict
from kg.settings import SHIPPED
from kg.workspace import Workspace
from kg.writer import LiveWriter

LOCK_SECONDS = 0.3
_LOW_PRIORITY = 5


def main() -> None:
    """Serve until stdin ends."""
    folder, base, extractor, gazetteer, seconds, memory, cwd = sys.argv[1:8]
    child = Child(network=extractor != SHIPPED)
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_LOW_PRIORITY)  # who reads the graph goes first
    try:
        os.chdir(cwd)
        parts = default_parts(extractor=extractor, gazetteer=gazetteer)
    except (KgError, OSError) as error:
        child.refuse(str(error))
    worker = JobWorker(Workspace(Path(folder), base), parts, seconds=float(seconds))
    child.serve(worker.answer, int(memory))


class JobWorker:
    """Does the jobs of one data folder. ``seconds`` is how long one paper may be read."""

    def __init__(self, workspace: Workspace, parts: Parts, *, seconds: float) -> None:
        self._workspace, self._parts, self._seconds = workspace, parts, seconds
        self._jobs = Jobs(workspace.path)

    def answer(self, _: bytes) -> tuple[Verdict, bytes]:
        """Do the next job, if there is one; what fails of it stands in the table."""
        try:
            with self._writer() as writer:
                if job := self._jobs.claim():
                    self._jobs.wait_for(Stage.LINE)
                    Working(job, self._jobs, self._workspace, writer, seconds=self._seconds).run(self._parts)
        except KgError as error:
            return Verdict.REFUSED, str(error).encode()
        return Verdict.ANSWER, b""

    @contextmanager
    def _writer(self) -> Iterator[LiveWriter]:
        """The live store, once nobody else has it open to write."""
        with contextlib.ExitStack() as opened:
            while True:
                try:
                    writer = opened.enter_context(self._workspace.writer())
                    break
                except StoreLockedError:
                    self._jobs.wait_for(Stage.LOCK)
                    time.sleep(LOCK_SECONDS)
            yield writer


if __name__ == "__main__":
    main()
