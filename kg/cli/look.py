"""Commands that show or hand out the graph: network, export, serve."""

import sys
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import typer

from kg.cli.explain import find_entity
from kg.cli.output import Data, complain, say, workspace
from kg.errors import StoreError
from kg.model import MAX_NODES, Label
from kg.settings import Settings, load_settings
from kg.workspace import Reader


class ExportFormat(StrEnum):
    """The formats of ``kg export``: the graph as RDF, or the records of its papers in those of ``Form``."""

    TRIG = "trig"
    NQUADS = "nquads"
    TURTLE = "turtle"
    JSONLD = "jsonld"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl"
    CSV = "csv"


_RECORDS = (ExportFormat.BIBTEX, ExportFormat.RIS, ExportFormat.CSL, ExportFormat.CSV)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        help="""Draw the entities that share papers, as an interactive page or for other tools.

    The page holds all it needs and makes no outside request. The ending decides the format: `.html`,
    `.graphml` (Gephi, yEd), `.gexf` (Gephi), `.json`, or `.csv` for the links alone.

    **Examples**

        kg network --out map.html
        kg network --out map.html --focus "stochastic gradient descent" --limit 100
        kg network --out map.html --query "protein folding" --year-from 2021 --type Method --type Dataset
        kg network --out map.graphml"""
    )(network)
    app.command(
        help="""Write the whole graph as RDF, or the records of all papers for reference managers.

    TriG, N-Quads and JSON-LD keep the named graphs, so each statement keeps its paper; Turtle holds the
    union of all. The order is canonical: equal graphs give equal files. BibTeX, RIS, CSL-JSON and CSV hold
    papers alone.

    **Examples**

        kg export --format trig > graph.trig
        kg export --format nquads --out graph.nq
        kg export --format bibtex --out papers.bib"""
    )(export)
    app.command(
        help="""Serve the graph: pages, REST, SPARQL and the map.

    Listens on this machine only unless `--host` says otherwise. Nothing can be written through it until
    `kg token create` has made a token; another address than this machine's needs one, or `KG_WRITES=off`.

    **Examples**

        kg serve
        kg serve --port 9000"""
    )(serve)


def network(  # noqa: PLR0913, PLR0917 - one option each
    out: Annotated[Path, typer.Option(help="File to write: .html, .graphml, .gexf, .json or .csv.")],
    focus: Annotated[
        str | None, typer.Option(help="Draw what surrounds this entity (its id or name).", show_default="all")
    ] = None,
    query: Annotated[
        str | None,
        typer.Option(
            help="Only the papers that this text finds: what is typical of them, or surrounds `--focus`.",
            show_default="all",
        ),
    ] = None,
    types: Annotated[list[Label] | None, typer.Option("--type", help="Only this type; repeat for several.")] = None,
    year_from: Annotated[int | None, typer.Option(min=1, max=9999, help="Papers of this year and later.")] = None,
    year_to: Annotated[int | None, typer.Option(min=1, max=9999, help="Papers up to this year.")] = None,
    venue: Annotated[str | None, typer.Option(help="Papers of this venue.")] = None,
    min_papers: Annotated[int, typer.Option(min=1, help="Papers that name an entity at least.")] = 1,
    weight: Annotated[Literal["npmi", "loglikelihood"], typer.Option(help="How links are weighed.")] = "npmi",
    limit: Annotated[
        int | None, typer.Option(min=2, max=MAX_NODES, help="Entities to draw at most.", show_default="500")
    ] = None,
    data: Data = None,
) -> None:
    """Draw the network of entities."""
    from kg.analysis.cooccurrence import Choice  # drawing takes half a second to import
    from kg.atlas.association import Weight
    from kg.view.concepts import Question, concept_network
    from kg.view.exports import write

    reader = workspace(data).reader()
    most = limit or load_settings().network_nodes
    choice = Choice(tuple(types or Label), year_from, year_to, venue, min_papers, Weight(weight), most)
    question = Question(find_entity(reader, focus) if focus else None, query, choice=choice)
    drawn = concept_network(reader, question.with_sentences())
    write(drawn, out)
    say(
        f"{out}: {len(drawn.nodes):,} of {drawn.total_nodes:,} entities, "
        f"{len(drawn.edges):,} of {drawn.total_edges:,} links"
    )


def export(
    form: Annotated[ExportFormat, typer.Option("--format", help="Form of the file.")] = ExportFormat.TRIG,
    out: Annotated[Path | None, typer.Option(help="File to write.", show_default="standard output")] = None,
    data: Data = None,
) -> None:
    """Write the whole graph, or its papers."""
    reader = workspace(data).reader()
    if out is None:
        _write(reader, form, sys.stdout.buffer)
        return
    try:
        with out.open("wb") as file:
            _write(reader, form, file)
    except OSError as error:
        raise StoreError(f"{out} cannot be written: {error}") from error


def _write(reader: Reader, form: ExportFormat, file: BinaryIO) -> None:
    if form not in _RECORDS:
        reader.store.dump(form.value, file)
        return
    from kg.view.forms import Form  # only files need these
    from kg.view.results import papers_result

    ids = [paper_id for paper_id, _, _ in reader.index.paper_facts()]
    file.write(papers_result("papers", reader, ids).written(Form(form.value)))


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port.", show_default="8000")] = None,
    data: Data = None,
) -> None:
    """Serve the graph."""
    settings = load_settings()
    updates = {"data": data, "host": host, "port": port}
    settings = settings.model_copy(update={name: value for name, value in updates.items() if value is not None})
    if settings.host not in ("127.0.0.1", "localhost") and settings.hosts == Settings().hosts:  # type: ignore[call-arg]
        complain(
            f"listening on {settings.host}, but only 127.0.0.1 and localhost are answered: name others in KG_HOSTS"
        )
    # The service sits above this package and is named here, not imported: see the import contracts.
    import_module("api.server").serve(settings)
