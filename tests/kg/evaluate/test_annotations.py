"""The file of annotated roles and relations."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.evaluate import AnnotatedPaper
from kg.evaluate.annotations import (
    Annotation,
    Entry,
    annotate,
    gold_key,
    read_annotations,
    render,
    settle,
    written_form,
)
from kg.model import RelationKind, Role
from tests.kg.evaluate.hand import D, M, abstract, paper, title

TEXT = """\
# who made it

=== papers-dev#7
roles: 0 proposes; 2 uses;
rels: 0 evaluatedOn 2; 0 evaluatedOn 2; 2 partOf 0

=== seeds-dev#0
roles:
rels:
"""
TEXTS = ["GNN", "gnns", "CIFAR-10", "Adam"]


def made(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "roles.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_the_file_says(tmp_path: Path) -> None:
    file = made(tmp_path, TEXT)
    one, other = read_annotations(file).items()
    evaluated, part = (0, 2, RelationKind.EVALUATED_ON), (2, 0, RelationKind.PART_OF)
    places = [f"{file}:{line}" for line in (3, 4, 5)]
    assert one == (
        "papers-dev#7",
        Entry(((0, Role.PROPOSES), (2, Role.USES)), (evaluated, evaluated, part), *places),
    )
    assert (other[0], other[1].roles, other[1].relations) == ("seeds-dev#0", (), ())
    # The role of the first goes to its plural in small letters, too; a relation said twice is one.
    roles = {0: Role.PROPOSES, 1: Role.PROPOSES, 2: Role.USES}
    assert one[1].over(TEXTS) == Annotation(roles, (evaluated, part))


@pytest.mark.parametrize(("one", "other"), [("GNN", "gnns"), ("Bayes", "bayes"), ("SGD", "sgd")])
def test_written_alike(one: str, other: str) -> None:
    assert written_form(one) == written_form(other)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("roles: 0 uses", 1, "is no heading like === papers-dev#7: 'roles: 0 uses'"),
        ("=== papers-dev", 1, "is no heading"),
        ("=== a#1", 1, "a line of roles: must stand here or next, for === a#1"),
        ("=== a#1\nrels:\nroles:", 2, "a line of roles: must stand here or next"),
        ("=== a#1\nroles:\n\n=== a#2", 4, "a line of rels: must stand here or next"),
        ("=== a#1\nroles: 0\nrels:", 2, "has '0': expected a number and a role"),
        ("=== a#1\nroles: x uses\nrels:", 2, "has 'x uses': 'x' is no number of a mention"),
        ("=== a#1\nroles: -1 uses\nrels:", 2, "'-1' is no number"),
        ("=== a#1\nroles: 1 employs\nrels:", 2, "'employs' is none of proposes, uses, compares, evaluates, addresses"),
        ("=== a#1\nroles:\nrels: 0 isA", 3, "has '0 isA': expected a relation between two numbers"),
        ("=== a#1\nroles:\nrels: 0 hasA 1", 3, "'hasA' is none of usedFor, evaluatedOn, partOf"),
        ("=== a#1\nroles:\nrels: 0 isA ²", 3, "'²' is no number"),
        ("=== a#1\nroles:\nrels:\n=== a#1\nroles:\nrels:", 4, "annotates a#1 again, as "),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(SourceError) as raised:
        read_annotations(made(tmp_path, text))
    assert raised.value.location.endswith(f"roles.txt:{line}")
    assert reason in raised.value.reason


@pytest.mark.parametrize(
    ("roles", "relations", "line", "reason"),
    [
        ("4 uses", "", 2, "calls mention 4, but the paper has 4, from 0"),
        ("", "0 isA 4", 3, "calls mention 4, but the paper has 4"),
        ("0 uses; 1 compares", "", 2, "gives 'gnns' two roles, uses and compares"),
        ("", "0 isA 1", 3, "has 'GNN' isA itself"),
    ],
)
def test_what_does_not_fit_the_paper_is_named(
    tmp_path: Path, roles: str, relations: str, line: int, reason: str
) -> None:
    [entry] = read_annotations(made(tmp_path, f"=== a#1\nroles: {roles}\nrels: {relations}\n")).values()
    with pytest.raises(SourceError) as raised:
        entry.over(TEXTS)
    assert raised.value.location.endswith(f"roles.txt:{line}")
    assert reason in raised.value.reason


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none.txt: cannot be read: No such file"):
        read_annotations(tmp_path / "none.txt")
    made(tmp_path, "").write_bytes(b"=== \xff")
    with pytest.raises(SourceError, match=r"roles.txt: cannot be read: .*utf-8"):
        read_annotations(tmp_path / "roles.txt")


def test_contradictions_are_settled(tmp_path: Path) -> None:
    text = "=== a#1\nroles: 3 uses; 1 compares; 0 proposes; 9 uses\nrels: 0 isA 1; 0 isA 2\n"
    [entry] = read_annotations(made(tmp_path, text)).values()
    kept, faults = settle(entry, TEXTS)
    assert set(kept.roles) == {(0, Role.PROPOSES), (3, Role.USES)}
    assert kept.relations == ((0, 2, RelationKind.IS_A),)
    assert [fault.reason for fault in faults] == [
        "calls mention 9, but the paper has 4, from 0",
        "gives 'gnns' two roles, proposes and compares",
        "has 'GNN' isA itself",
    ]
    assert settle(kept, TEXTS) == (kept, [])


def test_parts_are_merged(tmp_path: Path) -> None:
    record = {"title": "GNN", "abstract": "", "mentions": [], "system": None}
    record["mentions"] = [{"field": "title", "start": 0, "end": 3, "text": "GNN", "label": "Method"}]
    gold = tmp_path / "gold.jsonl"
    gold.write_text(f"{json.dumps(record)}\n{json.dumps(record)}\n")
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.write_text("=== gold#1\nroles: 0 uses; 0 proposes;\nrels:\n")
    other.write_text("=== gold#0\nroles:\nrels:\n")

    def merge(*parts: Path) -> subprocess.CompletedProcess[str]:
        script = Path(__file__).resolve().parents[3] / "scripts" / "merge_annotations"
        command = [sys.executable, script, tmp_path / "all.txt", *parts, "--gold", gold]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = merge(one, other)
    assert done.stdout.endswith("all.txt: 2 papers, 1 roles, 0 relations\n")
    assert "settled: " in done.stderr
    text = (tmp_path / "all.txt").read_text()
    assert text == "=== gold#0\nroles:\nrels:\n\n=== gold#1\nroles: 0 proposes\nrels:\n"
    assert "gold#1 is annotated at" in merge(one, one).stderr


# --- beside the gold

GOLD = [
    AnnotatedPaper(paper("some/gold.jsonl:1"), (abstract(0, 3, D), title(0, 3, M))),
    AnnotatedPaper(paper("some/gold.jsonl:2"), ()),
]


def test_papers_are_called_by_file_and_line(tmp_path: Path) -> None:
    assert [gold_key(each) for each in GOLD] == ["gold#0", "gold#1"]
    file = made(tmp_path, "=== other#9\nroles: 99 uses\nrels:\n\n=== gold#0\nroles: 1 uses\nrels: 1 evaluatedOn 0\n")
    # Numbers count as the file has the mentions, in whatever order that is.
    found = annotate(GOLD, file)
    assert found == {"some/gold.jsonl:1": Annotation({1: Role.USES}, ((1, 0, RelationKind.EVALUATED_ON),))}


@pytest.mark.parametrize(
    ("key", "reason"), [("gold#2", "annotates gold#2, which the gold does not hold"), ("x#0", "none of these papers")]
)
def test_an_annotation_without_its_paper_is_an_error(tmp_path: Path, key: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        annotate(GOLD, made(tmp_path, f"=== {key}\nroles:\nrels:\n"))


ROLES = st.lists(st.tuples(st.integers(0, 99), st.sampled_from(Role)), unique=True).map(sorted).map(tuple)
RELATIONS = (
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.sampled_from(RelationKind)), unique=True)
    .map(sorted)
    .map(tuple)
)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,3}#[0-9]", fullmatch=True), st.tuples(ROLES, RELATIONS), max_size=4))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, said: dict[str, tuple]) -> None:
    file = tmp_path_factory.mktemp("round") / "roles.txt"
    file.write_text(render({key: Entry(*both, "", "", "") for key, both in said.items()}), encoding="utf-8")
    again = read_annotations(file)
    assert {key: (entry.roles, entry.relations) for key, entry in again.items()} == said
    assert list(again) == sorted(said)
    assert render(again) == file.read_text(encoding="utf-8")
