"""Where what an extractor says becomes right often enough to be written; without torch."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.extract.encoder import load_settings
from kg.model import Extraction, Field, Label, Mention, Paper, Relation, RelationKind, Role
from kg.training import thresholds
from kg.training.thresholds import LOOSE, choose_thresholds, renew_thresholds
from tests.kg.training.gold import crane, write_gold

LABELS = {"CraneNet": Label.METHOD, "CraneBank": Label.DATASET, "folding": Label.TASK}
PROPOSES, EVALUATES, ADDRESSES, USES = Role.PROPOSES, Role.EVALUATES, Role.ADDRESSES, Role.USES
PAPERS = 12
Script = dict[str, tuple[Role, float]]


class Scripted:
    """Gives the mentions of every paper the roles that stand for it, and relates method and dataset."""

    name = version = "scripted"

    def __init__(self, scripts: Iterable[Script], scores: Iterable[float]) -> None:
        self.scripts, self.scores = list(scripts), list(scores)

    def extract(self, papers: Iterable[Paper]) -> Iterable[Extraction]:
        for paper, script, score in zip(papers, self.scripts, self.scores, strict=True):
            mentions = {
                name: Mention(
                    Field.ABSTRACT, at, at + len(name), name, LABELS[name], 0.9, paper.abstract, 0, "model", *said
                )
                for name, said in script.items()
                for at in [paper.abstract.index(name)]
            }
            relation = Relation(mentions["CraneNet"], mentions["CraneBank"], RelationKind.EVALUATED_ON, score)
            yield Extraction(paper, tuple(sorted(mentions.values())), relations=(relation,))


@pytest.fixture
def dev(tmp_path: Path) -> tuple[list[Path], Path]:
    """Papers of which all propose, evaluate and relate, but the last two evaluate and relate nothing."""
    gold = write_gold(tmp_path / "g.jsonl", *[crane(f"train{n}") for n in range(PAPERS)])
    blocks = []
    for n in range(PAPERS):
        both = n < PAPERS - 2
        roles, relations = ("1 proposes; 2 evaluates", "1 evaluatedOn 2") if both else ("1 proposes", "")
        blocks.append(f"=== g#{n}\nroles: {roles}\nrels: {relations}\n")
    (tmp_path / "a.txt").write_text("\n".join(blocks), encoding="utf-8")
    return [gold], tmp_path / "a.txt"


def scripted(wrong: float = 0.46) -> Scripted:
    """What it says of the last three papers scores ``wrong``; of the first four it also says what is never right."""
    sure = [0.9 if n < PAPERS - 3 else wrong for n in range(PAPERS)]
    scripts: list[Script] = [{"CraneNet": (PROPOSES, 0.4), "CraneBank": (EVALUATES, score)} for score in sure]
    for script in scripts[:4]:
        script["folding"] = (ADDRESSES, 0.99)
    return Scripted(scripts, sure)


def test_thresholds_are_where_what_is_said_becomes_right_often_enough(dev: tuple[list[Path], Path]) -> None:
    found = choose_thresholds(scripted(), *dev)
    assert set(found) == {*Role, *RelationKind}
    # Always right; nothing above 0.3 is wrong too often: 10 of 12 are right; never right; never said.
    assert (found[PROPOSES], found[EVALUATES], found[ADDRESSES], found[USES]) == (0.3, 0.3, 1.0, 1.0)
    assert found[RelationKind.EVALUATED_ON] == 0.3
    assert {found[kind] for kind in RelationKind} == {0.3, 1.0}


def test_they_are_found_to_a_hundredth(dev: tuple[list[Path], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thresholds, "LOOSE", dict.fromkeys(LOOSE, 0.0))
    extractor = scripted()
    extractor.scores = [0.47, *([0.9] * 6), *([0.46] * 5)]
    for script, score in zip(extractor.scripts, extractor.scores, strict=True):
        script["CraneBank"] = (EVALUATES, score)
    (gold, *_), annotations = dev
    lines = annotations.read_text(encoding="utf-8").split("=== ")
    # Of the five least sure ones three are wrong, so that 9 of 12 are right.
    lines[-3] = lines[-3].replace("; 2 evaluates", "").replace("1 evaluatedOn 2", "")
    annotations.write_text("=== ".join(lines), encoding="utf-8")
    found = choose_thresholds(extractor, [gold], annotations)
    assert (found[EVALUATES], found[RelationKind.EVALUATED_ON]) == (0.47, 0.47)


def test_a_few_right_ones_prove_nothing(dev: tuple[list[Path], Path]) -> None:
    few = scripted()
    for script in few.scripts[4:]:
        script["CraneBank"] = (USES, 0.9)
    found = choose_thresholds(few, *dev)
    assert found[EVALUATES] == 1.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tagger = tmp_path / "model" / "mention_tagger"
    tagger.mkdir(parents=True)
    settings = {"temperature": 1.25, **dict.fromkeys((*Role, *RelationKind), 0.77)}
    (tagger / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    return tagger.parent


def test_a_folder_gets_the_thresholds_that_suit_its_extractor(
    folder: Path, dev: tuple[list[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def load(model: Path) -> Scripted:
        seen.append(load_settings(model / "mention_tagger"))
        return scripted()

    monkeypatch.setattr(thresholds, "SpacyExtractor", load)
    settings = renew_thresholds(folder, *dev)
    assert seen == [{"temperature": 1.25, **LOOSE}], "the extractor says all that might be written"
    assert load_settings(folder / "mention_tagger") == settings
    assert (settings["temperature"], settings[PROPOSES], settings[ADDRESSES]) == (1.25, 0.3, 1.0)


def test_what_fails_leaves_the_folder_as_it_was(
    folder: Path, dev: tuple[list[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load_settings(folder / "mention_tagger")
    monkeypatch.setattr(thresholds, "SpacyExtractor", lambda _: scripted())
    with pytest.raises(SourceError, match="cannot be read"):
        renew_thresholds(folder, dev[0], folder / "none.txt")
    assert load_settings(folder / "mention_tagger") == before
