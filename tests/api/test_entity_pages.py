import csv
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from kg.query.catalogue import Catalogue
from kg.workspace import Reader
from tests.api.test_pages import HTML, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def text_of(client: TestClient, path: str, **params: object) -> str:
    answer = client.get(path, params=params or None, headers=HTML)
    assert answer.status_code == 200, answer.text
    return html.unescape(" ".join(answer.text.split()))


def names(page: str) -> list[str]:
    """The entities of a list, in its order."""
    rows = re.findall(r'<tr><th scope="row">.*?<a href="[^"]+">([^<]+)</a>', page)
    return [str(each) for each in rows]


def papers(page: str) -> list[str]:
    """The ids of the papers of a page about an entity, in its order."""
    return re.findall(r'name="ids" value="([^"]+)"', page)


def test_lists_are_of_one_type_in_the_order_that_is_asked_for(client: TestClient) -> None:
    assert names(text_of(client, "/methods")) == ["neural network", "Attention", "rare trick"]
    assert names(text_of(client, "/methods", sort="name")) == ["Attention", "neural network", "rare trick"]
    assert names(text_of(client, "/methods", letter="r")) == ["rare trick"]
    assert names(text_of(client, "/methods", letter="r", sort="name")) == ["rare trick"]
    assert names(text_of(client, "/methods", min=3, q="", letter="")) == ["neural network"]
    assert names(text_of(client, "/methods", q="trick")) == ["rare trick"]
    assert names(text_of(client, "/datasets")) == ["ImageNet"]


def test_rows_show_their_years_and_what_is_too_general(client: TestClient) -> None:
    page = text_of(client, "/methods")
    assert "Papers a year, 2004 to 2015: 1, 1" in page
    assert page.count(">general</span>") == 1
    assert "2004 to 2015" in page


def test_a_list_goes_on_where_it_ended(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.pages.entities.PAGE", 2)
    for sort, last in (("papers", "rare trick"), ("name", "rare trick")):
        first = text_of(client, "/methods", sort=sort, min=1)
        assert len(names(first)) == 2
        more = re.search(r'rel="next" href="([^"]+)"', first)
        assert more
        assert "min=1" in more[1]
        second = text_of(client, more[1])
        assert names(second) == [last]
        assert "Back to the first" in second
        assert 'rel="next"' not in second


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"q": "zzzz"}, "No method is called “zzzz”"),
        ({"sort": "rising"}, "Nothing surely rises"),
        ({"sort": "falling"}, "Nothing surely falls"),
        ({"letter": "x"}, "with this letter"),
    ],
)
def test_an_empty_list_says_why(client: TestClient, params: dict[str, str], said: str) -> None:
    assert said in text_of(client, "/methods", **params)


def test_odd_parameters_are_refused(client: TestClient) -> None:
    for query in ("cursor=x", "letter=aa", "sort=odd", "min=0", "sort=name&cursor=WzFd"):
        assert client.get(f"/methods?{query}", headers=HTML).status_code == 422
    for query in ("from=abc", "role=odd", "page=0", "order=odd"):
        assert client.get(f"/methods/attention?{query}", headers=HTML).status_code == 422


def test_a_page_tells_what_the_graph_knows(client: TestClient) -> None:
    page = text_of(client, "/methods/rare-trick")
    assert "<title>rare trick (Method) · paperkg</title>" in page
    assert "2 <small>of 16</small>" in page
    assert "Who proposed it" in page
    assert '<a class="title" href="/papers/ntk">Tangent kernel</a>' in page
    assert "We propose <mark>rare trick</mark>." in page
    assert "2000: 1 of 1 paper, 100 %" in page
    assert 'href="/methods/rare-trick?with=infinite-width#papers"' in page
    assert "What surrounds it" in page
    assert '"/map?focus=rare-trick"' in page
    assert ">http://127.0.0.1:8000/id/entity/rare-trick</textarea>" in page
    assert papers(page) == ["vision", "ntk"]


def test_a_page_tells_programs_and_other_graphs_what_it_is_about(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = ["http://www.wikidata.org/entity/Q1", "javascript:alert(1)"]
    monkeypatch.setattr(Catalogue, "matches", lambda *_: found)
    page = client.get("/methods/attention", headers=HTML).text
    assert '<dt>Wikidata</dt><dd><a href="http://www.wikidata.org/entity/Q1"' in page
    assert "javascript:" not in page
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert block
    told = json.loads(block[1])
    assert (told["@type"], told["name"]) == ("DefinedTerm", "Attention")


def test_papers_are_filtered_ordered_and_turned(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/methods/rare-trick"
    assert papers(text_of(client, path, role="proposes")) == ["ntk"]
    assert papers(text_of(client, path, role="", order="oldest", to="")) == ["ntk", "vision"]
    assert papers(text_of(client, path, **{"from": 2001})) == ["vision"]
    beside = text_of(client, path, **{"with": "imagenet"})
    assert papers(beside) == ["vision"]
    assert "Only papers that name" in beside
    assert "No paper fits" in text_of(client, path, role="compares")
    monkeypatch.setattr("api.routes.pages.entity.PAPERS", 1)
    second = text_of(client, path, page=2)
    assert papers(second) == ["ntk"]
    assert "Page 2 of 2" in second
    assert 'rel="prev"' in second
    assert "No page of this number" in text_of(client, path, page=3)
    assert client.get(path, params={"with": "nope"}, headers=HTML).status_code == 404


def test_what_is_chosen_is_what_is_exported(client: TestClient) -> None:
    link = re.search(
        r'href="(/v1/entities/rare-trick/papers[^"]+format=csv[^"]*)"',
        text_of(client, "/methods/rare-trick", role="proposes"),
    )
    assert link
    rows = list(csv.DictReader(io.StringIO(client.get(link[1]).text)))
    assert [(row["id"], row["role"]) for row in rows] == [("ntk", "proposes")]
    url = "/v1/entities/rare-trick/papers"
    assert [each["id"] for each in client.get(url).json()] == ["vision", "ntk"]
    assert [each["id"] for each in client.get(url, params={"with": "imagenet", "from": 2001}).json()] == ["vision"]
    assert "title = {Tangent kernel}" in client.get(url, params={"role": "proposes", "format": "bibtex"}).text


def test_what_is_too_general_says_that_and_why(client: TestClient) -> None:
    page = text_of(client, "/methods/neural-network")
    assert "Too general to link papers" in page
    assert "/map?focus=neural-network" not in page.partition("overview")[0]
    assert "/untried" not in page
    assert "Too general" not in text_of(client, "/methods/attention")


def test_statements_are_shown_in_part_and_at_length(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.pages.entity.STATEMENTS", 1)
    assert "Show more statements" in text_of(client, "/methods/neural-network")
    all_ = text_of(client, "/methods/neural-network", statements="true")
    assert "Show more statements" not in all_
    assert all_.count('class="triple"') == 2


def test_a_name_that_nothing_has_leads_to_what_is_called_alike(client: TestClient) -> None:
    answer = client.get("/methods/tangent-kernels", headers=HTML)
    assert answer.status_code == 404
    assert '/concepts/tangent-kernel">' in answer.text
    nothing = client.get("/tasks/zzzz-qqqq", headers=HTML)
    assert nothing.status_code == 404
    assert "nothing is spelt like it" in nothing.text
    assert 'href="/tasks"' in nothing.text


def test_another_type_leads_on_with_the_query_and_a_merged_name_for_good(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = client.get("/tasks/attention?role=uses", headers=HTML, follow_redirects=False)
    assert (other.status_code, other.headers["location"]) == (308, "/methods/attention?role=uses")
    assert other.headers["cache-control"] == "no-cache"
    untried = client.get("/tasks/imagenet/untried", headers=HTML, follow_redirects=False)
    assert untried.headers["location"] == "/datasets/imagenet"
    monkeypatch.setattr("api.routes.pages.entity.living_name", lambda *_: "attention")
    merged = client.get("/methods/attn", headers=HTML, follow_redirects=False)
    assert (merged.status_code, merged.headers["location"]) == (301, "/methods/attention")


def test_programs_get_the_data(client: TestClient) -> None:
    answer = client.get("/methods/attention", headers={"Accept": "text/turtle"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/data/entity/attention.ttl")
    assert (
        '/data/entity/attention.jsonld>; rel="alternate"'
        in client.get("/methods/attention", headers=HTML).headers["link"]
    )


def test_gaps_have_a_page_of_their_own(client: TestClient) -> None:
    for path in ("/methods/attention/untried", "/tasks/translation/untried"):
        assert "No gap to be seen" in text_of(client, path)
    assert client.get("/datasets/imagenet/untried", headers=HTML).status_code == 404


def test_papers_of_an_entity_are_not_looked_for_in_the_graph(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object, **__: object) -> None:
        raise AssertionError

    for name in ("papers_of", "sentences", "evidence"):
        monkeypatch.setattr(Catalogue, name, slow)
    assert "Papers that name it" in text_of(client, "/methods/attention")


def test_a_paper_without_a_year_has_a_page(client: TestClient, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    years = reader.incidence.years * 0
    service = client.app.state.service  # type: ignore[attr-defined]
    lease = service.acquire()
    try:
        old = lease.reader.incidence.years
        object.__setattr__(lease.reader.incidence, "years", years)
        page = text_of(client, "/methods/attention")
        assert "None of the papers that name it has a year" in page
        assert names(text_of(client, "/methods")) == ["neural network", "Attention", "rare trick"]
    finally:
        object.__setattr__(lease.reader.incidence, "years", old)
        service.release(lease)


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_a_reader_goes_from_a_list_to_a_comparison_without_scripts(data_folder: Path, page: "Page") -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    for site in serve(data_folder):
        page.goto(f"{site}/methods")
        page.get_by_label("Words of a name").fill("trick")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("row", name="rare trick").get_by_role("link").click()
        assert page.get_by_role("heading", level=1).inner_text() == "rare trick"
        page.get_by_label("First", exact=True).select_option("oldest")
        page.get_by_role("button", name="Apply").click()
        assert "order=oldest" in page.url
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_role("button", name="Compare the chosen papers").click()
        assert page.get_by_role("heading", level=1).inner_text() == "2 papers side by side"
        row = page.get_by_role("row", name="rare trick")
        sentence = row.locator("q", has_text="We propose rare trick.")
        assert not sentence.is_visible()
        row.get_by_text("proposes", exact=True).click()
        assert sentence.is_visible()
        page.go_back()
        page.get_by_role("link", name="1 paper with infinite width").click()
        assert "with=infinite-width" in page.url
        page.get_by_role("link", name="Path to…").click()
        page.get_by_label("To", exact=True).fill("imagenet")
        page.get_by_role("button", name="Find paths").click()
        assert page.get_by_role("heading", name="The shortest way").is_visible()
    assert faults == []
