"""What a paper does with each thing that it names, from what the encoder says of every word of its mentions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kg.extract.tags import FITTING, ROLES
from kg.model import Label, Mention, Role

Floats = NDArray[np.float32] | NDArray[np.float64]
# What the rules say of the name of what a paper introduces is right this often on annotated papers.
_SYSTEM_SCORE = 0.9


def assign_roles(
    mentions: Sequence[Mention],
    probabilities: Iterable[Floats],
    thresholds: Mapping[Role, float],
    long_forms: Mapping[str, str],
    system: str | None,
) -> list[Mention]:
    """The mentions with their roles; those of one name, or of a long form and its abbreviation, have the same.

    ``probabilities`` are (words, roles) of each mention's words; those of a name count together, word by word. The
    score of a role is that of the name, the mean of its mentions, times that of the role: both must be right. One below
    its threshold, or that the label cannot have, is none. ``system`` names what the paper introduces.
    """
    names = [same_name(mention.text, long_forms) for mention in mentions]
    words: dict[str, list[Floats]] = defaultdict(list)
    sure: dict[str, list[float]] = defaultdict(list)
    for mention, name, found in zip(mentions, names, probabilities, strict=True):
        words[name].append(found)
        sure[name].append(mention.score)
    means = {name: np.concatenate(found).mean(axis=0) * float(np.mean(sure[name])) for name, found in words.items()}
    introduced = same_name(system, long_forms) if system else None
    assigned = []
    for mention, name in zip(mentions, names, strict=True):
        role, score = _best(means[name], mention.label, thresholds)
        if name == introduced:
            role, score = Role.PROPOSES, max(score if role is Role.PROPOSES else 0.0, _SYSTEM_SCORE)
        assigned.append(replace(mention, role=role, role_score=score))
    return assigned


def same_name(text: str, long_forms: Mapping[str, str]) -> str:
    """One key for the written forms of a name in one paper: case and a plural's s make no other thing."""
    return long_forms.get(text, text).lower().removesuffix("s")


def _best(mean: Floats, label: Label, thresholds: Mapping[Role, float]) -> tuple[Role | None, float]:
    fitting = [(float(mean[n]), role) for n, role in enumerate(ROLES) if role and label in FITTING[role]]
    probability, role = max(fitting)
    if probability < thresholds[role]:
        return None, 0.0
    return role, round(min(probability, 1.0), 3)
