"""What an extractor of other people returns, checked once at the door; and reading on past bad papers."""

import re
from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from kg.errors import ExtractionError, KgError, SourceError
from kg.model import Extraction, Field, Label, Mention, Paper, Relation, RelationKind, Role
from kg.protocols import Extractor

_HAS_LETTER = re.compile(r"[A-Za-z0-9]")
_MIN_SCORE = 0.001

_What: TypeAlias = tuple[Mention, Mention, RelationKind]


class CheckedExtractor:
    """``inner`` as an ``Extractor`` that keeps its word: what breaks the protocol is an ExtractionError.

    Scores are rounded to three places, as the graph stores them.
    """

    def __init__(self, inner: Extractor, version: str) -> None:
        """Raise ExtractionError where name or version cannot go into provenance."""
        for member, value in (("name", inner.name), ("version", version)):
            if not isinstance(value, str) or not _HAS_LETTER.search(value):
                raise ExtractionError(f"the extractor's {member} must be text with a letter or digit, not {value!r}")
        self._inner = inner
        self.name = inner.name
        self.version = version

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """Every paper once, in order; raises ExtractionError at the first that is not as the protocol says."""
        asked: deque[Paper] = deque()

        def noted() -> Iterator[Paper]:
            for paper in papers:
                asked.append(paper)
                yield paper

        for extraction in self._guarded(noted(), asked):
            if not asked:
                raise ExtractionError(f"{self.name} returned more extractions than it was given papers")
            yield self._checked(extraction, asked.popleft())
        if asked:
            raise ExtractionError(f"{self.name} returned nothing for {_named(asked[0])}")

    def _guarded(self, papers: Iterator[Paper], asked: Sequence[Paper]) -> Iterator[Extraction]:
        try:
            yield from self._inner.extract(papers)
        except (KgError, MemoryError):
            raise
        except Exception as error:  # whatever it is, it is theirs
            where = f" on {_named(asked[0])}" if len(asked) == 1 else ""
            raise ExtractionError(f"{self.name} failed{where}: {type(error).__name__}: {error}") from error

    def _checked(self, extraction: Extraction, paper: Paper) -> Extraction:
        if not isinstance(extraction, Extraction):
            raise ExtractionError(f"{self.name} returned a {type(extraction).__name__}, not an Extraction")
        if extraction.paper != paper:
            raise ExtractionError(f"{self.name} returned {_named(extraction.paper)} where {_named(paper)} was next")
        if fault := _fault_of_names(extraction):
            raise ExtractionError(f"{self.name}, {_named(paper)}: {fault}")
        mentions = self._mentions(extraction)
        relations = self._relations(extraction, mentions)
        return replace(extraction, mentions=tuple(mentions.values()), relations=tuple(relations))

    def _mentions(self, extraction: Extraction) -> dict[Mention, Mention]:
        """Each mention as it came to what is kept of it."""
        ends = dict.fromkeys(Field, 0)
        for number, mention in enumerate(extraction.mentions, start=1):
            fault = _fault_of_type(mention) or _fault(mention, extraction.paper) or _fault_of_place(mention, ends)
            if fault:
                where = f"mention {number} of {len(extraction.mentions)}"
                raise ExtractionError(f"{self.name}, {_named(extraction.paper)}, {where}: {fault}")
            ends[mention.field] = mention.end
        return {m: replace(m, score=_rounded(m.score), role_score=_rounded(m.role_score)) for m in extraction.mentions}

    def _relations(self, extraction: Extraction, mentions: Mapping[Mention, Mention]) -> Iterator[Relation]:
        """What is kept of each relation, between what is kept of the mentions."""
        seen = set[_What]()
        for number, relation in enumerate(extraction.relations, start=1):
            if fault := _fault_of_relation(relation, mentions) or _fault_of_two(relation, seen):
                where = f"relation {number} of {len(extraction.relations)}"
                raise ExtractionError(f"{self.name}, {_named(extraction.paper)}, {where}: {fault}")
            seen.add(_what(relation))
            head, tail = mentions[relation.head], mentions[relation.tail]
            yield replace(relation, head=head, tail=tail, score=_rounded(relation.score))


def read_each(extractor: Extractor, papers: Sequence[Paper]) -> Iterator[Extraction | SourceError]:
    """Every paper's extraction in order, or why there is none; no paper costs another its own.

    After a failure the papers that were not answered yet are read one by one.
    """
    done = 0
    try:
        for extraction in extractor.extract(papers):
            done += 1
            yield extraction
    except ExtractionError:
        pass
    else:
        return
    for paper in papers[done:]:
        try:
            yield from list(extractor.extract([paper]))
        except ExtractionError as error:
            yield SourceError(f"paper {paper.id}", str(error))


def _fault_of_type(mention: Mention) -> str | None:
    """What is wrong before its values can be looked at."""
    if not isinstance(mention, Mention):
        return f"is a {type(mention).__name__}, not a Mention"
    if not isinstance(mention.field, Field) or not isinstance(mention.label, Label):
        return f"field and label must be a Field and a Label of kg.model, not {mention.field!r} and {mention.label!r}"
    numbers = (mention.start, mention.end, mention.sentence_start)
    if not all(isinstance(number, int) for number in numbers) or not isinstance(mention.score, int | float):
        return f"offsets must be whole numbers and the score a number, not {(*numbers, mention.score)}"
    if not isinstance(mention.role, Role | None) or not isinstance(mention.role_score, int | float):
        given = f"{mention.role!r} and {mention.role_score!r}"
        return f"role must be a Role of kg.model or None, and its score a number, not {given}"
    return None


def _fault(mention: Mention, paper: Paper) -> str | None:
    """What is wrong with a mention by itself."""
    text, place = paper.text(mention.field), _place(mention)
    if not 0 <= mention.start < mention.end <= len(text):
        return f"{place} lies outside the {mention.field}, which has {len(text):,} characters"
    if text[mention.start : mention.end] != mention.text:
        return f"{place} reads {text[mention.start : mention.end][:60]!r}, not {str(mention.text)[:60]!r}"
    if not _MIN_SCORE <= mention.score <= 1:
        return f"{mention.text[:60]!r} at {place}: the score must be from {_MIN_SCORE} to 1, not {mention.score!r}"
    if not 0 <= mention.role_score <= 1:
        return f"{mention.text[:60]!r} at {place}: the role's score must be from 0 to 1, not {mention.role_score!r}"
    begin, end = mention.sentence_start, mention.sentence_start + len(mention.sentence)
    if not 0 <= begin <= mention.start < mention.end <= end or text[begin:end] != mention.sentence:
        return f"{mention.text[:60]!r} at {place}: the sentence given does not stand around it in the text"
    return None


def _fault_of_place(mention: Mention, ends: dict[Field, int]) -> str | None:
    """What is wrong with a mention after those before it in the same field."""
    if mention.start < ends[mention.field]:
        return f"{mention.text[:60]!r} at {_place(mention)} overlaps the one before it, or stands in the wrong order"
    return None


def _rounded(score: float) -> float:
    return round(float(score), 3)


def _what(relation: Relation) -> _What:
    return relation.head, relation.tail, relation.kind


def _fault_of_relation(relation: Relation, mentions: Container[Mention]) -> str | None:
    """What is wrong with a relation by itself; ``mentions`` are those of its extraction."""
    if not isinstance(relation, Relation):
        return f"is a {type(relation).__name__}, not a Relation"
    if not isinstance(relation.kind, RelationKind) or not isinstance(relation.score, int | float):
        given = f"{relation.kind!r} and {relation.score!r}"
        return f"kind must be a RelationKind of kg.model and the score a number, not {given}"
    for end, mention in (("head", relation.head), ("tail", relation.tail)):
        if not isinstance(mention, Mention) or mention not in mentions:
            return f"its {end} is none of the mentions of this extraction"
    if relation.head == relation.tail:
        return f"{relation.head.text[:60]!r} at {_place(relation.head)} is both its head and its tail"
    if not _MIN_SCORE <= relation.score <= 1:
        return f"the score must be from {_MIN_SCORE} to 1, not {relation.score!r}"
    return None


def _fault_of_two(relation: Relation, others: Container[_What]) -> str | None:
    """What is wrong with a relation after those before it."""
    return "says the same of the same two mentions as one before it" if _what(relation) in others else None


def _fault_of_names(extraction: Extraction) -> str | None:
    pairs_fit = all(
        isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(name, str) and name for name in pair)
        for pair in extraction.aliases
    )
    if not pairs_fit:
        return "aliases must be pairs of a long form and its abbreviation"
    if extraction.system is not None and not isinstance(extraction.system, str):
        return f"system must be a name or None, not {extraction.system!r}"
    return None


def _place(mention: Mention) -> str:
    return f"{mention.field.value}[{mention.start}:{mention.end}]"


def _named(paper: Paper) -> str:
    return f"paper {paper.title[:60]!r}"
