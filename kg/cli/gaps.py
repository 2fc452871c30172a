"""Commands over what goes together, and what never did: gaps, with."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from kg.analysis.company import Company, company
from kg.analysis.gaps import MIN_PAPERS, Gap, gaps_of_method, gaps_of_task
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
from kg.view.findings import company_table, gaps_table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        help="""Find methods never tried on a task that their siblings are used for, or tasks for a method.

    Siblings are methods whose papers read alike. The most surprising gaps come first: those where most papers
    would be expected by what siblings are used for.

    **Examples**

        kg gaps --task "machine translation"
        kg gaps --method transformer --limit 5"""
    )(gaps)
    app.command(
        "with",
        help="""List what papers name together with an entity, such as the datasets with a method.

    **Examples**

        kg with "convolutional neural network" --type Dataset
        kg with CIFAR-10 --type Method --format csv""",
    )(with_)


def gaps(  # noqa: PLR0913, PLR0917 - the options of a command
    task: Annotated[str | None, typer.Option(help="A task: which methods were never tried on it?")] = None,
    method: Annotated[str | None, typer.Option(help="A method: which tasks was it never tried on?")] = None,
    min_papers: Annotated[int, typer.Option(min=1, help="Papers that a method or task needs.")] = MIN_PAPERS,
    limit: Limit = 10,
    output: TableFormat = TableOutput.TABLE,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Find what was never tried."""
    if (task is None) == (method is None):
        raise typer.BadParameter("give either --task or --method")
    reader = workspace(data).reader()
    if task is not None:
        found = gaps_of_task(reader, find_entity(reader, task), min_papers=min_papers, limit=limit)
    else:
        found = gaps_of_method(reader, find_entity(reader, method or ""), min_papers=min_papers, limit=limit)
    print_found(
        output,
        as_json=as_json,
        record=lambda: [asdict(gap) for gap in found],
        table=lambda: gaps_table(found),
        tell=lambda: _tell_gaps(found),
    )


def _tell_gaps(found: Sequence[Gap]) -> None:
    if not found:
        say("Nothing that siblings are used for was never tried.")
    for number, gap in enumerate(found, 1):
        say(
            f"{number:>2}. {gap.method.name} for {gap.task.name}: {gap.expected:.1f} papers expected, none found",
            "bold",
        )
        say(
            f"    {gap.tried} of its {gap.siblings} siblings were tried; {gap.rate:.1%} of their papers name the task, "
            f"{gap.base:.1%} of all. By chance none: {gap.chance:.0%}"
        )
        for trial in gap.trials:
            kin = ", another kind of the same" if trial.same_kind else ""
            say(f"    {trial.sibling.name}: {papers_in_words(trial.papers)}{kin}, such as {trial.method.paper.title}")
            for sentence in dict.fromkeys(s.evidence.sentence for s in (trial.method, trial.task) if s.evidence):
                say(f"      “{sentence}”", "dim")


def with_(  # noqa: PLR0913, PLR0917 - the options of a command
    entity: Annotated[str, typer.Argument(help="An entity's name, or its id.")],
    types: Annotated[
        list[Label] | None, typer.Option("--type", help="Only entities of this type.", show_default="all")
    ] = None,
    min_papers: Annotated[int, typer.Option(min=1, help="Papers that must name both.")] = 1,
    limit: Limit = 20,
    output: TableFormat = TableOutput.TABLE,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List what goes together with an entity."""
    reader = workspace(data).reader()
    slug = find_entity(reader, entity)
    found = company(reader, slug, types or tuple(Label), min_papers=min_papers, limit=limit)
    print_found(
        output,
        as_json=as_json,
        record=lambda: asdict(found),
        table=lambda: company_table(found),
        tell=lambda: _tell_company(found),
    )


def _tell_company(found: Company) -> None:
    if not found.companions:
        say("No paper names anything specific of these types with it.")
        return
    say(f"With {found.entity.name} ({found.entity.label}, {found.entity.papers} papers)", "bold")
    print_table(
        ["entity", "type", "papers", "of", "association", "id"],
        [
            [c.entity.name, c.entity.label, c.papers, c.entity.papers, f"{c.association:.3f}", c.entity.slug]
            for c in found.companions
        ],
    )
