"""The recipe step by step: which papers, what the teacher says of them, and what is scored."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch comes with the extra `train`")

from kg.evaluate.gold import AnnotatedPaper
from kg.extract.tags import ROLES, TAGS
from kg.model import Paper, Role
from kg.training import recipe
from kg.training.fitting import Fitting
from kg.training.network import Encoder, Network
from kg.training.recipe import (
    Recipe,
    choose_silver,
    exact_f1,
    label_silver,
    make_student,
    make_teacher,
    read_all,
    read_samples,
)
from tests.kg.training.gold import crane, write_gold

if TYPE_CHECKING:
    from kg.training.encoders import Pretrained

LONG = "We fold paper cranes and say so at length. " * 6
QUICK = Fitting(epochs=25, rate=3e-3, head_rate=1e-2, batch=2, masked=0.0)
SMALL = Recipe(teacher=QUICK, teacher_entry=1, student=replace(QUICK, epochs=15), silver_times=15)


def corpus(path: Path, *papers: tuple[str, str]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number, (title, abstract) in enumerate(papers):
            file.write(json.dumps({"id": f"p{number}", "title": title, "abstract": abstract}) + "\n")
    return path


def gold(title: str) -> AnnotatedPaper:
    return AnnotatedPaper(Paper("g:1", title, ""), ())


def titles(papers: list[Paper]) -> set[str]:
    return {paper.title for paper in papers}


def test_silver_papers_are_not_annotated_and_have_an_abstract(tmp_path: Path) -> None:
    file = corpus(
        tmp_path / "c.jsonl.gz", ("Folding Cranes", LONG), ("Paper", LONG), ("Short", "We fold."), ("Bare", "")
    )
    assert titles(choose_silver(file, [], Recipe())) == {"Folding Cranes", "Paper"}
    assert titles(choose_silver(file, [gold("folding CRANES"), gold("Other")], Recipe())) == {"Paper"}


def test_silver_papers_are_drawn_by_the_seed(tmp_path: Path) -> None:
    file = corpus(tmp_path / "c.jsonl.gz", *((f"Paper {n}", LONG) for n in range(40)))
    one, again, other = (titles(choose_silver(file, [], Recipe(silver=10, seed=seed))) for seed in (1, 1, 2))
    assert len(one) == 10
    assert one == again != other


def test_gold_is_read_with_what_annotators_say_of_it(small: "Pretrained", tmp_path: Path) -> None:
    file = write_gold(tmp_path / "g.jsonl", crane("fold"), crane("train"))
    (tmp_path / "a.txt").write_text("=== g#1\nroles: 0 proposes\nrels: 1 evaluatedOn 2\n", encoding="utf-8")
    plain, annotated = read_samples([file], small, tmp_path / "a.txt")
    assert plain.roles is None
    assert annotated.roles is not None
    assert annotated.roles[0] == annotated.roles[4] == ROLES.index(Role.PROPOSES)
    assert sum(pair.kind > 0 for pair in annotated.pairs) == 1
    assert all(each.roles is None for each in read_samples([file, file], small))
    assert len(read_all([file, file])) == 4


def test_sciercs_sixth_label_is_read_where_it_is_asked_for(small: "Pretrained", tmp_path: Path) -> None:
    file = tmp_path / "dev.txt"
    file.write_text("-DOCSTART- NN O O\n\nThis NN O B-Generic\nfolds NN O O\n", encoding="utf-8")
    tags = (*TAGS, "B-Generic", "I-Generic")
    assert read_samples([file], small)[0].tags.tolist() == [0, 0]
    assert read_samples([file], small, tags=tags)[0].tags.tolist() == [len(TAGS), 0]


def test_f1_counts_exact_spans_with_their_labels(
    small: "Pretrained", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = read_samples([write_gold(tmp_path / "g.jsonl", crane("fold"), crane("train"))], small)
    said: list[Any] = [np.log(np.eye(len(TAGS))[each.tags] + 1e-6) for each in samples]
    monkeypatch.setattr(recipe, "log_probabilities", lambda _network, _special, of: said[: len(of)])
    network = Network(Encoder(small.folder))
    assert exact_f1(network, small, samples) == 100
    # One of eight spans is gone, another has another label: of seven found six are right.
    said[0][0] = np.log(np.eye(len(TAGS))[0] + 1e-6)
    said[1][0] = np.log(np.eye(len(TAGS))[TAGS.index("B-Task")] + 1e-6)
    assert exact_f1(network, small, samples) == pytest.approx(200 * 6 / (7 + 8))
    assert exact_f1(network, small, []) == 0


def quiet(_: str) -> None:
    """Say nothing."""


@pytest.mark.slow
def test_a_student_learns_from_what_its_teacher_says_of_papers_that_nobody_annotated(
    small: "Pretrained", small_mpnet: "Pretrained", tmp_path: Path
) -> None:
    verbs = ("fold", "train", "test", "see")
    file = write_gold(tmp_path / "g.jsonl", *(crane(verb) for verb in verbs))
    teacher = make_teacher(read_samples([file], small_mpnet), small_mpnet, SMALL, quiet)
    assert exact_f1(teacher, small_mpnet, read_samples([file], small_mpnet)) == 100
    assert teacher.encoder.entry == 1
    silver = label_silver([crane(verb).paper for verb in verbs], teacher, small_mpnet, small)
    wanted = read_samples([file], small)
    for each, known in zip(silver, wanted, strict=True):
        assert each.words == known.words
        assert each.soft is not None
        assert each.soft.argmax(axis=1).tolist() == known.tags.tolist()
        assert each.roles is None
    student = make_student([], silver, small, SMALL, quiet)
    assert exact_f1(student, small, wanted) > 90


def test_a_student_may_do_without_a_teacher(small: "Pretrained", tmp_path: Path) -> None:
    samples = read_samples([write_gold(tmp_path / "g.jsonl", crane("fold"), crane("train"))], small)
    once = replace(SMALL, student=replace(QUICK, epochs=1))
    tags = (*TAGS, "B-Generic", "I-Generic")
    assert make_student(samples, [], small, once, quiet, tags).tag.out_features == len(tags)
