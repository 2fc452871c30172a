"""One job -> the graph: its records by ``kg.build``, with a note of every step in the table."""

import faulthandler
import time
from collections.abc import Iterator

from kg.build import BuildReport, Parts, build
from kg.errors import KgError, SourceError
from kg.jobs.job import Job, Problem, Progress, Source, Stage, State
from kg.jobs.records import problem_of, read_records
from kg.jobs.table import Jobs
from kg.model import Paper
from kg.sources import Record
from kg.workspace import Workspace
from kg.writer import LiveWriter

BATCH = 16
NOTE_SECONDS = 0.2
PATIENCE = 2
"""An extractor may be silent for so many times the seconds that one paper may take: it may read some together."""
PUBLISH_SECONDS = 1.0
PUBLISH_SHARE = 10
"""A snapshot in the midst of a job appears at most so many times the seconds that the last one took apart."""

_STDERR = 2
_ENDS_THE_PROCESS = "the process that read it ended, or read for too long"


class Working:
    """One job at work. ``seconds`` is how long one paper may be read before the process is ended."""

    def __init__(self, job: Job, jobs: Jobs, workspace: Workspace, writer: LiveWriter, *, seconds: float) -> None:
        self._job, self._jobs, self._workspace, self._writer = job, jobs, workspace, writer
        self._careful = job.crashes > 0
        self._seconds = seconds * (1 if self._careful else PATIENCE)
        self._skipped = jobs.skipped(job.id)
        self._sources = jobs.sources(job.id)
        self._total = 0
        self._begin = self._noted_at = self._published_at = 0.0
        self._cost = 0.0
        self._committed = self._visible = self._seen_kept = self._seen_rejected = 0
        self._cancelled = False
        self._papers: dict[str, tuple[str, int, str]] = {}  # location of an error -> file, number, title
        self._errors: dict[SourceError, tuple[str, int]] = {}

    def run(self, parts: Parts) -> None:
        """Bring all of it into the graph, publish it and end the job; a failure ends it too, and says why."""
        self._total = sum(1 for _ in read_records(self._sources))
        self._begin = self._noted_at = self._published_at = time.monotonic()
        self._jobs.note(self._job.id, Stage.PAPERS, Progress(self._total))
        batch = 1 if self._careful else BATCH
        try:
            report = build(self._records(), parts, self._writer, batch_size=batch, progress=self)
            self._note(report, Stage.PUBLISHING)
            if self._writer.index.stale:
                self._workspace.publish(self._writer, whole=True)
            self._visible = len(report.kept)
            self._note(report, Stage.PUBLISHING)
        except (KgError, OSError) as error:
            self._jobs.finish(self._job.id, State.FAILED, str(error))
        else:
            self._jobs.finish(self._job.id, State.CANCELLED if self._cancelled else State.DONE)
        finally:
            faulthandler.cancel_dump_traceback_later()

    def __call__(self, report: BuildReport) -> None:
        """As ``build`` tells of its progress."""
        if report.naming:
            self._unwatched(report)
            return
        committed = report.new + report.replaced
        if committed > self._committed:
            self._committed = committed
            self._show(report)
        if self._careful:  # the one paper is read; to commit it may take longer
            faulthandler.cancel_dump_traceback_later()
        else:
            self._watch()
        self._sometimes(report)

    def _records(self) -> Iterator[Record]:
        """Until the job is cancelled: then there are no more, and what is being committed is brought to its end."""
        self._watch()
        for source, number, record in read_records(self._sources):
            if self._cancelled:
                return
            if isinstance(record, SourceError):
                self._errors[record] = source.name, number
                yield record
            else:
                yield self._unless_skipped(record, source, number)

    def _unless_skipped(self, paper: Paper, source: Source, number: int) -> Record:
        place = source.name, number, paper.title
        self._papers.setdefault(f"paper {paper.id}", place)
        self._papers[f"paper {paper.id}, {paper.title[:60]!r}"] = place
        if paper.id in self._skipped:
            return SourceError(f"paper {paper.id}", _ENDS_THE_PROCESS)
        if self._careful:
            self._jobs.reading(self._job.id, paper.id)
            self._watch()
        return paper

    def _watch(self) -> None:
        """End the process if a batch is not read in time, be it stuck in code that never looks at signals."""
        faulthandler.dump_traceback_later(self._seconds, exit=True, file=_STDERR)

    def _unwatched(self, report: BuildReport) -> None:
        faulthandler.cancel_dump_traceback_later()
        if self._careful:
            self._jobs.reading(self._job.id, "")
        self._note(report, Stage.NAMES)

    def _show(self, report: BuildReport) -> None:
        """Publish what is in, now and then, so that the graph grows while one watches."""
        now = time.monotonic()
        if now - self._published_at < max(PUBLISH_SECONDS, PUBLISH_SHARE * self._cost):
            return
        faulthandler.cancel_dump_traceback_later()
        self._workspace.publish(self._writer)
        self._visible = len(report.kept)
        self._note(report, Stage.PAPERS)
        self._published_at = time.monotonic()
        self._cost = self._published_at - now

    def _sometimes(self, report: BuildReport) -> None:
        if time.monotonic() - self._noted_at >= NOTE_SECONDS:
            self._note(report, Stage.PAPERS)

    def _note(self, report: BuildReport, stage: Stage) -> None:
        """Papers are told of once readers see them, so that a link to one leads there."""
        kept, rejected = report.kept[self._seen_kept : self._visible], report.rejected[self._seen_rejected :]
        self._seen_kept, self._seen_rejected = self._visible, len(report.rejected)
        handled = min(self._total, report.unchanged + report.extracted + len(report.rejected))
        progress = Progress(
            self._total,
            report.received,
            report.extracted,
            report.linked,
            self._total if report.naming and not self._cancelled else handled,
            report.title,
            self._left(handled) if stage is Stage.PAPERS else None,
        )
        state = self._jobs.note(self._job.id, stage, progress, kept, list(map(self._problem, rejected)))
        self._cancelled |= state is State.CANCELLING
        self._noted_at = time.monotonic()

    def _left(self, handled: int) -> float | None:
        """Seconds until all is read, if it goes on as it went so far."""
        if not handled:
            return None
        return (time.monotonic() - self._begin) / handled * (self._total - handled)

    def _problem(self, error: SourceError) -> Problem:
        if found := self._errors.get(error):
            return problem_of(error, *found)
        return problem_of(error, *self._papers.get(error.location, ("", 0, error.location)))
