from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kg.settings import Settings


def settings(data: Path, **changes: object) -> Settings:
    return Settings.model_validate(
        {
            "data": data,
            "query_timeout": 5.0,
            "query_rows": 20,
            "query_budget": 0,
            "hosts": ["testserver", "127.0.0.1", "localhost"],
            **changes,
        }
    )


@pytest.fixture(scope="session")
def client(data_folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(settings(data_folder)), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(settings(tmp_path / "none")), raise_server_exceptions=False) as made:
        yield made
