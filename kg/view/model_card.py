"""The model card that comes with the extractor → its tables, for those who show its scores."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kg.errors import ExtractionError
from kg.resources import model_dir

_BOLD = re.compile(r"\*\*(.*)\*\*")
_MENTIONS = ("label", "wanted", "exact F1", "overlap F1")
_ROLES = ("kind", "wanted", "P / R", "F1")
_VERSION = re.compile(r"Extractor version\s+`([^`]+)`")


class Table(NamedTuple):
    """A table of the card: ``heading`` is that of its section, ``rows`` have a cell for each column."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def picked(self, *columns: str) -> "Table":
        """With these columns alone, in this order."""
        at = [self.columns.index(column) for column in columns]
        return Table(self.heading, columns, tuple(tuple(row[each] for each in at) for row in self.rows))


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What the card says: its title, the version of the extractor that was measured, and how well that did.

    ``mentions`` has a table for each set of papers, ``roles`` one.
    """

    title: str
    version: str
    mentions: tuple[Table, ...]
    roles: Table


def load_card() -> str:
    """The text of the card of the extractor that is shipped."""
    return (model_dir() / "MODEL.md").read_text(encoding="utf-8")


def read_card(text: str) -> ModelCard:
    """Read a card as ``scripts/model_card`` writes it; raises ExtractionError for another."""
    version, tables = _VERSION.search(text), list(_tables(text))
    try:
        mentions = [each.picked(*_MENTIONS) for each in tables if {*_MENTIONS} <= {*each.columns}]
        roles = next(each.picked(*_ROLES) for each in tables if {*_ROLES} <= {*each.columns})
    except StopIteration as error:
        raise ExtractionError("the model card has no table of roles") from error
    title = text.partition("\n")[0].lstrip("# ")
    return ModelCard(title, version[1] if version else "", tuple(mentions), roles)


def _tables(text: str) -> Iterator[Table]:
    """All tables of a Markdown document."""
    heading, rows = "", list[tuple[str, ...]]()
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append(tuple(_BOLD.sub(r"\1", cell.strip()) for cell in line.strip().strip("|").split("|")))
        elif rows:
            yield Table(heading, rows[0], tuple(rows[2:]))
            rows = []
        if line.startswith("#"):
            heading = line.lstrip("# ")
