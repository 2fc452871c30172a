"""The site that all pages are looked at on, and the windows to look through."""

import gzip
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from kg.workspace import Workspace
from tests.api.test_pages import serve
from tests.corpus import BASE
from tests.pages.addresses import Address, addresses, choose
from tests.pages.visits import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def pages(demo: Path) -> dict[str, Address]:
    """All pages of the demo graph, by their names."""
    reader = Workspace(demo, BASE).reader()
    found = addresses(choose(reader))
    reader.close()
    return found


@pytest.fixture(scope="module")
def site(demo: Path) -> Iterator[str]:
    """A server over the demo graph."""
    yield from serve(demo, query_rows=10_000)


@pytest.fixture(scope="module")
def wide(browser: "Browser", site: str) -> Iterator[Visit]:
    """A large window in the light."""
    visit = Visit(browser, site, color_scheme="light")
    yield visit
    visit.close()


@pytest.fixture(scope="module")
def phone(browser: "Browser", site: str) -> Iterator[Visit]:
    """A phone in the dark."""
    visit = Visit(browser, site, viewport={"width": 360, "height": 740}, color_scheme="dark", has_touch=True)
    yield visit
    visit.close()


@pytest.fixture(scope="module")
def plain(browser: "Browser", site: str) -> Iterator[Visit]:
    """A window that runs no scripts."""
    visit = Visit(browser, site, java_script_enabled=False)
    yield visit
    visit.close()


@cache
def packed_size(url: str) -> int:
    """Bytes of a file of the site as it would travel."""
    with urlopen(url) as answer:
        return len(gzip.compress(answer.read(), 6))
