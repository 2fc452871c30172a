"""Texts that clients send to be read, and what was found in them: the shapes of ``/v1/extract`` and its page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas import MentionText, Wire
from kg.model import Entity, Mention, Paper, RelationKind, Role
from kg.preview.readings import Preview, Reading
from kg.sources import MAX_ABSTRACT, MAX_TITLE, make_paper

MAX_PAPERS = 50
MAX_CHARACTERS = 200_000

EXAMPLE_TITLE = "QuietProp: Faster Training of Graph Neural Networks by Skipping Silent Nodes"
EXAMPLE_ABSTRACT = (
    "Graph neural networks (GNNs) spend most of their training time on nodes whose representations hardly change. "
    "We propose QuietProp, a method that skips backpropagation through such nodes and corrects the gradient by "
    "importance sampling. On node classification with Cora, PubMed and ogbn-arxiv it halves the training time of a "
    "graph convolutional network (GCN) at the same accuracy, and needs less memory than GraphSAGE. We analyse the "
    "variance of the gradient to see when skipping is safe."
)


class PaperIn(BaseModel):
    """The texts of one paper."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(max_length=MAX_TITLE)
    abstract: str = Field("", max_length=MAX_ABSTRACT)


class ExtractIn(BaseModel):
    """One paper, by ``title`` and ``abstract``, or up to 50 as ``papers``; 200,000 characters in all."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(None, max_length=MAX_TITLE)
    abstract: str = Field("", max_length=MAX_ABSTRACT)
    papers: list[PaperIn] | None = Field(None, min_length=1, max_length=MAX_PAPERS)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        single = self.title is not None or bool(self.abstract)
        if single == (self.papers is not None) or (single and self.title is None):
            raise PydanticCustomError("form", "send either a title and an abstract, or a list of papers")
        size = sum(len(paper.title) + len(paper.abstract) for paper in self.each())
        if size > MAX_CHARACTERS:
            text = "the texts have {size} characters; {limit} are read at once"
            raise PydanticCustomError("size", text, {"size": f"{size:,}", "limit": f"{MAX_CHARACTERS:,}"})
        return self

    def each(self) -> list[PaperIn]:
        """The papers, however they were sent."""
        return self.papers or [PaperIn(title=self.title or "", abstract=self.abstract)]

    def nouns(self) -> Iterator[Paper]:
        """Our nouns; raises ValueError that says which paper cannot be read and why."""
        for number, paper in enumerate(self.each()):
            try:
                yield make_paper(paper.title, paper.abstract)
            except ValueError as error:
                raise ValueError(f"papers.{number}: {error}" if self.papers else f"paper: {error}") from error


@dataclass(frozen=True, slots=True)
class Found:
    """A mention, the slug of what it would name (None if nothing), and that entity if the graph holds it."""

    mention: Mention
    slug: str | None
    entity: Entity | None

    @property
    def role(self) -> Role | None:
        """What the paper does with the entity, from extractors that say so."""
        return self.mention.role

    @property
    def trail(self) -> tuple[str, ...]:
        """What decided, step by step, from extractors that say so."""
        return getattr(self.mention, "trail", ())


def found_in(reading: Reading, known: Mapping[str, Entity]) -> list[Found]:
    """The mentions of a reading; the title's first, each text's in order."""
    pairs = zip(reading.extraction.mentions, reading.slugs, strict=True)
    found = [Found(mention, slug, known.get(slug or "")) for mention, slug in pairs]
    return sorted(found, key=lambda each: (each.mention.field != "title", each.mention.start))


def slugs_of(preview: Preview) -> set[str]:
    """All entities that the mentions of a preview would name."""
    return {slug for reading in preview.readings for slug in reading.slugs if slug is not None}


class ExtractorOut(Wire):
    """What read the texts."""

    name: str
    version: str


class NamedEntity(Wire):
    """What a mention would name. ``page`` is its address here, null where the graph does not hold it yet."""

    slug: str
    name: str | None
    page: str | None


class AliasOut(Wire):
    """An abbreviation as the paper itself defines it."""

    long: str
    short: str


class FoundOut(MentionText):
    """A mention, ``paper[field][start:end] == text``. ``entity`` is null where the text names nothing by itself."""

    sentence_start: int
    trail: tuple[str, ...] = ()
    entity: NamedEntity | None = None

    @classmethod
    def found(cls, found: Found) -> Self:
        """From what was found."""
        entity = None
        if found.slug is not None:
            page = f"/entities/{quote(found.slug)}" if found.entity else None
            entity = NamedEntity(slug=found.slug, name=found.entity.name if found.entity else None, page=page)
        return cls.of(found.mention).model_copy(update={"entity": entity})


class RelationOut(Wire):
    """What the sentence of its head says of two mentions, which are numbered as in ``mentions``, from 0."""

    head: int
    tail: int
    kind: RelationKind
    score: float
    rule: str


class ReadingOut(Wire):
    """One paper as read: offsets count in this ``title`` and ``abstract``. ``error`` says why nothing was read."""

    title: str
    abstract: str
    mentions: list[FoundOut]
    relations: list[RelationOut]
    aliases: list[AliasOut]
    system: str | None
    error: str | None

    @classmethod
    def read(cls, reading: Reading, known: Mapping[str, Entity]) -> Self:
        """From a reading, and the entities of it that the graph holds."""
        extraction, found = reading.extraction, found_in(reading, known)
        return cls(
            title=extraction.paper.title,
            abstract=extraction.paper.abstract,
            mentions=[FoundOut.found(each) for each in found],
            relations=list(_relations(reading, found)),
            aliases=[AliasOut(long=long, short=short) for long, short in extraction.aliases],
            system=extraction.system,
            error=reading.error,
        )


def _relations(reading: Reading, found: Sequence[Found]) -> Iterator[RelationOut]:
    """In the order of their mentions."""
    number = {each.mention: i for i, each in enumerate(found)}
    for each in sorted(reading.extraction.relations, key=lambda r: (number[r.head], number[r.tail], r.kind)):
        head, tail = number[each.head], number[each.tail]
        yield RelationOut(head=head, tail=tail, kind=each.kind, score=each.score, rule=each.rule)


class ExtractOut(Wire):
    """The papers in the order in which they came, and the extractor that read them."""

    extractor: ExtractorOut
    papers: list[ReadingOut]

    @classmethod
    def previewed(cls, preview: Preview, known: Mapping[str, Entity]) -> Self:
        """From a preview, and the entities of it that the graph holds."""
        papers = [ReadingOut.read(reading, known) for reading in preview.readings]
        return cls(extractor=ExtractorOut(name=preview.extractor, version=preview.version), papers=papers)
