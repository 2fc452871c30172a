"""What a paper does with each thing that it names, from what the encoder says of every word of its mentions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.extract.tags import FITTING, ROLES
from kg.model import Label, Mention, Role

Floats = NDArray[np.float32] | NDArray[np.float64]
# What the rules say of the name of what a paper introduces is right this often on annotated papers.
_SYSTEM_SCORE = 0.9


class Likely(NamedTuple):
    """The likeliest role of a name: its ``probability`` if the name is one, and ``score`` that both are right.

    What is ``settled`` is so whatever the threshold.
    """

    role: Role
    probability: float
    score: float
    settled: bool = False


def likely_roles(
    mentions: Sequence[Mention], probabilities: Iterable[Floats], long_forms: Mapping[str, str], system: str | None
) -> list[Likely]:
    """Of each mention; those of one name, or of a long form and its abbreviation, have the same.

    ``probabilities`` are (words, roles) of each mention's words; those of a name count together, word by word. The
    score is the mean of the mentions of a name, times the probability. A role that the label cannot have is none.
    ``system`` names what the paper introduces.
    """
    names = [same_name(mention.text, long_forms) for mention in mentions]
    words: dict[str, list[Floats]] = defaultdict(list)
    sure: dict[str, list[float]] = defaultdict(list)
    for mention, name, found in zip(mentions, names, probabilities, strict=True):
        words[name].append(found)
        sure[name].append(mention.score)
    means = {name: np.concatenate(found).mean(axis=0) for name, found in words.items()}
    introduced = same_name(system, long_forms) if system else None
    likely = []
    for mention, name in zip(mentions, names, strict=True):
        best = _best(means[name], float(np.mean(sure[name])), mention.label)
        likely.append(_introduced(best) if name == introduced else best)
    return likely


def assign_roles(
    mentions: Iterable[Mention], likely: Iterable[Likely], thresholds: Mapping[Role, float]
) -> list[Mention]:
    """The mentions with their roles; one that scores below its threshold is none."""
    assigned = []
    for mention, (role, _, score, settled) in zip(mentions, likely, strict=True):
        if settled or score >= thresholds[role]:
            assigned.append(replace(mention, role=role, role_score=round(score, 3)))
        else:
            assigned.append(replace(mention, role=None, role_score=0.0))
    return assigned


def same_name(text: str, long_forms: Mapping[str, str]) -> str:
    """One key for the written forms of a name in one paper: case and a plural's s make no other thing."""
    return long_forms.get(text, text).lower().removesuffix("s")


def _best(mean: Floats, sure: float, label: Label) -> Likely:
    probability, role = max((float(mean[n]), role) for n, role in enumerate(ROLES) if role and label in FITTING[role])
    probability = min(probability, 1.0)
    return Likely(role, probability, probability * sure)


def _introduced(best: Likely) -> Likely:
    mine = best if best.role is Role.PROPOSES else Likely(Role.PROPOSES, 0.0, 0.0)
    return Likely(Role.PROPOSES, max(mine.probability, _SYSTEM_SCORE), max(mine.score, _SYSTEM_SCORE), settled=True)
