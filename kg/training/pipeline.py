"""A trained student to the folder of a spaCy pipeline, with its temperature and the thresholds beside the weights."""

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from kg.evaluate.gold import read_gold
from kg.extract.decoding import log_softmax
from kg.extract.encoder import Encoder
from kg.extract.tagger import blank_pipeline
from kg.extract.tags import TAGS
from kg.model import Paper
from kg.sources import read_papers
from kg.training.data import joined, sample
from kg.training.encoders import Pretrained
from kg.training.exporting import Vocabulary, export, prune
from kg.training.network import Network
from kg.training.thresholds import LOOSE, renew_thresholds, write_settings

VERSION = "2.0.0"
NAME = "paperkg_mentions"

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
    settings = {"temperature": fit_temperature(tagger, dev), **LOOSE}
    write_settings(tagger, settings)
    if dev and annotations:
        settings = renew_thresholds(folder, dev, annotations)
    if kept is not None:
        card.write_text(kept, encoding="utf-8")
    return settings


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
