"""The table of jobs: an input is on disk, flushed, before anyone is told that it was taken.

One SQLite file in the data folder, opened anew for each call, so that service, worker and tools may all look. Only
who holds the lock of the live store works on a job; so one that is ``running`` when that lock was just taken was left
behind by a process that died, and is gone on with. To put a paper into the graph twice is to put it there once.
"""

import secrets
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from kg.errors import JobShareError, NotFoundError, WorkBusyError
from kg.jobs.job import Changes, Job, Problem, Progress, Source, Stage, State
from kg.model import Added
from kg.private import make_private, opened

MAX_WAITING = 32
MAX_WAITING_EACH = 16
MAX_CRASHES = 5
"""How often a job may end the process that works on it before it is given up."""

_SCHEMA = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, stage TEXT NOT NULL, token TEXT NOT NULL,
    created REAL NOT NULL, started REAL, finished REAL,
    seq INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '',
    total INTEGER NOT NULL DEFAULT 0, read INTEGER NOT NULL DEFAULT 0, extracted INTEGER NOT NULL DEFAULT 0,
    linked INTEGER NOT NULL DEFAULT 0, handled INTEGER NOT NULL DEFAULT 0, title TEXT NOT NULL DEFAULT '',
    seconds_left REAL,
    new INTEGER NOT NULL DEFAULT 0, replaced INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0, reading TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS unfinished ON jobs (number) WHERE finished IS NULL;
CREATE TABLE IF NOT EXISTS inputs (
    job TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (job, number));
CREATE TABLE IF NOT EXISTS papers (
    job TEXT NOT NULL, seq INTEGER NOT NULL, paper_id TEXT NOT NULL, title TEXT NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (job, seq), UNIQUE (job, paper_id));
CREATE TABLE IF NOT EXISTS problems (
    job TEXT NOT NULL, seq INTEGER NOT NULL, file TEXT NOT NULL, record INTEGER NOT NULL, line INTEGER NOT NULL,
    title TEXT NOT NULL, reason TEXT NOT NULL, advice TEXT NOT NULL,
    PRIMARY KEY (job, seq), UNIQUE (job, file, record, line, reason));
CREATE TABLE IF NOT EXISTS skipped (
    job TEXT NOT NULL, paper_id TEXT NOT NULL, PRIMARY KEY (job, paper_id));
"""
_PROGRESS = ", ".join(field.name for field in fields(Progress))
_COLUMNS = (
    f"id, state, stage, token, created, started, finished, seq, crashes, error, {_PROGRESS}, "
    "new, replaced, unchanged, rejected"
)
_BEFORE, _WITHIN = 10, len(fields(Progress))
_ADDED, _PROBLEM = ", ".join(Added._fields), ", ".join(Problem._fields)


class Jobs:
    """The jobs of one data folder; holds nothing open, so it is safe from many threads and processes."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made before the first job is added."""
        self._path = folder / "jobs.sqlite"

    def add(self, sources: Sequence[Source], token: str) -> Job:
        """A new job at the end of the line, durable when this returns.

        Raises WorkBusyError where too many wait, JobShareError where too many of this token do.
        """
        if not self._path.exists():
            make_private(self._path)
        job_id = secrets.token_hex(16)
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            waiting = [row[0] for row in db.execute("SELECT token FROM jobs WHERE finished IS NULL")]
            if waiting.count(token) >= MAX_WAITING_EACH:
                raise JobShareError(MAX_WAITING_EACH)
            if len(waiting) >= MAX_WAITING:
                raise WorkBusyError(f"{MAX_WAITING} jobs are waiting already; try again when some are done")
            db.execute(
                "INSERT INTO jobs (id, state, stage, token, created) VALUES (?, ?, ?, ?, ?)",
                (job_id, State.QUEUED, Stage.LINE, token, time.time()),
            )
            rows = ((job_id, number, *source) for number, source in enumerate(sources))
            db.executemany("INSERT INTO inputs (job, number, name, body) VALUES (?, ?, ?, ?)", rows)
        return self.get(job_id)

    def get(self, job_id: str) -> Job:
        """The job of this id; raises NotFoundError."""
        return self.changes(job_id, -1, details=False).job

    def latest(self, limit: int = 50) -> list[Job]:
        """The newest jobs, the last one first."""
        if not self._path.exists():
            return []
        with self._open() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM jobs ORDER BY number DESC LIMIT ?", (limit,))  # noqa: S608
            return [_job(row) for row in rows]

    def changes(self, job_id: str, after: int = 0, *, details: bool = True) -> Changes:
        """The job as it is, with what became of its records since its event ``after``; raises NotFoundError."""
        if not self._path.exists():
            raise NotFoundError("job", job_id)
        with self._open() as db:
            db.execute("BEGIN")  # all of one moment
            row = db.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()  # noqa: S608
            if row is None:
                raise NotFoundError("job", job_id)
            job = _job(row)
            if not details or job.seq <= after:
                return Changes(job, [], [])
            papers = self._rows(db, "papers", _ADDED, job_id, after)
            problems = self._rows(db, "problems", _PROBLEM, job_id, after)
        return Changes(job, [(seq, Added(*each)) for seq, *each in papers], [(n, Problem(*p)) for n, *p in problems])

    def unfinished(self) -> bool:
        """Whether there is work left."""
        if not self._path.exists():
            return False
        with self._open() as db:
            return db.execute("SELECT 1 FROM jobs WHERE finished IS NULL LIMIT 1").fetchone() is not None

    def wait_for(self, stage: Stage) -> None:
        """Say of all jobs that wait what they wait for."""
        with self._open() as db:
            db.execute(
                "UPDATE jobs SET stage = ?, seq = seq + 1 WHERE state = ? AND stage <> ?", (stage, State.QUEUED, stage)
            )

    def claim(self) -> Job | None:
        """The oldest unfinished job, ``running`` from now on; who calls holds the lock of the live store.

        One that was being cancelled when its process died is over.
        """
        with self._open() as db:
            self._end(db, "state = ?", (State.CANCELLING,), State.CANCELLED)
            row = db.execute(
                "UPDATE jobs SET state = ?, stage = ?, started = coalesce(started, ?), seq = seq + 1 "  # noqa: S608
                f"WHERE number = (SELECT min(number) FROM jobs WHERE finished IS NULL) RETURNING {_COLUMNS}",
                (State.RUNNING, Stage.OPENING, time.time()),
            ).fetchone()
        return _job(row) if row else None

    def sources(self, job_id: str) -> list[Source]:
        """What was handed in."""
        with self._open() as db:
            return [
                Source(*row)
                for row in db.execute("SELECT name, body FROM inputs WHERE job = ? ORDER BY number", (job_id,))
            ]

    def skipped(self, job_id: str) -> set[str]:
        """Papers of the job that end the process that reads them."""
        with self._open() as db:
            return {row[0] for row in db.execute("SELECT paper_id FROM skipped WHERE job = ?", (job_id,))}

    def note(
        self,
        job_id: str,
        stage: Stage,
        progress: Progress,
        papers: Iterable[Added] = (),
        problems: Iterable[Problem] = (),
    ) -> State:
        """Write down how far a job is; what is there already, from before its process died, stays as it is.

        Returns its state, which says whether it was cancelled meanwhile.
        """
        sets = ", ".join(f"{field.name} = ?" for field in fields(Progress))
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            seq = db.execute("SELECT seq FROM jobs WHERE id = ?", (job_id,)).fetchone()[0]
            for added in papers:
                seq, put = _put(db, "papers", _ADDED, (job_id, seq + 1, *added))
                db.execute(f"UPDATE jobs SET {added.outcome} = {added.outcome} + ? WHERE id = ?", (put, job_id))  # noqa: S608
            for problem in problems:
                seq, put = _put(db, "problems", _PROBLEM, (job_id, seq + 1, *problem))
                db.execute("UPDATE jobs SET rejected = rejected + ? WHERE id = ?", (put, job_id))
            row = db.execute(
                f"UPDATE jobs SET {sets}, stage = ?, seq = ? WHERE id = ? RETURNING state",  # noqa: S608
                (*astuple(progress), stage, seq + 1, job_id),
            ).fetchone()
        return State(row[0])

    def reading(self, job_id: str, paper_id: str) -> None:
        """Write down which paper is about to be read, for the case that it ends the process."""
        with self._open() as db:
            db.execute("UPDATE jobs SET reading = ? WHERE id = ?", (paper_id, job_id))

    def crashed(self, reason: str) -> None:
        """The process that worked on a job ended by itself: the paper that it read last is skipped from now on.

        Which one that was is known from the second time on. After ``MAX_CRASHES`` without one the job is given up.
        """
        with self._open() as db:
            running = (State.RUNNING,)
            db.execute(
                "INSERT OR IGNORE INTO skipped SELECT id, reading FROM jobs WHERE state = ? AND reading <> ''", running
            )
            db.execute(
                "UPDATE jobs SET crashes = CASE reading WHEN '' THEN crashes + 1 ELSE 1 END, "
                "reading = '', seq = seq + 1 WHERE state = ?",
                running,
            )
            self._end(db, "crashes >= ?", (MAX_CRASHES,), State.FAILED, reason)

    def finish(self, job_id: str, state: State, error: str = "") -> None:
        """End a job. The input is forgotten, but that of one that failed."""
        with self._open() as db:
            self._end(db, "id = ?", (job_id,), state, error)

    def cancel(self, job_id: str) -> Job:
        """End a job that waits, and ask one that runs to end; one that is over stays as it is. Raises NotFoundError."""
        self.get(job_id)
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            self._end(db, "id = ? AND state = ?", (job_id, State.QUEUED), State.CANCELLED)
            db.execute(
                "UPDATE jobs SET state = ?, seq = seq + 1 WHERE id = ? AND state = ?",
                (State.CANCELLING, job_id, State.RUNNING),
            )
        return self.get(job_id)

    def _end(self, db: sqlite3.Connection, where: str, values: Sequence[object], state: State, error: str = "") -> None:
        ended = db.execute(
            "UPDATE jobs SET state = ?, error = ?, finished = ?, seconds_left = NULL, title = '', seq = seq + 1 "  # noqa: S608
            f"WHERE finished IS NULL AND {where} RETURNING id",
            (state, error, time.time(), *values),
        ).fetchall()
        if state is not State.FAILED:
            db.executemany("DELETE FROM inputs WHERE job = ?", ended)

    def _rows(self, db: sqlite3.Connection, table: str, columns: str, job_id: str, after: int) -> list[tuple[Any, ...]]:
        return db.execute(
            f"SELECT seq, {columns} FROM {table} WHERE job = ? AND seq > ? ORDER BY seq",  # noqa: S608
            (job_id, after),
        ).fetchall()

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self._path, _SCHEMA)


def _put(db: sqlite3.Connection, table: str, columns: str, row: Sequence[object]) -> tuple[int, int]:
    """The number of the last event afterwards, and 1 if the row is new."""
    marks = ", ".join("?" * len(row))
    done = db.execute(f"INSERT OR IGNORE INTO {table} (job, seq, {columns}) VALUES ({marks})", tuple(row))  # noqa: S608
    seq = int(str(row[1]))
    return (seq, 1) if done.rowcount == 1 else (seq - 1, 0)


def _job(row: Sequence[Any]) -> Job:
    key, state, stage, *rest = row
    at = _BEFORE - 3
    values = [*rest[:at], Progress(*rest[at : at + _WITHIN]), *rest[at + _WITHIN :]]
    return Job(key, State(state), Stage(stage), *values)
