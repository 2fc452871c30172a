"""A trained student to the folder of a spaCy pipeline, with its temperature and the thresholds beside the weights."""

import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from kg.evaluate import evaluate
from kg.evaluate.annotations import annotate
from kg.evaluate.cutoffs import cutoffs, lowest
from kg.evaluate.facts import all_facts
from kg.evaluate.gold import read_gold
from kg.extract.decoding import log_softmax
from kg.extract.encoder import Encoder
from kg.extract.spacy_extractor import SpacyExtractor
from kg.extract.tagger import blank_pipeline
from kg.extract.tags import TAGS
from kg.model import Paper, RelationKind, Role
from kg.sources import read_papers
from kg.training.data import joined, sample
from kg.training.encoders import Pretrained
from kg.training.exporting import Vocabulary, export, prune
from kg.training.network import Network

VERSION = "2.0.0"
NAME = "paperkg_mentions"
_LOOSE = 0.3
"""What is less sure than this is never written, however the held-out papers look."""
_NEVER = 1.0


RAREST = 5
"""Word pieces that occur less often in the corpus are left out; rarer words are read as smaller pieces."""


def corpus_vocabulary(read: Pretrained, corpus: Path | None, gold: Sequence[Path]) -> Vocabulary:
    """The student's vocabulary as far as the corpus uses it; all of it without a corpus."""
    counts: Counter[int] = Counter()
    for paper in read_papers([corpus]) if corpus else ():
        if isinstance(paper, Paper):
            for window in read.reader.read(joined(paper)).windows:
                counts.update(window.ids)
    for each in (paper for path in gold for paper in read_gold(path)):
        for window in read.reader.read(joined(each.paper)).windows:
            counts.update(dict.fromkeys(window.ids, RAREST))
    return prune(read.folder / "tokenizer.json", counts, RAREST if corpus else 0)


def write_pipeline(
    network: Network, vocabulary: Vocabulary, dev: Sequence[Path], annotations: Path | None, folder: Path
) -> dict[str, float]:
    """Write the folder, with the model card that is there already; returns the settings beside the weights."""
    card = folder / "MODEL.md"
    kept = card.read_text(encoding="utf-8") if card.exists() else None
    shutil.rmtree(folder, ignore_errors=True)
    nlp = blank_pipeline()
    nlp.meta.update(name=NAME, version=VERSION, license="Apache-2.0")
    nlp.to_disk(folder, exclude=["vocab"])
    tagger = folder / "mention_tagger"
    export(network, vocabulary, tagger)
    settings = {"temperature": fit_temperature(tagger, dev), **dict.fromkeys((*Role, *RelationKind), _LOOSE)}
    _write_settings(tagger, settings)
    if dev and annotations:
        settings |= choose_thresholds(folder, dev, annotations)
        _write_settings(tagger, settings)
    if kept is not None:
        card.write_text(kept, encoding="utf-8")
    return settings


def _write_settings(tagger: Path, settings: Mapping[str, float]) -> None:
    (tagger / "settings.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def choose_thresholds(folder: Path, dev: Sequence[Path], annotations: Path) -> dict[str, float]:
    """For each role and relation the lowest score from which on it is right often enough on held-out papers.

    What is never right often enough gets 1: none of it is written. See ``kg.evaluate.cutoffs``.
    """
    gold = [paper for path in dev for paper in read_gold(path)]
    facts = all_facts(evaluate(gold, SpacyExtractor(folder)), annotate(gold, annotations))
    chosen = {}
    for kinds, found in ((Role, facts["roles"]), (RelationKind, facts["relations"])):
        table = cutoffs(found)
        for kind in kinds:
            best = lowest(table[kind]) if kind in table else None
            chosen[kind.value] = max(best.score, _LOOSE) if best else _NEVER
    return chosen


def fit_temperature(tagger: Path, dev: Sequence[Path]) -> float:
    """The temperature at which the tags of held-out papers are likeliest (Guo et al. 2017), to two places; else 1."""
    encoder = Encoder(tagger)
    gold = [paper for path in dev for paper in read_gold(path)]
    samples = [sample(each, encoder.reader) for each in gold]
    logits = [reading.tags for reading in encoder.read(joined(each.paper) for each in gold)]
    if not logits:
        return 1.0
    scores, wanted = np.concatenate(logits), np.concatenate([each.tags for each in samples])
    found = minimize_scalar(lambda t: mean_loss(scores, wanted, t), bounds=(0.5, 5.0), method="bounded")
    return round(float(found.x), 2)


def mean_loss(logits: NDArray[np.float32], wanted: NDArray[np.int64], temperature: float) -> float:
    """Mean negative log likelihood of the wanted tags."""
    assert logits.shape[1] == len(TAGS)  # noqa: S101 - the graph and the code belong together
    return float(-log_softmax(logits / temperature)[np.arange(len(wanted)), wanted].mean())
