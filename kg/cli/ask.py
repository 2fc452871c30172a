"""Commands that ask the graph: query, search, stats; and which paper a name means."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.output import AsJson, Data, PapersFormat, PapersOutput, print_file, print_json, print_table, say, workspace
from kg.errors import AmbiguousError, NotFoundError, SourceError
from kg.index.hits import Found, Within
from kg.model import Label
from kg.prefixes import shorten
from kg.query import searching
from kg.query.guard import check
from kg.query.pool import QueryPool
from kg.query.results import ResultFormat
from kg.settings import load_settings
from kg.workspace import Reader


class QueryOutput(StrEnum):
    """The formats of ``kg query``."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"
    XML = "xml"
    TURTLE = "turtle"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        help="""Answer a SPARQL 1.1 query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    The default graph is the union of all. `@FILE` reads the query from a file, `@-` from standard input.

    **Examples**

        kg query 'SELECT (COUNT(*) AS ?papers) WHERE { ?p a <https://w3id.org/paperkg/ns#Paper> }'
        kg query @ontology/queries/06-most-mentioned-methods.rq --format csv"""
    )(query)
    app.command(
        help="""Search papers and entities by words; the last word may be a beginning.

    Other names of an entity count too, and where little is found, other spellings are tried.

    **Examples**

        kg search "graph neural netw"
        kg search pinn --type Method
        kg search diffusion --year-from 2022 --venue CVPR --format bibtex > papers.bib"""
    )(search)
    app.command(
        help="""Count what the graph holds.

    **Examples**

        kg stats
        kg stats --json"""
    )(stats)


def query(
    sparql: Annotated[str, typer.Argument(help="The query, or @FILE.", metavar="SPARQL|@FILE")],
    output: Annotated[QueryOutput, typer.Option("--format", help="How to print the answer.")] = QueryOutput.TABLE,
    timeout: Annotated[float, typer.Option(min=0.1, max=3600, help="Seconds the query may run.")] = 60.0,
    data: Data = None,
) -> None:
    """Answer a SPARQL query."""
    text = _read_query(sparql)
    settings = load_settings()
    reader = workspace(data).reader()
    table = output is QueryOutput.TABLE
    in_rows = not check(text).gives_graph
    shown = ResultFormat.JSON if in_rows else ResultFormat.TURTLE
    with QueryPool(
        reader.graph_path,
        workers=1,
        timeout=timeout,
        memory=settings.query_memory_mb << 20,
        max_rows=10**9,
        max_bytes=1 << 30,
    ) as pool:
        answer = pool.run(text, shown if table else ResultFormat(output.value))
    if table and in_rows:
        _print_solutions(json.loads(answer.body))
    else:
        sys.stdout.write(answer.body.decode())


def _read_query(argument: str) -> str:
    if not argument.startswith("@"):
        return argument
    if argument == "@-":
        return sys.stdin.read()
    try:
        return Path(argument[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(argument[1:], f"cannot be read: {error}") from error


def _print_solutions(answer: dict[str, object]) -> None:
    if "boolean" in answer:
        say("yes" if answer["boolean"] else "no")
        return
    names = answer["head"]["vars"]  # type: ignore[index]  # SPARQL 1.1 Query Results JSON Format
    rows = answer["results"]["bindings"]  # type: ignore[index]
    print_table(names, [[_cell(row[name]) if name in row else "" for name in names] for row in rows])


def _cell(term: dict[str, str]) -> str:
    match term["type"]:
        case "uri":
            return shorten(term["value"])
        case "bnode":
            return f"_:{term['value']}"
    return term["value"]


def find_paper(reader: Reader, name: str) -> str:
    """The id that this id or part of a title means; raises NotFoundError or AmbiguousError."""
    try:
        return reader.catalogue.paper(name).id
    except NotFoundError:
        hits = reader.index.titles_like(name)
    exact = [hit for hit in hits if hit.title.casefold() == name.strip().casefold()]
    if len(exact or hits) == 1:
        return (exact or hits)[0].id
    if hits:
        raise AmbiguousError("paper", name, [f"{hit.title} ({hit.id})" for hit in hits])
    near = reader.index.search(name, labels=(), limit=3).papers
    raise NotFoundError("paper", name, [hit.title for hit in near])


def search(  # noqa: PLR0913, PLR0917 - a parameter for each option
    text: Annotated[str, typer.Argument(help="Words to look for.")],
    limit: Annotated[int, typer.Option(min=1, max=200, help="Papers and entities to show.")] = 10,
    types: Annotated[
        list[Label] | None,
        typer.Option("--type", help="Show entities of this type, and no papers.", show_default="all"),
    ] = None,
    year_from: Annotated[int | None, typer.Option(help="Papers from this year on.", show_default="all")] = None,
    year_to: Annotated[int | None, typer.Option(help="Papers up to this year.", show_default="all")] = None,
    venue: Annotated[
        str | None, typer.Option(help="Papers of this venue; ICLR is that of ICLR 2024 too.", show_default="all")
    ] = None,
    output: PapersFormat = PapersOutput.TABLE,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Search papers and entities."""
    reader = workspace(data).reader()
    within = None if types else Within(year_from, year_to, venue)
    labels = types or tuple(Label)
    found = searching.search(reader.catalogue, reader.index, text, labels=labels, within=within, limit=limit)
    if as_json or output is PapersOutput.JSON:
        print_json(_found_record(found))
    elif output is PapersOutput.TABLE:
        _show_found(text, found)
    else:
        from kg.view.results import found_result  # only files need it

        print_file(output, found_result("search", reader, found.entities, found.papers))


def _found_record(found: Found) -> dict[str, object]:
    entities = [{"slug": e.slug, "name": e.name, "type": e.label.value, "papers": e.papers} for e in found.entities]
    papers = [{"id": p.id, "title": p.title, "year": p.year, "snippet": p.snippet} for p in found.papers]
    return {"entities": entities, "papers": papers, "meant": found.meant}


def _show_found(text: str, found: Found) -> None:
    if not found.entities and not found.papers:
        say(f"Nothing is called {text!r}, and no paper holds these words.")
    if found.meant:
        say(f"Little or nothing is spelt so; this is for: {found.meant}\n")
    if found.entities:
        print_table(["entity", "type", "papers", "id"], [[e.name, e.label, e.papers, e.slug] for e in found.entities])
    if found.papers:
        say("")
        print_table(["paper", "year", "id"], [[p.title, str(p.year or ""), p.id] for p in found.papers])


def stats(data: Data = None, as_json: AsJson = False) -> None:
    """Count what the graph holds."""
    reader = workspace(data).reader()
    mentions, edges = reader.catalogue.totals()
    counts = {**reader.index.counts(), "Mention": mentions, "Edge": edges}
    if as_json:
        print_json(counts)
        return
    print_table(["what", "number"], [[name, number] for name, number in counts.items()])
    common = reader.index.entities(limit=10)
    say("\nIn most papers:")
    print_table(["entity", "type", "papers"], [[e.name, e.label, e.papers] for e in common])
