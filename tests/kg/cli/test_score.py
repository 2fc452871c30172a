"""``kg evaluate``: what it prints, for people and for machines."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kg.extract
from kg.cli import app
from kg.errors import SourceError
from kg.model import Extraction, Label, Paper, Relation, RelationKind, Role
from tests.fakes import FakeExtractor

runner = CliRunner()

ABSTRACT = "We evaluate BERT on ImageNet. Accuracy [rises] with self-training. Training is long."
GOLD = {
    "title": "BERT at work",
    "abstract": ABSTRACT,
    "system": "BERT",
    "venue": "ACL",
    "year": 2020,
    "mentions": [
        {"field": field, "start": text.index(name), "end": text.index(name) + len(name), "text": name, "label": label}
        for field, text, name, label in (
            ("title", "BERT at work", "BERT", "Method"),
            ("abstract", ABSTRACT, "ImageNet", "Dataset"),
            ("abstract", ABSTRACT, "Accuracy", "Metric"),
            ("abstract", ABSTRACT, "self-training", "Method"),
        )
    ],
}
NAMES = {"BERT": Label.METHOD, "ImageNet": Label.METHOD, "Training": Label.METHOD}


@pytest.fixture
def gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two papers, and an extractor that finds three names of them; another pipeline finds but one."""
    monkeypatch.setattr(
        kg.extract,
        "make_extractor",
        lambda model, _: FakeExtractor({"BERT": Label.METHOD} if model.name == "other" else NAMES),
    )
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(GOLD) + "\n" + json.dumps({**GOLD, "venue": "ICRA", "year": 2011}) + "\n")
    return file


def run(*args: object) -> str:
    done = runner.invoke(app, ["evaluate", *map(str, args)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return "\n".join(line.rstrip() for line in done.output.splitlines())


def test_what_a_person_reads(gold: Path) -> None:
    # A paper has four mentions. Found are BERT in the title (right, scored 0.52), and scored 0.74 BERT and Training
    # where nothing is wanted, ImageNet with a wrong label and a part of self-training: (2 * .48 + 8 * .74) / 10 = .688.
    assert run(gold) == (
        """\
2 annotated papers; right is what has the characters and the label of an annotation; in percent

label           precision  recall    F1  95% interval of F1  found  wanted
Method               20.0    50.0  28.6  28.6 to 28.6           10       4
Dataset               0.0     0.0   0.0  0.0 to 0.0              0       2
Task                                                             0       0
Metric                0.0     0.0   0.0  0.0 to 0.0              0       2
Concept                                                          0       0
all                  20.0    25.0  22.2  22.2 to 22.2           10       8
mean of labels        6.7    16.7   9.5  9.5 to 9.5
95% interval of all: precision 20.0 to 20.0, recall 25.0 to 25.0

Other ways to count, all labels together
right is            precision  recall    F1  95% interval of F1  found  wanted
same characters          40.0    50.0  44.4  44.4 to 44.4           10       8
overlap and label        40.0    50.0  44.4  44.4 to 44.4           10       8
name, once a paper       33.3    25.0  28.6  28.6 to 28.6            6       8

Names of what papers introduce: 0 right of 0 found and 2 wanted.
Scores of mentions differ from the share that is right by 68.8 points on average (expected calibration error).

What was found (columns) for what was wanted (rows)
          Method  Dataset  Task  Metric  Concept  boundary  missed
Method         2        0     0       0        0         2       0
Dataset        2        0     0       0        0         0       0
Task           0        0     0       0        0         0       0
Metric         0        0     0       0        0         0       2
Concept        0        0     0       0        0         0       0
boundary       2        0     0       0        0
spurious       4        0     0       0        0

boundary: overlaps, but does not begin and end at the same place. spurious: found where nothing was wanted."""
    )


def test_the_worst_paper_shows_each_mistake_in_its_sentence(gold: Path) -> None:
    text = run(gold, "--worst", "1")
    assert text.partition("BERT at work")[1:][1] == (
        f""" (ACL, 2020)
1 of 4 right, 5 mistakes, {gold}:1
  spurious     Method “BERT”
               We evaluate »BERT« on ImageNet.
  wrong label  Dataset “ImageNet” found as Method
               We evaluate BERT on »ImageNet«.
  missed       Metric “Accuracy”
               »Accuracy« [rises] with self-training.
  boundary     Method “self-training” found as Method “training”
               Accuracy [rises] with »self-training«.
  spurious     Method “Training”
               »Training« is long."""
    )


def test_groups_on_request(gold: Path) -> None:
    text = run(gold, "--by", "venue", "--by", "year")
    assert "By venue, all labels together" in text
    assert "NLP            1       20.0    25.0  22.2                          5       4" in text
    assert "2010-2014       1 " in text


def test_one_pipeline_against_another(gold: Path) -> None:
    text = run(gold, "--against", gold.parent / "other")
    [line] = [line for line in text.splitlines() if line.startswith("all") and line.endswith("  0")]
    # The other finds BERT alone, right once of twice: F1 of 2 * 2 / (4 + 8).
    assert line.split() == ["all", "22.2", "33.3", "-11.1", "-11.1", "to", "-11.1", "0"]


def test_json_holds_the_same_numbers(gold: Path) -> None:
    record = json.loads(
        run(gold, "--json", "--worst", 1, "--by", "venue", "--against", gold.parent / "other", "--draws", 50)
    )
    assert record["extractor"] == record["against"] == {"name": "fake", "version": "1"}
    assert (record["papers"], record["bootstrap"]["draws"]) == (2, 50)
    assert record["scores"]["exact"]["micro"]["f1"] == pytest.approx(2 / 9)
    assert record["difference"]["exact"]["micro"]["f1"] == pytest.approx(2 / 9 - 1 / 3)
    assert len(record["worst"][0]["mistakes"]) == 5
    assert list(record["groups"]["venue"]) == ["NLP", "robotics"]
    assert "difference" not in json.loads(run(gold, "--json"))


def test_several_files_are_scored_together(gold: Path, tmp_path: Path) -> None:
    columns = tmp_path / "scierc.txt"
    columns.write_text("-DOCSTART- NN O O\n\nBERT NN O I-Method\nit NN O I-Generic\n")
    assert json.loads(run(gold, columns, "--json"))["papers"] == 3
    assert json.loads(run(columns, "--json"))["scores"]["exact"]["micro"]["f1"] == 1
    assert json.loads(run(columns, "--json", "--generic"))["scores"]["exact"]["Generic"]["wanted"] == 1


def test_a_single_paper_has_no_interval(gold: Path, tmp_path: Path) -> None:
    single = tmp_path / "single.jsonl"
    single.write_text(gold.read_text().splitlines()[0])
    text = run(single)
    assert not re.search(r"\d to \d", text)
    assert "1 annotated paper;" in text


def test_an_empty_file_is_an_error(gold: Path) -> None:
    gold.write_text("\n")
    with pytest.raises(SourceError, match="holds no annotated papers"):
        run(gold)


class Reader(FakeExtractor):
    """Says that every paper uses what it finds, and evaluates the second on the third."""

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for found in super().extract(papers):
            mentions = tuple(replace(m, role=Role.USES, role_score=m.score) for m in found.mentions)
            relation = Relation(mentions[0], mentions[1], RelationKind.EVALUATED_ON, 0.7)
            yield replace(found, mentions=mentions, relations=(relation,))


@pytest.fixture
def roles(gold: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Annotations of the second of the two papers; of its mentions the abstract's first is ImageNet."""
    monkeypatch.setattr(kg.extract, "make_extractor", lambda *_: Reader(NAMES))
    file = gold.parent / "roles.txt"
    file.write_text("=== gold#1\nroles: 0 uses; 1 evaluates; 3 proposes\nrels: 0 evaluatedOn 1; 0 measuredBy 2\n")
    return file


def test_roles_and_relations_on_request(gold: Path, roles: Path) -> None:
    text = run(gold, "--roles", roles)
    # BERT in the title is right, once; found in use are also BERT again, ImageNet and two other names.
    _, _, text = text.partition("Roles in 1 annotated paper: right is the same one of the same characters\n")
    lines = {line.split("  ")[0]: line.split() for line in reversed(text.splitlines()) if line}
    assert lines["uses"] == ["uses", "20.0", "100.0", "33.3", "5", "1"]
    assert lines["all"] == ["all", "20.0", "33.3", "25.0", "5", "3"]
    assert "name, once a paper       33.3    33.3  33.3" in text
    assert re.search(r"^  0\.7 +33\.3 +33\.3 +3\n  0\.8 +0$", text, re.MULTILINE)
    assert re.search(r"^evaluatedOn +0\.0 +100\.0 +100\.0 +1$", text, re.MULTILINE)
    assert "Relations: the lowest score with a precision of 80, by name" in text
    assert "What was found (columns)" in text


def test_json_has_roles_and_relations(gold: Path, roles: Path) -> None:
    record = json.loads(run(gold, "--roles", roles, "--json", "--draws", 20))
    assert record["roles"]["papers"] == record["relations"]["papers"] == 1
    assert record["roles"]["scores"]["exact"]["uses"]["recall"] == 1
    assert record["relations"]["scores"]["exact"]["micro"]["wanted"] == 2
    assert "roles" not in json.loads(run(gold, "--json", "--draws", 20))


def test_a_bad_file_of_roles_is_told_before_anything_is_read(gold: Path, roles: Path) -> None:
    roles.write_text("=== gold#1\nroles: 9 uses\nrels:\n")
    with pytest.raises(SourceError, match=r"roles.txt:2: calls mention 9, but the paper has 4"):
        run(gold, "--roles", roles)


@pytest.mark.slow
def test_the_shipped_model_is_scored(tmp_path: Path) -> None:
    def kg_evaluate(*args: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kg.cli", "evaluate", *map(str, args)]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("KG_")}  # noqa: TID251 - a clean child
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    gold = tmp_path / "gold.jsonl"
    mention = {"field": "abstract", "start": 15, "end": 23, "text": "ImageNet", "label": "Dataset"}
    record = {"title": "A study", "abstract": "We evaluate on ImageNet.", "mentions": [mention]}
    gold.write_text(json.dumps(record))
    done = kg_evaluate(gold, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["scores"]["exact"]["Dataset"]["f1"] == 1
    gold.write_text(json.dumps({**record, "mentions": [mention | {"start": 14}]}))
    wrong = kg_evaluate(gold)
    assert wrong.returncode == 1
    assert f"{gold}:1: is no annotated paper" in wrong.stderr
    missing = kg_evaluate(tmp_path / "none.jsonl")
    assert "none.jsonl: cannot be read: No such file" in missing.stderr
