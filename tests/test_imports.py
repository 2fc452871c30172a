"""What a process loads; static contracts do not see lazy imports and package __init__s."""

import subprocess
import sys

import pytest

HEAVY = {"spacy", "thinc", "torch", "ray", "onnxruntime"}


def loaded(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    ["api.app", "kg", "kg.cli", "kg.workspace", "kg.build", "kg.query.worker", "kg.preview.worker", "kg.jobs.worker"],
)
def test_starts_without_the_nlp_stack(module: str) -> None:
    assert not loaded(f"import {module}") & HEAVY


def test_serving_every_page_loads_no_nlp(data_folder: str) -> None:
    code = f"""
from pathlib import Path
from fastapi.testclient import TestClient
from api.app import create_app
from kg.settings import Settings
with TestClient(create_app(Settings(data=Path({str(data_folder)!r}), hosts=["testserver"],
        extractor="tests.wayward:Wayward"))) as client:
    for path in ("/", "/papers/ntk", "/network", "/v1/papers/ntk/related", "/sparql?query=ASK%7B%7D"):
        assert client.get(path).status_code == 200, path
    assert client.post("/v1/extract", json={{"title": "A graph"}}).status_code == 200
    assert client.post("/ingest", data={{"text": "A graph"}}).status_code == 200
"""
    assert not loaded(code) & HEAVY


def test_the_query_worker_is_light() -> None:
    assert not loaded("import kg.query.worker") & {"rdflib", "networkx", "numpy", "fastapi", "pydantic"}


def test_commands_that_draw_nothing_do_not_load_the_drawing() -> None:
    assert not loaded("import kg.cli") & {"pyvis", "networkx", "fastapi"}
