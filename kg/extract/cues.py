"""The words around a name that say whether the paper introduces it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.model import Field

# How far around a name its cues reach.
_BEFORE = 60
_AFTER = 60
_OBJECT = 140

_SENTENCE = re.compile(r"[.!?]\s+(?=[A-Z])")
_OPENING = r"[\"\u201c'`\u2018$\\{(*]*"
_CLOSING = r"[\s\"\u201d'}$*)]*"
_WE = re.compile(
    r"\b(?:we|this (?:paper|work|article|study)|here,?|paper|by|and|is to|which)\s+"
    r"(?:\w+ly\s+|(?:also|then|thus|first|further|have)\s+)*"
    r"(?:(?:propos|present|introduc|develop|describ|design|devis|releas|construct|creat|contribut|provid|formulat"
    r"|compil|collect|build|offer|establish|organiz|deriv|implement|extend|explor|unveil|demonstrat|advocat)"
    r"(?:e|es|ed|ing|s)?|built)\b(?! to\b)",
    re.IGNORECASE,
)
# What is proposed ends before what it is for, made of or compared with.
_ASIDE = re.compile(
    r"\b(?:for|of|to|based|using|with|in|by|from|on|that|which|via|through|under|between|against|where|whose"
    r"|consisting|and)\b|[.;:]",
    re.IGNORECASE,
)
_NAMELY = re.compile(rf"[^.;:]*[,:\u2013\u2014-]\s*(?:the |an? )?{_OPENING}", re.IGNORECASE)


def _cue(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# What stands right before a name, before it where it is written first, and right after it.
_BEFORE_CUES = {
    "apposition": _cue(
        r"\b(?:an?|the|our|this|first) (?:\w+ly )?[\w-]+ (?:[\w-]+ ){1,4}[,:\u2013\u2014-] ?(?:the |an? )?"
        rf"{_OPENING}$"
    ),
    "coined": _cue(
        r"\b(?:called|dubbed|termed|coined|named|namely|entitled|titled|i\.e\.,?|denoted(?: as| by)?"
        r"|abbreviated(?: as)?|refer(?:red)? to(?: \w+)? as|we (?:call|name|term|dub)(?: it| this(?: \w+){0,3})?)"
        rf"\s*{_OPENING}(?:the |an? )?$"
    ),
    "valued": _cue(
        r"\b(?:effectiveness|superiority|performance|efficacy|benefits?|advantages?|utility|potential|evaluat\w+"
        r"|validat\w+|demonstrat\w+|show|results?|test|apply|applying|applied|release|code for|train|version|variant)s?"
        r"(?: that| of| on| for|:)? (?:the |our |the proposed )?$"
    ),
}
_FIRST_CUES = {
    "compared": _cue(
        r"\b(?:than|compared (?:to|with)|over|outperform\w*|such as|like|baselines?|including|e\.g\.,?|existing|as in"
        r"|unlike|similar to|state-of-the-art|recent|popular|standard|traditional|limitations? of|training of"
        r"|variants? of)[ :]+(?:the |an? )?(?:[\w-]+ )?$"
    ),
    "used": _cue(
        r"\b(?:using|based on|with|of|in|for|via|by|from|on|between|to|into|through|and|or)\s+(?:an? |the )?$"
    ),
}
_AFTER_CUES = {
    "explained": _cue(rf"{_CLOSING}(?:,| is| are)? ?(?:an?|the first|our) \w+"),
    "passive": _cue(
        rf"{_CLOSING}(?:[\w-]+ ){{0,2}}(?:is|are|was|were) (?:\w+ly |first |then |also )?"
        r"(?:proposed|introduced|presented|developed|designed|constructed|devised|built|created)"
    ),
    "acts": _cue(
        rf"{_CLOSING} (?:\w+ly |also |can |is able to |not only )*(?:outperform|achiev|improv|surpass|show|yield|enabl"
        r"|allow|reduc|learn|provid|exceed|generat|leverag|consist|contain|combin|exploit|us|mak|requir|build|work"
        r"|offer|obtain|perform|produc|employ|introduc|scal|tak|incorporat|predict|maintain|bring|deliver|ha[sv]"
        r"|compris|demonstrat)\w*\b"
    ),
}
_SAYS_SO = {"proposed", "apposition", "coined"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A paper's title and abstract, with where sentences begin in it and where "we propose" ends."""

    title: str
    abstract: str
    sentences: tuple[int, ...]
    proposals: tuple[int, ...]

    @classmethod
    def of(cls, texts: dict[Field, str]) -> "Reading":
        """Read the texts of one paper."""
        abstract = texts[Field.ABSTRACT]
        sentences = (0, *(m.end() for m in _SENTENCE.finditer(abstract)))
        return cls(texts[Field.TITLE], abstract, sentences, tuple(m.end() for m in _WE.finditer(abstract)))

    def signs(self, places: Iterable[tuple[int, int]]) -> set[str]:
        """What the words around the places of a name in the abstract say of it, the first place first."""
        sentences, signs = self.sentences, set[str]()
        for i, (start, end) in enumerate(places):
            at = bisect_right(sentences, start) - 1
            before = self.abstract[max(sentences[at], start - _BEFORE) : start]
            after = self.abstract[end : end + _AFTER]
            signs |= {sign for sign, cue in _BEFORE_CUES.items() if cue.search(before)}
            signs |= {sign for sign, cue in _AFTER_CUES.items() if cue.match(after)}
            signs |= set(_as_object(self, sentences[at], start, first=i == 0))
            if i == 0:
                signs |= {sign for sign, cue in _FIRST_CUES.items() if cue.search(before)}
                if at == 0 and not signs & _SAYS_SO:
                    signs.add("first sentence")
            if 0 < at == len(sentences) - 1:
                signs.add("to the end")
        return signs


def _as_object(reading: Reading, sentence: int, start: int, *, first: bool) -> Iterator[str]:
    """Whether the sentence says "we propose" of what begins at ``start``, or of something and then its name."""
    last = bisect_right(reading.proposals, start) - 1
    if last < 0 or reading.proposals[last] < max(sentence, start - _OBJECT):
        return
    between = reading.abstract[reading.proposals[last] : start]
    if first and not _ASIDE.search(between):
        yield "proposed"
    if _NAMELY.fullmatch(between):
        yield "apposition"
