"""The scores from which on roles and relations are written, chosen on held-out papers; needs no torch."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from kg.evaluate import evaluate
from kg.evaluate.annotations import annotate
from kg.evaluate.cutoffs import cutoffs, lowest
from kg.evaluate.facts import all_facts
from kg.evaluate.gold import read_gold
from kg.extract.encoder import load_settings
from kg.extract.spacy_extractor import SpacyExtractor
from kg.model import RelationKind, Role
from kg.protocols import Extractor

LOOSE: Mapping[str, float] = dict.fromkeys((*Role, *RelationKind), 0.3)
"""What is less sure than this is never written, however the held-out papers look."""
_NEVER = 1.0
_STEPS = 100
_FEWEST = 5
"""That fewer were right says nothing of what will be."""


def renew_thresholds(folder: Path, dev: Sequence[Path], annotations: Path) -> dict[str, float]:
    """Choose the thresholds of a pipeline anew, by network and cues as they now are; returns all of its settings."""
    tagger = folder / "mention_tagger"
    settings = load_settings(tagger)
    write_settings(tagger, {**settings, **LOOSE})
    try:
        settings |= choose_thresholds(SpacyExtractor(folder), dev, annotations)
    finally:
        write_settings(tagger, settings)
    return settings


def choose_thresholds(extractor: Extractor, dev: Sequence[Path], annotations: Path) -> dict[str, float]:
    """For each role and relation the lowest score from which on it is right often enough on held-out papers.

    What is never right often enough gets 1: none of it is written. The extractor has to write what is ``LOOSE``. See
    ``kg.evaluate.cutoffs``.
    """
    gold = [paper for path in dev for paper in read_gold(path)]
    facts = all_facts(evaluate(gold, extractor), annotate(gold, annotations))
    chosen = {}
    for kinds, found in ((Role, facts["roles"]), (RelationKind, facts["relations"])):
        table = cutoffs(found, steps=_STEPS)
        for kind in kinds:
            best = lowest(table[kind], least=_FEWEST) if kind in table else None
            chosen[kind.value] = max(best.score, LOOSE[kind]) if best else _NEVER
    return chosen


def write_settings(tagger: Path, settings: Mapping[str, float]) -> None:
    """Write the temperature and the thresholds beside the weights."""
    (tagger / "settings.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
