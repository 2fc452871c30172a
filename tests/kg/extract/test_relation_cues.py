"""What the words between two mentions, and their roles, say of both."""

import re
import time
from itertools import chain

import pytest

from kg.extract.phrases import SIGN
from kg.extract.relation_cues import CUES, HYPONYMS, Cue, Said, cued_pairs, find_cues
from kg.extract.roles import Likely
from kg.model import ENDS, Field, Mention, RelationKind, Role
from tests.kg.extract.marked import marked

USED, ON, PART, ISA, VERSUS, BY = RelationKind
NEW, USES, RIVAL, DATA, TASK, METRIC = Role
Roles = dict[str, Role]
ALL = (*chain.from_iterable(CUES.values()), *HYPONYMS.values())

SAID: dict[str, tuple[str, RelationKind, set[tuple[str, str]], Roles]] = {
    "for": ("[M Nets] and [M trees] for [T folding].", USED, {("Nets", "folding"), ("trees", "folding")}, {}),
    "for-further-on": ("[M CN] is a fast way for [T folding].", USED, {("CN", "folding")}, {}),
    "by-means-of": ("We study [T folding] with [M nets].", USED, {("nets", "folding")}, {}),
    "in": ("[M Nets] are used in [T folding].", USED, {("Nets", "folding")}, {}),
    "of": ("[M Nets] of [T folding].", USED, {("Nets", "folding")}, {}),
    "solves": ("[M CN] adds noise to improve [T folding].", USED, {("CN", "folding")}, {}),
    "title-colon": ("[M CN]: Fast [T Folding]", USED, {("CN", "Folding")}, {}),
    "title-proposes": ("[M CN]: On Top of [T Folding]", USED, {("CN", "Folding")}, {"CN": NEW, "Folding": TASK}),
    "title-addresses": ("[T Folding]: The [M CN]", USED, {("CN", "Folding")}, {"CN": NEW, "Folding": TASK}),
    "proposes-for": ("[M CN] may do [T folding].", USED, {("CN", "folding")}, {"CN": NEW, "folding": TASK}),
    "proposed-on": ("Our [M CN] wins on the [D X].", ON, {("CN", "X")}, {"CN": NEW, "X": DATA}),
    "data-shows": ("Tests on [D X] show that [M CN] wins.", ON, {("CN", "X")}, {"CN": NEW, "X": DATA}),
    "proposes-evaluates": ("[M CN], and [D X].", ON, {("CN", "X")}, {"CN": NEW, "X": DATA}),
    "evaluates-proposes": ("With [D X] comes [M CN].", ON, {("CN", "X")}, {"CN": NEW, "X": DATA}),
    "on": ("[M CN] is tested on the [D X].", ON, {("CN", "X")}, {}),
    "contains-proposed": ("[M CN] that combines a new [M part].", PART, {("part", "CN")}, {"CN": NEW, "part": NEW}),
    "contains-used": ("[M CN] uses [C A] and [M B].", PART, {("A", "CN")}, {"CN": NEW, "A": USES, "B": USES}),
    "proposed-contains": ("[M CN], they say, uses what we call [M A].", PART, {("A", "CN")}, {"CN": NEW, "A": NEW}),
    "used-contains": ("[M CN], they say, uses what we call [M A].", PART, {("A", "CN")}, {"CN": NEW, "A": USES}),
    "consists-of": ("[M CN] consists of an [M encoder] and a thing.", PART, {("encoder", "CN")}, {}),
    "title-with": ("[M Nets] with [M Folds]", PART, {("Folds", "Nets")}, {}),
    "nouns-such-as": ("[T Vision] tasks such as [T seeing].", ISA, {("seeing", "Vision")}, {}),
    "called": ("A [M net] called [M CN].", ISA, {("CN", "net")}, {}),
    "brackets": ("Three [M nets] ([M A], [M B]) fold.", ISA, {("A", "nets"), ("B", "nets")}, {}),
    "title-apposition": ("[M CN]: A Small [M Net] for All", ISA, {("CN", "Net")}, {}),
    "such-as": ("[D Corpora] such as [D X].", ISA, {("X", "Corpora")}, {}),
    "apposition": ("[M CN], a [M net], folds.", ISA, {("CN", "net")}, {}),
    "proposed-outperforms": ("[M CN] outperforms all of [M A].", VERSUS, {("CN", "A")}, {"CN": NEW, "A": RIVAL}),
    "proposed-than": ("[M CN] is better than [M A].", VERSUS, {("CN", "A")}, {"CN": NEW, "A": RIVAL}),
    "unlike": ("Unlike [M A], our [M CN] folds.", VERSUS, {("CN", "A")}, {"CN": NEW, "A": RIVAL}),
    "outperforms": ("[M CN] often beats [M A].", VERSUS, {("CN", "A")}, {}),
    "proposes-compares": ("[M CN] and not [M A].", VERSUS, {("CN", "A")}, {"CN": NEW, "A": RIVAL}),
    "proposed-achieves": ("[M CN], our net, reaches an [Q F1] of 9.", BY, {("CN", "F1")}, {"CN": NEW, "F1": METRIC}),
    "achieves": ("[M Nets] can reach 90% [Q F1].", BY, {("Nets", "F1")}, {}),
    "in-terms-of": ("[M Nets] win in terms of [Q F1].", BY, {("Nets", "F1")}, {}),
    "metric-of": ("The [Q accuracy] of [T folding].", BY, {("folding", "accuracy")}, {}),
    "proposes-reports": ("[M CN] with an [Q F1] of 9.", BY, {("CN", "F1")}, {"CN": NEW, "F1": METRIC}),
}  # fmt: skip
"""By name of a cue: a sentence in which it speaks, and of what."""


def read(text: str, roles: Roles, *, title: bool = False) -> tuple[list[Mention], list[Role | None]]:
    mentions = marked(text, Field.TITLE if title else Field.ABSTRACT)
    return mentions, [roles.get(each.text) for each in mentions]


def spoken(text: str, name: str, roles: Roles, *, title: bool = False) -> set[tuple[RelationKind, str, str]]:
    """What one cue says."""
    mentions, given = read(text, roles, title=title)
    return {
        (kind, mentions[head].text, mentions[tail].text)
        for (head, tail, kind), cue in cued_pairs(mentions, given)
        if cue.name == name
    }


def test_every_cue_is_shown_once() -> None:
    assert [cue.name for cue in ALL] == list(dict.fromkeys(cue.name for cue in ALL))
    assert set(SAID) == {cue.name for cue in ALL}


@pytest.mark.parametrize("cue", ALL, ids=lambda cue: cue.name)
def test_each_cue(cue: Cue) -> None:
    text, kind, pairs, roles = SAID[cue.name]
    title = cue.field is Field.TITLE
    assert spoken(text, cue.name, roles, title=title) == {(kind, *pair) for pair in pairs}
    if title:
        assert spoken(text, cue.name, roles) == set(), "it speaks in titles alone"
    if cue.roles:
        assert spoken(text, cue.name, {}, title=title) == set(), "without the roles it is silent"


@pytest.mark.parametrize("cue", ALL, ids=lambda cue: cue.name)
def test_cues_are_general_and_their_counts_are_possible(cue: Cue) -> None:
    assert cue.found >= 5
    assert 0 <= cue.right <= cue.found
    assert 0.5 < cue.precision < 1
    for pattern in (cue.between, cue.before, cue.behind):
        re.compile(pattern)


def test_few_pairs_say_little() -> None:
    assert Cue("a", 5, 5).precision == pytest.approx(6 / 7)
    assert Cue("a", 50, 50).precision == pytest.approx(51 / 52)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("We use [M nets]. And for [T folding].", {}),
        ("[C Ideas] for [T folding].", {}),
        ("[M Nets] for [M trees].", {}),
        ("[C Things] such as [C pencils].", {}),
        ("[D Sets] such as [M nets].", {}),
        ("[M CN] and [T folding] are old.", {}),
        ("[M CN] is what it is; [T folding] is a task of its own.", {"CN": NEW, "folding": TASK}),
        ("[T Folding] and not [M CN].", {"CN": NEW, "folding": TASK}),
    ],
)
def test_what_says_nothing(text: str, roles: Roles) -> None:
    assert list(cued_pairs(*read(text, roles))) == []


def test_the_surest_cue_of_a_pair_counts() -> None:
    text, roles = "Our [M CN] is used for [T folding].", {"CN": NEW, "folding": TASK}
    mentions, given = read(text, roles)
    names = {cue.name: cue.precision for _, cue in cued_pairs(mentions, given)}
    assert set(names) == {"for", "for-further-on", "proposes-for"}
    certain = [Likely(role, 1.0, 0.5) for role in given if role]
    assert find_cues(mentions, certain) == {(0, 1, USED): Said(max(names.values()), "for")}


def test_a_cue_is_no_surer_than_the_roles_it_asks_for() -> None:
    mentions, _ = read("[M CN] outperforms all of [M A].", {})
    [(_, everywhere)] = find_cues(mentions, [Likely(USES, 1.0, 1.0), Likely(RIVAL, 1.0, 1.0)]).items()
    assert everywhere.cue == "outperforms"
    by_name = {cue.name: cue.precision for cue in CUES[VERSUS]}
    for probability in (1.0, 0.999):
        likely = [Likely(NEW, probability, 0.1), Likely(RIVAL, 1.0, 0.1)]
        said = find_cues(mentions, likely)[0, 1, VERSUS]
        best = max(("proposed-outperforms", "proposes-compares"), key=lambda name: by_name[name])
        wanted = max((by_name["outperforms"], "outperforms"), (by_name[best] * probability, best))
        assert (said.probability, said.cue) == (pytest.approx(wanted[0]), wanted[1])


@pytest.mark.parametrize("kind", RelationKind)
def test_labels_of_what_a_cue_relates_are_legal(kind: RelationKind) -> None:
    heads, tails = ENDS[kind]
    for cue in CUES[kind]:
        assert cue.heads & heads
        assert cue.tails & tails


@pytest.mark.parametrize(
    "filler",
    [
        "- " * 300,
        "new new " * 100,
        "a-" * 400,
        "of " * 200,
        "x" * 800,
        "is " * 250,
        ", and the " * 80,
        f"{SIGN} " * 300,
    ],
    ids=["dashes", "new", "hyphens", "of", "letters", "is", "and", "signs"],
)
def test_long_sentences_are_read_soon(filler: str) -> None:
    mentions = marked(f"[M CN] {filler} for [T folding] {filler} than [M A] {filler} [Q F1].")
    roles: list[Role | None] = [NEW, TASK, RIVAL, METRIC]
    started = time.perf_counter()
    list(cued_pairs(mentions, roles))
    assert time.perf_counter() - started < 5
