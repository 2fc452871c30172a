import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.readings import MAX_CHARACTERS
from api.routes.extract import EXAMPLE, MAX_SHOWN, MAX_TEXT
from kg.model import Label
from kg.preview.pool import PreviewPool
from tests.api.conftest import settings
from tests.api.test_pages import HTML, PAYLOADS, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# "attention" is in the graph of the tests, "graph" is not, "method" names nothing by itself.
WAYWARD = "tests.wayward:Wayward?word=attention|graph|method"


@pytest.fixture(scope="module")
def reading(data_folder: Path) -> Iterator[TestClient]:
    app = create_app(settings(data_folder, extractor=WAYWARD))
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def site(path: Path, **changes: object) -> TestClient:
    return TestClient(create_app(settings(path, **changes)), raise_server_exceptions=False)


def post(client: TestClient, text: str) -> Any:
    return client.post("/extract", data={"text": text}, headers=HTML)


def test_one_paper_is_read_and_its_entities_named(reading: TestClient) -> None:
    answer = reading.post("/v1/extract", json={"title": "A graph", "abstract": "A method of attention on a graph."})
    assert answer.status_code == 200
    body = answer.json()
    assert body["extractor"]["name"] == "wayward"
    assert re.fullmatch(r"1\+[0-9a-f]{12}", body["extractor"]["version"])
    (paper,) = body["papers"]
    assert paper["aliases"] == [{"long": "graph network", "short": "GN"}]
    assert (paper["system"], paper["error"]) == ("GN", None)
    for mention in paper["mentions"]:
        assert paper[mention["field"]][mention["start"] : mention["end"]] == mention["text"]
        end = mention["sentence_start"] + len(mention["sentence"])
        assert paper[mention["field"]][mention["sentence_start"] : end] == mention["sentence"]
    assert [(m["field"], m["text"], m["entity"]) for m in paper["mentions"]] == [
        ("title", "graph", {"slug": "graph", "name": None, "page": None}),
        ("abstract", "method", None),
        ("abstract", "attention", {"slug": "attention", "name": "Attention", "page": "/entities/attention"}),
        ("abstract", "graph", {"slug": "graph", "name": None, "page": None}),
    ]
    assert paper["mentions"][0] | {"entity": None} == {
        "field": "title",
        "start": 2,
        "end": 7,
        "text": "graph",
        "label": "Method",
        "score": 0.988,
        "rule": "found-it",
        "sentence": "A graph",
        "sentence_start": 0,
        "role": None,
        "role_score": None,
        "trail": [],
        "entity": None,
    }
    assert reading.get(paper["mentions"][2]["entity"]["page"]).status_code == 200


def test_roles_and_relations_are_told(reading: TestClient) -> None:
    body = {"title": "relate a graph", "abstract": "A method of attention."}
    (paper,) = reading.post("/v1/extract", json=body).json()["papers"]
    assert {(m["role"], m["role_score"]) for m in paper["mentions"]} == {("uses", 0.765)}
    assert paper["relations"] == [
        {"head": i, "tail": i + 1, "kind": "partOf", "score": 0.877, "rule": "found-it"} for i in range(2)
    ]
    assert [m["text"] for m in paper["mentions"]] == ["graph", "method", "attention"]


def test_several_papers_come_back_in_order_and_a_bad_one_costs_no_other(reading: TestClient) -> None:
    titles = ["A graph", "raise this graph", "Last graph"]
    papers = reading.post("/v1/extract", json={"papers": [{"title": title} for title in titles]}).json()["papers"]
    assert [paper["title"] for paper in papers] == titles
    assert [len(paper["mentions"]) for paper in papers] == [1, 0, 1]
    assert "ValueError: not this one" in papers[1]["error"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "send either a title and an abstract, or a list of papers"),
        ({"abstract": "Alone."}, "send either"),
        ({"title": "A", "papers": [{"title": "B"}]}, "send either"),
        ({"papers": []}, "papers: List should have at least 1 item"),
        ({"papers": [{"title": "A"}] * 51}, "papers: List should have at most 50 items"),
        ({"papers": [{"abstract": "A"}]}, "papers.0.title: Field required"),
        ({"title": "A", "abstrakt": "B"}, "abstrakt: Extra inputs are not permitted"),
        ({"title": " \u200b"}, "paper: has no title"),
        ({"papers": [{"title": "A"}, {"title": " "}]}, "papers.1: has no title"),
        ({"title": "A" * 1001}, "title: String should have at most 1000 characters"),
        ({"papers": [{"title": "A", "abstract": "b" * 50_000}] * 5}, f"{MAX_CHARACTERS:,} are read at once"),
        ({"title": 3}, "title: Input should be a valid string"),
    ],
)
def test_a_request_that_is_not_right_is_told_why(reading: TestClient, body: object, reason: str) -> None:
    answer = reading.post("/v1/extract", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert reason in answer.json()["detail"]


def test_broken_json_and_half_characters_are_refused(reading: TestClient) -> None:
    kind = {"Content-Type": "application/json"}
    for content in (b"{", b'{"title": "\\ud800"}', b"\xff"):
        assert reading.post("/v1/extract", content=content, headers=kind).status_code in (400, 422), content


@pytest.mark.parametrize(("title", "reason"), [("hang", "timeout"), ("crash", "memory"), ("memory", "memory")])
def test_faults_are_problems_to_try_again_and_the_next_request_is_answered(
    data_folder: Path, title: str, reason: str
) -> None:
    with site(data_folder, extractor=WAYWARD, extract_timeout=4.0, extract_memory_mb=512) as client:
        answer = client.post("/v1/extract", json={"title": title})
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["reason"] == reason
        assert client.post("/v1/extract", json={"title": "A graph"}).status_code == 200


def test_a_busy_service_says_so(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.deps.PreviewPool", lambda *a, **k: PreviewPool(*a, **{**k, "queue": 0}))
    with site(data_folder, extractor=WAYWARD, extract_timeout=5.0) as client, ThreadPoolExecutor(1) as threads:
        # A line of no length is full as long as no process is idle, as before the first has started.
        assert client.post("/v1/extract", json={"title": "A graph"}).json()["reason"] == "busy"
        service = client.app.state.service  # type: ignore[attr-defined]
        pool = service._preview_pool()
        with pool._changed:
            pool._replenish()
            assert pool._changed.wait_for(lambda: pool._idle, 10)
        hanging = threads.submit(client.post, "/v1/extract", json={"title": "hang"})
        while pool._idle:
            time.sleep(0.01)
        busy = client.post("/v1/extract", json={"title": "A graph"})
        assert (busy.status_code, busy.json()["reason"]) == (503, "busy")
        assert hanging.result().json()["reason"] == "timeout"


def test_an_extractor_that_cannot_be_loaded_is_named(data_folder: Path) -> None:
    with site(data_folder, extractor="tests.wayward:Wayworn") as client:
        answer = client.post("/v1/extract", json={"title": "A graph"})
        assert answer.status_code == 503
        assert "has no 'Wayworn'; did you mean Wayward?" in answer.json()["detail"]
        assert "did you mean Wayward?" in post(client, "A graph").text


def test_the_process_goes_with_the_service(data_folder: Path) -> None:
    with site(data_folder, extractor=WAYWARD) as client:
        assert client.post("/v1/extract", json={"title": "A graph"}).status_code == 200
        service = client.app.state.service  # type: ignore[attr-defined]
        (worker,) = service._previews._workers
    assert not worker.usable()
    with pytest.raises(Exception, match="stopping"):
        service.preview([])


def test_no_graph_is_needed_and_none_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    with site(folder, extractor=WAYWARD) as client:
        answer = client.post("/v1/extract", json={"title": "With attention"})
        assert answer.json()["papers"][0]["mentions"][0]["entity"] == {"slug": "attention", "name": None, "page": None}
        assert post(client, "With attention").status_code == 200
    assert not folder.exists()


def test_it_can_be_switched_off(data_folder: Path) -> None:
    with site(data_folder, extract="off") as client:
        for answer in (client.post("/v1/extract", json={"title": "A"}), client.get("/extract"), post(client, "A")):
            assert answer.status_code == 404
            assert "KG_EXTRACT=off" in answer.text
        assert '"/extract"' not in client.get("/", headers=HTML).text


def test_the_description_shows_both_forms_and_an_answer(reading: TestClient) -> None:
    operation = reading.get("/openapi.json").json()["paths"]["/v1/extract"]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    assert set(content["examples"]) == {"one", "several"}
    for example in content["examples"].values():
        assert reading.post("/v1/extract", json=example["value"]).status_code == 200
    example = operation["responses"]["200"]["content"]["application/json"]["example"]
    real = reading.post("/v1/extract", json={"title": "On attention"}).json()
    assert example.keys() == real.keys()
    # What is null in the example is left out of the description.
    assert real["papers"][0].keys() - example["papers"][0].keys() == {"error"}
    assert real["papers"][0]["mentions"][0].keys() == example["papers"][0]["mentions"][0].keys()
    assert {"404", "422", "503"} <= operation["responses"].keys()


def test_the_page_starts_with_an_example_and_reads_nothing(reading: TestClient) -> None:
    page = reading.get("/extract", headers=HTML).text
    assert EXAMPLE.splitlines()[0] in page
    assert 'id="found"' not in page
    assert '"/extract"' in reading.get("/", headers=HTML).text


def test_the_page_shows_what_was_found(reading: TestClient) -> None:
    answer = post(reading, "A graph\r\n\r\nA method of attention\r\non a graph.")
    assert answer.status_code == 200
    assert ">\nA graph\n\nA method of attention\non a graph.</textarea>" in answer.text
    assert "4 mentions, in reading order" in answer.text
    assert '<a href="/entities/attention">Attention</a>' in answer.text
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
    assert "score 0.88 · by found it" in text
    assert "by found it · uses" in text
    assert "What it says of two mentions" not in post(reading, "A graph").text


def test_a_pasted_page_of_papers_is_read_paper_by_paper(reading: TestClient) -> None:
    pair = "Title {} of a graph\n\n" + "About attention and more of it. " * 10
    pairs = [pair.format(i) for i in range(MAX_SHOWN + 2)]
    text = "\n\n".join(["Sign in", pairs[0], "An orphan", *pairs[1:]])
    page = post(reading, text).text
    assert page.count('<article class="reading">') == MAX_SHOWN
    assert "2 more papers in the text" in page
    assert "no abstract follows the line &#39;An orphan&#39;" in page


def test_trouble_keeps_the_text(data_folder: Path, reading: TestClient) -> None:
    empty = post(reading, "  \n ")
    assert empty.status_code == 422
    assert "Paste a title and an abstract first." in empty.text
    long = post(reading, "word " * 30_000)
    assert long.status_code == 422
    assert f"{MAX_TEXT:,} are read here" in long.text
    title = post(reading, "graph " * 200)
    assert "title has 1,199 characters; at most 1,000 are read" in title.text
    with site(data_folder, extractor=WAYWARD, extract_timeout=4.0) as client:
        slow = post(client, "hang on a graph\n\nThis is the abstract.")
        assert slow.status_code == 503
        assert int(slow.headers["retry-after"]) > 0
        assert "took longer than 4 s" in slow.text
        assert "hang on a graph\n\nThis is the abstract.</textarea>" in slow.text


def test_only_the_form_is_taken(reading: TestClient) -> None:
    assert reading.post("/extract", json={"text": "A"}).status_code == 415
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert reading.post("/extract", content=b"\xff", headers=form).status_code == 400
    assert reading.post("/extract", content=b"a=1&" * 50, headers=form).status_code == 400
    assert reading.post("/extract", content=b"text=%ff%00A+graph", headers=form).status_code == 200


@pytest.mark.slow
def test_the_shipped_extractor_reads_the_example(data_folder: Path) -> None:
    with site(data_folder, extract_timeout=60.0) as client:
        page = post(client, EXAMPLE).text
        assert "<dd>QuietProp</dd>" in page
        first = client.post("/v1/extract", json={"title": "Attention for translation on ImageNet"}).json()
        slugs = {m["entity"]["slug"] for m in first["papers"][0]["mentions"]}
        assert "imagenet" in slugs


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def live(data_folder: Path) -> Iterator[str]:
    yield from serve(data_folder, extractor=WAYWARD)


@pytest.mark.browser
def test_the_page_works_without_scripts_and_by_keyboard(live: str, page: "Page") -> None:
    page.goto(f"{live}/")
    page.get_by_role("link", name="Extract").click()
    box = page.get_by_label("Title in the first line, then the abstract")
    assert box.input_value() == EXAMPLE
    box.fill("A graph\n\nA method of attention on a graph.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#found").wait_for()
    assert page.url == f"{live}/extract#found"
    assert box.input_value() == "A graph\n\nA method of attention on a graph."
    mark = page.locator("a.mark", has_text="attention")
    mark.focus()
    page.keyboard.press("Enter")
    assert page.url == f"{live}/extract#m1-abstract-12"
    page.get_by_role("row", name="attention").get_by_role("link").click()
    assert page.url == f"{live}/entities/attention"


AUDIT = """() => {
  const faults = [];
  const levels = [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1]);
  if (levels.filter(l => l === 1).length !== 1) faults.push('one h1');
  levels.forEach((l, i) => { if (i && l > levels[i - 1] + 1) faults.push('heading skips to ' + l); });
  for (const e of document.querySelectorAll('input,textarea'))
    if (!e.labels.length && !e.ariaLabel) faults.push('no label: ' + e.name);
  for (const e of document.querySelectorAll('a,button')) if (!e.textContent.trim()) faults.push('no name');
  for (const e of document.querySelectorAll('th')) if (!e.scope) faults.push('th without scope');
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) faults.push('ids twice');
  for (const e of document.querySelectorAll('a[href^="#"]'))
    if (!document.getElementById(decodeURIComponent(e.hash.slice(1)))) faults.push('nowhere: ' + e.hash);
  if (document.documentElement.scrollWidth > innerWidth) faults.push('wider than the window');
  return faults;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1200])
def test_marks_tell_their_type_without_colour_and_their_score_on_focus(
    live: str, browser: "Browser", width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{live}/extract")
    assert page.evaluate(AUDIT) == []
    page.locator("#text").fill("A graph\n\n" + "A method of attention on a graph. " * 8)
    page.get_by_role("button", name="Find mentions").click()
    page.locator("#found").wait_for()
    assert page.evaluate(AUDIT) == []
    legend = page.locator(".legend .mark")
    styles = legend.evaluate_all("all => all.map(e => getComputedStyle(e).textDecorationStyle)")
    assert len(set(styles)) == len(Label) == 5
    colours = legend.evaluate_all("all => all.map(e => getComputedStyle(e).color)")
    assert len(set(colours)) == 5
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
    page = context.new_page()
    faults: list[str] = []
    outside: list[str] = []
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    # Everything is a mention, so that every character also stands in an attribute and in the table.
    for site in serve(data_folder, extractor="tests.wayward:Wayward?word=.%2B"):
        page.on("request", lambda r, site=site: None if r.url.startswith((site, "data:")) else outside.append(r.url))
        for text in [*PAYLOADS, "</textarea><script>window.pwned=1</script>"]:
            page.goto(f"{site}/extract")
            page.locator("#text").fill(f"T {text}\n\n{text}")
            page.get_by_role("button", name="Find mentions").click()
            page.locator("#found").wait_for()
            assert page.evaluate("window.pwned") is None
            assert page.locator("#text").input_value() == f"T {text}\n\n{text}"
            for place in (page.get_by_role("heading", level=3), page.locator("tbody th").first):
                assert place.inner_text() == f"T {text}"
    context.close()
    assert outside == []
    assert faults == []


def test_many_clients_at_once_get_their_own_answers(reading: TestClient) -> None:
    answers: dict[int, str] = {}

    def ask(number: int) -> None:
        body = reading.post("/v1/extract", json={"title": f"Graph {number} with attention"}).json()
        answers[number] = body["papers"][0]["title"]

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {i: f"Graph {i} with attention" for i in range(6)}
