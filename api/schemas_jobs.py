"""The wire of handing papers in: what would be read, and jobs with their progress."""

from datetime import UTC, datetime
from typing import Self
from urllib.parse import quote

from pydantic import Field

from api.readings import ReadingOut
from api.recognising import LISTED, Recognised
from api.schemas import Wire
from kg.jobs.job import Changes, Job, Problem, Stage, State
from kg.model import Added, Outcome


class ProblemOut(Wire):
    """A record that did not get into the graph. ``record`` and ``line`` count from 1; null where they are not known."""

    file: str
    record: int | None
    line: int | None
    title: str | None
    reason: str
    advice: str = Field(description="What to do about it.")

    @classmethod
    def of(cls, noun: object) -> Self:
        """From a ``Problem``."""
        assert isinstance(noun, Problem)  # noqa: S101 - nothing else is told so
        file, record, line, title, reason, advice = noun
        return cls(
            file=file, record=record or None, line=line or None, title=title or None, reason=reason, advice=advice
        )


class AddedOut(Wire):
    """A paper of a job that the graph holds now; ``page`` is its address here."""

    id: str
    title: str
    outcome: Outcome
    page: str

    @classmethod
    def of(cls, noun: object) -> Self:
        """From an ``Added``."""
        assert isinstance(noun, Added)  # noqa: S101 - nothing else is told so
        return cls(id=noun.paper_id, title=noun.title, outcome=noun.outcome, page=f"/papers/{quote(noun.paper_id)}")


class ProgressOut(Wire):
    """Counts of records. ``handled`` is how far the job is: what is read, or needs not be, or was refused."""

    total: int
    read: int
    extracted: int
    linked: int
    handled: int
    kept: int = Field(description="How many are in the graph, and seen by readers.")
    new: int
    replaced: int
    unchanged: int
    rejected: int
    title: str | None = Field(description="The paper that was read last.")
    seconds_left: float | None


class JobOut(Wire):
    """A job. Its ``id`` cannot be guessed; ``stage`` says in words what is being done."""

    id: str
    state: State
    stage: Stage
    created: datetime
    started: datetime | None
    finished: datetime | None
    error: str | None = Field(description="Why it failed.")
    progress: ProgressOut

    @classmethod
    def of(cls, noun: object) -> Self:
        """From a ``Job``."""
        assert isinstance(noun, Job)  # noqa: S101 - nothing else is told so
        told = noun.progress
        left = told.seconds_left
        progress = ProgressOut(
            total=told.total,
            read=told.read,
            extracted=told.extracted,
            linked=told.linked,
            handled=told.handled,
            kept=noun.kept,
            new=noun.new,
            replaced=noun.replaced,
            unchanged=noun.unchanged,
            rejected=noun.rejected,
            title=told.title or None,
            seconds_left=None if left is None else round(left, 1),
        )
        started, finished = _moment(noun.started), _moment(noun.finished)
        return cls(
            id=noun.id,
            state=noun.state,
            stage=noun.stage,
            created=datetime.fromtimestamp(noun.created, UTC),
            started=started,
            finished=finished,
            error=noun.error or None,
            progress=progress,
        )


class JobFull(JobOut):
    """A job with what became of its records: the first 1,000 papers and problems of it."""

    papers: list[AddedOut]
    problems: list[ProblemOut]

    @classmethod
    def changed(cls, changes: Changes, most: int = 1000) -> Self:
        """From all that happened to a job."""
        job = JobOut.of(changes.job)
        papers = [AddedOut.of(added) for _, added in changes.papers[:most]]
        problems = [ProblemOut.of(problem) for _, problem in changes.problems[:most]]
        return cls(**dict(job), papers=papers, problems=problems)


class JobsOut(Wire):
    """Jobs, the newest first."""

    jobs: list[JobOut]


class RecognisedOut(Wire):
    """A paper as it was recognised; ``page`` is where it stands, if the graph holds it already.

    ``reading`` is what was found in it, null beyond the first papers.
    """

    id: str
    title: str
    abstract: str
    page: str | None
    reading: ReadingOut | None


class DryRunOut(Wire):
    """What would be read: ``recognised`` papers in all, of which the first are listed."""

    recognised: int
    known: int = Field(description="How many of them the graph holds already.")
    skipped: int
    papers: list[RecognisedOut]
    problems: list[ProblemOut]
    note: str | None = Field(description="Why nothing was looked for in the texts.")

    @classmethod
    def of(cls, noun: object) -> Self:
        """From what was ``Recognised``."""
        assert isinstance(noun, Recognised)  # noqa: S101 - nothing else is told so
        readings = [ReadingOut.read(reading, noun.known) for reading in noun.preview.readings] if noun.preview else []
        papers = [
            RecognisedOut(
                id=paper.id,
                title=paper.title,
                abstract=paper.abstract,
                page=f"/papers/{quote(paper.id)}" if paper.id in noun.held else None,
                reading=readings[i] if i < len(readings) else None,
            )
            for i, paper in enumerate(noun.papers[:LISTED])
        ]
        return cls(
            recognised=len(noun.papers),
            known=len(noun.held),
            skipped=len(noun.problems),
            papers=papers,
            problems=[ProblemOut.of(problem) for problem in noun.problems[:LISTED]],
            note=noun.note or None,
        )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
