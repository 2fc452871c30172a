"""Fixtures that more than one test package uses."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.corpus import data_folder, reader

__all__ = ["browser", "data_folder", "reader"]

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In each file browsers last: Playwright's event loop runs in the thread of the tests, where no other can."""
    items.sort(key=lambda item: (str(item.path), "browser" in getattr(item, "fixturenames", ())))


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium, from $KG_CHROMIUM or the PATH; without one the test is skipped, in CI it fails.

    It ends with the file, so that the next one finds no event loop running.
    """
    asked = os.environ.get("KG_CHROMIUM")  # noqa: TID251 - a test's own switch, no setting of kg
    names = [asked] if asked else ["chromium", "chromium-browser", "google-chrome"]
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        missing = f"no browser found as {', '.join(names)}"
        if os.environ.get("CI") == "true":  # noqa: TID251 - set by the CI machine
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright  # only when a browser test runs

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()
