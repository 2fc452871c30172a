"""The forms in which a result can be had, and which of them fit what kind of result."""

from enum import StrEnum


class Form(StrEnum):
    """A form of results; the value is its name on the command line and in ``?format=``."""

    JSON = "json"
    CSV = "csv"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl"
    TURTLE = "turtle"
    GRAPHML = "graphml"
    GEXF = "gexf"

    @property
    def media_type(self) -> str:
        """The Content-Type to send; without its parameters, what to look for in Accept."""
        return _TYPES[self][0]

    @property
    def bare(self) -> str:
        """The media type without parameters."""
        return self.media_type.partition(";")[0]

    @property
    def extension(self) -> str:
        """File name ending, without the dot."""
        return _TYPES[self][1]


_TYPES = {
    Form.JSON: ("application/json", "json"),
    Form.CSV: ("text/csv; charset=utf-8", "csv"),
    Form.BIBTEX: ("application/x-bibtex; charset=utf-8", "bib"),
    Form.RIS: ("application/x-research-info-systems; charset=utf-8", "ris"),
    Form.CSL: ("application/vnd.citationstyles.csl+json", "csl.json"),
    Form.TURTLE: ("text/turtle; charset=utf-8", "ttl"),
    Form.GRAPHML: ("application/graphml+xml", "graphml"),
    Form.GEXF: ("application/gexf+xml", "gexf"),
}

TABLE = (Form.JSON, Form.CSV)
ENTITIES = (*TABLE, Form.TURTLE)
PAPERS = (*ENTITIES, Form.BIBTEX, Form.RIS, Form.CSL)
NETWORK = (*ENTITIES, Form.GRAPHML, Form.GEXF)
