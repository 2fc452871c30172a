"""``kg extract``: what it tells of decisions, and the names of a user's own file, at all commands that read papers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import kg.extract
from kg.cli import app
from kg.errors import ExtractionError, SourceError
from kg.extract.spans import Found
from kg.extract.steps import Decision
from kg.model import Extraction, Field, Label, Paper
from tests.fakes import FakeExtractor

runner = CliRunner()

TITLE = "BERT for parsing"
ABSTRACT = "We propose BERT for parsing [fast]."
NAMES = {"BERT": Label.METHOD, "parsing": Label.TASK}


class Explaining(FakeExtractor):
    """Says that the model took every mention for a Dataset first, and that brackets were dropped."""

    def explain(self, paper: Paper) -> tuple[Extraction, list[Decision]]:
        [extraction] = self.extract([paper])
        found = [Found(m.field, m.start, m.end, m.text, m.label, m.score, m.rule) for m in extraction.mentions]
        made = [Decision(f, ("model Dataset 0.61", f"gazetteer: Dataset became {f.label}")) for f in found[1:]]
        if (at := paper.abstract.find("[fast]")) >= 0:
            span = Found(Field.ABSTRACT, at, at + 6, "[fast]", Label.CONCEPT, 0.51234)
            made.append(Decision(span, ("model Concept 0.51", "dropped by no fragments"), dropped=True))
        return replace(extraction, aliases=(("a", "b"),)), made


def use(monkeypatch: pytest.MonkeyPatch, extractor: FakeExtractor) -> None:
    monkeypatch.setattr(kg.extract, "make_extractor", lambda *_: extractor)


def run(*args: object, stdin: str = f"{TITLE}\n\n{ABSTRACT}") -> Result:
    return runner.invoke(app, [*map(str, args)], input=stdin, env={"KG_EXTRACTOR": None, "KG_GAZETTEER": None})


def test_a_person_reads_what_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Explaining(NAMES))
    done = run("extract", "-", "--explain")
    assert done.exit_code == 0, done.output
    # Of the abstract's first mention nothing is told but its rule.
    assert [line.rstrip() for line in done.output.splitlines()] == [
        "",
        TITLE,
        "introduces BERT",
        "",
        "in        mention  label   score  role           decided by",
        "title     BERT     Method   0.56                 model Dataset 0.61; gazetteer: Dataset became Method",
        "title     parsing  Task     0.56                 model Dataset 0.61; gazetteer: Dataset became Task",
        "abstract  BERT     Method   0.75  proposes 0.85  fake",
        "abstract  parsing  Task     0.75                 model Dataset 0.61; gazetteer: Dataset became Task",
        "",
        "Dropped",
        "in        text    label    score  decided by",
        "abstract  [fast]  Concept  0.512  model Concept 0.51; dropped by no fragments",
        "",
        "Relations",
        "relation               score  rule",
        "BERT used for parsing   0.65  fake",
        "BERT used for parsing   0.46  fake",
    ]


def test_machines_read_it_beside_the_mentions(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Explaining(NAMES))
    plain, told = (json.loads(run("extract", "-", "--json", *more).stdout) for more in ([], ["--explain"]))
    *kept, dropped = told.pop("decisions")
    assert told == {**plain, "aliases": [["a", "b"]]}
    assert [each["dropped"] for each in kept] == [False] * 3
    start = ABSTRACT.index("[fast]")
    assert dropped == {
        "field": "abstract",
        "start": start,
        "end": start + 6,
        "text": "[fast]",
        "label": "Concept",
        "score": 0.512,
        "path": ["model Concept 0.51", "dropped by no fragments"],
        "dropped": True,
    }


def test_a_paper_without_mentions_has_a_title(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Explaining({}))
    assert run("extract", "-", "--explain", stdin="Nothing at all").output.split("\n") == ["", "Nothing at all", ""]


def test_one_that_cannot_tell_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeExtractor(NAMES))
    done = run("extract", "-", "--explain")
    assert isinstance(done.exception, ExtractionError)
    assert str(done.exception) == "fake does not tell what decided; --explain is for the shipped extractor"


def test_a_paper_that_cannot_be_read_costs_no_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    file.write_text("".join(json.dumps({"title": TITLE, "id": name}) + "\n" for name in ("bad", "good")))
    use(monkeypatch, Explaining(NAMES, broken=frozenset(["bad"])))
    done = run("extract", file, "--explain")
    assert done.exit_code == 1
    assert done.stdout.count(TITLE) == 1
    assert done.stderr == "error: paper bad: cannot read bad\n"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps({"title": "T", "abstract": "", "mentions": []}), encoding="utf-8")
    return file


COMMANDS = pytest.mark.parametrize("command", ["extract", "ingest", "evaluate"])


@COMMANDS
def test_a_gazetteer_reaches_the_extractor(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gold: Path, command: str
) -> None:
    asked: list[Path | None] = []

    def make(model: Path, gazetteer: Path | None) -> FakeExtractor:
        asked.append(gazetteer)
        return FakeExtractor({})

    monkeypatch.setattr(kg.extract, "make_extractor", make)
    monkeypatch.setattr("kg.build.make_embedder", lambda _: None)
    monkeypatch.chdir(tmp_path)
    assert run(command, gold, "--gazetteer", "mine.tsv").exit_code == 0
    assert run(command, gold).exit_code == 0
    monkeypatch.setenv("KG_GAZETTEER", "set.tsv")
    assert runner.invoke(app, [command, str(gold)]).exit_code == 0
    assert runner.invoke(app, [command, str(gold), "--gazetteer", "shipped"]).exit_code == 0
    assert asked == [Path("mine.tsv"), None, Path("set.tsv"), None]


@COMMANDS
def test_a_gazetteer_for_an_extractor_of_others_is_an_error(gold: Path, command: str) -> None:
    done = run(command, gold, "--gazetteer", "mine.tsv", "--extractor", "tests.wayward:Wayward")
    assert isinstance(done.exception, ExtractionError)
    assert "gazetteer mine.tsv belongs to the shipped extractor; tests.wayward:Wayward" in str(done.exception)


@COMMANDS
def test_a_gazetteer_that_cannot_be_read_is_named(gold: Path, command: str) -> None:
    (gold.parent / "mine.tsv").write_text("CraneNet\tNetwork\n")
    done = run(command, gold, "--gazetteer", gold.parent / "mine.tsv")
    assert isinstance(done.exception, SourceError)
    assert str(done.exception).startswith(f"{gold.parent / 'mine.tsv'}:1: expected one of Method, Dataset")


def test_compared_pipelines_know_the_same_names(monkeypatch: pytest.MonkeyPatch, gold: Path) -> None:
    asked = []
    monkeypatch.setattr(kg.extract, "make_extractor", lambda *args: asked.append(args) or FakeExtractor({}))
    assert run("evaluate", gold, "--model", "one", "--against", "other", "--gazetteer", "mine.tsv").exit_code == 0
    assert asked == [(Path("one"), Path("mine.tsv")), (Path("other"), Path("mine.tsv"))]
