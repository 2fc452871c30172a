"""The mentions of a sentence as a reader takes them: enumerations together, abbreviations with their long forms."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.model import Field, Label, Mention

SIGN = "\u25a1"
"""Stands for each phrase in what is between or around others."""

_JOIN = re.compile(r"\s*(?:,|,?\s(?:and|or|as well as|&)|/)\s+(?:the\s+)?", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Mentions of one label that are enumerated, "A, B and C", by number in reading order; offsets in the sentence."""

    start: int
    end: int
    label: Label
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Sentence:
    """A sentence and its phrases in reading order. Its texts have a sign for each phrase, and single blanks."""

    field: Field
    text: str
    phrases: tuple[Phrase, ...]

    def before(self, number: int) -> str:
        """What stands before a phrase."""
        return SIGN.join(self._gaps[: number + 1])

    def between(self, left: int, right: int) -> str:
        """What stands between two phrases."""
        return SIGN.join(self._gaps[left + 1 : right + 1])

    def behind(self, number: int) -> str:
        """What stands behind a phrase."""
        return SIGN.join(self._gaps[number + 1 :])

    @cached_property
    def _gaps(self) -> list[str]:
        """What is left of the text without its phrases, one piece more than these."""
        starts = [*(phrase.start for phrase in self.phrases), len(self.text)]
        ends = [0, *(phrase.end for phrase in self.phrases)]
        return [_BLANKS.sub(" ", self.text[end:start]) for end, start in zip(ends, starts, strict=True)]


def sentences(mentions: Sequence[Mention]) -> Iterator[Sentence]:
    """The sentences around the mentions of one paper; phrases hold numbers of ``mentions``."""
    grouped: dict[tuple[Field, int, str], list[int]] = defaultdict(list)
    for number in sorted(range(len(mentions)), key=lambda n: mentions[n]):
        mention = mentions[number]
        grouped[mention.field, mention.sentence_start, mention.sentence].append(number)
    for (field, begin, text), numbers in grouped.items():
        single = [Phrase(mentions[n].start - begin, mentions[n].end - begin, mentions[n].label, (n,)) for n in numbers]
        yield Sentence(field, text, tuple(_enumerations(text, _without_abbreviations(text, single))))


def _without_abbreviations(text: str, phrases: Sequence[Phrase]) -> list[Phrase]:
    """What stands alone in brackets behind a name is its abbreviation: it belongs to the name and says nothing new."""
    kept: list[Phrase] = []
    for each in phrases:
        last = kept[-1] if kept else None
        if last and text[last.end : each.start].strip() == "(" and text[each.end : each.end + 1] == ")":
            kept[-1] = Phrase(last.start, each.end + 1, last.label, last.numbers)
        else:
            kept.append(each)
    return kept


def _enumerations(text: str, phrases: Sequence[Phrase]) -> list[Phrase]:
    joined: list[Phrase] = []
    for each in phrases:
        last = joined[-1] if joined else None
        if last and last.label is each.label and _JOIN.fullmatch(text, last.end, each.start):
            joined[-1] = Phrase(last.start, each.end, last.label, last.numbers + each.numbers)
        else:
            joined.append(each)
    return joined
