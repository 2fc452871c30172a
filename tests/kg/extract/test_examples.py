"""The extractors that the guide shows work, with stand-ins for the packages that they need."""

import json
import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from kg.extract.named import load_extractor
from kg.model import Extraction
from kg.sources import make_paper

GUIDE = (Path(__file__).parents[3] / "kg/extract/README.md").read_text(encoding="utf-8")
PAPER = make_paper("BERT on GLUE", "We fine-tune BERT. BERT-base reaches a high accuracy on GLUE.")


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, code in re.findall(r"<!-- example: (\w+) -->\n```python\n(.*?)```", GUIDE, re.DOTALL):
        assert len(code.splitlines()) <= 45
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)


def provide(monkeypatch: pytest.MonkeyPatch, package: str, **members: Any) -> None:
    module = ModuleType(package)
    module.__dict__.update(members)
    monkeypatch.setitem(sys.modules, package, module)


def read(name: str) -> Extraction:
    (extraction,) = load_extractor(name).extract([PAPER])
    return extraction


@pytest.mark.usefixtures("examples")
def test_gliner(monkeypatch: pytest.MonkeyPatch) -> None:
    class GLiNER:
        @classmethod
        def from_pretrained(cls, folder: str, *, local_files_only: bool) -> "GLiNER":
            assert local_files_only
            assert folder
            return cls()

        def predict_entities(self, text: str, labels: list[str], threshold: float) -> list[dict[str, Any]]:
            assert threshold == 0.4
            assert "dataset" in labels
            found = [(m.start(), m.end(), "dataset") for m in re.finditer("GLUE", text)]
            found += [(m.start(), m.end(), "machine learning method") for m in re.finditer("BERT", text)]
            return [{"start": s, "end": e, "label": label, "score": 0.9, "text": ""} for s, e, label in found]

    provide(monkeypatch, "gliner", GLiNER=GLiNER)
    extraction = read("gliner_extractor:GlinerExtractor?threshold=0.4")
    assert [(m.field.value, m.text, m.label.value) for m in extraction.mentions] == [
        ("title", "BERT", "Method"),
        ("title", "GLUE", "Dataset"),
        ("abstract", "BERT", "Method"),
        ("abstract", "BERT", "Method"),
        ("abstract", "GLUE", "Dataset"),
    ]


@pytest.mark.usefixtures("examples")
def test_a_language_model(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"BERT": "Method", "BERT-base": "Method", "GLUE": "Dataset", "not there": "Task", "accuracy": "Number"}
    asked: list[dict[str, Any]] = []

    class OpenAI:
        def __init__(self, *, base_url: str, api_key: str) -> None:
            assert base_url.startswith("http://127.0.0.1")
            assert api_key
            self.chat = SimpleNamespace(completions=self)

        def create(self, **request: Any) -> Any:
            asked.append(request)
            return SimpleNamespace(choices=[SimpleNamespace(message=SimpleNamespace(content=json.dumps(names)))])

    provide(monkeypatch, "openai", OpenAI=OpenAI)
    extraction = read("llm_extractor:LlmExtractor?model=tiny")
    assert [m.text for m in extraction.mentions] == ["BERT", "GLUE", "BERT", "BERT-base", "GLUE"]
    assert (asked[0]["model"], asked[0]["temperature"]) == ("tiny", 0)
    names.clear()
    assert read("llm_extractor:LlmExtractor").mentions == ()
