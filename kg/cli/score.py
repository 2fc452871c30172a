"""The command that scores an extractor: evaluate."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from kg.cli import factcard, scorecard
from kg.cli.output import AsJson, ExtractorName, GazetteerFile, print_json, stderr
from kg.errors import SourceError
from kg.evaluate import AnnotatedPaper, Evaluation, evaluate, read_gold
from kg.evaluate.annotations import annotate
from kg.evaluate.bootstrap import STANDARD, Sampling
from kg.evaluate.facts import all_facts
from kg.evaluate.groups import By
from kg.evaluate.report import report, report_difference, report_facts
from kg.protocols import Extractor


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(
        "evaluate",
        help="""Score the extractor against annotated papers.

    Prints precision, recall and F1, what was confused with what, and whether the scores of mentions can
    be trusted. Intervals say where F1 would lie, 95 times in 100, with other papers of the same kind.

    A file holds JSON lines with `title`, `abstract` and `mentions` of `field`, `start`, `end`, `text` and
    `label` (Method, Dataset, Task, Metric or Concept), and as they are known `system`, `venue` and `year`;
    or the CoNLL columns of SciERC. Roles and relations are annotated in a file beside it, which `--roles` names;
    kg/evaluate/annotations.py shows how.

    **Examples**

        kg evaluate gold.jsonl
        kg evaluate gold.jsonl --by venue --worst 5
        kg evaluate gold.jsonl --against my-model
        kg evaluate gold.jsonl --gazetteer my-names.tsv
        kg evaluate papers-dev.jsonl --roles annotations.txt
        kg evaluate train.txt dev.txt --json | jq .scores.exact.micro""",
    )(score)


def score(  # noqa: PLR0913 - a parameter for each option
    gold: Annotated[list[Path], typer.Argument(help="Annotated papers: JSON lines or CoNLL columns.")],
    *,
    model: Annotated[Path | None, typer.Option(help="Another trained pipeline.", show_default=False)] = None,
    name: ExtractorName = None,
    gazetteer: GazetteerFile = None,
    against: Annotated[
        Path | None, typer.Option(help="Also score this pipeline, and say how much better --model is.")
    ] = None,
    by: Annotated[
        list[By] | None, typer.Option(help="Score each field of research too, or each five years.", show_default=False)
    ] = None,
    roles_file: Annotated[
        Path | None,
        typer.Option("--roles", help="Score roles and relations too, against this file.", show_default=False),
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="Show the papers with most mistakes.")] = 0,
    generic: Annotated[bool, typer.Option("--generic", help="Keep SciERC's label Generic.")] = False,
    draws: Annotated[int, typer.Option(min=1, max=10_000, help="Resamplings for the intervals.")] = STANDARD.draws,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the resampling.")] = STANDARD.seed,
    as_json: AsJson = False,
) -> None:
    """Score the extractor against annotated papers."""
    from kg.extract import choose_extractor

    papers = [paper for path in gold for paper in _read(path, generic=generic)]
    annotations = annotate(papers, roles_file) if roles_file else {}
    sampling = Sampling(draws, seed)
    ours = _run(papers, choose_extractor(name, model, gazetteer))
    theirs = _run(papers, choose_extractor(model=against, gazetteer=gazetteer)) if against else None
    facts = all_facts(ours.evaluation, annotations)
    if as_json:
        record = ours.about | report(ours.evaluation, sampling=sampling, by=by or (), number=worst)
        difference = _difference(ours, theirs, sampling) if theirs else {}
        print_json(record | report_facts(facts, sampling) | difference)
        return
    scorecard.show_scores(ours.evaluation, sampling)
    for each in by or ():
        scorecard.show_groups(ours.evaluation, each, sampling)
    if theirs:
        scorecard.show_difference(ours.evaluation, theirs.evaluation, str(against), sampling)
    factcard.show_all(facts, sampling)
    scorecard.show_confusion(ours.evaluation)
    scorecard.show_worst(ours.evaluation, worst)


class _Scored(NamedTuple):
    evaluation: Evaluation
    about: dict[str, Any]


def _difference(ours: _Scored, theirs: _Scored, sampling: Sampling) -> dict[str, Any]:
    difference = report_difference(ours.evaluation, theirs.evaluation, sampling)
    return {"against": theirs.about["extractor"], "difference": difference}


def _read(path: Path, *, generic: bool) -> Iterator[AnnotatedPaper]:
    number = 0
    for paper in read_gold(path, generic=generic):
        number += 1
        yield paper
    if not number:
        raise SourceError(str(path), "holds no annotated papers")


def _run(papers: list[AnnotatedPaper], extractor: Extractor) -> _Scored:
    with stderr.status(f"reading {len(papers):,} papers"):
        evaluation = evaluate(papers, extractor)
    return _Scored(evaluation, {"extractor": {"name": extractor.name, "version": extractor.version}})
