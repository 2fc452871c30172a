"""Commands about the indexes beside the graph: index, verify."""

import random
import sys
from typing import Annotated

import typer

from kg.analysis.verification import broken_shapes, differences
from kg.cli.output import AsJson, Data, print_json, print_table, say, workspace
from kg.index.checking import stored
from kg.resources import load_graph, ontology_dir
from kg.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        help="""Say what the indexes hold, or make them anew.

    Lists, text search and the matrices of papers and entities, and of papers and words, are copies of the graph; every
    ingest brings them along. With `--rebuild` they are made of the graph alone.

    **Examples**

        kg index
        kg index --rebuild
        kg index --json"""
    )(index)
    app.command(
        help="""Check that the indexes are exactly what the graph gives; the exit code is 1 if they are not.

    Every difference is printed with the id of the paper or entity. `--sample` looks at some papers, and at what these
    name; `--shapes` also holds the graph against the shapes of the ontology, which takes some milliseconds a paper.

    **Examples**

        kg verify
        kg verify --sample 500 --shapes
        kg verify --json"""
    )(verify)


def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the indexes anew from the graph.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say what the indexes hold."""
    space = workspace(data)
    if rebuild:
        space.rebuild()
    facts, files = _facts(space)
    if as_json:
        print_json({**facts, "files": files})
        return
    print_table(["what", "value"], [[name, _shown(value)] for name, value in facts.items()])
    say("")
    print_table(["file", "bytes"], [[name, size] for name, size in files.items()])
    if not facts["level"]:
        say(
            "\nThe graph holds more than readers see: a write is going on, or was cut off. The next kg ingest mends it."
        )


def _facts(space: Workspace) -> tuple[dict[str, int | str | bool], dict[str, int]]:
    reader = space.reader()
    try:
        matrix, counts = reader.incidence, reader.index.counts()
        facts: dict[str, int | str | bool] = {
            "generation": reader.path.name,
            "level": space.level(),
            "papers": counts["Paper"],
            "entities": len(matrix.entities),
            "cells": matrix.by_paper.nnz,
            "pairs": matrix.broader.nnz,
            "terms": len(reader.wording.columns),
        }
        names = [
            reader.path / "search.sqlite",
            *sorted(reader.path.glob("incidence/*")),
            *sorted(reader.path.glob("wording/*")),
        ]
        return facts, {str(name.relative_to(reader.path)): name.stat().st_size for name in names}
    finally:
        reader.close()


def _shown(value: int | str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else value


def verify(
    sample: Annotated[
        int | None, typer.Option(min=1, help="Look at so many papers, chosen by chance.", show_default="all")
    ] = None,
    shapes: Annotated[bool, typer.Option("--shapes", help="Also hold the graph against the shapes.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Check the indexes against the graph."""
    reader = workspace(data).reader()
    ids = sorted(set(reader.catalogue.paper_ids()))
    some = sorted(random.sample(ids, min(sample, len(ids)))) if sample else None
    with stored(reader.path / "search.sqlite") as copy:
        found = list(differences(reader.catalogue, copy, reader.incidence, reader.wording, some))
    if shapes:
        found += broken_shapes(reader.catalogue, load_graph(ontology_dir() / "shapes.ttl"), some or ids)
    looked_at = len(some or ids)
    if as_json:
        print_json({"papers": looked_at, "differences": [each._asdict() for each in found]})
    else:
        for each in found:
            say(": ".join(part for part in each if part))
        say(_summary(looked_at, len(found)), "bold")
    if found:
        sys.exit(1)


def _summary(papers: int, found: int) -> str:
    if not found:
        return f"{papers:,} papers: the indexes are what the graph gives."
    return f"{papers:,} papers: {found:,} difference{'s' * (found > 1)}. Make the indexes anew with: kg index --rebuild"
