"""Annotated papers to tags, roles and pairs by word."""

from pathlib import Path

import numpy as np
import pytest

from kg.evaluate.annotations import Annotation
from kg.evaluate.gold import AnnotatedPaper, Span, read_gold
from kg.extract.pieces import Reader
from kg.extract.tags import KINDS, ROLES, TAGS
from kg.model import Field, Label, Paper, RelationKind, Role
from kg.training.data import IGNORED, Pair, Sample, joined, pieces, sample, unlabelled
from tests.kg.training.gold import paper

M, D, T, X = Label.METHOD, Label.DATASET, Label.TASK, Label.METRIC
USED, ON, VERSUS = RelationKind.USED_FOR, RelationKind.EVALUATED_ON, RelationKind.COMPARED_WITH


def reader(limit: int = 512) -> Reader:
    return Reader(lambda word: [10] * len(word), opening=1, closing=2, unknown=3, limit=limit)


def by_word(gold: AnnotatedPaper, read: Sample) -> list[tuple[str, str]]:
    text = joined(gold.paper)
    words = [text[a:b] for a, b in zip(read.words.starts, read.words.ends, strict=True)]
    return [(word, TAGS[tag]) for word, tag in zip(words, read.tags, strict=True)]


def pairs(gold: AnnotatedPaper, read: Sample) -> dict[tuple[str, str], RelationKind | None]:
    text = joined(gold.paper)

    def name(place: tuple[int, int]) -> str:
        return text[read.words.starts[place[0]] : read.words.ends[place[1]]]

    found = {(name(pair.head), name(pair.tail)): KINDS[pair.kind] for pair in read.pairs}
    assert len(found) == len(read.pairs)
    return found


TITLED = paper(
    "CraneNet: Folding",
    "CraneNet-10 folds Crane Banks.",
    [("CraneNet", M), ("Folding", T)],
    [("CraneNet-10", M), ("Crane Bank", D)],
)


@pytest.mark.parametrize(
    ("title", "abstract", "text"), [("A", "B", "A\n\nB"), ("", "B", "B"), ("A", "", "A"), ("", "", "")]
)
def test_what_is_missing_leaves_no_separator(title: str, abstract: str, text: str) -> None:
    assert joined(Paper("p", title, abstract)) == text


def test_tags_stand_at_the_words_of_their_field() -> None:
    assert by_word(TITLED, sample(TITLED, reader())) == [
        ("CraneNet", "B-Method"),
        (":", "O"),
        ("Folding", "B-Task"),
        ("\n\n", "O"),
        ("CraneNet", "B-Method"),
        ("-", "I-Method"),
        ("10", "I-Method"),
        ("folds", "O"),
        ("Crane", "B-Dataset"),
        # A span that cuts a word takes all of it.
        ("Banks", "I-Dataset"),
        (".", "O"),
    ]


def test_neighbours_begin_anew() -> None:
    gold = paper("", "one two three", (), [("one", M), ("two three", M)])
    assert [tag for _, tag in by_word(gold, sample(gold, reader()))] == ["B-Method", "B-Method", "I-Method"]


def test_columns_without_a_title_are_read_from_their_first_word(tmp_path: Path) -> None:
    file = tmp_path / "dev.txt"
    rows = [("CraneNet", "B-Method"), ("folds", "O"), ("cranes", "B-Task"), ("fast", "I-Task"), ("it", "B-Generic")]
    columns = "".join(f"{word} NN O {tag}\n" for word, tag in rows)
    file.write_text(f"-DOCSTART- NN O O\n\n{columns}\n", encoding="utf-8")
    [gold] = read_gold(file)
    assert by_word(gold, sample(gold, reader()))[:4] == rows[:4]
    [six] = read_gold(file, generic=True)
    tags = (*TAGS, "B-Generic", "I-Generic")
    assert tags[sample(six, reader(), tags=tags).tags[4]] == "B-Generic"


def test_without_an_annotation_nothing_is_known_of_roles_and_relations() -> None:
    read = sample(TITLED, reader())
    assert read.roles is None
    assert read.pairs == []


def test_roles_stand_at_the_words_of_their_mentions_only() -> None:
    read = sample(TITLED, reader(), Annotation({0: Role.PROPOSES, 2: Role.USES}, ()))
    assert read.roles is not None
    proposes, uses, none = (ROLES.index(role) for role in (Role.PROPOSES, Role.USES, None))
    wanted = [proposes, IGNORED, none, IGNORED, uses, uses, uses, IGNORED, none, none, IGNORED]
    assert read.roles.tolist() == wanted


def test_pairs_are_those_of_one_sentence() -> None:
    text = "CraneNet folds on CraneBank. PaperNet gains accuracy."
    gold = paper(
        "Folding", text, [("Folding", T)], [("CraneNet", M), ("CraneBank", D), ("PaperNet", M), ("accuracy", X)]
    )
    read = sample(gold, reader(), Annotation({}, ((1, 2, ON),)))
    assert pairs(gold, read) == {
        ("CraneNet", "CraneBank"): ON,
        ("CraneBank", "CraneNet"): None,
        ("PaperNet", "accuracy"): None,
        ("accuracy", "PaperNet"): None,
    }


def test_a_stated_relation_is_learned_across_sentences_too() -> None:
    gold = paper("Folding", "CraneNet works. It does.", [("Folding", T)], [("CraneNet", M)])
    read = sample(gold, reader(), Annotation({}, ((1, 0, USED),)))
    assert pairs(gold, read) == {("CraneNet", "Folding"): USED}


def test_a_comparison_holds_in_both_directions() -> None:
    gold = paper("", "CraneNet beats PaperNet.", (), [("CraneNet", M), ("PaperNet", M)])
    both = {("CraneNet", "PaperNet"): VERSUS, ("PaperNet", "CraneNet"): VERSUS}
    assert pairs(gold, sample(gold, reader(), Annotation({}, ((1, 0, VERSUS),)))) == both
    directed = sample(gold, reader(), Annotation({}, ((1, 0, RelationKind.IS_A),)))
    assert pairs(gold, directed) == {
        ("PaperNet", "CraneNet"): RelationKind.IS_A,
        ("CraneNet", "PaperNet"): None,
    }


def test_of_an_unlabelled_paper_only_the_words_are_known() -> None:
    read = unlabelled(TITLED.paper, reader())
    assert read.words == sample(TITLED, reader()).words
    assert not read.tags.any()
    assert read.soft is read.roles is None


def test_a_paper_without_words_can_be_read() -> None:
    empty = AnnotatedPaper(Paper("g:1", "", ""), ())
    read = sample(empty, reader(), Annotation({}, ()))
    assert len(read.tags) == 0
    assert pieces([read]) == []


def test_windows_take_their_part_along() -> None:
    text = "one two three four five six"
    gold = AnnotatedPaper(
        Paper("g:1", "", text), tuple(Span(Field.ABSTRACT, m, m + 3, "Method") for m in (0, 4, 19 + 5))
    )
    read = sample(gold, reader(limit=15), Annotation({0: Role.USES, 2: Role.PROPOSES}, ()))
    read.soft = np.arange(6 * len(TAGS), dtype=np.float32).reshape(6, len(TAGS))
    parts = pieces([read, sample(gold, reader())])
    assert [part.window.begin for part in parts] == [0, 3, 0]
    assert [len(part.tags) for part in parts] == [3, 3, 6]
    for part in parts[:2]:
        at = slice(part.window.begin, part.window.begin + 3)
        assert part.tags.tolist() == read.tags[at].tolist()
        assert part.roles is not None
        assert part.roles.tolist() == read.roles[at].tolist()  # type: ignore[index]
        assert part.soft is not None
        assert part.soft.tolist() == read.soft[at].tolist()
    # Of the six pairs only those of the first window are inside of one.
    assert [pair[:3] for pair in parts[0].pairs] == [((0, 0), (1, 1), 0), ((1, 1), (0, 0), 0)]
    assert parts[1].pairs == []
    assert parts[2].soft is parts[2].roles is None


def test_pairs_of_a_later_window_count_from_its_first_word() -> None:
    gold = paper("", "one two three CraneNet on Bank", (), [("CraneNet", M), ("Bank", D)])
    [_, part] = pieces([sample(gold, reader(limit=20), Annotation({}, ((0, 1, ON),)))])
    assert part.window.begin == 3
    assert part.pairs[0] == Pair((0, 0), (2, 2), KINDS.index(ON), (M, D))
