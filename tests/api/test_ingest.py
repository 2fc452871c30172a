"""The page to hand papers in, and that of a job: without scripts by forms, and with them in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.assets import built
from api.recognising import SHOWN
from api.routes.pages.ingest import EXAMPLE
from kg.jobs.job import Problem, Progress, Source, Stage
from kg.jobs.runner import JobRunner
from kg.jobs.table import Jobs
from kg.model import Added, Label
from kg.tokens import Scope, Tokens
from tests.api.conftest import settings
from tests.api.test_pages import HTML, serve
from tests.pages.hostile import MARK, PAYLOADS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# "attention" is in the graph of the tests, "graph" is not, "method" names nothing by itself.
WAYWARD = "tests.wayward:Wayward?word=attention|graph|method"
PAIR = "Title {} of a graph\n\n" + "About attention and more of it. " * 10
WAIT = 400_000
"""Milliseconds that a busy machine may take; an idle one takes none of them."""
FORM = {**HTML, "Content-Type": "application/x-www-form-urlencoded"}


def site(path: Path, **changes: object) -> TestClient:
    made = create_app(settings(path, **{"extractor": WAYWARD, "extract_timeout": 300.0, **changes}))
    return TestClient(made, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture(scope="module")
def reading(data_folder: Path) -> Iterator[TestClient]:
    with site(data_folder) as made:
        yield made


def post(client: TestClient, text: str, path: str = "/ingest", **fields: str) -> Any:
    return client.post(path, data={"text": text, **fields}, headers=HTML)


def test_the_page_begins_empty_or_with_an_example_and_reads_nothing(reading: TestClient) -> None:
    page = reading.get("/ingest", headers=HTML)
    assert ">\n</textarea>" in page.text
    assert page.headers["cache-control"] == "no-store"
    example = reading.get("/ingest?example", headers=HTML).text
    assert EXAMPLE.splitlines()[0] in example
    assert 'class="reading"' not in page.text + example


def test_the_page_shows_what_was_found(reading: TestClient) -> None:
    answer = post(reading, "A graph\r\n\r\nA method of attention\r\non a graph.")
    assert answer.status_code == 200
    assert ">\nA graph\n\nA method of attention\non a graph.</textarea>" in answer.text
    assert "1 paper recognised" in answer.text
    assert "4 mentions, introduces <b>GN</b>, 1 abbreviation" in " ".join(answer.text.split())
    assert '<a href="/methods/attention">Attention</a>' in answer.text
    assert "graph, new" in answer.text
    assert "too general" in answer.text
    targets = re.findall(r'href="#(m1-[\w-]+)"', answer.text)
    assert targets == ["m1-title-2", "m1-abstract-2", "m1-abstract-12", "m1-abstract-27"]
    assert all(f'<tr id="{target}">' in answer.text for target in targets)
    assert "Method · score 0.99 · by found it" in answer.text
    assert "wayward 1+" in answer.text


def test_the_page_shows_roles_and_relations(reading: TestClient) -> None:
    text = " ".join(post(reading, "relate a graph\n\nA method of attention.").text.split())
    assert text.count('<span class="tag">uses</span>') == 3
    assert re.search(r'"method">graph</span> part of <span class="method">method</span>', text)
    assert "What it says of two mentions" not in post(reading, "A graph").text


def test_a_pasted_page_of_papers_is_read_paper_by_paper(reading: TestClient) -> None:
    pairs = [PAIR.format(i) for i in range(SHOWN + 2)]
    page = post(reading, "\n\n".join(["Sign in", pairs[0], "An orphan", *pairs[1:]])).text
    assert page.count('<article class="reading">') == SHOWN
    assert "2 more papers, read when they are added" in page
    assert "No abstract follows the line &#39;An orphan&#39;" in page
    assert "put its abstract on the line below it" in page
    assert f"Add {SHOWN + 2} papers" not in page, "nobody has a token here"
    assert "kg token create --scope ingest --link" in page


def test_what_the_graph_holds_already_is_said(reading: TestClient) -> None:
    line = '{"id": "ntk", "title": "Tangent kernel"}\n{"title": "Another graph"}'
    page = " ".join(post(reading, line).text.split())
    assert "1 of them is in the graph already; what has changed is replaced." in page
    assert '<a class="badge" href="/papers/ntk">in the graph already</a>' in page
    assert page.count('<span class="badge new">new</span>') == 1


def test_trouble_keeps_the_text(data_folder: Path, reading: TestClient) -> None:
    empty = post(reading, "  \n ")
    assert empty.status_code == 422
    assert "paste a text, or choose a file" in empty.text
    title = post(reading, "graph " * 200)
    assert "Title has 1,199 characters; at most 1,000 are read" in title.text
    assert "No paper recognised" in title.text
    with site(data_folder, extract_timeout=4.0) as client:
        slow = post(client, "hang on a graph\n\nThis is the abstract.")
        assert slow.status_code == 503
        assert int(slow.headers["retry-after"]) > 0
        assert "4 s" in slow.text, "to read, or to start on a busy machine"
        assert "hang on a graph\n\nThis is the abstract.</textarea>" in slow.text
        assert "1 paper recognised" in slow.text
    with site(data_folder, extract="off") as client:
        off = post(client, "A graph")
        assert (off.status_code, "KG_EXTRACT=off" in off.text) == (200, True)


def test_only_the_form_is_taken(reading: TestClient) -> None:
    assert reading.post("/ingest", json={"text": "A"}).status_code == 415
    for content in (b"\xff=\xff", b"a=1&" * 500, b"text=%ff%00A+graph"):
        assert reading.post("/ingest", content=content, headers=FORM).status_code in (200, 400, 422), content


def test_no_graph_is_needed_and_none_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    with site(folder) as client:
        answer = client.post("/v1/extract", json={"title": "With attention"})
        assert answer.json()["papers"][0]["mentions"][0]["entity"] == {"slug": "attention", "name": None, "page": None}
        assert post(client, "With attention").status_code == 200
        assert post(client, "With attention", "/ingest/jobs", token="kg_" + "A" * 43).status_code == 403
    assert not folder.exists()


@pytest.fixture
def idle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, str]]:
    """A service whose jobs stay in the line, and a good token."""
    monkeypatch.setattr(JobRunner, "_run", lambda _: None)
    _, token = Tokens(tmp_path).create({Scope.INGEST})
    with site(tmp_path) as client:
        yield client, token


def test_forms_alone_lead_from_a_text_and_files_to_a_job(idle: tuple[TestClient, str], tmp_path: Path) -> None:
    client, token = idle
    files = {"files": ("a.txt", b"From a file of a graph\r\n\r\nIts abstract.")}
    page = client.post("/ingest", data={"text": "A graph"}, files=files, headers=HTML).text
    assert "2 papers recognised" in page
    assert "Add 2 papers" in page
    kept = re.search(r'name="kept_name" value="([^"]+)"><textarea name="kept_text" hidden>\n([^<]+)</textarea>', page)
    assert kept
    fields = {"kept_name": kept[1], "kept_text": kept[2], "token": token}
    started = post(client, "A graph", "/ingest/jobs", **fields)
    assert started.status_code == 303
    (job,) = Jobs(tmp_path).latest()
    assert started.headers["location"] == f"/ingest/jobs/{job.id}"
    texts = [(source.name, source.body.split()[0]) for source in Jobs(tmp_path).sources(job.id)]
    assert texts == [("pasted text", b"A"), ("a.txt", b"From")]
    waiting = client.get(started.headers["location"], headers=HTML).text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting
    assert "Waiting for its turn" in waiting
    cancelled = client.post(started.headers["location"], data={"token": token, "do": "cancel"}, headers=HTML)
    assert cancelled.status_code == 303
    page = client.get(started.headers["location"], headers=HTML).text
    assert '<h1 id="state" aria-live="polite">Cancelled</h1>' in page
    assert "http-equiv" not in page


def test_a_form_without_a_good_token_starts_nothing_and_keeps_the_text(
    idle: tuple[TestClient, str], tmp_path: Path
) -> None:
    client, token = idle
    _, other = Tokens(tmp_path).create({Scope.UPDATE})
    for given, status in (("", 401), ("kg_" + "A" * 43, 401), (other, 403)):
        answer = post(client, "A graph of mine", "/ingest/jobs", token=given)
        assert answer.status_code == status
        assert "A graph of mine</textarea>" in answer.text
        assert 'role="alert"' in answer.text
    assert post(client, " ", "/ingest/jobs", token=token).status_code == 422
    assert Jobs(tmp_path).latest() == []


def test_a_job_page_tells_nothing_of_the_texts_without_a_token(idle: tuple[TestClient, str], tmp_path: Path) -> None:
    client, token = idle
    jobs = Jobs(tmp_path)
    job = jobs.add([Source("secret.txt", b"A secret title")], "t")
    jobs.claim()
    bad = Problem("secret.txt", 2, 7, "secret title", "secret reason", "secret advice")
    jobs.note(job.id, Stage.PAPERS, Progress(3, 2, 1, 1, 2, "secret title"), [Added("p", "In the graph", "new")], [bad])
    address = f"/ingest/jobs/{job.id}"
    page = client.get(address, headers=HTML).text
    assert "secret" not in page
    assert '<a class="title" href="/papers/p">In the graph</a>' in page
    wrong = client.post(address, data={"token": "kg_x", "do": "show"}, headers=HTML)
    assert (wrong.status_code, "secret" in wrong.text) == (401, False)
    told = client.post(address, data={"token": token, "do": "show"}, headers=HTML).text
    for said in ("secret.txt, record 2, line 7", "secret reason", "secret advice"):
        assert said in told
    assert client.get(f"/ingest/jobs/{'0' * 32}", headers=HTML).status_code == 404


@pytest.mark.slow
def test_the_shipped_extractor_reads_the_example(data_folder: Path) -> None:
    with site(data_folder, extractor="shipped", extract_timeout=60.0) as client:
        assert "introduces <b>QuietProp</b>" in post(client, EXAMPLE).text


AUDIT = """() => {
  const faults = [];
  const levels = [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1]);
  if (levels.filter(l => l === 1).length !== 1) faults.push('one h1');
  levels.forEach((l, i) => { if (i && l > levels[i - 1] + 1) faults.push('heading skips to ' + l); });
  for (const e of document.querySelectorAll('input:not([type=hidden]),textarea'))
    if (!e.labels.length && !e.ariaLabel) faults.push('no label: ' + e.name);
  for (const e of document.querySelectorAll('th')) if (!e.scope) faults.push('th without scope');
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) faults.push('ids twice');
  if (document.documentElement.scrollWidth > innerWidth) faults.push('wider than the window');
  return faults;
}"""


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A service that works, and a good token."""
    _, token = Tokens(tmp_path / "data").create({Scope.INGEST})
    for address in serve(tmp_path / "data", extractor=WAYWARD, extract_timeout=300.0):
        yield address, token


@pytest.mark.browser
def test_without_scripts_and_by_keyboard_papers_are_added(live: tuple[str, str], browser: "Browser") -> None:
    address, token = live
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.goto(f"{address}/ingest")
    page.get_by_label("Titles and abstracts").fill("A graph\n\nA method of attention on a graph.")
    page.get_by_role("button", name="Show what is recognised").focus()
    page.keyboard.press("Enter")
    mark = page.locator("a.mark", has_text="attention")
    mark.focus()
    page.keyboard.press("Enter")
    assert page.url == f"{address}/ingest#m1-abstract-12"
    page.get_by_role("row", name="attention").wait_for()
    page.get_by_label("Token").fill(token)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Done").wait_for(timeout=WAIT)
    page.get_by_role("link", name="A graph").click()
    page.get_by_role("heading", name="A graph").wait_for()
    assert page.url.startswith(f"{address}/papers/")
    context.close()


def watched(page: "Page", address: str) -> list[str]:
    """What no page may do, as it is done."""
    faults: list[str] = []
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith((address, "data:")) else faults.append(r.url))
    return faults


needs_scripts = pytest.mark.skipif(built("ingest.js") is None, reason="scripts/build_ui was not run")


@needs_scripts
@pytest.mark.browser
def test_paste_preview_progress_done(live: tuple[str, str], browser: "Browser", tmp_path: Path) -> None:
    address, token = live
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(WAIT)
    page = context.new_page()
    faults = watched(page, address)
    page.goto(f"{address}/ingest")
    page.goto(f"{address}/ingest#token={token}")
    page.get_by_text("This tab holds your token").wait_for(state="attached")
    assert page.url == f"{address}/ingest"
    extra = tmp_path / "more.jsonl"
    extra.write_text('{"title": "From a file of a graph"}\n{"title": }\n', encoding="utf-8")
    page.locator("#files").set_input_files(extra)
    page.get_by_role("button", name="Leave out more.jsonl").wait_for()
    page.locator("#text").fill("\n\n".join(f"slow {PAIR.format(i)}" for i in range(40)))
    page.get_by_role("button", name="Show what is recognised").click()
    page.get_by_role("heading", name="41 papers recognised").wait_for()
    assert page.evaluate(AUDIT) == []
    page.get_by_role("button", name="Add 41 papers").click()
    page.wait_for_url(f"{address}/ingest/jobs/*")
    page.locator("#job[data-state=running]").wait_for(timeout=WAIT)
    seen = page.locator("#current:not(:empty)").inner_text(timeout=WAIT)
    assert seen.startswith("slow Title")
    page.locator("#job[data-state=done]").wait_for(timeout=WAIT)
    assert page.locator("#stage").inner_text() == "41 papers of this job are in the graph."
    assert page.locator("#added li").count() == 41
    problem = page.locator("#problems li").inner_text()
    assert "more.jsonl, record 2, line 2" in problem
    assert "Correct this record" in problem
    assert page.evaluate(AUDIT) == []
    page.get_by_role("link", name="From a file of a graph").click()
    page.get_by_role("heading", name="From a file of a graph").wait_for()
    context.close()
    assert faults == []


@needs_scripts
@pytest.mark.browser
def test_a_refusal_stays_on_the_page_and_a_job_is_cancelled(live: tuple[str, str], browser: "Browser") -> None:
    address, token = live
    context = browser.new_context()
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.goto(f"{address}/ingest")
    text = "\n\n".join(f"slow {PAIR.format(i)}" for i in range(200))
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Show what is recognised").click()
    start = page.get_by_role("button", name="Add 200 papers")
    start.click()
    page.get_by_role("alert").get_by_text("Put your token into the field").wait_for()
    page.get_by_label("Token").fill("kg_wrong")
    start.click()
    page.get_by_role("alert").get_by_text("a token begins with kg_").wait_for()
    page.get_by_label("Token").fill(token)
    start.click()
    page.locator("#job[data-state=running]").wait_for(timeout=WAIT)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("heading", name="Cancelled").wait_for(timeout=WAIT)
    other = browser.new_context().new_page()
    other.set_default_timeout(WAIT)
    other.goto(page.url)
    assert other.locator("#stage").inner_text() == "What was added before stays in the graph."
    other.get_by_label("Your token shows").fill(token)
    other.get_by_role("button", name="Show").click()
    other.locator("#ask").wait_for(state="hidden")
    other.context.close()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1200])
def test_marks_tell_their_type_without_colour_and_their_score_on_focus(
    live: tuple[str, str], browser: "Browser", width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.goto(f"{live[0]}/ingest")
    assert page.evaluate(AUDIT) == []
    page.locator("#text").fill("A graph\n\n" + "A method of attention on a graph. " * 8)
    page.get_by_role("button", name="Show what is recognised").click()
    page.locator("#found .reading").wait_for()
    assert page.evaluate(AUDIT) == []
    legend = page.locator(".legend .mark")
    styles = legend.evaluate_all("all => all.map(e => getComputedStyle(e).textDecorationStyle)")
    assert len(set(styles)) == len(Label) == 5
    tip = "e => getComputedStyle(e, '::after').content"
    for mark in page.locator("a.mark").all():
        assert mark.evaluate(tip) == "none"
        page.mouse.move(0, 0)
        mark.focus()
        page.keyboard.press("Shift")  # the focus is seen once a key was used
        assert "Method · score 0.99 · by found it" in mark.evaluate(tip)
        assert mark.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        mark.hover()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.browser
def test_no_text_that_is_sent_runs(data_folder: Path, browser: "Browser") -> None:
    context = browser.new_context()
    context.set_default_timeout(WAIT)
    page = context.new_page()
    # Everything is a mention, so that every character also stands in an attribute and in the table.
    for address in serve(data_folder, extractor="tests.wayward:Wayward?word=.%2B", extract_timeout=300.0):
        faults = watched(page, address)
        for text in PAYLOADS[2:14]:
            page.goto(f"{address}/ingest")
            page.locator("#text").fill(f"T {text}\n\n{text}")
            page.get_by_role("button", name="Show what is recognised").click()
            page.locator("#found .reading").wait_for()
            assert page.evaluate(f"window.{MARK}") is None
            assert page.locator("#text").input_value() == f"T {text}\n\n{text}"
            page.locator("summary").first.click()
            assert page.locator(".reading h3 .mark").inner_text() == f"T {text}"
            assert page.locator("tbody th").first.inner_text() == f"T {text}"
    context.close()
    assert faults == []
