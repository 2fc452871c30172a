"""Sentences that say what is a kind of what, read off the text between two mentions.

The patterns are those of Hearst, "Automatic acquisition of hyponyms from large text corpora" (COLING 1992),
with mentions in the place of noun phrases: "X such as A, B and C", "A and other X", "A is a kind of X".
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from kg.model import Hyponym, Label, Mention

_ADJECTIVES = r"(?:(?!of|for|in|to|with|that|on|by|from|as|and|or|not)[A-Za-z-]+\s+){0,2}"
_SUCH_AS = re.compile(
    r",?\s*\(?\s*(?:such as|including|for example|for instance|namely|e\.\s?g\.),?\s+(?:the\s+)?",
    re.IGNORECASE,
)
_AS = re.compile(r"\s+as\s+(?:the\s+)?")
_AND_OTHER = re.compile(rf",?\s+(?:and|or)\s+(?:many\s+|any\s+|some\s+)?other\s+{_ADJECTIVES}")
_IS_A = re.compile(
    rf"\s+(?:is|are|was|were)\s+(?:a|an|one)\s+{_ADJECTIVES}"
    r"(?:(?:kind|type|variant|form|class|special case|instance|family)s?\s+of\s+(?:an?\s+)?)?"
)
_APPOSITION = re.compile(rf",\s+(?:a|an)\s+{_ADJECTIVES}(?:(?:kind|type|variant|form|class)\s+of\s+)?")
_OF = re.compile(r"\bof\s+(?:[\w-]+\s+)?$")
_SUCH = re.compile(r"\bsuch\s+$")
_ARTICLE = re.compile(r"\b(?:a|an)\s+(?:[\w-]+\s+){0,2}$")
_NEXT = re.compile(r"\s*(?:,|,?\s(?:and|or|as well as))\s+(?:the\s+)?")
# Behind a mention that is the end of its noun phrase stands one of these.
_ENDS = re.compile(
    r"\s*(?:[,.;:)\]]|$|(?:that|which|for|in|with|on|to|and|or|by|as|where|whose|from|when|while|have|has|is|are|can|"
    r"such|including|but|at|using|used|via|are|were|was|into|over|under|often|typically|usually)\b)"
)


def find_hyponyms(mentions: Iterable[Mention]) -> Iterator[Hyponym]:
    """What the sentences around these mentions of one paper say, in reading order."""
    ordered = sorted(mentions, key=lambda m: (m.field, m.sentence_start, m.sentence, m.start))
    for _, group in groupby(ordered, key=lambda m: (m.field, m.sentence_start, m.sentence)):
        yield from _in_sentence([m for m in group if not _bracketed(m)])


def _bracketed(mention: Mention) -> bool:
    """Whether it stands alone in brackets, as an abbreviation behind its long form does."""
    at = mention.start - mention.sentence_start
    return mention.sentence[:at].endswith("(") and mention.sentence[at + len(mention.text) :].startswith(")")


def _in_sentence(mentions: list[Mention]) -> Iterator[Hyponym]:
    for i, (left, right) in enumerate(pairwise(mentions)):
        gap = _gap(left, right)
        before = left.sentence[: left.start - left.sentence_start]
        # In "applications of X such as A" the A may be an application.
        if (_SUCH_AS.fullmatch(gap) and not _OF.search(before)) or (_AS.fullmatch(gap) and _SUCH.search(before)):
            yield from (pair for each in _run(mentions, i + 1, 1) if (pair := _pair(each, left, "such-as")))
        elif _AND_OTHER.fullmatch(gap) and _ends_phrase(right):
            yield from (pair for each in _run(mentions, i, -1) if (pair := _pair(each, right, "and-other")))
        elif _IS_A.fullmatch(gap) and _ends_phrase(right) and not before.rstrip().endswith(("of", "in", "for", "with")):
            if pair := _pair(left, right, "is-a"):
                yield pair
        elif _apposes(left, gap, right, before) and (pair := _pair(left, right, "apposition")):
            yield pair


def _apposes(left: Mention, gap: str, right: Mention, before: str) -> bool:
    """As in "GINCO, a greedy method,"; without a name on the left it is more often an enumeration."""
    named = any(c.isupper() for c in left.text) and not _ARTICLE.search(before)
    return named and _APPOSITION.fullmatch(gap) is not None and _ends_phrase(right)


def _run(mentions: list[Mention], start: int, step: int) -> Iterator[Mention]:
    """The mentions of an enumeration from one of its ends."""
    i = start
    while True:
        # Only the last of an enumeration may be cut off from its noun: "BERT embeddings" is no BERT.
        if step < 0 or _ends_phrase(mentions[i]):
            yield mentions[i]
        following = i + step
        if not 0 <= following < len(mentions):
            return
        pair = (mentions[i], mentions[following])[::step]
        if not _NEXT.fullmatch(_gap(*pair)):
            return
        i = following


def _gap(left: Mention, right: Mention) -> str:
    """The text between two mentions, without an abbreviation in brackets behind the first."""
    begin = left.sentence_start
    text = left.sentence[left.end - begin : right.start - begin]
    return re.sub(r"^\s*\((?!e\.)[^()]{1,20}\)", "", text)


def _ends_phrase(mention: Mention) -> bool:
    rest = mention.sentence[mention.end - mention.sentence_start :]
    return _ENDS.match(re.sub(r"^\s*\([^()]{1,20}\)", "", rest)) is not None


def _pair(narrow: Mention, broad: Mention, rule: str) -> Hyponym | None:
    return Hyponym(narrow, broad, rule) if akin(narrow.label, broad.label) else None


_CONFUSED = frozenset({Label.METHOD, Label.TASK, Label.CONCEPT})


def akin(one: Label, other: Label) -> bool:
    """Whether two labels may be given to one thing: the lines between method, task and concept are thin."""
    return one is other or {one, other} <= _CONFUSED
