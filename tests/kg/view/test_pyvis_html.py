import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.analysis.cooccurrence import Choice, typical
from kg.model import Edge, Evidence, Label, Network, Node
from kg.view.network import arranged
from kg.view.pyvis_html import content_security_policy, render
from tests.matrices import index_of, matrix

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NONCE = "n0nce-n0nce-n0nce"


def said(before: str, at: str, after: str, title: str = "A paper") -> Evidence:
    sentence = before + at + after
    return Evidence("paper", sentence, len(before), len(before) + len(at), at, 0.9, title)


NODES = (
    Node(
        "bert",
        "BERT",
        Label.METHOD,
        9,
        4,
        0.0,
        0.0,
        0,
        (said("We 🧠 SciBERT and ", "BERT", " on SQuAD."), said("", "BERT", " wins.")),
    ),
    Node("squad", "SQuAD", Label.DATASET, 5, 3, -0.6, -0.6, 0),
    Node("qa", "question answering", Label.TASK, 4, 2, 0.6, -0.6, 0),
    Node("f1", "F1", Label.METRIC, 3, 2, -0.6, 0.6, 0),
    Node("attention", "attention", Label.CONCEPT, 2, 1, 0.6, 0.6, 1),
)
EDGES = (
    Edge("bert", "squad", 3, 0.6),
    Edge("bert", "qa", 2, 0.4),
    Edge("f1", "squad", 1, 0.2),
    Edge("attention", "bert", 1, 0.5),
)
NETWORK = Network("Reading comprehension", NODES, EDGES, 1234, 2000, {0: "BERT · SQuAD", 1: "attention"})

PAYLOADS = {
    "markup": '<img src=x onerror="window.__pwn=1">',
    "href": '<a href="javascript:window.__pwn=1">href</a><img src=x onerror="window.__pwn=1">',
    "end of script": "</script><script>window.__pwn=1</script>",
    "end of title": "</title></style><script>window.__pwn=1</script>",
    "comment": "<!--<script>window.__pwn=1</script>",
    "attribute": "\" onmouseover=\"window.__pwn=1\" autofocus onfocus='window.__pwn=1' x='",
    "template": "{{ 7*7 }}{% raw %}${window.__pwn=1}`",
    "svg": "<svg onload=window.__pwn=1><style>*{display:none}</style>",
    "prototype": "__proto__",
    "replacement": "$& $` $' {slug}",
}


class Visit:
    """A page in a fresh context without network, and everything that it did wrong."""

    def __init__(self, browser: "Browser", html: str, folder: Path, **options: object) -> None:
        settings = {"viewport": {"width": 1200, "height": 800}, "offline": True, "reduced_motion": "reduce"}
        self.context = browser.new_context(**(settings | options))  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.faults: list[str] = []
        self.page.on("console", lambda message: self.faults.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.faults.append("dialog"), dialog.dismiss()))
        self.page.on("request", lambda request: self._note(request.url))
        path = folder / "network.html"
        path.write_text(html, encoding="utf-8")
        self.page.goto(path.as_uri())

    def _note(self, url: str) -> None:
        if not url.startswith(("file:", "data:")):
            self.faults.append(f"request: {url}")

    def ready(self) -> "Page":
        self.page.locator("html[data-ready=true]").wait_for()
        return self.page


@pytest.fixture
def visit(browser: "Browser", tmp_path: Path) -> Iterator:
    """Opens a page; at the end it must have done nothing wrong."""
    opened: list[Visit] = []

    def open_page(html: str = "", **options: object) -> Visit:
        opened.append(Visit(browser, html or render(NETWORK), tmp_path, **options))
        return opened[-1]

    yield open_page
    for one in opened:
        assert one.faults == []
        one.context.close()


def pixels(page: "Page") -> dict[str, int]:
    """How many pixels of the map have each colour."""
    return page.evaluate(
        """() => {
            const map = document.querySelector("#map canvas"), counts = {};
            const copy = new OffscreenCanvas(map.width, map.height).getContext("2d", { willReadFrequently: true });
            copy.drawImage(map, 0, 0);
            const { data } = copy.getImageData(0, 0, map.width, map.height);
            for (let at = 0; at < data.length; at += 4) {
                if (!data[at + 3]) continue;
                const colour = data.slice(at, at + 3).join(",");
                counts[colour] = (counts[colour] ?? 0) + 1;
            }
            return counts;
        }"""
    )


def place(page: "Page", number: int) -> tuple[float, float]:
    """Where in the window a node is drawn."""
    x, y = page.evaluate(
        """(id) => {
            const map = document.querySelector("#map"), frame = map.getBoundingClientRect();
            const { x, y } = map.view.canvasToDOM(map.view.getPosition(id));
            return [x + frame.left, y + frame.top];
        }""",
        number,
    )
    return x, y


def hover(page: "Page", number: int) -> None:
    x, y = place(page, number)
    page.mouse.move(x - 70, y - 70)
    page.mouse.move(x, y, steps=4)


def search(page: "Page", text: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def without_scripts(html: str) -> str:
    return re.sub(r"<script nonce=.*?</script>", "", html, flags=re.DOTALL)


# ── what is written ──


def test_page_is_whole_and_asks_for_nothing() -> None:
    html = render(NETWORK)
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>Reading comprehension</title>" in html
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"|url\(|@import", without_scripts(html)) == []


def test_policy_is_strict_and_carries_the_nonce() -> None:
    html = render(NETWORK, nonce=NONCE)
    policy = content_security_policy(NONCE)
    assert f'http-equiv="Content-Security-Policy" content="{policy}"' in html
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; ")
    assert {part.split()[0] for part in policy.split("; ")} >= {"base-uri", "form-action", "img-src"}
    assert html.count(f'<script nonce="{NONCE}">') == 2
    assert re.findall(r"<style[^>]*>|<script[^>]*>", without_scripts(html)) == [
        f'<style nonce="{NONCE}">', f'<style nonce="{NONCE}">', '<script type="application/json" id="data">',
    ]  # fmt: skip


def test_every_page_has_a_nonce_of_its_own() -> None:
    nonces = {re.search(r"'nonce-([^']+)'", render(NETWORK))[1] for _ in range(3)}
    assert len(nonces) == 3


@pytest.mark.parametrize("nonce", ["short", "a" * 20 + "'; script-src *", 'a"' * 10, "ä" * 20, "a" * 20 + "\n"])
def test_nonce_that_could_break_out_is_refused(nonce: str) -> None:
    with pytest.raises(ValueError, match="nonce"):
        content_security_policy(nonce)
    with pytest.raises(ValueError, match="nonce"):
        render(NETWORK, nonce=nonce)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/{slug}",
        "//evil.example/{slug}",
        "/\\evil/{slug}",
        "javascript:{slug}",
        "/entities/x",
        "{slug}",
    ],
)
def test_entity_url_must_be_a_path_on_this_server(url: str) -> None:
    with pytest.raises(ValueError, match="slug"):
        render(NETWORK, entity_url=url)


def test_the_cut_is_stated() -> None:
    html = render(NETWORK)
    assert "5 of 1,234 entities are shown, those in 2 papers or more; 4 of 2,000 links" in html
    whole = Network("All", NODES[:1], (), 1, 0)
    assert "1 entity is shown; 0 links." in render(whole)
    typical = render(replace(NETWORK, total_nodes=1234, focus=None, typical=True, papers=77))
    assert "5 of 1,234 entities are shown, those most typical of these 77 papers" in typical


def test_links_are_written_only_when_served() -> None:
    assert 'class="home"' not in render(NETWORK)
    html = render(NETWORK, entity_url="/entities/{slug}")
    assert '<a class="home" href="/">' in html
    assert '<a href="/entities/bert">BERT</a>' in html


def test_slugs_are_quoted_in_links() -> None:
    node = Node('../x?y="z"', "X", Label.TASK, 1, 0, 0, 0, 0)
    html = render(Network("t", (node,), (), 1, 0), entity_url="/entities/{slug}")
    assert '<a href="/entities/..%2Fx%3Fy%3D%22z%22">X</a>' in html


@pytest.mark.parametrize(("total", "heading"), [(0, "Nothing to draw yet"), (9, "Nothing is left to draw")])
def test_empty_page_says_why(total: int, heading: str) -> None:
    html = render(Network("Empty", (), (), total, 0))
    assert heading in html
    assert ("kg ingest" in html) == (total == 0)
    assert 'data-ready="true"' in html


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_names_are_never_markup(payload: str) -> None:
    html = without_scripts(render(hostile(payload)))
    assert len(re.findall(r"<script[ >]", html)) == len(re.findall(r"</script>", html)) == 1  # the data
    for tag in ("<img src=x", "<svg onload", "<!--", '<a href="javascript'):
        assert tag not in html


def hostile(payload: str) -> Network:
    """The network with the payload in every text that it has."""
    nodes = tuple(
        Node(
            f"{payload}{n}",
            f"{payload} {n}",
            node.label,
            node.papers,
            node.degree,
            node.x,
            node.y,
            node.cluster % 1,
            (said(payload, payload, payload, payload), said("", "href", "")),
        )
        for n, node in enumerate(NODES)
    )
    edges = (Edge(nodes[0].id, nodes[1].id, 1, 0.5), Edge(nodes[0].id, nodes[2].id, 1, 0.5))
    return Network(payload, nodes, edges, 9, 9, {0: payload, 1: payload}, nodes[0].id)


# ── what the browser does with it ──


@pytest.mark.browser
def test_draws_offline_from_a_file(visit) -> None:
    page = visit().ready()
    page.wait_for_timeout(300)
    drawn = pixels(page)
    for colour in ("0,114,178", "217,130,0", "173,84,137", "184,57,14", "0,138,102"):
        assert drawn.get(colour, 0) > 20, colour
    assert len(drawn) > 50


@pytest.mark.browser
@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_hostile_text_stays_text(visit, payload: str) -> None:
    page = visit(render(hostile(payload))).ready()
    assert page.locator("h1").inner_text() == " ".join(payload.split())
    assert page.title() == " ".join(payload.split())
    page.keyboard.press("Escape")
    page.locator("#map .vis-network").focus()
    for number in range(3):
        hover(page, number)
        page.locator("#tip strong", has_text=f"{number}").wait_for()
        page.mouse.click(*place(page, number))
        page.locator("#detail h2").wait_for()
        assert page.locator("#detail h2").inner_text() == " ".join(f"{payload} {number}".split())
        assert page.locator("#detail blockquote").first.text_content() == payload * 3 + payload
    page.keyboard.press("/")
    page.keyboard.type(payload[:3])
    page.locator("#found [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("summary").click()
    page.locator("tbody tr").last.scroll_into_view_if_needed()
    assert page.evaluate("() => window.__pwn") is None
    assert page.locator("main img:not(#printed), main script, main svg[onload]").count() == 0


@pytest.mark.browser
def test_policy_would_stop_what_got_in(visit) -> None:
    """The control for the tests above: markup that does reach the page cannot run."""
    one = visit()
    page = one.ready()
    page.evaluate(
        """() => {
            document.querySelector("#tip").innerHTML = '<img src=x onerror="window.__pwn=1">';
            document.body.append(Object.assign(document.createElement("script"), { textContent: "window.__pwn=1" }));
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("() => window.__pwn") is None
    assert any("Content Security Policy" in fault for fault in one.faults)
    one.faults.clear()


@pytest.mark.browser
def test_search_by_keyboard(visit) -> None:
    page = visit().ready()
    page.keyboard.press("/")
    page.keyboard.type("q")
    box = page.get_by_role("combobox", name="Find an entity")
    options = page.get_by_role("option")
    assert options.all_inner_texts() == ["question answering\n4", "SQuAD\n5"]
    assert box.get_attribute("aria-activedescendant") == "hit-0"
    page.keyboard.press("ArrowDown")
    assert page.locator("[aria-selected=true]").inner_text() == "SQuAD\n5"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.locator("#detail h2").inner_text() == "SQuAD"
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Escape")
    assert page.locator("#overview").is_visible()
    page.keyboard.type("zzz")
    assert "No entity" in options.inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#found").is_hidden()


@pytest.mark.browser
def test_click_shows_evidence_and_neighbours_by_weight(visit) -> None:
    page = visit().ready()
    page.mouse.click(*place(page, 0))
    detail = page.locator("#detail")
    assert detail.locator("h2").inner_text() == "BERT"
    assert "In 9 papers · linked to 4 entities, 3 drawn" in detail.inner_text()
    assert detail.locator("blockquote").all_inner_texts() == [
        "We 🧠 SciBERT and BERT on SQuAD.\nA paper",
        "BERT wins.\nA paper",
    ]
    assert detail.locator("mark").all_inner_texts() == ["BERT", "BERT"]
    assert detail.locator("li .name").all_inner_texts() == ["SQuAD", "attention", "question answering"]
    detail.get_by_role("button", name="attention").press("Enter")
    assert detail.locator("h2").inner_text() == "attention"
    assert page.evaluate("() => document.activeElement.textContent") == "attention"
    page.get_by_role("button", name="Close").click()
    assert detail.is_hidden()


@pytest.mark.browser
def test_background_click_resets(visit) -> None:
    page = visit().ready()
    page.mouse.click(*place(page, 0))
    x, y = place(page, 0)
    page.mouse.click(x + 60, y + 12)
    page.locator("#overview").wait_for()


@pytest.mark.browser
def test_legend_toggles_a_type_by_keyboard(visit) -> None:
    page = visit().ready()
    button = page.get_by_role("button", name="Methods 1")
    button.focus()
    page.keyboard.press("Space")
    assert button.get_attribute("aria-pressed") == "false"
    page.wait_for_timeout(300)
    assert "0,114,178" not in pixels(page)
    search(page, "squad")
    page.locator("#detail h2").wait_for()
    button.focus()
    page.keyboard.press("Space")
    assert button.get_attribute("aria-pressed") == "true"
    page.wait_for_timeout(300)
    assert pixels(page)["0,114,178"] > 20


@pytest.mark.browser
def test_search_shows_a_type_that_was_hidden(visit) -> None:
    page = visit().ready()
    button = page.get_by_role("button", name="Methods 1")
    button.click()
    search(page, "bert")
    assert page.locator("#detail h2").inner_text() == "BERT"
    assert button.get_attribute("aria-pressed") == "true"


@pytest.mark.browser
def test_community_is_chosen_and_left(visit) -> None:
    papers = {f"{group}{n}": [f"{group}{n % 4}", f"{group}{n % 3}", f"{group}5"] for group in "ab" for n in range(9)}
    incidence = matrix(papers)
    graph = typical(incidence, index_of(incidence), range(18), Choice())
    page = visit(render(arranged(graph, "Map", {}))).ready()
    button = page.locator("[data-cluster]").first
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Methods 2").click()
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert button.get_attribute("aria-pressed") == "true"


@pytest.mark.browser
def test_dark_by_preference_and_by_button(visit) -> None:
    page = visit(color_scheme="dark").ready()
    background = "() => getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(18, 21, 27)"
    page.wait_for_timeout(300)
    assert pixels(page)["86,180,233"] > 20
    page.get_by_role("button", name="Switch to light colours").click()
    assert page.evaluate(background) == "rgb(251, 251, 250)"
    page.wait_for_timeout(300)
    assert pixels(page)["0,114,178"] > 20
    assert page.get_by_role("button", name="Switch to dark colours").is_visible()


@pytest.mark.browser
def test_phone_has_the_panel_as_a_sheet(visit) -> None:
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True).ready()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    page.touchscreen.tap(*place(page, 0))
    page.locator("#detail h2").wait_for()
    sheet = page.locator(".panel").bounding_box()
    assert sheet["y"] + sheet["height"] == pytest.approx(844, abs=1)
    assert sheet["height"] <= 844 * 0.47
    page.get_by_role("button", name="Close").click()
    assert page.locator("#detail").is_hidden()


@pytest.mark.browser
def test_focus_is_open_from_the_start(visit) -> None:
    focused = Network("Around BERT", NODES, EDGES, 5, 4, {}, "bert")
    page = visit(render(focused)).ready()
    assert page.locator("#detail h2").inner_text() == "BERT"


@pytest.mark.browser
def test_table_finds_an_entity_on_the_map(visit) -> None:
    page = visit().ready()
    page.locator("summary").click()
    row = page.get_by_role("row", name="SQuAD Show SQuAD on the map")
    assert row.locator("td").all_inner_texts() == ["Dataset", "5", "3", "BERT, F1"]
    row.get_by_role("button").click()
    assert page.locator("#detail h2").inner_text() == "SQuAD"


@pytest.mark.browser
def test_without_scripts_the_table_is_there(visit) -> None:
    page = visit(java_script_enabled=False).page
    assert page.locator(".note").is_visible()
    assert page.locator("#map").is_hidden()
    page.locator("summary").click()
    assert page.locator("tbody th").all_inner_texts() == [node.name for node in NODES]


@pytest.mark.browser
def test_prints_a_light_picture_of_the_map(visit) -> None:
    page = visit(color_scheme="dark").ready()
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    picture = page.locator("#printed")
    assert picture.is_visible()
    assert picture.get_attribute("src").startswith("data:image/png")
    assert page.locator(".panel").is_hidden()
    page.emulate_media(media="screen")
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert picture.is_hidden()
    assert page.evaluate("() => document.documentElement.dataset.theme") is None


@pytest.mark.browser
def test_empty_page_opens(visit) -> None:
    page = visit(render(Network("Nothing", (), (), 0, 0))).ready()
    assert page.get_by_text("kg ingest papers.jsonl").is_visible()


@pytest.mark.browser
def test_served_page_links_to_entities_under_the_header_policy(browser: "Browser") -> None:
    html = render(NETWORK, nonce=NONCE, entity_url="/entities/{slug}")
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": content_security_policy(NONCE)}
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.route(
        "**/*",
        lambda route: route.fulfill(body=html, headers=headers) if "network" in route.request.url else route.abort(),
    )
    page.goto("http://kg.test/network")
    page.locator("html[data-ready=true]").wait_for()
    search(page, "squad")
    link = page.get_by_role("link", name="Open its page")
    assert link.evaluate("link => link.href") == "http://kg.test/entities/squad"
    assert page.get_by_role("link", name="Home").get_attribute("href") == "/"
    assert [fault for fault in faults if "favicon" not in fault and "ERR_FAILED" not in fault] == []
    context.close()


@pytest.mark.browser
def test_from_a_file_no_entity_page_is_offered(visit) -> None:
    page = visit(render(NETWORK, entity_url="/entities/{slug}")).ready()
    search(page, "squad")
    page.locator("#detail h2").wait_for()
    assert page.get_by_role("link", name="Open its page").count() == 0
