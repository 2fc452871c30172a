"""Commands that read papers: ingest, extract."""

import json
import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kg.cli.decisions import as_records, explainer, show_decisions
from kg.cli.output import (
    AsJson,
    Data,
    ExtractorName,
    GazetteerFile,
    complain,
    print_json,
    say,
    stderr,
    workspace,
)
from kg.errors import ExtractionError, SourceError
from kg.model import Extraction, Paper
from kg.protocols import Extractor
from kg.resources import demo_corpus
from kg.sources import read_papers

SHOWN_REJECTIONS = 20
BATCH = 32

_FORMATS = """Reads JSON lines (`title`, `abstract`, optional `id`, `authors`, `year`, `venue`, `url`, `doi`,
    `arxiv`), a pasted papers page, or the plain text of one paper (first line: the title). `-` is
    standard input, `.gz` is unpacked, a folder stands for the files in it."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        help=f"""Put papers into the graph.

    {_FORMATS}

    Run it again at any time: what is unchanged costs nothing, what changed is replaced.

    **Examples**

        kg ingest --demo
        kg ingest papers.jsonl page.txt
        kg ingest papers.jsonl --data my-graph --json
        kg ingest papers.jsonl --gazetteer my-names.tsv
        kg ingest papers.jsonl --extractor my_extractor:make
        cat page.txt | kg ingest -"""
    )(ingest)
    app.command(
        help=f"""Print the mentions in papers as JSON lines, without touching the graph.

    A mention has the role that the paper gives what it names, where it gives one; relations are between the
    mentions by their numbers, from 0. With `--explain` a table says of every mention, and of what was dropped,
    which steps decided.

    {_FORMATS}

    **Examples**

        kg extract page.txt
        kg extract page.txt --explain
        echo 'Adam: a method for stochastic optimization' | kg extract - | jq .mentions
        kg extract page.txt --extractor my_extractor:make"""
    )(extract)


def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files, folders, or -.", show_default=False)] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Also the papers that come with paperkg.")] = False,
    extractor: ExtractorName = None,
    gazetteer: GazetteerFile = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Put papers into the graph; the exit code is 1 if every record was rejected."""
    from kg.build import BuildReport, build, default_parts  # spaCy takes a second to import

    files = _existing([*(paths or []), *([demo_corpus()] if demo else [])])
    if not files:
        raise typer.BadParameter("name a file to read, or use --demo", param_hint="PATH")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, transient=True, disable=not stderr.is_terminal) as progress:
        task = progress.add_task("loading the extractor", total=_number(files) if stderr.is_terminal else None)

        def show(report: BuildReport) -> None:
            progress.update(task, completed=report.received, description=f"{len(report.slugs):,} entities")

        parts = default_parts(extractor=extractor, gazetteer=gazetteer)
        with workspace(data).writer() as writer:
            report = build(read_papers(files), parts, writer, progress=show)
    if as_json:
        print_json(report.as_dict())
    else:
        _tell(report.as_dict())
        _tell_rejections(report.rejected)
    if report.received == len(report.rejected):
        raise typer.Exit(1)


def _number(files: list[Path]) -> int | None:
    """How many records there are to come; None where they can be read only once, as from a pipe."""
    if not all(path.is_file() or path.is_dir() for path in files):
        return None
    return sum(1 for _ in read_papers(files))


def _existing(paths: list[Path]) -> list[Path]:
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise SourceError(str(path), "there is no such file or folder")
    return paths


def _tell(report: Mapping[str, object]) -> None:
    counts = ", ".join(f"{report[key]:,} {key}" for key in ("new", "replaced", "unchanged", "rejected"))
    say(f"{report['received']:,} papers received: {counts}")
    if report["quads"]:
        say(
            f"{report['mentions']:,} mentions of {report['entities']:,} entities, {report['quads']:,} quads "
            f"in {report['seconds']:.1f} s"
        )


def _tell_rejections(rejected: list[SourceError]) -> None:
    for error in rejected[:SHOWN_REJECTIONS]:
        complain(str(error))
    if len(rejected) > SHOWN_REJECTIONS:
        complain(f"and {len(rejected) - SHOWN_REJECTIONS:,} more; --json lists them all")


def extract(
    path: Annotated[Path, typer.Argument(help="A file, a folder, or -.")],
    model: Annotated[Path | None, typer.Option(help="Another trained pipeline.", show_default=False)] = None,
    extractor: ExtractorName = None,
    gazetteer: GazetteerFile = None,
    explain: Annotated[bool, typer.Option("--explain", help="Tell of each mention what decided.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines even with --explain.")] = False,
) -> None:
    """One JSON object a paper; records that cannot be read are named on standard error."""
    from kg.extract import choose_extractor

    rejected: list[SourceError] = []
    chosen, papers = choose_extractor(extractor, model, gazetteer), _papers(path, rejected)
    if explain:
        _explain(chosen, papers, rejected, as_json=as_json)
    else:
        for extraction in _read(chosen, papers, rejected):
            _print_line(_as_record(extraction))
    _tell_rejections(rejected)
    if rejected:
        raise typer.Exit(1)


def _papers(path: Path, rejected: list[SourceError]) -> Iterator[Paper]:
    for record in read_papers(_existing([path])):
        if isinstance(record, SourceError):
            rejected.append(record)
        else:
            yield record


def _read(extractor: Extractor, papers: Iterator[Paper], rejected: list[SourceError]) -> Iterator[Extraction]:
    from kg.extract.checked import read_each

    while batch := list(islice(papers, BATCH)):
        for outcome in read_each(extractor, batch):
            if isinstance(outcome, SourceError):
                rejected.append(outcome)
            else:
                yield outcome


def _explain(extractor: Extractor, papers: Iterator[Paper], rejected: list[SourceError], *, as_json: bool) -> None:
    tell = explainer(extractor)
    for paper in papers:
        try:
            extraction, made = tell(paper)
        except ExtractionError as error:
            rejected.append(SourceError(f"paper {paper.id}", str(error)))
            continue
        if as_json:
            _print_line({**_as_record(extraction), "decisions": as_records(made)})
        else:
            show_decisions(extraction, made)


def _print_line(record: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def _as_record(extraction: Extraction) -> dict[str, object]:
    """Relations call mentions by their numbers in the list, from 0."""
    number = {mention: i for i, mention in enumerate(extraction.mentions)}
    return {
        "title": extraction.paper.title,
        "abstract": extraction.paper.abstract,
        "mentions": [
            {
                "field": m.field.value,
                "start": m.start,
                "end": m.end,
                "text": m.text,
                "label": m.label.value,
                "score": m.score,
                "role": m.role and m.role.value,
                "role_score": m.role_score if m.role else None,
            }
            for m in extraction.mentions
        ],
        "relations": [
            {"head": number[r.head], "tail": number[r.tail], "kind": r.kind.value, "score": r.score, "rule": r.rule}
            for r in extraction.relations
        ],
        "aliases": [list(pair) for pair in extraction.aliases],
        "system": extraction.system,
    }
