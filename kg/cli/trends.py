"""Commands over the years: timeline, trends."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from kg.analysis.trends import Proposal, Timeline, Trend, Trends, Year, find_trends
from kg.analysis.trends import timeline as find_timeline
from kg.cli.explain import find_entity
from kg.cli.output import (
    AsJson,
    Data,
    Limit,
    TableFormat,
    TableOutput,
    papers_in_words,
    print_found,
    print_table,
    say,
    workspace,
)
from kg.model import Label
from kg.view.findings import trends_table, years_table

_BAR = 40
_BLOCKS = " ▁▂▃▄▅▆▇█"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        help="""Say when papers name an entity: its share of each year's papers, and who proposed it first.

    **Examples**

        kg timeline "graph neural network"
        kg timeline SGD --format csv"""
    )(timeline)
    app.command(
        help="""List what rises, or falls: methods, or entities of other types, whose share of the papers changes.

    Ranked by how surely they change, so that few papers do not win. "By chance" is the part, at most, of all that
    is as sure as this that chance alone would show.

    **Examples**

        kg trends
        kg trends --falling --type Dataset --from 2015 --to 2024"""
    )(trends)


def timeline(
    entity: Annotated[str, typer.Argument(help="An entity's name, or its id.")],
    output: TableFormat = TableOutput.TABLE,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say when papers name an entity."""
    reader = workspace(data).reader()
    found = find_timeline(reader, find_entity(reader, entity))
    print_found(
        output,
        as_json=as_json,
        record=lambda: asdict(found),
        table=lambda: years_table(found),
        tell=lambda: _tell_timeline(found),
    )


def _tell_timeline(found: Timeline) -> None:
    entity = found.entity
    say(f"{entity.name} ({entity.label}, {entity.papers} papers)  {entity.slug}", "bold")
    if found.years:
        most = max(year.share for year in found.years)
        print_table(
            ["year", "papers", "of", "share", "95 %", ""],
            [
                [str(y.year), y.papers, y.total, f"{y.share:.2%}", f"{y.low:.2%}-{y.high:.2%}", _bar(y.share / most)]
                for y in found.years
            ],
        )
    if found.undated:
        say(f"Without a year: {papers_in_words(found.undated)}.")
    if found.first:
        _tell_first(found.first)
    else:
        say("No paper with a year proposes it.")


def _bar(part: float) -> str:
    return "█" * round(part * _BAR)


def _tell_first(first: Proposal) -> None:
    say(f"\nFirst proposed in {first.year}" + (f", by {first.tied} papers:" if first.tied > 1 else ":"))
    for sighting in first.papers:
        say(f"  {sighting.paper.title} ({sighting.paper.id})")
        if sighting.evidence:
            say(f"    “{sighting.evidence.sentence}”", "dim")
    if first.earlier:
        say(f"  Named all the same in earlier years: by {papers_in_words(first.earlier)}.")
    if first.undated:
        say(f"  Proposed without a year, and perhaps first: by {papers_in_words(first.undated)}.")


def trends(  # noqa: PLR0913, PLR0917 - the options of a command
    falling: Annotated[bool, typer.Option("--falling", help="What falls, not what rises.")] = False,
    types: Annotated[
        list[Label] | None, typer.Option("--type", help="Entities of this type.", show_default="Method")
    ] = None,
    start: Annotated[
        int | None, typer.Option("--from", min=1, max=9999, help="First year.", show_default="ten before the last")
    ] = None,
    end: Annotated[
        int | None, typer.Option("--to", min=1, max=9999, help="Last year.", show_default="of the newest paper")
    ] = None,
    venue: Annotated[str | None, typer.Option(help="Only papers of this venue.")] = None,
    min_papers: Annotated[int, typer.Option(min=1, help="Papers of these years that an entity needs.")] = 5,
    limit: Limit = 20,
    output: TableFormat = TableOutput.TABLE,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List what rises, or falls."""
    found = find_trends(
        workspace(data).reader(),
        falling=falling,
        labels=types or (Label.METHOD,),
        start=start,
        end=end,
        venue=venue,
        min_papers=min_papers,
        limit=limit,
    )
    print_found(
        output,
        as_json=as_json,
        record=lambda: asdict(found),
        table=lambda: trends_table(found),
        tell=lambda: _tell_trends(found, falling=falling, min_papers=min_papers),
    )


def _tell_trends(found: Trends, *, falling: bool, min_papers: int) -> None:
    say(f"What {'falls' if falling else 'rises'} from {found.start} to {found.end}", "bold")
    if found.trends:
        headings = ["entity", "papers", "odds a year", "95 %", "by chance", "share by year", "id"]
        print_table(headings, map(_row, found.trends))
    else:
        say(f"Nothing does surely, of {found.considered:,} in at least {min_papers} papers.")
    if found.undated:
        say(f"Left out, for they have no year: {papers_in_words(found.undated)}.")


def _row(trend: Trend) -> list[object]:
    entity = trend.entity
    interval = f"{trend.low:.2f}-{trend.high:.2f}"
    by_chance = f"{trend.false_rate:.1%}"
    return [entity.name, trend.papers, f"x {trend.growth:.2f}", interval, by_chance, _line(trend.years), entity.slug]


def _line(years: Sequence[Year]) -> str:
    most = max(year.share for year in years)
    return "".join(_BLOCKS[round(year.share / most * (len(_BLOCKS) - 1))] for year in years)
