"""What is typed into a field for a paper or an entity → the thing that it names, or what it may mean."""

from dataclasses import dataclass
from typing import NamedTuple

from kg.analysis.paths import End, find_end
from kg.errors import AmbiguousError, NotFoundError
from kg.iri import Kind, normal_arxiv
from kg.model import Label
from kg.query import searching
from kg.workspace import Reader

CHOICES = 8


class Choice(NamedTuple):
    """Something that was perhaps meant: ``value`` stands for it in an address. A paper has no ``label``."""

    value: str
    name: str
    label: Label | None
    note: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A text, and the end that it names; if it names none, what it may mean, which may be nothing."""

    text: str
    end: End | None = None
    choices: tuple[Choice, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether something was typed that leads nowhere by itself."""
        return bool(self.text) and self.end is None


def paper_end(reader: Reader, text: str) -> Typed:
    """The paper of an id or an arXiv id, or papers that hold these words."""
    text = text.strip()
    if not text:
        return Typed("")
    for each in (text, f"arxiv-{normal_arxiv(text)}"):
        if reader.incidence.papers.find(each) is not None:
            return Typed(text, End(Kind.PAPER, each))
    return Typed(text, None, tuple(_papers(reader, text, CHOICES)))


def any_end(reader: Reader, text: str) -> Typed:
    """The paper or entity of an id, with ``paper:`` or ``entity:`` before it where both are called so, or by words."""
    text = text.strip()
    if not text:
        return Typed("")
    try:
        return Typed(text, find_end(reader.incidence, text))
    except NotFoundError:
        named = searching.search(reader.catalogue, reader.index, text, within=None, limit=CHOICES).entities
        entities = [Choice(f"entity:{e.slug}", e.name, e.label, _papers_of(e.papers)) for e in named]
        called = [e for e in named if e.name.casefold() == text.casefold()]
        if len(called) == 1:
            return Typed(text, End(Kind.ENTITY, called[0].slug))
        papers = [each._replace(value=f"paper:{each.value}") for each in _papers(reader, text, CHOICES)]
        return Typed(text, None, (*entities, *papers)[: 2 * CHOICES])
    except AmbiguousError:
        paper, entity = next(iter(reader.index.records([text]))), next(iter(reader.index.entities_of([text])))
        both = (
            Choice(f"paper:{text}", paper.title, None, str(paper.year or "")),
            Choice(f"entity:{text}", entity.name, entity.label, _papers_of(entity.papers)),
        )
        return Typed(text, None, both)


def _papers(reader: Reader, text: str, limit: int) -> list[Choice]:
    found = reader.index.search(text, labels=(), limit=limit).papers
    return [Choice(hit.id, hit.title, None, f"{hit.byline or ''} {hit.year or ''}".strip()) for hit in found]


def _papers_of(count: int) -> str:
    return f"{count:,} {'paper' if count == 1 else 'papers'}"
