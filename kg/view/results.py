"""A result and a form → the bytes of a file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rdflib import Graph

from kg.index.hits import PaperHit
from kg.iri import Iris
from kg.model import Entity, Network, Paper
from kg.view.citations import to_bibtex, to_csl, to_ris
from kg.view.exports import to_gexf, to_graphml, to_json
from kg.view.forms import Form
from kg.view.pyvis_html import render
from kg.view.records import entities_graph, network_graph, papers_graph
from kg.view.tables import Table, edges_table, entities_table, found_table, papers_table, to_csv
from kg.workspace import Reader


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, in each of the ways in which it can be seen; what makes one of them is called if a form needs it.

    ``name`` is for the file, without its ending.
    """

    name: str
    table: Callable[[], Table]
    papers: Callable[[], Iterable[Paper]] | None = None
    graph: Callable[[], Graph] | None = None
    network: Network | None = None

    def written(self, form: Form) -> bytes:
        """The file. JSON has no place here: it is the answer of whoever has the result, with a shape of its own."""
        if form is Form.CSV:
            return _utf8(to_csv(self.table()))
        if form is Form.TURTLE and self.graph:
            return self.graph().serialize(format="turtle", encoding="utf-8")
        if form in _CITED and self.papers:
            return _utf8(_CITED[form](self.papers()))
        if form in _DRAWN and self.network:
            return _DRAWN[form](self.network)
        raise ValueError(f"{self.name} cannot be seen as {form}")


def papers_result(name: str, reader: Reader, ids: Sequence[str], *, table: Callable[[], Table] | None = None) -> Result:
    """Papers by their records; ``table`` is one that says more than those."""
    return Result(
        name,
        table=table or (lambda: papers_table(reader.index.records(ids))),
        papers=lambda: reader.index.records(ids),
        graph=lambda: papers_graph(reader.index.records(ids), reader.iris),
    )


def entities_result(name: str, entities: Sequence[Entity], iris: Iris) -> Result:
    """Entities by their names, types and counts."""
    return Result(name, table=lambda: entities_table(entities), graph=lambda: entities_graph(entities, iris))


def found_result(name: str, reader: Reader, entities: Sequence[Entity], papers: Sequence[PaperHit]) -> Result:
    """What a search found; programs for citations want the papers alone."""
    ids = [paper.id for paper in papers]
    cited = papers_result(name, reader, ids, table=lambda: found_table(entities, papers))
    return replace(
        cited,
        graph=lambda: papers_graph(reader.index.records(ids), reader.iris) + entities_graph(entities, reader.iris),
    )


def network_result(name: str, network: Network, iris: Iris) -> Result:
    """A drawing; its table has a row for each edge."""
    return Result(name, table=lambda: edges_table(network), graph=lambda: network_graph(network, iris), network=network)


DRAWINGS = ("graphml", "gexf", "json", "csv", "turtle", "html")
"""The forms in which a drawing can be had as a file."""


def drawing_file(form: str, network: Network, iris: Iris) -> tuple[str, str, bytes]:
    """The media type, the ending and the bytes of one of ``DRAWINGS``."""
    match form:
        case "html":
            return "text/html; charset=utf-8", "html", _utf8(render(network))
        case "json":
            return Form.JSON.media_type, Form.JSON.extension, _utf8(to_json(network))
    named = Form(form)
    return named.media_type, named.extension, network_result("", network, iris).written(named)


_CITED = {Form.BIBTEX: to_bibtex, Form.RIS: to_ris, Form.CSL: to_csl}
_DRAWN = {Form.GRAPHML: to_graphml, Form.GEXF: to_gexf}


def _utf8(text: str) -> bytes:
    """A question mark stands for half of a surrogate pair, which no encoding has."""
    return text.encode("utf-8", errors="replace")
