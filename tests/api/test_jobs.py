"""Handing papers in over HTTP: what is taken, what is refused, what is told of it, and that no kill loses any."""

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

import psutil
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kg.build import build, default_parts
from kg.jobs.runner import JobRunner
from kg.jobs.table import Jobs
from kg.sources import make_paper
from kg.tokens import Scope, Tokens
from kg.workspace import Workspace
from tests.api.conftest import settings
from tests.api.test_auth import bearer
from tests.corpus import BASE, dump

WAYWARD = "tests.wayward:Wayward?word=attention|graph"
PAGE = "\n\n".join(f"Title {i} of a graph\n\n" + "About attention and more of it. " * 10 for i in range(3))
TEXT = {"Content-Type": "text/plain"}
PATIENCE = 400.0


def site(path: Path, **changes: object) -> TestClient:
    made = create_app(settings(path, **{"extractor": WAYWARD, "extract_timeout": 300.0, **changes}))
    return TestClient(made, raise_server_exceptions=False)


class Open(NamedTuple):
    """A service that may be handed papers, with a good token."""

    client: TestClient
    headers: dict[str, str]
    folder: Path

    def post(self, content: str | bytes = PAGE, kind: str = "text/plain", **keywords: Any) -> Any:
        body = content.encode() if isinstance(content, str) else content
        return self.client.post("/v1/ingest", content=body, headers={**self.headers, "Content-Type": kind}, **keywords)

    def job(self, location: str) -> Any:
        return self.client.get(location, headers=self.headers).json()

    def finished(self, location: str) -> Any:
        end = time.monotonic() + PATIENCE
        while not (job := self.job(location))["finished"]:
            assert time.monotonic() < end, job
            time.sleep(0.02)
        return job


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """With a worker that really runs; tests share its graph."""
    folder = tmp_path_factory.mktemp("jobs") / "data"
    _, value = Tokens(folder).create({Scope.INGEST})
    with site(folder, query_rows=1000) as client:
        yield Open(client, bearer(value), folder)


@pytest.fixture
def idle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Where jobs stay in the line."""
    monkeypatch.setattr(JobRunner, "_run", lambda _: None)
    _, value = Tokens(tmp_path).create({Scope.INGEST})
    with site(tmp_path) as client:
        yield Open(client, bearer(value), tmp_path)


def test_a_pasted_page_becomes_papers_that_can_be_read(opened: Open) -> None:
    answer = opened.post()
    assert answer.status_code == 202
    location = answer.headers["location"]
    assert re.fullmatch(r"/v1/jobs/[0-9a-f]{32}", location)
    assert answer.json()["state"] in ("queued", "running")
    job = opened.finished(location)
    assert (job["state"], job["error"], job["problems"]) == ("done", None, [])
    assert {paper["outcome"] for paper in job["papers"]} == {"new"}
    assert job["progress"] | {"title": None} == {
        **dict.fromkeys(("total", "read", "extracted", "linked", "handled", "kept", "new"), 3),
        **dict.fromkeys(("replaced", "unchanged", "rejected"), 0),
        **dict.fromkeys(("title", "seconds_left")),
    }
    for paper in job["papers"]:
        assert opened.client.get(f"/v1{paper['page']}").json()["title"] == paper["title"]
    again = opened.finished(opened.post().headers["location"])
    assert {paper["outcome"] for paper in again["papers"]} == {"unchanged"}
    listed = opened.client.get("/v1/jobs", headers=opened.headers).json()["jobs"]
    assert [listed[0]["id"], listed[1]["id"]] == [again["id"], job["id"]]


def test_every_kind_of_body_is_read(opened: Open) -> None:
    record = {"id": "kind", "title": "A graph", "year": 2020}
    line = json.dumps(record)
    kinds: list[tuple[str | bytes, str]] = [
        (line, "application/x-ndjson"),
        (line + "\n" + line, "application/jsonl; charset=utf-8"),
        (json.dumps([record, record], indent=1), "application/json"),
        (json.dumps(record, indent=1), "application/json"),
        (gzip.compress(line.encode()), "application/gzip"),
    ]
    for body, kind in kinds:
        job = opened.finished(opened.post(body, kind).headers["location"])
        assert [paper["id"] for paper in job["papers"]] == ["kind"], kind
        assert job["state"] == "done"


def test_files_and_a_text_come_as_one_job_and_bad_records_stay_with_their_places(opened: Open) -> None:
    good = json.dumps({"id": "mixed", "title": "A graph of it"})
    files = [
        ("files", ("sub/a.jsonl", f'{good}\n{{"title": \n{{"title": "raise this", "id": "raised"}}\n'.encode())),
        ("files", ("a.jsonl", gzip.compress(b'{"year": 1}\n'))),
        ("files", ("paper.pdf", b"%PDF-1.7 ...")),
        ("files", ("empty.txt", b"")),
    ]
    body = {"text": "One more graph\n\nIts abstract."}
    answer = opened.client.post("/v1/ingest", files=files, data=body, headers=opened.headers)
    assert answer.status_code == 202
    job = opened.finished(answer.headers["location"])
    assert {paper["title"] for paper in job["papers"]} == {"A graph of it", "One more graph"}
    told = {(p["file"], p["record"], p["line"]): p for p in job["problems"]}
    assert told.keys() == {("a.jsonl", 2, 2), ("a.jsonl", 3, None), ("a.jsonl (2)", 1, 1), ("paper.pdf", 1, None)}
    assert told["a.jsonl", 2, 2]["reason"].startswith("is not JSON")
    assert told["a.jsonl", 3, None]["title"] == "raise this"
    assert "a PDF" in told["paper.pdf", 1, None]["reason"]
    assert all(problem["advice"] for problem in job["problems"])
    assert job["progress"]["rejected"] == 4


def test_a_dry_run_says_what_would_be_read_and_keeps_nothing(opened: Open) -> None:
    before = len(opened.client.get("/v1/jobs", headers=opened.headers).json()["jobs"])
    known = json.dumps({"id": "kind", "title": "A graph", "year": 2020})
    opened.finished(opened.post(known, "application/jsonl").headers["location"])
    body = f'{known}\n{{"title": "New of attention", "abstract": "A graph."}}\n{{"title": ""}}\n'
    answer = opened.client.post(
        "/v1/ingest?dry_run=true&name=mine.jsonl", content=body, headers={"Content-Type": "application/jsonl"}
    )
    assert answer.status_code == 200
    told = answer.json()
    assert (told["recognised"], told["known"], told["skipped"], told["note"]) == (2, 1, 1, None)
    assert [paper["page"] for paper in told["papers"]] == ["/papers/kind", None]
    mentions = [mention["text"] for mention in told["papers"][1]["reading"]["mentions"]]
    assert mentions == ["attention", "graph"]
    assert (told["problems"][0]["file"], told["problems"][0]["line"]) == ("mine.jsonl", 3)
    assert len(opened.client.get("/v1/jobs", headers=opened.headers).json()["jobs"]) == before + 1


def test_a_dry_run_bears_an_extractor_that_fails(tmp_path: Path) -> None:
    for changes, note in (({"extract": "off"}, "KG_EXTRACT=off"), ({"extractor": "tests.wayward:Wayworn"}, "Wayworn")):
        made = create_app(settings(tmp_path, **changes))
        with TestClient(made, raise_server_exceptions=False) as client:
            told = client.post("/v1/ingest?dry_run=1", content="A graph", headers=TEXT).json()
        assert note in told["note"]
        assert [(paper["title"], paper["reading"]) for paper in told["papers"]] == [("A graph", None)]


def test_nothing_is_taken_or_told_without_a_token(tmp_path: Path, idle: Open) -> None:
    location = idle.post().headers["location"]
    _, other = Tokens(tmp_path).create({Scope.UPDATE, Scope.CURATE})
    for headers, status in (({}, 401), (bearer("kg_" + "A" * 43), 401), (bearer(other), 403)):
        asked = [
            idle.client.post("/v1/ingest", content=PAGE, headers={**headers, **TEXT}),
            *(idle.client.get(path, headers=headers) for path in (location, f"{location}/events", "/v1/jobs")),
            idle.client.delete(location, headers=headers),
        ]
        assert {answer.status_code for answer in asked} == {status}
        assert all("Title" not in answer.text for answer in asked)
    (job,) = Jobs(tmp_path).latest()
    assert job.state == "queued"
    with site(tmp_path / "none") as client:
        answer = client.post("/v1/ingest", content=PAGE, headers=TEXT)
        assert answer.status_code == 403
        assert "kg token create --scope ingest" in answer.json()["detail"]
        assert not (tmp_path / "none").exists()
    with site(tmp_path, writes="off") as client:
        assert client.post("/v1/ingest", content=PAGE, headers={**idle.headers, **TEXT}).status_code == 403


def test_the_body_of_who_has_no_token_is_not_read(tmp_path: Path) -> None:
    Tokens(tmp_path).create({Scope.INGEST})
    with site(tmp_path) as client:
        pieces = iter([b"A title"])
        assert client.post("/v1/ingest", content=pieces, headers=TEXT).status_code == 401


def test_what_is_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JobRunner, "_run", lambda _: None)
    monkeypatch.setattr("kg.jobs.table.MAX_WAITING_EACH", 1)
    _, value = Tokens(tmp_path).create({Scope.INGEST})
    with site(tmp_path, ingest_limit=4096, body_limit=2048) as client:
        made = Open(client, bearer(value), tmp_path)
        assert made.post("word " * 900).status_code == 413
        assert client.post("/v1/ingest?dry_run=1", content="word " * 500, headers=TEXT).status_code == 413
        assert made.post("A title\n\n" + "word " * 600).status_code == 202, "over KG_BODY_LIMIT, which is for others"
        full = made.post()
        assert (full.status_code, full.json()["reason"]) == (429, "budget")
        assert int(full.headers["retry-after"]) > 0
        usage = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
        monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
        assert made.post().status_code == 507


@pytest.mark.parametrize(
    ("body", "kind", "status", "detail"),
    [
        (PAGE, "application/pdf", 415, "text/plain"),
        (PAGE, "", 415, "an unnamed type"),
        (PAGE, "application/x-www-form-urlencoded", 415, "multipart/form-data"),
        (PAGE, "text/plain; charset=latin-1", 415, "send UTF-8"),
        (" \n", "text/plain", 422, "nothing to read"),
        ("[]", "application/json", 422, "nothing to read"),
        ("{", "application/json", 400, "is no JSON"),
        ("[" * 100_000, "application/json", 400, "is no JSON"),
        ("x", "multipart/form-data; boundary=y", 400, ""),
        ("x", "multipart/form-data", 400, ""),
    ],
)
def test_what_cannot_be_read_is_refused(idle: Open, body: str, kind: str, status: int, detail: str) -> None:
    answer = idle.post(body, kind)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert detail in answer.json()["detail"]
    assert Jobs(idle.folder).latest() == []


def test_an_encoded_body_is_refused(idle: Open) -> None:
    headers = {**idle.headers, **TEXT, "Content-Encoding": "gzip"}
    assert idle.client.post("/v1/ingest", content=gzip.compress(b"x"), headers=headers).status_code == 415


def test_jobs_that_are_none_are_not_found(idle: Open) -> None:
    for path in (f"/v1/jobs/{'0' * 32}", f"/v1/jobs/{'0' * 32}/events"):
        assert idle.client.get(path, headers=idle.headers).status_code == 404
    assert idle.client.get("/v1/jobs/nope", headers=idle.headers).status_code == 422


def events(text: str) -> list[tuple[int, str, Any]]:
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    return [(int(block["id"]), block["event"], json.loads(block["data"])) for block in blocks if block.get("id")]


def test_events_tell_all_and_resume_where_they_broke_off(opened: Open) -> None:
    titles = [*(f"Event {i} of a graph" for i in range(4)), ""]
    lines = "\n".join(json.dumps({"title": title}) for title in titles)
    location = opened.post(lines, "application/jsonl").headers["location"]
    live = opened.client.get(f"{location}/events", headers=opened.headers)
    assert live.headers["content-type"].startswith("text/event-stream")
    told = events(live.text)
    assert [number for number, _, _ in told] == sorted({number for number, _, _ in told})
    assert sorted(data["title"] for _, kind, data in told if kind == "paper") == titles[:4]
    assert [data["line"] for _, kind, data in told if kind == "problem"] == [5]
    last = told[-1]
    assert (last[1], last[2]["state"], last[2]["progress"]["kept"]) == ("job", "done", 4)
    rows = [event for event in told if event[1] != "job"]
    broken_off = rows[1][0]
    headers = {**opened.headers, "Last-Event-ID": str(broken_off)}
    rest = events(opened.client.get(f"{location}/events", headers=headers).text)
    assert rest == [*rows[2:], last]
    headers["Last-Event-ID"] = str(last[0])
    assert events(opened.client.get(f"{location}/events", headers=headers).text) == []
    headers["Last-Event-ID"] = "x"
    assert opened.client.get(f"{location}/events", headers=headers).status_code == 422


def test_a_job_is_cancelled(idle: Open) -> None:
    location = idle.post().headers["location"]
    assert idle.client.delete(location, headers=idle.headers).json()["state"] == "cancelled"
    (_, kind, data), *more = events(idle.client.get(f"{location}/events", headers=idle.headers).text)
    assert (kind, data["state"], more) == ("job", "cancelled", [])
    assert idle.client.delete(location, headers=idle.headers).json()["state"] == "cancelled"


def test_logs_name_no_one(idle: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    location = idle.post("A secret title\n\nIts abstract.").headers["location"]
    idle.client.get(location, headers=idle.headers)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("api", "kg")))
    assert "POST /v1/ingest" in ours
    for secret in ("secret", location.rpartition("/")[2], idle.headers["Authorization"][-20:]):
        assert secret not in ours


class Served:
    """``kg serve`` as a process that can be killed."""

    def __init__(self, data: Path, port: int) -> None:
        environment = {**os.environ, "KG_EXTRACTOR": WAYWARD}  # noqa: TID251 - a child's environment
        command = [sys.executable, "-m", "kg.cli", "serve", "--port", str(port), "--data", str(data)]
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
        _until(lambda: self.answers("/health/live"))

    def answers(self, path: str) -> bool:
        try:
            return bool(urlopen(self.address + path, timeout=10).status == 200)
        except OSError:
            return False

    def post(self, body: bytes, token: str) -> str:
        headers = {"Content-Type": "application/jsonl", **bearer(token)}
        with urlopen(Request(f"{self.address}/v1/ingest", body, headers), timeout=60) as answer:
            assert answer.status == 202
            return str(answer.headers["location"]).rpartition("/")[2]

    def kill(self) -> None:
        """By force, and at once; its children end by themselves."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        _, alive = psutil.wait_procs(family, timeout=30)
        assert alive == []


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.slow
def test_killed_again_and_again_nothing_is_lost_or_done_twice(tmp_path: Path, unused_port: int) -> None:
    data, titles = tmp_path / "data", [f"slow paper {i} of a graph" for i in range(60)]
    records = [{"id": f"p{i}", "title": title, "abstract": "With attention."} for i, title in enumerate(titles)]
    _, token = Tokens(data).create({Scope.INGEST})
    jobs = Jobs(data)
    served = Served(data, unused_port)
    job_id = served.post("\n".join(map(json.dumps, [*records, {"title": ""}])).encode(), token)
    served.kill()  # before anything was read
    assert jobs.get(job_id).kept == 0
    for enough in (lambda: jobs.get(job_id).progress.extracted > 5, lambda: jobs.get(job_id).kept > 0):
        served = Served(data, unused_port)
        _until(enough)
        served.kill()
        assert not jobs.get(job_id).state.over
    served = Served(data, unused_port)
    try:
        _until(lambda: jobs.get(job_id).state.over)
    finally:
        served.kill()
    found = jobs.changes(job_id)
    assert found.job.state == "done"
    assert {added.paper_id for _, added in found.papers} == {record["id"] for record in records}
    assert (found.job.kept, found.job.rejected, found.job.crashes) == (60, 1, 0)
    undisturbed = tmp_path / "undisturbed"
    with Workspace(undisturbed, BASE).writer() as writer:
        papers = [make_paper(r["title"], r["abstract"], identifier=r["id"]) for r in records]
        build(papers, default_parts(extractor=WAYWARD), writer)
        expected = dump(writer)
    with Workspace(data, BASE).writer() as writer:
        assert dump(writer) == expected


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
