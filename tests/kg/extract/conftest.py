"""The shipped extractor, loaded once for all tests that ask for it, and the annotated papers."""

from pathlib import Path

import pytest

from kg.extract import make_extractor
from kg.protocols import Extractor
from kg.resources import model_dir

GOLD = Path(__file__).resolve().parents[4] / "shared" / "gold"


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return make_extractor(model_dir())


@pytest.fixture(scope="session")
def gold_dir() -> Path:
    """Folder of annotated papers; they are not part of the repository."""
    if not (GOLD / "papers-dev.jsonl").exists():
        pytest.skip("the annotated papers are not part of the repository")
    return GOLD
