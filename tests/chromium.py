"""The browser of tests and pictures: where it is, and started so that it says and asks nothing of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The program, from $KG_CHROMIUM or the PATH."""
    asked = os.environ.get("KG_CHROMIUM")  # noqa: TID251 - a test's own switch, no setting of kg
    return next(filter(None, map(shutil.which, [asked] if asked else _NAMES)), None)


@contextmanager
def chromium(path: str) -> "Iterator[Browser]":
    """A browser, ended afterwards."""
    from playwright.sync_api import sync_playwright  # only where a browser is used

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_QUIET)
        yield browser
        browser.close()
