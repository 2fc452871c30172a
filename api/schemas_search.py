"""The wire's shapes of what is searched for."""

from typing import Literal, Self

from api.schemas import EntityOut, PaperListed, Wire
from kg.index.hits import Found, Suggested, Suggestion
from kg.model import Label


class SearchOut(Wire):
    """What was found, best first. ``meant`` is another spelling, if the one that was typed led to little or nothing."""

    entities: list[EntityOut]
    papers: list[PaperListed]
    meant: str | None

    @classmethod
    def of(cls, noun: object) -> Self:
        """From what ``SearchIndex.search`` found."""
        assert isinstance(noun, Found)  # noqa: S101 - searches give nothing else
        papers = [PaperListed.of(each) for each in noun.papers]
        return cls(entities=[EntityOut.of(each) for each in noun.entities], papers=papers, meant=noun.meant)


class SuggestionOut(Wire):
    """An entity, or a paper by its title.

    ``matched`` is the name, other name or title that fits; ``spans`` are begin and end, in Unicode code points, of what
    in it fits what was typed.
    """

    kind: Literal["entity", "paper"]
    id: str
    name: str
    type: Label | None
    matched: str
    spans: list[tuple[int, int]]

    @classmethod
    def of(cls, noun: object) -> Self:
        """From our noun."""
        assert isinstance(noun, Suggestion)  # noqa: S101 - suggestions are nothing else
        kind: Literal["entity", "paper"] = "entity" if noun.label else "paper"
        spans = list(noun.spans)
        return cls(kind=kind, id=noun.id, name=noun.name, type=noun.label, matched=noun.matched, spans=spans)


class SuggestOut(Wire):
    """Suggestions, best first; ``meant`` as in a search."""

    items: list[SuggestionOut]
    meant: str | None

    @classmethod
    def of(cls, noun: object) -> Self:
        """From what ``SearchIndex.suggest`` found."""
        assert isinstance(noun, Suggested)  # noqa: S101 - see above
        return cls(items=[SuggestionOut.of(each) for each in noun.items], meant=noun.meant)
