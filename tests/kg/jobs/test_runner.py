"""Jobs by real processes: what ends them, who else writes, and that nothing is lost or done twice."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.build import build, default_parts
from kg.jobs import runner as runner_module
from kg.jobs.job import Job, Source, Stage, State
from kg.jobs.runner import JobRunner
from kg.jobs.table import Jobs
from kg.sources import make_paper
from kg.workspace import Workspace
from tests.corpus import BASE, dump

WAYWARD = "tests.wayward:Wayward?word=attention|graph"
PATIENCE = 400.0


def lines(titles: list[str]) -> Source:
    records = [{"id": f"p{i}", "title": title, "abstract": "Attention on a graph."} for i, title in enumerate(titles)]
    return Source("papers.jsonl", "\n".join(map(json.dumps, records)).encode())


@contextmanager
def running(folder: Path, *, seconds: float = 30.0, extractor: str = WAYWARD) -> Iterator[JobRunner]:
    made = JobRunner(folder, BASE, extractor=extractor, seconds=seconds)
    try:
        yield made
    finally:
        made.close()


def wait(jobs: Jobs, job: Job, until: Callable[[Job], bool] = lambda job: job.state.over) -> Job:
    end = time.monotonic() + PATIENCE
    while not until(found := jobs.get(job.id)):
        assert time.monotonic() < end, found
        time.sleep(0.02)
    return found


def graph(folder: Path) -> str:
    with Workspace(folder, BASE).writer() as writer:
        return dump(writer)


def test_papers_get_into_the_graph_as_by_an_ingest_and_bad_ones_stay_with_the_job(tmp_path: Path) -> None:
    titles = ["A graph", "raise this", "Attention", "shift a graph"]
    source = lines(titles)
    source = source._replace(body=source.body + b'\n{"title": "p0 again", "id": "p0"}\n{"titel": 1}\n')
    jobs = Jobs(tmp_path)
    job = jobs.add([source], "t")
    with running(tmp_path):
        done = wait(jobs, job)
    assert (done.state, done.new, done.rejected, done.progress.total) == (State.DONE, 2, 4, 6)
    found = jobs.changes(job.id)
    assert [added for _, added in found.papers] == [("p0", "A graph", "new"), ("p2", "Attention", "new")]
    told = {problem.record: problem for _, problem in found.problems}
    assert told.keys() == {2, 4, 5, 6}
    assert "not this one" in told[2].reason
    assert (told[2].title, told[2].line, told[2].file) == ("raise this", 0, "papers.jsonl")
    assert (told[6].line, told[6].reason) == (6, "has no title")
    assert "different ids" in told[5].advice
    with Workspace(tmp_path / "other", BASE).writer() as writer:
        papers = [make_paper(titles[i], "Attention on a graph.", identifier=f"p{i}") for i in (0, 2)]
        build(papers, default_parts(extractor=WAYWARD), writer)
        assert graph(tmp_path) == dump(writer)


def test_one_that_ends_its_process_costs_itself_alone(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = jobs.add([lines(["A graph", "crash now", "Attention"])], "t")
    with running(tmp_path):
        done = wait(jobs, job)
    ((_, problem),) = jobs.changes(job.id).problems
    assert (done.state, done.kept, done.rejected) == (State.DONE, 2, 1)
    assert (problem.record, problem.title) == (2, "crash now")
    assert "ended" in problem.reason


def test_one_that_is_read_for_too_long_is_left_out(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = jobs.add([lines(["hang here"])], "t")
    with running(tmp_path, seconds=3.0):
        done = wait(jobs, job)
    assert (done.state, done.kept, done.rejected) == (State.DONE, 0, 1)


def test_jobs_wait_while_another_process_writes_and_say_so(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = jobs.add([lines(["A graph"])], "t")
    with Workspace(tmp_path, BASE).writer(), running(tmp_path):
        assert wait(jobs, job, lambda job: job.stage is Stage.LOCK).state is State.QUEUED
    assert jobs.get(job.id).state is State.QUEUED
    with running(tmp_path):
        assert wait(jobs, job).state is State.DONE


def test_what_is_cancelled_stays_so_and_keeps_what_it_has_put_in(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    long, waiting = (jobs.add([lines([f"slow {n} {i}" for i in range(200)])], "t") for n in "ab")
    with running(tmp_path):
        wait(jobs, long, lambda job: job.kept > 0)
        jobs.cancel(waiting.id)
        jobs.cancel(long.id)
        ended = wait(jobs, long)
        assert ended.state is State.CANCELLED
        assert 0 < ended.kept < 200
    with running(tmp_path) as runner:
        again = jobs.add([lines(["A graph"])], "t")
        runner.wake()
        wait(jobs, again)
    assert [job.state for job in jobs.latest()] == [State.DONE, State.CANCELLED, State.CANCELLED]
    assert jobs.get(waiting.id).kept == 0
    reader = Workspace(tmp_path, BASE).reader()
    assert reader.index.counts()["Paper"] == ended.kept
    reader.close()


def test_without_an_extractor_jobs_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "AGAIN_SECONDS", 0.1)
    jobs = Jobs(tmp_path)
    job = jobs.add([lines(["A graph"])], "t")
    with running(tmp_path, extractor="tests.wayward:Wayworn"):
        assert wait(jobs, job, lambda job: job.stage is Stage.LOADING).state is State.QUEUED
    with running(tmp_path):
        assert wait(jobs, job).state is State.DONE
