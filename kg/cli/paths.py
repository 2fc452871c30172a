"""Commands that set things beside each other: path, compare."""

from dataclasses import asdict
from typing import Annotated

import typer

from kg.analysis.comparison import COLUMNS, Comparison
from kg.analysis.comparison import compare as find_comparison
from kg.analysis.paths import MAX_HOPS, End, Ways, find_end, find_ways
from kg.analysis.sightings import Titled
from kg.cli.ask import find_paper
from kg.cli.explain import find_entity
from kg.cli.output import AsJson, Data, TableFormat, TableOutput, print_found, print_table, say, workspace
from kg.errors import NotFoundError
from kg.iri import Kind
from kg.model import Entity, Label
from kg.view.findings import comparison_table, role_in, ways_table
from kg.workspace import Reader

_WIDE = 60


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        help="""Say how two papers, two entities, or one of each hang together, with the sentences that show it.

    A path goes from a paper to an entity that it names and on to another paper that names it. Common entities are an
    expensive way, so that it goes over what is specific. `paper:` or `entity:` before an id says which it is.

    **Examples**

        kg path SGD "neural tangent kernel"
        kg path paper:arxiv-1706.03762 entity:machine-translation --via Method --paths 5"""
    )(path)
    app.command(
        help="""Set papers beside each other: what each does with the methods, datasets and metrics they name.

    The most telling entities come first: rare ones that several of the papers do something with.

    **Examples**

        kg compare "attention is all you need" "graph attention networks"
        kg compare arxiv-1706.03762 arxiv-1710.10903 --type Method --type Dataset --format csv"""
    )(compare)


def path(  # noqa: PLR0913, PLR0917 - the options of a command
    a: Annotated[str, typer.Argument(help="A paper's id or title, or an entity's id or name.")],
    b: Annotated[str, typer.Argument(help="Another.")],
    paths: Annotated[int, typer.Option(min=1, max=20, help="Paths to show.")] = 3,
    hops: Annotated[int, typer.Option(min=1, max=MAX_HOPS, help="Hops of a path at most.")] = 6,
    via: Annotated[
        list[Label] | None, typer.Option("--via", help="Go only over entities of this type.", show_default="all")
    ] = None,
    output: TableFormat = TableOutput.TABLE,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say how two things hang together."""
    reader = workspace(data).reader()
    ends = _end(reader, a), _end(reader, b)
    found = find_ways(reader, *ends, k=paths, max_hops=hops, labels=via or tuple(Label))
    print_found(
        output,
        as_json=as_json,
        record=lambda: asdict(found),
        table=lambda: ways_table(found),
        tell=lambda: _tell_ways(found),
    )


def _end(reader: Reader, text: str) -> End:
    """What has this id, else an entity of this name, else a paper; raises NotFoundError or AmbiguousError."""
    try:
        return find_end(reader.incidence, text)
    except NotFoundError:
        if text.startswith(("paper:", "entity:")):
            raise
    try:
        return End(Kind.ENTITY, find_entity(reader, text))
    except NotFoundError as no_entity:
        try:
            return End(Kind.PAPER, find_paper(reader, text))
        except NotFoundError as no_paper:
            near = [*no_entity.candidates, *no_paper.candidates]
            raise NotFoundError("paper or entity", text, near) from no_paper


def _tell_ways(found: Ways) -> None:
    say(f"From {_name(found.start)} to {_name(found.goal)}", "bold")
    if not found.ways:
        say(f"None: {found.reason}.")
    for number, way in enumerate(found.ways, 1):
        say(f"\n{number:>2}. " + " → ".join(map(_name, way.nodes)) + f"  cost {way.cost:.2f}", "bold")
        for hop in way.hops:
            role = hop.sighting.role or "names"
            say(f"     {hop.sighting.paper.title} {role} {hop.entity.name} ({hop.sighting.confidence:.2f})")
            if hop.sighting.evidence:
                say(f"       “{hop.sighting.evidence.sentence}”", "dim")


def _name(node: Titled | Entity) -> str:
    if isinstance(node, Titled):
        return f"{node.title} ({node.year})" if node.year else node.title
    return f"[{node.name}]"


def compare(
    papers: Annotated[list[str], typer.Argument(help="Papers' ids, or parts of their titles that fit no other.")],
    types: Annotated[
        list[Label] | None, typer.Option("--type", help="Only entities of this type.", show_default="all")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Entities to show.")] = COLUMNS,
    output: TableFormat = TableOutput.TABLE,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Set papers beside each other."""
    reader = workspace(data).reader()
    ids = [find_paper(reader, paper) for paper in papers]
    found = find_comparison(reader, ids, types or tuple(Label), limit=limit)
    print_found(
        output,
        as_json=as_json,
        record=lambda: asdict(found),
        table=lambda: comparison_table(found),
        tell=lambda: _tell_comparison(found),
    )


def _tell_comparison(found: Comparison) -> None:
    """Entities go down and papers across: titles are longer than lines, so numbers stand for them."""
    for number, paper in enumerate(found.papers, 1):
        say(f"{number:>2}. {_name(paper)}", "bold")
    say("")
    headings = ["entity", "type", *(str(number) for number, _ in enumerate(found.papers, 1))]
    rows = [
        [column.entity.name[:_WIDE], column.entity.label, *(role_in(cell) or "" for cell in column.cells)]
        for column in found.columns
    ]
    if rows:
        print_table(headings, rows)
    else:
        say("They name nothing specific of these types.")
    if found.total > len(found.columns):
        say(f"and {found.total - len(found.columns):,} more; --limit shows them")
