"""Take pictures of all pages: light, dark, on a phone, at 4k and in print, with an index.html to look through them.

    scripts/screenshots
    scripts/screenshots --data kg-data --out build/screenshots --only map --only paper --look dark
    scripts/screenshots --readme

Pages show things of the graph at hand; their addresses are those that the tests walk through.
"""

import argparse
import base64
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT)]

from benchmarks import servers  # noqa: E402 - found by the line above, as those below
from benchmarks.machine import SkippedError  # noqa: E402

from kg.errors import KgError  # noqa: E402
from kg.settings import load_settings  # noqa: E402
from kg.workspace import Workspace  # noqa: E402
from tests.chromium import chromium, find_chromium  # noqa: E402
from tests.pages.addresses import Address, addresses, choose  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOOKS: Mapping[str, Mapping[str, Any]] = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light", "has_touch": True, "is_mobile": True},
    "4k": {"viewport": {"width": 3840, "height": 2160}, "color_scheme": "light"},
    "print": {"viewport": {"width": 720, "height": 1040}, "color_scheme": "light"},
}
TALLEST = 3000
"""Of longer pages the picture ends here."""

README = {"map": "map", "paper": "paper", "entity": "method"}
README_BYTES = 250_000
_PATIENCE = 90_000
_QUALITIES = (90, 80, 70, 60, 50, 40)


def main() -> int:
    """Read the arguments and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=load_settings().data, help="folder of the graph (KG_DATA)")
    parser.add_argument("--out", type=Path, help="folder (build/screenshots; for --readme, .github)")
    parser.add_argument("--only", action="append", metavar="NAME", help="only the page of this name")
    parser.add_argument("--look", action="append", choices=LOOKS, help="only this look")
    parser.add_argument("--readme", action="store_true", help="take the three of the README")
    args = parser.parse_args()
    try:
        if args.readme:
            take_for_readme(args.data, args.out or ROOT / ".github")
        else:
            print(take(args.data, args.out or ROOT / "build/screenshots", args.only, args.look))
    except (KgError, LookupError) as error:
        sys.exit(f"error: {error}")
    return 0


def take(data: Path, out: Path, only: Collection[str] | None = None, looks: Collection[str] | None = None) -> Path:
    """Pictures of these pages in these looks, or of all, and the page that shows them, whose path is returned."""
    out.mkdir(parents=True, exist_ok=True)
    chosen, looks = _chosen(data, only), [look for look in LOOKS if not looks or look in looks]
    with _site(data) as (browser, site):
        for look in looks:
            options = LOOKS[look]
            context = browser.new_context(reduced_motion="reduce", **options)
            page = context.new_page()
            page.emulate_media(media="print" if look == "print" else "screen")
            page.set_default_timeout(_PATIENCE)
            for address in chosen:
                _open(page, site, address)
                height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
                clip = {"x": 0, "y": 0, "width": options["viewport"]["width"], "height": height}
                path = out / f"{address.name}-{look}.png"
                page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")
                print(f"\r{look}: {address.name:20}", end="", file=sys.stderr, flush=True)
            context.close()
    print(file=sys.stderr)
    index = out / "index.html"
    index.write_text(_index(chosen, looks), encoding="utf-8")
    return index


def take_for_readme(data: Path, out: Path) -> None:
    """The pictures of the README, each of at most ``README_BYTES``."""
    chosen = {address.name: address for address in _chosen(data, set(README.values()))}
    with _site(data) as (browser, site):
        page = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=1.5).new_page()
        page.set_default_timeout(_PATIENCE)
        for file, name in README.items():
            _open(page, site, chosen[name])
            (out / f"{file}.webp").write_bytes(_packed(page))


def _packed(page: "Page") -> bytes:
    """What the window shows as WebP, of the best quality that is small enough."""
    session = page.context.new_cdp_session(page)
    for quality in _QUALITIES:
        shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        picture = base64.b64decode(shot["data"])
        if len(picture) <= README_BYTES:
            return picture
    raise LookupError(f"no picture of {page.url} is smaller than {README_BYTES:,} bytes")


def _chosen(data: Path, only: Collection[str] | None) -> list[Address]:
    reader = Workspace(data, load_settings().base).reader()
    found = addresses(choose(reader))
    reader.close()
    if unknown := set(only or ()) - found.keys():
        raise LookupError(f"no page is called {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    return [address for name, address in found.items() if not only or name in only]


@contextmanager
def _site(data: Path) -> "Iterator[tuple[Browser, str]]":
    """A browser, and the address of a server over the graph."""
    path = find_chromium()
    if path is None:
        raise LookupError("no Chromium was found; install one, or set KG_CHROMIUM=/path/to/chrome")
    try:
        with chromium(path) as browser, servers.paperkg(data) as server:
            yield browser, f"http://127.0.0.1:{server.port}"
    except SkippedError as error:
        raise LookupError(str(error)) from error


def _open(page: "Page", site: str, address: Address) -> None:
    """Open a page with all that belongs to it; what was lost on the way, on a busy machine, is asked for again."""
    lost: list[str] = []
    page.once("requestfailed", lambda request: lost.append(request.url))
    page.goto(site + address.path, wait_until="networkidle")
    if lost:
        page.reload(wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => undefined)")
    page.locator("#scene:not([data-drawn])").wait_for(state="hidden")  # the map says when it stands


def _index(chosen: list[Address], looks: list[str]) -> str:
    """A page with a row for each page, its looks side by side."""
    rows = []
    for name, path in ((escape(each.name), escape(each.path)) for each in chosen):
        files = [(f"{name}-{look}.png", f"{name}, {look}") for look in looks]
        shots = "".join(
            f'<td><a href="{file}"><img src="{file}" alt="{what}" loading="lazy"></a></td>' for file, what in files
        )
        rows.append(f'<tr id="{name}"><th>{name}<br><code>{path[:80]}</code></th>{shots}</tr>')
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages of paperkg</title><style>'
        "body{font:14px system-ui;margin:1rem}th{text-align:left;vertical-align:top;width:14rem;overflow-wrap:anywhere}"
        "td{vertical-align:top;padding:.5rem}img{max-height:30rem;max-width:26rem;border:1px solid #8886}</style>"
        f"<h1>Pages of paperkg</h1><table>{''.join(rows)}</table></html>\n"
    )


if __name__ == "__main__":
    sys.exit(main())
