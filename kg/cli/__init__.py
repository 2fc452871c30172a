"""The command ``kg``: one function a command, grouped by what a person wants to do."""

import sys
from io import TextIOWrapper

import typer

from kg.cli import ask, explain, feed, gaps, index, look, paths, related, score, token, trends
from kg.cli.output import complain
from kg.errors import KgError

app = typer.Typer(
    name="kg",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
    help="""A knowledge graph of research papers in which every edge carries its evidence.

    **Start:** `kg ingest --demo`, then `kg serve`, or `kg related "attention is all you need"`.

    All commands keep their data in `./kg-data`, or where `--data` or `KG_DATA` says.""",
)
for module in (feed, score, ask, related, explain, paths, trends, gaps, look, index, token):
    module.register(app)


def main() -> None:
    """Run; an expected failure is one line on standard error and exit code 1."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that knows no “ shows a ? instead
    try:
        app()
    except KgError as error:
        complain(str(error))
        sys.exit(1)
