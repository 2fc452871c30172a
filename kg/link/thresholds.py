"""The numbers that linking depends on, in one place: their hash is a part of the linker's version."""

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All that can be tuned.

    An abbreviation that a paper does not define goes to the sense that at least ``sense_papers`` papers define and
    that has at least ``sense_share`` of the definitions whose label fits; else to one whose papers share enough other
    entities with it: ``context_overlap``, and ``context_lead`` times that of the next. A label fits a sense that has it
    in ``label_share`` of its definitions. ``context_papers`` papers stand for a sense at most.

    A name in capitals that nothing defines is split by type where each part has ``homonym_share`` of the papers and a
    mean confidence of ``homonym_confidence``; ``introduced_confidence`` is enough where a paper introduces one of them.

    A typo changes words of ``typo_letters`` letters or more, is in ``typo_share`` of the papers of the right name at
    most, and its contexts, ``context_mentions`` for each name, are as near as ``fuzzy_similarity``. A head needs
    ``head_papers`` papers to be a broader entity.
    """

    sense_papers: int = 2
    sense_share: float = 0.8
    label_share: float = 0.2
    context_overlap: float = 2.0
    context_lead: float = 2.0
    context_papers: int = 50
    homonym_share: float = 0.25
    homonym_confidence: float = 0.75
    introduced_confidence: float = 0.6
    typo_letters: int = 9
    typo_share: float = 0.2
    fuzzy_similarity: float = 0.65
    context_mentions: int = 20
    head_papers: int = 2

    @property
    def digest(self) -> str:
        """Changes with any of the numbers."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:8]


THRESHOLDS = Thresholds()
