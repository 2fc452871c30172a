"""The model card of the shipped pipeline; what it is made of needs nothing that training needs."""

import json
import re
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.evaluate import read_gold
from kg.extract.steps import STEPS
from kg.resources import model_dir
from kg.training import card

ABSTRACT = "We propose CraneNet for image classification. On ImageNet it has a high accuracy."


def spans(text: str, field: str, **labels: str) -> list[dict[str, object]]:
    names = {name.replace("_", " "): label for name, label in labels.items()}
    return [
        {"field": field, "start": text.index(n), "end": text.index(n) + len(n), "text": n, "label": label}
        for n, label in names.items()
    ]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    mentions = spans(ABSTRACT, "abstract", CraneNet="Method", image_classification="Task", ImageNet="Dataset")
    record = {"title": "CraneNet: cranes", "abstract": ABSTRACT, "system": "CraneNet", "venue": "ACL", "year": 2020}
    (tmp_path / "small.jsonl").write_text(json.dumps(record | {"mentions": mentions}) + "\n", encoding="utf-8")
    (tmp_path / "roles.txt").write_text("=== small#0\nroles: 0 proposes; 1 addresses\nrels: 0 usedFor 1\n")
    return tmp_path / "small.jsonl"


def test_an_unknown_place_in_the_template_is_an_error() -> None:
    assert card.fill("{{a}} and {{a}} of {{b}}, {c}", {"a": "1", "b": "2"}) == "1 and 1 of 2, {c}"
    with pytest.raises(KeyError, match="gone"):
        card.fill("{{gone}}", {})


def test_what_was_tried_in_training_is_a_table(tmp_path: Path) -> None:
    file = tmp_path / "tried.json"
    file.write_text(json.dumps([{"name": "gold alone", "one": 73.25}, {"name": "teacher", "one": 76, "two": 74.0}]))
    assert card._tried(file).splitlines() == [
        "| trained as | one | two |",
        "| --- | --- | --- |",
        "| gold alone | 73.2 |  |",
        "| teacher | 76.0 | 74.0 |",
    ]
    for wrong in ("", "3", "[3]", '[{"one": 3}]', '[{"name": "a", "one": "b"}]'):
        file.write_text(wrong)
        with pytest.raises(SourceError, match=r"tried\.json: is no list of ablations"):
            card._tried(file)


@pytest.mark.slow
def test_a_card_is_whole_and_always_the_same(gold: Path) -> None:
    one, other = (card.make_card(model_dir(), [gold], gold.parent / "roles.txt") for _ in range(2))
    assert one == other
    assert not re.search(r"\{\{|TODO", one)
    assert "### small, papers: 1" in one
    for step in (card.EVERY_STEP, *STEPS):
        assert f"\n| {step} |" in one
    places = set(re.findall(r"\{\{(\w+)\}\}", card.TEMPLATE.read_text(encoding="utf-8")))
    assert {"scores", "systems", "venues", "years", "roles", "relations", "steps", "ablations", "size"} < places


@pytest.mark.slow
def test_steps_over_kept_readings_give_what_reading_gives(gold: Path) -> None:
    papers = list(read_gold(gold))
    read = card._read(card.SpacyExtractor(model_dir()), papers)
    again = card._without(read, frozenset())
    assert [p.found for p in again.papers] == [p.found for p in read.evaluation.papers]
    left_out = frozenset({"title name", "sure enough"})
    anew = card._read(card.SpacyExtractor(model_dir(), without=left_out), papers)
    assert [p.found for p in card._without(read, left_out).papers] == [p.found for p in anew.evaluation.papers]
