"""Fixtures that more than one test package uses."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chromium import chromium, find_chromium
from tests.corpus import data_folder, reader

__all__ = ["browser", "data_folder", "demo", "reader"]

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In each file browsers last: Playwright's event loop runs in the thread of the tests, where no other can."""
    items.sort(key=lambda item: (str(item.path), "browser" in getattr(item, "fixturenames", ())))


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium, from $KG_CHROMIUM or the PATH; without one the test is skipped, in CI it fails.

    It ends with the file, so that the next one finds no event loop running.
    """
    path = find_chromium()
    if path is None:
        missing = "no Chromium was found"
        if os.environ.get("CI") == "true":  # noqa: TID251 - set by the CI machine
            pytest.fail(missing)
        pytest.skip(missing)
    with chromium(path) as started:
        yield started


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo papers, read by the shipped extractor; read it, do not write it."""
    data = tmp_path_factory.mktemp("demo") / "data"
    subprocess.run(
        [sys.executable, "-m", "kg.cli", "ingest", "--demo", "--data", str(data)], check=True, capture_output=True
    )
    return data
