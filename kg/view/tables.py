"""Rows and columns → CSV. Tables of the results that several places show."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.analysis.related import Related
from kg.index.hits import PaperHit
from kg.model import Entity, Network, Paper
from kg.query.catalogue import PaperRow

Cell = str | int | float | bool | None


class Table(NamedTuple):
    """Rows that each have a cell for every column. None is an empty cell."""

    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def to_csv(table: Table) -> str:
    """CSV by RFC 4180, the columns' names first.

    Values stand as they are: one that a spreadsheet would take for a formula is data here, and a sign put before it
    would be read as part of it by every program that is none.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _cell(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
    return cell


def papers_table(papers: Iterable[Paper]) -> Table:
    """A row for each paper, with all that its record says but the abstract."""
    columns = ("id", "title", "authors", "year", "venue", "doi", "arxiv", "url")
    rows = ((p.id, p.title, "; ".join(p.authors), p.year, p.venue, p.doi, p.arxiv, p.url) for p in papers)
    return Table(columns, rows)


def entities_table(entities: Iterable[Entity]) -> Table:
    """A row for each entity."""
    columns = ("id", "name", "type", "papers", "generic", "aliases")
    rows = ((e.slug, e.name, e.label.value, e.papers, e.generic, "; ".join(e.aliases)) for e in entities)
    return Table(columns, rows)


def named_table(rows: Iterable[PaperRow]) -> Table:
    """A row for each paper that names an entity."""
    columns = ("id", "title", "year", "role")
    return Table(columns, ((p.id, p.title, p.year, p.role and p.role.value) for p in rows))


def found_table(entities: Iterable[Entity], papers: Iterable[PaperHit]) -> Table:
    """A row for each thing that a search found, entities first; ``type`` of a paper is Paper."""
    columns = ("type", "id", "name", "papers", "authors", "year", "venue")
    named = ((e.label.value, e.slug, e.name, e.papers, None, None, None) for e in entities)
    return Table(columns, [*named, *(("Paper", p.id, p.title, None, p.byline, p.year, p.venue) for p in papers)])


def related_table(found: Iterable[Related]) -> Table:
    """A row for each related paper, with the names of what is shared, the weightiest first, and the rarest words."""
    columns = ("id", "title", "year", "score", "shared", "words")
    rows = (
        (r.paper_id, r.title, r.year, r.score, "; ".join(each.entity.name for each in r.shared), _words(r))
        for r in found
    )
    return Table(columns, rows)


def _words(related: Related) -> str:
    return "; ".join(related.wording.words) if related.wording else ""


def edges_table(network: Network) -> Table:
    """A row for each edge of a drawing, with the ids and the names of its ends."""
    names = {node.id: node.name for node in network.nodes}
    columns = ("source", "target", "source_name", "target_name", "papers", "weight")
    rows = ((e.source, e.target, names[e.source], names[e.target], e.papers, e.weight) for e in network.edges)
    return Table(columns, rows)
