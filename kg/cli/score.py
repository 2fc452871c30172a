"""The command that scores an extractor: evaluate."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli import factcard, scorecard
from kg.cli.output import AsJson, ExtractorName, print_json, stderr
from kg.errors import SourceError
from kg.evaluate import AnnotatedPaper, Evaluation, evaluate, read_gold
from kg.evaluate.annotations import annotate
from kg.evaluate.bootstrap import STANDARD, Sampling
from kg.evaluate.facts import relations, roles
from kg.evaluate.groups import By
from kg.evaluate.report import report, report_difference, report_facts
from kg.protocols import Extractor

_FACTS = {"roles": roles, "relations": relations}


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
        kg evaluate papers-dev.jsonl --roles annotations.txt
        kg evaluate train.txt dev.txt --json | jq .scores.exact.micro""",
    )(score)


def score(  # noqa: PLR0913 - a parameter for each option
    gold: Annotated[list[Path], typer.Argument(help="Annotated papers: JSON lines or CoNLL columns.")],
    *,
    model: Annotated[Path | None, typer.Option(help="Another trained pipeline.", show_default=False)] = None,
    name: ExtractorName = None,
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
    from kg.extract import choose_extractor, make_extractor

    papers = [paper for path in gold for paper in _read(path, generic=generic)]
    annotations = annotate(papers, roles_file) if roles_file else {}
    sampling = Sampling(draws, seed)
    extractor = choose_extractor(name, model)
    ours = _run(papers, extractor)
    other = make_extractor(against) if against else None
    theirs = _run(papers, other) if other else None
    facts = {what: compared(ours, annotations) for what, compared in _FACTS.items()} if annotations else {}
    if as_json:
        record: dict[str, Any] = {
            "extractor": {"name": extractor.name, "version": extractor.version},
            **report(ours, sampling=sampling, by=by or (), number=worst),
            **{what: report_facts(each, sampling) for what, each in facts.items()},
        }
        if other and theirs:
            record["against"] = {"name": other.name, "version": other.version}
            record["difference"] = report_difference(ours, theirs, sampling)
        print_json(record)
        return
    scorecard.show_scores(ours, sampling)
    for each in by or ():
        scorecard.show_groups(ours, each, sampling)
    if theirs:
        scorecard.show_difference(ours, theirs, str(against), sampling)
    for what, each_facts in facts.items():
        factcard.show_facts(each_facts, what.capitalize(), sampling)
    scorecard.show_confusion(ours)
    scorecard.show_worst(ours, worst)


def _read(path: Path, *, generic: bool) -> Iterator[AnnotatedPaper]:
    number = 0
    for paper in read_gold(path, generic=generic):
        number += 1
        yield paper
    if not number:
        raise SourceError(str(path), "holds no annotated papers")


def _run(papers: list[AnnotatedPaper], extractor: Extractor) -> Evaluation:
    with stderr.status(f"reading {len(papers):,} papers"):
        return evaluate(papers, extractor)
