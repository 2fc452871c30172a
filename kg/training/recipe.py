"""The whole recipe: annotated papers -> teacher -> soft labels on more papers -> student -> pipeline folder.

Distillation after Hinton, Vinyals and Dean (2015): the student learns the teacher's probabilities on texts that nobody
annotated, and the annotators' tags where there are some. Roles and relations it learns from the annotated papers alone.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from kg.evaluate.annotations import annotate
from kg.evaluate.gold import AnnotatedPaper, read_gold
from kg.extract.decoding import legal_transitions, tagged_ranges, viterbi
from kg.extract.tags import TAGS
from kg.model import Paper
from kg.sources import read_papers
from kg.training.data import Sample, pieces, sample, unlabelled
from kg.training.encoders import Pretrained
from kg.training.fitting import Fitting, Say, fit, fit_pairs, log_probabilities
from kg.training.network import Encoder, Network

_SHORTEST = 200


@dataclass(frozen=True)
class Recipe:
    """The numbers of the shipped model. ``silver`` counts the papers that the teacher labels.

    The layers of the teacher below ``teacher_entry`` stay as they are. Each silver paper is shown ``silver_times``. The
    student is fitted ``again`` from where it stands, each silver paper shown once, and keeps the mean of
    both (weight averaging, Izmailov et al. 2018). ``dropout`` is that inside its encoder.
    """

    teacher: Fitting = field(default_factory=lambda: Fitting(epochs=3, rate=1.5e-4, decay=0.9, masked=0.0))
    teacher_entry: int = 6
    silver: int = 1500
    silver_times: int = 2
    student: Fitting = field(default_factory=lambda: Fitting(epochs=5, rate=5e-4))
    dropout: float = 0.0
    again: Fitting = field(default_factory=lambda: Fitting(epochs=3, rate=2.5e-4, seed=1))
    seed: int = 0


def few_papers() -> Recipe:
    """The numbers for some hundred annotated papers and no silver ones, chosen on the development papers of SciERC."""
    return Recipe(student=Fitting(epochs=7, rate=5e-4), dropout=0.1)


def read_samples(
    files: Sequence[Path], read: Pretrained, annotations: Path | None = None, tags: Sequence[str] = TAGS
) -> list[Sample]:
    """All annotated papers of the files; ``tags`` that hold SciERC's sixth label ask for it."""
    gold = read_all(files, tags)
    known = annotate(gold, annotations) if annotations else {}
    return [sample(each, read.reader, known.get(each.paper.id), tags) for each in gold]


def read_all(files: Sequence[Path], tags: Sequence[str] = TAGS) -> list[AnnotatedPaper]:
    """The annotated papers of the files."""
    return [paper for file in files for paper in read_gold(file, generic=len(tags) > len(TAGS))]


def make_teacher(gold: Sequence[Sample], read: Pretrained, recipe: Recipe, say: Say) -> Network:
    """The large encoder, its lower half as it was, fitted to the annotated papers."""
    torch.manual_seed(recipe.seed)
    network = Network(Encoder(read.folder, entry=recipe.teacher_entry, dropout=0.1))
    fit(network, read.special, [(pieces(gold), recipe.teacher.epochs)], recipe.teacher, say)
    return network


def choose_silver(corpus: Path, without: Sequence[AnnotatedPaper], recipe: Recipe) -> list[Paper]:
    """Papers drawn at random from the corpus, none with the title of an annotated one, none without an abstract."""
    titles = {each.paper.title.casefold() for each in without}
    papers = [
        paper
        for paper in read_papers([corpus])
        if isinstance(paper, Paper) and len(paper.abstract) >= _SHORTEST and paper.title.casefold() not in titles
    ]
    order = random.Random(recipe.seed)  # noqa: S311 - a sample, not secrecy
    return order.sample(papers, min(recipe.silver, len(papers)))


def label_silver(papers: Sequence[Paper], teacher: Network, theirs: Pretrained, ours: Pretrained) -> list[Sample]:
    """Papers with what the teacher says of every word. Both read the same words, whatever their pieces."""
    found = log_probabilities(teacher, theirs.special, [unlabelled(paper, theirs.reader) for paper in papers])
    samples = [unlabelled(paper, ours.reader) for paper in papers]
    for each, soft in zip(samples, found, strict=True):
        each.soft = soft
    return samples


def make_student(
    gold: Sequence[Sample],
    silver: Sequence[Sample],
    read: Pretrained,
    recipe: Recipe,
    say: Say,
    tags: Sequence[str] = TAGS,
) -> Network:
    """The small encoder, fitted to both."""
    torch.manual_seed(recipe.student.seed)
    network = Network(Encoder(read.folder, dropout=recipe.dropout), tags=tags)
    sets = [(pieces(gold), recipe.student.epochs)]
    if silver:
        sets.append((pieces(silver), recipe.silver_times))
    fit(network, read.special, sets, recipe.student, say)
    fit_again(network, gold, silver, read, recipe, say)
    return network


def fit_again(
    network: Network, gold: Sequence[Sample], silver: Sequence[Sample], read: Pretrained, recipe: Recipe, say: Say
) -> None:
    """The second round, the mean of the weights before and after it, and then the relations once more, alone."""
    sets = [(pieces(gold), recipe.again.epochs)]
    if silver:
        sets.append((pieces(silver), 1))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    fit(network, read.special, sets, recipe.again, say)
    network.load_state_dict({name: (value + before[name]) / 2 for name, value in network.state_dict().items()})
    fit_pairs(network, read.special, gold, recipe.seed, say)


def exact_f1(network: Network, read: Pretrained, samples: Sequence[Sample], tags: Sequence[str] = TAGS) -> float:
    """Exact span and label micro F1 of the bare network, in percent, without the rules around it."""
    start, step = legal_transitions(tags)
    right = found = wanted = 0
    for each, log_probs in zip(samples, log_probabilities(network, read.special, samples), strict=True):
        gold = set(tagged_ranges([int(tag) for tag in each.tags], tags))
        predicted = set(tagged_ranges(viterbi(np.asarray(log_probs), start, step), tags))
        right += len(gold & predicted)
        found += len(predicted)
        wanted += len(gold)
    return 200 * right / max(found + wanted, 1)
