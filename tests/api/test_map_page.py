import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.assets import STATIC, built
from tests.api.test_pages import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NO_WEBGL = """const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.includes("webgl") ? null : real.call(this, kind, ...more);
};"""


@pytest.fixture(scope="module")
def site(data_folder: Path) -> Iterator[str]:
    if built("map.js") is None:
        missing = "the scripts of the pages are not built: scripts/build_ui"
        if os.environ.get("CI") == "true":  # noqa: TID251 - set by the CI machine
            pytest.fail(missing)
        pytest.skip(missing)
    yield from serve(data_folder)


class Visitor:
    """A page and what it did wrong."""

    def __init__(self, browser: "Browser", site: str, **options: object) -> None:
        settings = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
        self.context = browser.new_context(**(settings | options))  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.site = site
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.page.on(
            "request", lambda r: None if r.url.startswith((site, "data:", "blob:")) else self.faults.append(r.url)
        )

    def open(self, query: str = "", *, drawn: bool = True) -> "Page":
        self.page.goto(f"{self.site}/map{query}")
        if drawn:
            self.page.locator("#scene[data-drawn]").wait_for()
        return self.page

    def drawing(self) -> dict:
        return json.loads(self.page.locator("#drawing").text_content() or "")

    def names(self) -> set[str]:
        return {entity["name"] for entity in self.drawing()["entities"]}

    def told(self, name: str) -> None:
        self.page.locator("#panel-heading").get_by_text(name, exact=True).wait_for()


@pytest.fixture
def visit(browser: "Browser", site: str) -> Iterator:
    visitors: list[Visitor] = []

    def start(**options: object) -> Visitor:
        visitors.append(Visitor(browser, site, **options))
        return visitors[-1]

    yield start
    for visitor in visitors:
        visitor.context.close()
        assert visitor.faults == []


@pytest.mark.browser
def test_find_choose_expand_and_come_back(visit) -> None:
    visitor = visit()
    page = visitor.open("?limit=2")
    page.keyboard.press("/")
    page.keyboard.type("image")
    option = page.get_by_role("option", name=re.compile("ImageNet.*not on the map yet"))
    option.wait_for()
    page.keyboard.press("Enter")
    visitor.told("ImageNet")
    page.wait_for_url("**pin=imagenet**")
    assert "ImageNet" in visitor.names()
    before = len(visitor.names())
    page.locator("#expand").click()
    page.wait_for_url("**expand=imagenet**")
    page.get_by_role("link", name="Collapse").wait_for()
    assert len(visitor.names()) > before
    shown, names = page.locator("#short").text_content(), visitor.names()
    page.reload()
    page.locator("#scene[data-drawn]").wait_for()
    visitor.told("ImageNet")
    assert (page.locator("#short").text_content(), visitor.names()) == (shown, names)
    page.get_by_role("link", name="Hide", exact=True).click()
    page.get_by_role("link", name="Show ImageNet again").wait_for()
    assert visitor.names() == names - {"ImageNet"}
    page.go_back()
    visitor.told("ImageNet")
    assert visitor.names() == names


@pytest.mark.browser
def test_marks_and_lines_are_chosen_by_mouse_and_arrows(visit) -> None:
    visitor = visit()
    page = visitor.open()
    entities = visitor.drawing()["entities"]
    first = next(entity for entity in entities if entity["id"] == "tangent-kernel")
    page = visitor.open(f"?at={first['x']},{first['y']},0.3")
    scene = page.locator("#scene")
    box = scene.bounding_box()
    middle = {"x": box["width"] / 2, "y": box["height"] / 2}
    scene.click(position=middle)
    visitor.told("tangent kernel")
    assert "at=" in page.url
    assert page.locator("#spoken").text_content().startswith("tangent kernel, Concept, 2 papers")
    near = next(entity for entity in entities if entity["id"] == "infinite-width")
    across, down = near["x"] - first["x"], near["y"] - first["y"]
    sideways = "ArrowRight" if across > 0 else "ArrowLeft"
    scene.press(sideways if abs(across) > abs(down) else "ArrowDown" if down > 0 else "ArrowUp")
    page.wait_for_url(lambda url: "select=" in url and "select=tangent-kernel" not in url)
    page.locator("#panel:not([aria-busy])").wait_for()
    scene.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel-heading"
    page.keyboard.press("Escape")
    visitor.told("Reading this map")
    x, y = ((first[axis] + near[axis]) / 2 for axis in "xy")
    page = visitor.open(f"?select=tangent-kernel&at={x},{y},0.3")
    page.locator("#scene").click(position=middle)
    page.wait_for_url("**with=**")
    page.get_by_role("heading", name="tangent kernel and infinite width").or_(
        page.get_by_role("heading", name="infinite width and tangent kernel")
    ).wait_for()
    assert page.locator("#panel mark").count() >= 2


@pytest.mark.browser
def test_filters_are_in_the_address_and_the_list_has_it_all(visit) -> None:
    visitor = visit()
    page = visitor.open()
    page.get_by_role("checkbox", name="Methods").uncheck()
    page.wait_for_url(lambda url: url.count("type=") == 4 and "Method" not in url)
    page.locator("#short").get_by_text("5 entities").wait_for()
    page.get_by_role("link", name="List", exact=True).click()
    rows = page.locator("#list tbody th")
    rows.first.wait_for()
    assert set(rows.all_text_contents()) == visitor.names()
    rows.get_by_role("link", name="ImageNet").click()
    visitor.told("ImageNet")
    assert "view=list" in page.url


@pytest.mark.browser
def test_a_picture_can_be_saved(visit, tmp_path: Path) -> None:
    page = visit().open()
    page.get_by_text("Save", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PNG").click()
    waiting.value.save_as(tmp_path / "map.png")
    picture = (tmp_path / "map.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 5_000


@pytest.mark.browser
def test_without_webgl_or_scripts_there_is_the_list(visit) -> None:
    blind = visit()
    blind.page.add_init_script(NO_WEBGL)
    page = blind.open(drawn=False)
    page.get_by_text("This browser cannot draw the map").wait_for()
    assert page.locator("#list tbody th").count() == 7
    page.get_by_role("link", name="a drawing of up to 300 entities").click()
    page.wait_for_url("**/network?**")
    page = visit(java_script_enabled=False, viewport={"width": 360, "height": 740}).open(drawn=False)
    assert not page.locator("#stage").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("checkbox", name="Concepts").uncheck()
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**type=Task**")
    assert page.locator("#list tbody th").count() == 5
    page.locator("#list").get_by_role("link", name="Attention", exact=True).click()
    page.get_by_role("heading", name="Attention", exact=True).wait_for()
    page.get_by_label("Path to").fill("ImageNet")
    page.get_by_role("button", name="Go").click()
    page.get_by_role("heading", name="To ImageNet").wait_for()


@pytest.mark.browser
def test_on_a_phone_the_list_comes_first_and_the_map_second(visit) -> None:
    page = visit(viewport={"width": 360, "height": 740}).open(drawn=False)
    assert page.locator("#list").is_visible()
    page.get_by_role("link", name="Map", exact=True).nth(1).click()
    page.locator("#scene[data-drawn]").wait_for()
    assert not page.locator("#list").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_script_of_the_map_is_small() -> None:
    if built("map.js") is None:
        pytest.skip("the scripts of the pages are not built: scripts/build_ui")
    assert len(gzip.compress((STATIC / "built/map.js").read_bytes())) < 150_000
