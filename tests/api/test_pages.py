import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes.pages.papers import marked
from kg.build import Parts, build
from kg.link.linker import NormalFormLinker
from kg.model import Label
from kg.resources import load_graph, ontology_dir
from kg.sources import make_paper
from kg.workspace import Workspace
from tests.api.conftest import settings
from tests.corpus import BASE
from tests.fakes import FakeExtractor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAYLOADS = [
    '<img src=x onerror="window.pwned=1">',
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    '"><svg onload="window.pwned=1">',
    "' autofocus onfocus='window.pwned=1",
    "href=javascript:window.pwned=1",
    "{{ 7*7 }} ${7*7} <%= 7*7 %>",
    "&lt;b&gt; &amp; \u202e right to left",
]


def test_pages_link_to_each_other(client: TestClient) -> None:
    start = client.get("/", headers=HTML).text
    for target in ("/papers", "/methods", "/datasets", "/concepts", "/map", "/search", "/docs"):
        assert f'"{target}"' in start
    assert "/papers/ntk" in client.get("/papers", headers=HTML).text
    assert "/methods/attention" in client.get("/entities", headers=HTML).text
    assert "/methods/attention" in client.get("/methods", headers=HTML).text
    assert "/methods/attention" not in client.get("/tasks", headers=HTML).text
    paper = client.get("/papers/ntk", headers=HTML).text
    assert "/tangent-kernel" in paper
    assert "/papers/features" in paper
    entity = client.get("/methods/attention", headers=HTML).text
    assert "/papers/mt" in entity
    assert "/network?focus=attention" in entity
    found = client.get("/search", params={"q": "attention"}, headers=HTML).text
    assert "/methods/attention" in found
    assert "/papers/vision" in found


@pytest.mark.parametrize("path", ["/entities/attention", "/datasets/attention"])
def test_an_address_without_the_type_or_with_another_leads_to_the_page(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/methods/attention")


def test_what_the_pages_load_is_named_by_what_is_in_it(client: TestClient) -> None:
    sheet = re.search(r'href="(/static/css/base\.css\?v=[0-9a-f]{12})"', client.get("/papers", headers=HTML).text)
    assert sheet is not None
    assert "immutable" in client.get(sheet[1]).headers["cache-control"]
    assert "cache-control" not in client.get("/static/css/base.css").headers


def test_roles_and_statements_are_shown(client: TestClient) -> None:
    paper = " ".join(client.get("/papers/mt", headers=HTML).text.split())
    assert re.search(r'<dt>Uses</dt><dd class="chips"> ?<a [^>]*>Attention</a> ?</dd> ?<dt>Addresses</dt>', paper)
    entity = " ".join(client.get("/entities/translation", headers=HTML).text.split())
    assert "used for" in entity
    assert "confidence 0.55" in entity
    assert "<q><mark>Attention</mark> for translation</q>" in entity
    assert '<span class="tag">addresses</span>' in entity
    assert "What papers state" not in client.get("/entities/accuracy", headers=HTML).text


def test_errors_are_pages_for_people_and_problems_for_programs(client: TestClient) -> None:
    page = client.get("/papers/nope", headers=HTML)
    assert page.status_code == 404
    assert "no paper" in page.text
    assert page.headers["content-type"].startswith("text/html")
    assert client.get("/papers/nope").headers["content-type"] == "application/problem+json"


def test_an_empty_service_says_what_to_do(empty: TestClient) -> None:
    page = empty.get("/", headers=HTML)
    assert page.status_code == 200
    assert "kg ingest --demo" in page.text
    assert '<form class="paste" method="post" action="/ingest"' in page.text
    assert empty.get("/papers", headers=HTML).status_code == 503


def test_iris_lead_to_pages_and_data(client: TestClient) -> None:
    for kind, name in (("paper", "ntk"), ("entity", "attention")):
        plural, place = {"paper": ("papers", "/papers/ntk"), "entity": ("entities", "/methods/attention")}[kind]
        page = client.get(f"/id/{kind}/{name}", headers=HTML, follow_redirects=False)
        data = client.get(f"/id/{kind}/{name}", headers={"Accept": "application/json"}, follow_redirects=False)
        assert (page.status_code, page.headers["location"]) == (303, place)
        assert (data.status_code, data.headers["location"]) == (303, f"/v1/{plural}/{name}")
        assert client.get(page.headers["location"], headers=HTML).status_code == 200


def test_marking_keeps_the_text() -> None:
    assert marked("plain", []) == [("plain", None)]
    assert marked("", []) == []


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server over papers whose every text is an attack."""
    path = tmp_path_factory.mktemp("hostile") / "data"
    folder = ontology_dir()
    names = dict.fromkeys(PAYLOADS, Label.METHOD)
    parts = Parts(
        FakeExtractor(names),
        NormalFormLinker(),
        frozenset(),
        load_graph(folder / "kg.ttl"),
        load_graph(folder / "shapes.ttl"),
    )
    papers = [
        make_paper(f"{text} {i}", f"It uses {text} for all.", identifier=f"x{i}-{j}", authors=(text,), venue=text)
        for i, text in enumerate(PAYLOADS)
        for j in range(2)
    ]
    with Workspace(path, BASE).writer() as writer:
        build(papers, parts, writer)
    yield from serve(path)


class _Announced(uvicorn.Server):
    """Says when it listens, so that nobody has to look."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


def serve(path: Path, **changes: object) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = _Announced(uvicorn.Config(create_app(settings(path, **changes)), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.listens.wait(60)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_no_text_of_a_paper_runs_in_a_page(hostile_site: str, page: "Page") -> None:
    faults: list[str] = []
    outside: list[str] = []
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith((hostile_site, "data:")) else outside.append(r.url))
    slugs = page.request.get(f"{hostile_site}/v1/entities").json()["items"]
    paths = ["/", "/papers", "/entities", "/network", "/docs", *(f"/entities/{e['slug']}" for e in slugs)]
    paths += [f"/papers/x{i}-0" for i in range(len(PAYLOADS))]
    paths += ["/methods?sort=name", "/concepts", "/methods/nope", "/link?a=x0-0&b=x0-1", "/path?a=x0-0&b=x1-0"]
    paths += [
        f"/{place}={quote(text)}" for text in PAYLOADS for place in ("methods?q", "link?a", "path?a", "compare?ids")
    ]
    paths += ["/compare?ids=x0-0,x1-0,x2-0,x3-0", *(f"/methods/{e['slug']}/untried" for e in slugs[:1])]
    paths += ["/ns", "/sparql/examples", *(f"/data/entity/{e['slug']}.html" for e in slugs)]
    paths += [f"/data/paper/x{i}-0.html" for i in range(len(PAYLOADS))]
    while page.request.get(f"{hostile_site}/sparql/examples").status == 503:
        pass  # each waits for the values a while
    for path in paths:
        page.goto(hostile_site + path)
        assert page.evaluate("window.pwned") is None, path
    for text in PAYLOADS:
        page.goto(hostile_site + "/")
        page.locator("input[name=q]").first.fill(text)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?**")
        assert page.evaluate("window.pwned") is None
        assert page.locator("input[name=q]").first.input_value() == text
    assert outside == []
    assert faults == []


@pytest.mark.browser
def test_a_reader_finds_a_paper_its_reasons_and_the_map(data_folder: Path, page: "Page") -> None:
    for site in serve(data_folder):
        page.goto(site)
        page.locator("input[name=q]").first.fill("tangent")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Tangent kernel", exact=True).last.click()
        assert page.url.endswith("/papers/ntk")
        page.get_by_role("link", name="Feature learning").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Feature learning"
        page.get_by_role("link", name="infinite width").first.click()
        page.get_by_role("link", name="a network page that stands alone").click()
        page.locator("html[data-ready=true]").wait_for()
        assert "/network?focus=infinite-width" in page.url


@pytest.mark.browser
def test_the_documentation_works_offline(data_folder: Path, page: "Page") -> None:
    outside: list[str] = []
    for site in serve(data_folder):
        page.on("request", lambda r, site=site: None if r.url.startswith((site, "data:")) else outside.append(r.url))
        page.goto(f"{site}/docs")
        page.get_by_text("/v1/papers/{paper_id}/related").first.wait_for()
    assert outside == []
