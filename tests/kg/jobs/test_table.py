import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.errors import JobShareError, NotFoundError, StoreError, WorkBusyError
from kg.jobs import table
from kg.jobs.job import Problem, Progress, Source, Stage, State
from kg.jobs.table import Jobs
from kg.model import Added

TEXT = Source("page.txt", b"A title\n\nAn abstract.")
ONE, TWO = Added("one", "One", "new"), Added("two", "Two", "unchanged")
BAD = Problem("page.txt", 3, 7, "", "is not JSON", "Correct it.")


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path / "data")


def test_a_job_and_its_input_are_kept_in_a_private_file(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.add([TEXT, Source("b", b"\x1f\x8b")], "token")
    assert (job.state, job.stage, job.token, job.kept, job.started) == (State.QUEUED, Stage.LINE, "token", 0, None)
    again = Jobs(tmp_path / "data")
    assert again.get(job.id) == job
    assert again.sources(job.id) == [TEXT, ("b", b"\x1f\x8b")]
    assert stat.S_IMODE((tmp_path / "data" / "jobs.sqlite").stat().st_mode) == 0o600


def test_nothing_is_made_by_looking(jobs: Jobs, tmp_path: Path) -> None:
    assert not jobs.unfinished()
    assert jobs.latest() == []
    with pytest.raises(NotFoundError, match="no job"):
        jobs.get("0" * 32)
    assert not (tmp_path / "data").exists()


def test_the_oldest_is_claimed_first_and_one_left_behind_again(jobs: Jobs) -> None:
    first, second = jobs.add([TEXT], "t"), jobs.add([TEXT], "t")
    claimed = jobs.claim()
    assert claimed
    assert (claimed.id, claimed.state) == (first.id, State.RUNNING)
    assert claimed.started is not None
    left_behind = jobs.claim()
    assert left_behind
    assert (left_behind.id, left_behind.started) == (first.id, claimed.started)
    jobs.finish(first.id, State.DONE)
    following = jobs.claim()
    assert following
    assert following.id == second.id
    jobs.finish(second.id, State.DONE)
    assert jobs.claim() is None
    assert not jobs.unfinished()
    assert [job.id for job in jobs.latest()] == [second.id, first.id]


def test_what_is_over_forgets_its_input_but_not_what_failed(jobs: Jobs) -> None:
    ends = {State.DONE: [], State.CANCELLED: [], State.FAILED: [TEXT]}
    for state, left in ends.items():
        job = jobs.add([TEXT], "t")
        jobs.finish(job.id, state, "the disk is full" if state is State.FAILED else "")
        assert jobs.sources(job.id) == left
        jobs.finish(job.id, State.DONE)
        assert jobs.get(job.id).state is state
    assert jobs.latest()[0].error == "the disk is full"


def test_events_are_numbered_and_follow_from_any_of_them(jobs: Jobs) -> None:
    job = jobs.add([TEXT], "t")
    jobs.note(job.id, Stage.PAPERS, Progress(3, 2, title="One"), [ONE], [BAD])
    jobs.note(job.id, Stage.PAPERS, Progress(3, 3), [TWO])
    all_of_it = jobs.changes(job.id)
    (first, one), (third, two) = all_of_it.papers
    ((second, bad),) = all_of_it.problems
    assert (one, two, bad) == (ONE, TWO, BAD)
    assert first < second < third < all_of_it.job.seq
    assert (all_of_it.job.new, all_of_it.job.unchanged, all_of_it.job.rejected, all_of_it.job.kept) == (1, 1, 1, 2)
    after = jobs.changes(job.id, first)
    assert ([n for n, _ in after.papers], [n for n, _ in after.problems]) == ([third], [second])
    assert jobs.changes(job.id, all_of_it.job.seq) == (all_of_it.job, [], [])


def test_what_is_noted_twice_counts_once(jobs: Jobs) -> None:
    """A job whose process died is told of all its papers again, now as unchanged."""
    job = jobs.add([TEXT], "t")
    jobs.note(job.id, Stage.PAPERS, Progress(2), [ONE], [BAD])
    jobs.note(job.id, Stage.PAPERS, Progress(2), [ONE._replace(outcome="unchanged"), TWO], [BAD])
    found = jobs.changes(job.id)
    assert [added for _, added in found.papers] == [ONE, TWO]
    assert (found.job.new, found.job.unchanged, found.job.rejected) == (1, 1, 1)
    assert len({n for n, _ in found.papers + found.problems}) == 3  # type: ignore[operator]


def test_cancelling_lasts(jobs: Jobs) -> None:
    waiting = jobs.add([TEXT], "t")
    assert jobs.cancel(waiting.id).state is State.CANCELLED
    running = jobs.add([TEXT], "t")
    jobs.claim()
    assert jobs.cancel(running.id).state is State.CANCELLING
    assert jobs.note(running.id, Stage.PAPERS, Progress()) is State.CANCELLING
    assert jobs.claim() is None, "its process died: it is over, and not begun again"
    assert jobs.get(running.id).state is State.CANCELLED
    assert jobs.cancel(running.id).state is State.CANCELLED
    with pytest.raises(NotFoundError):
        jobs.cancel("0" * 32)


def test_the_paper_that_ends_its_process_is_skipped_once_it_is_known(jobs: Jobs) -> None:
    job = jobs.add([TEXT], "t")
    jobs.claim()
    jobs.crashed("status -11")
    assert jobs.get(job.id).crashes == 1
    assert jobs.skipped(job.id) == set()
    jobs.reading(job.id, "one")
    jobs.crashed("status -11")
    assert jobs.skipped(job.id) == {"one"}
    for _ in range(table.MAX_CRASHES - 1):
        assert jobs.get(job.id).state is State.RUNNING
        jobs.crashed("status -11")
    ended = jobs.get(job.id)
    assert (ended.state, ended.error) == (State.FAILED, "status -11")


def test_the_line_is_bounded_for_all_and_for_each(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_WAITING", 3)
    monkeypatch.setattr(table, "MAX_WAITING_EACH", 2)
    kept = [jobs.add([TEXT], token) for token in ("a", "a", "b")]
    with pytest.raises(JobShareError, match="2 jobs of this token"):
        jobs.add([TEXT], "a")
    with pytest.raises(WorkBusyError, match="3 jobs are waiting"):
        jobs.add([TEXT], "c")
    jobs.cancel(kept[0].id)
    jobs.add([TEXT], "a")


def test_who_waits_is_told_what_for(jobs: Jobs) -> None:
    job, other = jobs.add([TEXT], "t"), jobs.add([TEXT], "t")
    jobs.claim()
    jobs.wait_for(Stage.LOCK)
    assert [jobs.get(each.id).stage for each in (job, other)] == [Stage.OPENING, Stage.LOCK]
    seq = jobs.get(other.id).seq
    jobs.wait_for(Stage.LOCK)
    assert jobs.get(other.id).seq == seq, "nothing changed"


def test_many_threads_may_add_and_look_at_once(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_WAITING_EACH", 99)
    monkeypatch.setattr(table, "MAX_WAITING", 99)
    together = threading.Barrier(4)

    def add(_: int) -> str:
        together.wait()
        return jobs.add([TEXT], "t").id

    with ThreadPoolExecutor(4) as threads:
        ids = list(threads.map(add, range(8)))
    assert len(set(ids)) == 8
    assert {job.id for job in jobs.latest()} == set(ids)


def test_a_broken_table_is_told(jobs: Jobs, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "jobs.sqlite").write_text("not a database, but long enough to be taken for one" * 40)
    with pytest.raises(StoreError, match=r"jobs\.sqlite"):
        jobs.add([TEXT], "t")
