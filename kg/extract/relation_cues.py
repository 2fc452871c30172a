"""What the words between two mentions, and their roles, say of both: cues, and how often each is right.

A cue looks at two phrases of one sentence (see ``kg.extract.phrases``) and speaks for all mentions of both: what is
said of "A, B and C" is said of each. Sentences that say what is a kind of what are read by ``kg.hearst`` as well.

How often a cue is right was counted on annotated papers, with their annotated mentions and roles;
``scripts/tune_relations`` counts anew. An annotator leaves out much that is true, so these are low estimates.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import NamedTuple, TypeAlias

from kg.extract.phrases import Sentence, sentences
from kg.extract.roles import Likely
from kg.hearst import find_hyponyms
from kg.model import Field, Label, Mention, RelationKind, Role, may_relate

Pair: TypeAlias = tuple[int, int, RelationKind]
"""Numbers of head and tail, and how they are related."""

_METHOD, _DATA = frozenset({Label.METHOD}), frozenset({Label.METHOD, Label.DATASET})
# Which concepts are kinds of which, annotators hardly tell.
_NO_CONCEPT = frozenset(Label) - {Label.CONCEPT}

# Pieces of the patterns below, in which \u25a1 is a phrase. The first are nouns that still belong to the left phrase.
_NOUNS = r"(?:-[\w-]+)?(?: [\w-]+){0,2}"
_A = (
    r"(?:(?:an?|the|our|its|their|two|three|four|several|both|various|different|many|some|new|novel) )*"
    r"(?:(?!for|of|to|in|on|with|that|and)[\w/-]+ ){0,2}"
)
_FEW = r"(?:[\w/-]+ ){0,3}"
_SOME = r"(?:[\w/-]+ ){0,6}"
_NEAR, _AFAR = r"[^.;:]{0,60}", r"[^.;]{0,140}"
_ENDED = (
    r"(?:[ -]\w+)?\s*(?:[,.;:)]|$|(?:that|which|for|in|with|on|to|and|or|by|as|where|whose|from|when|while|ha[sv]e?|is"
    r"|are|can|based|using|via|was|were|into|under)\b)"
)
_BY = r"(?:via|using|by using|through|with|by|based on)"
_SOLVE = r"(?:address|solv|tackl|improv|enhanc|facilitat|enabl|perform|achiev|boost)(?:e|es|ed|ing|s)?"
_SHOW = r"(?:show|demonstrat|indicat|confirm|reveal|illustrat|verif|validat)\w*"
_ACHIEVE = (
    r"\b(?:achiev|reach|obtain|attain|improv|increas|reduc|enhanc|boost|provid|yield|decreas|outperform|surpass)\w*"
)
_MEASURED = r"\b(?:in terms of|with respect to|(?:as )?measured by|measured (?:in|using|with))"
_BEAT = r"(?:outperform|surpass|exceed|beat)\w*"
_THAN = r"\b(?:compar\w+ (?:to|with|against)|in comparison (?:to|with)|relative to|than|over|versus|vs\.?|against)"
_UNLIKE = r"\b(?:unlike|compared (?:to|with)|in contrast to|as opposed to) [^,;]{0,40}$"
_CONSIST = r"(?:(?:consist|compos)\w* of|compris(?:es|ing|e)(?: of)?|made up of)"
_CONTAIN = (
    rf"(?:{_CONSIST}|contain\w*|includ\w+|encompass\w*|combin\w+|integrat\w+|unif(?:y|ies)|fus(?:es|ing)"
    r"|incorporat\w+|employ\w*|utili[sz]\w+|leverag\w+|adopt\w*|exploit\w*|us(?:es|ing)|introduc\w+)"
)
_THAT = r"(?:\w+ly |that |which |can )*"
_HAS = rf"{_NOUNS},? {_THAT}{_CONTAIN} {_SOME}"
_HAS_AFAR = rf"[^.;:]{{0,40}} {_CONTAIN} [^.;:]{{0,70}}"
_WITH = rf"{_NOUNS} with {_A}"
_NOUNS_SUCH_AS = (
    r"(?:-[\w-]+(?: [\w-]+)?|(?: [\w-]+){1,2}),? ?\(? ?"
    r"(?:such as|including|for example|for instance|namely|e\.\s?g\.|like|especially),? (?:the )?"
)
_CALLED = (
    rf"{_NOUNS},? ?\(?(?:which is |that we |we )?"
    r"(?:called|known as|named|termed|dubbed|denoted(?: as| by)?|i\.\s?e\.,|namely,?) (?:the )?"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A thing that a text may do with two phrases: of ``found`` pairs in annotated papers, ``right`` were so related.

    ``between`` is all that stands between them, ``before`` the end of what stands before both, ``behind`` the beginning
    of what follows; ``backwards`` is where the tail stands first. Head and tail have these ``roles`` and, as far as the
    kind allows them, these labels.
    """

    name: str
    right: int
    found: int
    between: str = ".*"
    backwards: bool = False
    before: str = ""
    behind: str = ""
    heads: frozenset[Label] = frozenset(Label)
    tails: frozenset[Label] = frozenset(Label)
    roles: tuple[Role, Role] | None = None
    field: Field | None = None

    @property
    def precision(self) -> float:
        """In (0, 1), as if one pair more had been right and one wrong (Laplace): what was seen seldom says little."""
        return (self.right + 1) / (self.found + 2)


_NEW_FOR = Role.PROPOSES, Role.ADDRESSES
_NEW_ON = Role.PROPOSES, Role.EVALUATES
_NEW_GIVES = Role.PROPOSES, Role.REPORTS
_NEW_RIVAL = Role.PROPOSES, Role.COMPARES
_OWN_PART = Role.PROPOSES, Role.PROPOSES
_USED_PART = Role.USES, Role.PROPOSES

CUES: Mapping[RelationKind, tuple[Cue, ...]] = {
    RelationKind.USED_FOR: (
        Cue("for", 155, 181, rf"{_NOUNS},? (?:□,? )?for {_A}", heads=_DATA),
        Cue("for-further-on", 206, 272, rf"{_NEAR} for {_A}", heads=_DATA),
        Cue("by-means-of", 60, 69, rf"{_NOUNS},? {_BY} {_A}", backwards=True, behind=_ENDED, heads=_METHOD),
        Cue("in", 36, 41, rf"{_NOUNS} (?:in|on) {_A}", heads=_METHOD),
        Cue("of", 24, 25, rf"{_NOUNS} (?:to|of) {_A}", heads=_DATA),
        Cue("solves", 13, 16, rf"[^.;:□]{{0,60}} (?:to|for|that|which|can) (?:\w+ly )?{_SOLVE} {_A}", heads=_METHOD),
        Cue("title-colon", 23, 25, rf": {_A}", heads=_DATA, field=Field.TITLE),
        Cue("title-proposes", 138, 156, roles=_NEW_FOR, field=Field.TITLE),
        Cue("title-addresses", 33, 41, backwards=True, roles=_NEW_FOR, field=Field.TITLE),
        Cue("proposes-for", 207, 280, _NEAR, heads=_METHOD, roles=_NEW_FOR),
    ),
    RelationKind.EVALUATED_ON: (
        Cue("proposed-on", 22, 26, rf"{_AFAR} (?:on|across|over|in)\b[^.;:]{{0,40}}", roles=_NEW_ON),
        Cue("data-shows", 20, 20, rf"{_AFAR}{_SHOW}{_NEAR}", backwards=True, roles=_NEW_ON),
        Cue("proposes-evaluates", 36, 45, roles=_NEW_ON),
        Cue("evaluates-proposes", 24, 30, backwards=True, roles=_NEW_ON),
        Cue("on", 20, 34, rf"{_NEAR} (?:on|across|over) {_A}"),
    ),
    RelationKind.PART_OF: (
        Cue("contains-proposed", 12, 14, _HAS, backwards=True, tails=_METHOD, roles=_OWN_PART),
        Cue("contains-used", 19, 20, _HAS, backwards=True, tails=_METHOD, roles=_USED_PART),
        Cue("proposed-contains", 25, 34, _HAS_AFAR, backwards=True, heads=_METHOD, tails=_METHOD, roles=_OWN_PART),
        Cue("used-contains", 40, 67, _HAS_AFAR, backwards=True, tails=_METHOD, roles=_USED_PART),
        Cue("consists-of", 7, 8, rf"{_NOUNS},? {_THAT}{_CONSIST} {_SOME}", backwards=True, tails=_METHOD),
        Cue("title-with", 9, 14, _WITH, backwards=True, heads=_METHOD, tails=_METHOD, field=Field.TITLE),
    ),
    RelationKind.IS_A: (
        Cue("nouns-such-as", 21, 22, _NOUNS_SUCH_AS, backwards=True, heads=_NO_CONCEPT),
        Cue("called", 23, 31, _CALLED, backwards=True, heads=_NO_CONCEPT),
        Cue("brackets", 8, 9, rf"{_NOUNS} \(", backwards=True, behind=r"\)", heads=_NO_CONCEPT),
        Cue("title-apposition", 10, 15, rf": an? {_FEW}", heads=_NO_CONCEPT, field=Field.TITLE),
    ),
    RelationKind.COMPARED_WITH: (
        Cue("proposed-outperforms", 16, 19, rf"{_AFAR}{_BEAT} {_NEAR}", roles=_NEW_RIVAL),
        Cue("proposed-than", 19, 21, rf"{_AFAR}{_THAN} {_SOME}", roles=_NEW_RIVAL),
        Cue("unlike", 8, 10, _AFAR, before=_UNLIKE, backwards=True, roles=_NEW_RIVAL),
        Cue("outperforms", 11, 13, rf"{_NEAR}{_BEAT} {_SOME}"),
        Cue("proposes-compares", 57, 83, roles=_NEW_RIVAL),
    ),
    RelationKind.MEASURED_BY: (
        Cue("proposed-achieves", 45, 52, rf"{_NEAR}{_ACHIEVE} [^.;]{{0,80}}", roles=_NEW_GIVES),
        Cue("achieves", 30, 36, rf"{_NOUNS} {_FEW}{_ACHIEVE} [^.;□]{{0,60}}"),
        Cue("in-terms-of", 15, 19, rf"{_AFAR}{_MEASURED} {_A}"),
        Cue("metric-of", 39, 43, rf" (?:scores? |rates? )?(?:of|in|for|on) {_A}", backwards=True),
        Cue("proposes-reports", 99, 126, roles=_NEW_GIVES),
    ),
}
HYPONYMS = {cue.name: cue for cue in (Cue("such-as", 33, 33), Cue("apposition", 9, 11))}
"""Patterns of ``kg.hearst`` as cues."""


class Said(NamedTuple):
    """The cue that speaks for a relation, and how probable that makes it if both mentions are right."""

    probability: float
    cue: str


def find_cues(mentions: Sequence[Mention], roles: Sequence[Likely]) -> dict[Pair, Said]:
    """Of each pair that some cue relates the surest one. A cue that asks for roles is as sure as these are."""
    best: dict[Pair, Said] = {}
    for pair, cue in cued_pairs(mentions, [each.role for each in roles]):
        probability = cue.precision
        if cue.roles:
            probability *= roles[pair[0]].probability * roles[pair[1]].probability
        best[pair] = max(best.get(pair, Said(0.0, "")), Said(probability, cue.name))
    return best


def cued_pairs(mentions: Sequence[Mention], roles: Sequence[Role | None]) -> Iterator[tuple[Pair, Cue]]:
    """Every pair that a cue relates, once for each such cue."""
    for sentence in sentences(mentions):
        for left, right in combinations(range(len(sentence.phrases)), 2):
            for kind, cue in _fitting(sentence.phrases[left].label, sentence.phrases[right].label):
                yield from _related(kind, cue, sentence, (left, right), roles)
    numbers = {mention: number for number, mention in enumerate(mentions)}
    for narrow, broad, rule in ((each.narrow, each.broad, each.rule) for each in find_hyponyms(mentions)):
        if (
            rule in HYPONYMS
            and narrow.label in _NO_CONCEPT
            and may_relate(RelationKind.IS_A, narrow.label, broad.label)
        ):
            yield (numbers[narrow], numbers[broad], RelationKind.IS_A), HYPONYMS[rule]


def _related(
    kind: RelationKind, cue: Cue, sentence: Sentence, places: tuple[int, int], roles: Sequence[Role | None]
) -> Iterator[tuple[Pair, Cue]]:
    head, tail = (sentence.phrases[number] for number in (places[::-1] if cue.backwards else places))
    if cue.field not in (None, sentence.field):
        return
    pairs = [(i, j) for i in head.numbers for j in tail.numbers if cue.roles in (None, (roles[i], roles[j]))]
    if pairs and _reads(cue, sentence, *places):
        for i, j in pairs:
            yield (i, j, kind), cue


@cache
def _fitting(left: Label, right: Label) -> tuple[tuple[RelationKind, Cue], ...]:
    """The cues that may relate phrases of these labels, the one that stands first in its sentence given first."""
    return tuple((kind, cue) for kind, cues in CUES.items() for cue in cues if _fit(kind, cue, left, right))


def _fit(kind: RelationKind, cue: Cue, left: Label, right: Label) -> bool:
    head, tail = (right, left) if cue.backwards else (left, right)
    return head in cue.heads and tail in cue.tails and may_relate(kind, head, tail)


def _reads(cue: Cue, sentence: Sentence, left: int, right: int) -> bool:
    return bool(
        _compiled(cue.between).fullmatch(sentence.between(left, right))
        and _compiled(cue.before).search(sentence.before(left))
        and _compiled(cue.behind).match(sentence.behind(right))
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)
