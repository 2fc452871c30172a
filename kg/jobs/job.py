"""The nouns of jobs: what was handed in, how far it is, what became of each record."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from kg.model import Added


class State(StrEnum):
    """Where a job is. ``cancelling`` finishes what is being committed and then is ``cancelled``."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in OVER


OVER: Collection[State] = frozenset({State.DONE, State.FAILED, State.CANCELLED})


class Stage(StrEnum):
    """What is being done for a job that is not over."""

    LINE = "waiting for its turn"
    LOCK = "waiting for another process that writes to this graph"
    LOADING = "waiting for the extractor to load"
    OPENING = "opening the graph"
    PAPERS = "reading papers"
    NAMES = "bringing names together"
    PUBLISHING = "publishing"


class Source(NamedTuple):
    """One text or file as it was handed in; ``name`` is what its problems are told by."""

    name: str
    body: bytes


class Problem(NamedTuple):
    """A record that did not get into the graph: where it stands, what was wrong, what to do.

    ``record`` and ``line`` count from 1 in their file; 0 where they are not known.
    """

    file: str
    record: int
    line: int
    title: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is, in records. ``handled`` are those of which nothing but their commit is left to do."""

    total: int = 0
    read: int = 0
    extracted: int = 0
    linked: int = 0
    handled: int = 0
    title: str = ""
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One job. Times are seconds since 1970; ``seq`` grows with every change of it, and numbers its events.

    ``token`` is the id of the token that it was handed in with.
    """

    id: str
    state: State
    stage: Stage
    token: str
    created: float
    started: float | None
    finished: float | None
    seq: int
    crashes: int
    error: str
    progress: Progress
    new: int
    replaced: int
    unchanged: int
    rejected: int

    @property
    def kept(self) -> int:
        """How many records of it are in the graph."""
        return self.new + self.replaced + self.unchanged


class Changes(NamedTuple):
    """What happened to a job after some moment: rows by the number that they have among its events."""

    job: Job
    papers: list[tuple[int, Added]]
    problems: list[tuple[int, Problem]]
