"""What the commands print: tables for people, JSON for machines."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from kg.settings import load_settings
from kg.view.tables import Table, to_csv
from kg.workspace import Workspace

if TYPE_CHECKING:
    from kg.view.results import Result

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the graph.", envvar="KG_DATA", show_default="./kg-data"),
]
ExtractorName = Annotated[
    str | None,
    typer.Option(
        "--extractor",
        metavar="MODULE:FACTORY",
        help="Another extractor, as in my_extractor:make or my_extractor:make?threshold=0.5.",
        show_default="KG_EXTRACTOR, or the shipped one",
    ),
]
GazetteerFile = Annotated[
    str | None,
    typer.Option(
        "--gazetteer",
        metavar="FILE",
        help="Names of your field, on top of those that the shipped extractor knows: SKOS (.ttl) or name<TAB>label.",
        show_default="KG_GAZETTEER, or no more",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Limit = Annotated[int, typer.Option(min=1, max=200, help="How many to show.")]


class PapersOutput(StrEnum):
    """The forms in which a command prints papers; but for the table, their names are those of ``Form``."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl"
    TURTLE = "turtle"


class TableOutput(StrEnum):
    """The forms in which a command prints what is a table and no list of papers."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


TableFormat = Annotated[TableOutput, typer.Option("--format", help="How to print what was found.")]
PapersFormat = Annotated[PapersOutput, typer.Option("--format", help="How to print what was found.")]

# A file or a pipe has no width: nothing is folded for it.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 100_000)
stderr = Console(stderr=True, highlight=False)


def workspace(data: Path | None) -> Workspace:
    """The data folder that the options and settings name."""
    settings = load_settings()
    return Workspace(data or settings.data, settings.base)


def print_json(value: object) -> None:
    """One JSON value, indented, on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_csv(table: Table) -> None:
    """A table as CSV, on standard output."""
    sys.stdout.buffer.write(to_csv(table).encode("utf-8", errors="replace"))
    sys.stdout.buffer.flush()


def print_found(
    output: TableOutput,
    *,
    as_json: bool,
    record: Callable[[], object],
    table: Callable[[], Table],
    tell: Callable[[], None],
) -> None:
    """What was found, in the form that was asked for: JSON, CSV, or words for a person."""
    if as_json or output is TableOutput.JSON:
        print_json(record())
    elif output is TableOutput.CSV:
        print_csv(table())
    else:
        tell()


def print_file(output: PapersOutput, result: "Result") -> None:
    """A result in a form of files, on standard output."""
    from kg.view.forms import Form

    sys.stdout.buffer.write(result.written(Form(output.value)))
    sys.stdout.buffer.flush()


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table of text; columns of numbers stand right, and nothing in a cell is read as markup."""
    rows = [list(row) for row in rows]
    table = RichTable(box=None, header_style="bold", pad_edge=False)
    for i, heading in enumerate(headings):
        numbers = bool(rows) and all(isinstance(row[i], int | float) or row[i] == "" for row in rows)
        table.add_column(heading, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row))
    console.print(table)


def say(text: str, style: str | None = None) -> None:
    """A line for a person, on standard output."""
    console.print(escape(text), style=style, soft_wrap=True)


def papers_in_words(number: int) -> str:
    """So many papers, as a person says it."""
    return f"{number:,} {'paper' if number == 1 else 'papers'}"


def complain(text: str) -> None:
    """What went wrong, on standard error."""
    stderr.print(f"[bold red]error:[/] {escape(text)}", soft_wrap=True)
