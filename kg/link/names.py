"""Whether two names name one thing: the verdict, the rule behind it and a score."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from kg.link.acronyms import abbreviates, looks_short
from kg.link.heads import bare
from kg.link.normal_form import normal_form, without_abbreviation
from kg.link.thresholds import THRESHOLDS

# What turns a word into its opposite or its neighbour: two names that differ by one of these are two.
_TURNING = frozenset(
    """
    un non in im ir il a an de dis semi self multi single hyper hypo anti pre post re sub super co over under inter
    intra micro macro bi tri uni mono poly homo hetero up down low high meta pseudo quasi mis mal fore out mini mega
    iso ortho para peri tele ultra cross counter
    """.split()
)
# Long words that one letter more or two letters swapped make another word that is right.
_CONFUSABLE = frozenset(
    frozenset(pair.split("/"))
    for pair in """
    prediction/predication predicated/predicted simulation/stimulation simulating/stimulating simulated/stimulated
    simulator/stimulator alteration/alternation alterations/alternations
    """.split()
)
_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``rule`` is ``name``, ``spacing``, ``acronym``, ``typo`` or, where nothing holds, ``different``."""

    same: bool
    rule: str
    score: float


DIFFERENT = Verdict(same=False, rule="different", score=0.0)


def same_name(a: str, b: str, *, similarity: float | None = None) -> Verdict:
    """Judge two names as written; symmetrical.

    ``similarity`` is that of the contexts in which they occur, a cosine in [-1, 1]: where it is given, what is only
    near must be confirmed by it. An acronym's verdict says that the two can be one, not that in some text they are.
    """
    one, other = normal_form(a), normal_form(b)
    if not one or not other:
        return DIFFERENT
    if one == other:
        return Verdict(same=True, rule="name", score=1.0)
    near = near_keys(one, other)
    a, b = bare(without_abbreviation(a)), bare(without_abbreviation(b))
    if near.rule != "spacing" and (_is_acronym(a, b) or _is_acronym(b, a)):
        return Verdict(same=True, rule="acronym", score=0.9)
    if near.rule == "typo" and similarity is not None and similarity < THRESHOLDS.fuzzy_similarity:
        return DIFFERENT
    return near


def near_keys(one: str, other: str) -> Verdict:
    """Judge two different normal forms by their letters: spacing, or one slip of the pen in a long word."""
    if _NUMBER.findall(one) != _NUMBER.findall(other):
        return DIFFERENT
    if despaced(one) == despaced(other):
        return Verdict(same=True, rule="spacing", score=0.98)
    ones, others = one.split(), other.split()
    if len(ones) != len(others):
        return DIFFERENT
    pairs = [(x, y) for x, y in zip(ones, others, strict=True) if x != y]
    if len(pairs) == 1 and is_slip(*pairs[0]):
        return Verdict(same=True, rule="typo", score=round(1 - 1 / max(len(one), len(other)), 3))
    return DIFFERENT


def despaced(key: str) -> str:
    """A normal form without its spaces: what is written in one word or in two meets here."""
    return key.replace(" ", "")


def is_slip(one: str, other: str) -> bool:
    """One letter left out or doubled, or two swapped, inside a long word, where that makes no other word.

    A wrong letter is no slip here: perceptron and perception, sharing and shaping are told apart by one.
    """
    if min(len(one), len(other)) < THRESHOLDS.typo_letters or not (one.isalpha() and other.isalpha()):
        return False
    if one[:2] != other[:2] or one[-2:] != other[-2:] or frozenset((one, other)) in _CONFUSABLE:
        return False
    same_letters = len(one) == len(other) and sorted(one) == sorted(other)
    different_length = len(one) != len(other) and not _turns(one, other)
    return (same_letters or different_length) and OSA.distance(one, other, score_cutoff=1) <= 1


def _turns(one: str, other: str) -> bool:
    """Whether one word is the other behind a prefix of meaning."""
    long, short = sorted((one, other), key=len, reverse=True)
    return any(long == prefix + short for prefix in _TURNING)


def _is_acronym(short: str, long: str) -> bool:
    """Whether one is the other's abbreviation where they differ: "KL divergence", "Kullback-Leibler divergence"."""
    if looks_short(short):
        return abbreviates(short, long)
    shorts, longs = re.split(r"[\s-]+", short.strip()), re.split(r"[\s-]+", long.strip())
    if len(shorts) > len(longs):
        return False
    while len(shorts) > 1 and len(longs) > 1 and normal_form(shorts[-1]) == normal_form(longs[-1]):
        shorts, longs = shorts[:-1], longs[:-1]
    while len(shorts) > 1 and len(longs) > 1 and normal_form(shorts[0]) == normal_form(longs[0]):
        shorts, longs = shorts[1:], longs[1:]
    return len(shorts) == 1 and len(longs) > 1 and looks_short(shorts[0]) and abbreviates(shorts[0], " ".join(longs))
