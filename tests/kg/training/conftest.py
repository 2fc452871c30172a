"""The small encoders, made once; only tests that have torch ask for them."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kg.training.encoders import Pretrained


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> "Pretrained":
    """Two layers of BERT with random weights."""
    from tests.kg.training.small import pretrained

    return pretrained(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="session")
def small_mpnet(tmp_path_factory: pytest.TempPathFactory) -> "Pretrained":
    """Two layers of MPNet with random weights."""
    from tests.kg.training.small import pretrained

    return pretrained(tmp_path_factory.mktemp("mpnet"), mpnet=True)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """An empty folder."""
    return tmp_path / "cache"
