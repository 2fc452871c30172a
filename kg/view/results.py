"""A result and a form → the bytes of a file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rdflib import Graph

from kg.model import Network, Paper
from kg.view.citations import to_bibtex, to_csl, to_ris
from kg.view.exports import to_gexf, to_graphml
from kg.view.forms import Form
from kg.view.tables import Table, to_csv


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


_CITED = {Form.BIBTEX: to_bibtex, Form.RIS: to_ris, Form.CSL: to_csl}
_DRAWN = {Form.GRAPHML: to_graphml, Form.GEXF: to_gexf}


def _utf8(text: str) -> bytes:
    """A question mark stands for half of a surrogate pair, which no encoding has."""
    return text.encode("utf-8", errors="replace")
