import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes.pages.papers import marked
from tests.api.conftest import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


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
def test_a_reader_finds_a_paper_its_reasons_and_the_map(data_folder: Path, page: "Page") -> None:
    for site in serve(data_folder):
        page.goto(site)
        page.locator("input[name=q]").first.fill("tangent")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Tangent kernel", exact=True).last.click()
        assert page.url.endswith("/papers/ntk")
        page.get_by_role("list").get_by_role("link", name="Feature learning").click()
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
