"""Mentions to entities through the paper's own abbreviations."""

import itertools
from dataclasses import replace

import pytest

from kg.link.linker import NormalFormLinker
from kg.link.thresholds import THRESHOLDS
from kg.model import Extraction, Field, Label, LinkedPaper, Mention, Paper, Relation, RelationKind, Role


def link(*names: str, aliases: tuple[tuple[str, str], ...] = (), system: str | None = None) -> LinkedPaper:
    text = " ".join(names)
    mentions = []
    start = 0
    for name in names:
        mentions.append(Mention(Field.TITLE, start, start + len(name), name, Label.METHOD, 0.9, text, 0))
        start += len(name) + 1
    return NormalFormLinker().link(Extraction(Paper("p", text), tuple(mentions), aliases, system))


def slugs(*names: str, aliases: tuple[tuple[str, str], ...] = ()) -> list[str]:
    return [found.slug for found in link(*names, aliases=aliases).links]


PINN = (("Physics-Informed Neural Networks", "PINNs"),)


def test_spellings_and_abbreviations_meet() -> None:
    names = ("PINN", "PINNs", "pinns", "Physics informed neural network", "physics-informed neural networks")
    assert set(slugs(*names, aliases=PINN)) == {"physics-informed-neural-network"}


def test_without_a_definition_an_abbreviation_stands_for_itself() -> None:
    assert slugs("PINNs", "physics-informed neural networks") == ["pinn", "physics-informed-neural-network"]


def test_definitions_of_one_paper_do_not_reach_another() -> None:
    linker = NormalFormLinker()
    mention = Mention(Field.TITLE, 0, 4, "PINN", Label.METHOD, 0.9, "PINN", 0)
    one = linker.link(Extraction(Paper("a", "PINN"), (mention,), PINN))
    other = linker.link(Extraction(Paper("b", "PINN"), (mention,)))
    assert one.links[0].slug == "physics-informed-neural-network"
    assert other.links[0].slug == "pinn"


CHAIN = (("Foldable Paper Net", "FPNet"), ("FPNet", "FPN"))


def test_a_chain_of_abbreviations_ends_at_the_long_form() -> None:
    assert set(slugs("FPN", "FPNet", "foldable paper nets", aliases=CHAIN)) == {"foldable-paper-net"}


@pytest.mark.parametrize(
    "circle",
    [
        (("A B", "AB"), ("AB", "A B")),
        (("AB", "BC"), ("BC", "CD"), ("CD", "AB")),
    ],
)
def test_a_circle_of_abbreviations_is_one_entity(circle: tuple[tuple[str, str], ...]) -> None:
    names = sorted({name for pair in circle for name in pair})
    assert len(set(slugs(*names, aliases=circle))) == 1


def test_what_leads_into_a_circle_goes_where_the_circle_goes() -> None:
    aliases = (("AB", "XY"), ("BC", "AB"), ("AB", "BC"))
    assert len(set(slugs("XY", "AB", "BC", aliases=aliases))) == 1


@pytest.mark.parametrize("pair", [("BERT", "BERT"), ("Berts", "BERT"), ("", "BERT"), ("BERT", ""), ("-", "BERT")])
def test_an_empty_or_own_definition_changes_nothing(pair: tuple[str, str]) -> None:
    assert slugs("BERT", aliases=(pair,)) == ["bert"]


def test_the_order_of_definitions_changes_nothing() -> None:
    aliases = (*CHAIN, ("Average Precision", "AP"), ("Affinity Propagation", "AP"), ("AP", "APX"))
    names = ("FPN", "FPNet", "AP", "APX")
    assert len({tuple(slugs(*names, aliases=order)) for order in itertools.permutations(aliases)}) == 1


@pytest.mark.parametrize(
    "name",
    [
        "method",
        "Methods",
        "the-method",
        "state-of-the-art",
        "SOTA",
        "Data",
        "datasets",
        "-",
        "/",
        '"',
        "\u200b",
        "analyses",
        "state-of-the-art methods",
        "our proposed method",
        "real-world datasets",
    ],
)
def test_generic_strings_name_no_entity(name: str) -> None:
    assert slugs(name) == []


def test_an_abbreviation_of_a_generic_string_names_no_entity() -> None:
    assert slugs("FW", aliases=(("framework", "FW"),)) == []


def test_generic_strings_inside_a_name_stay() -> None:
    assert slugs("Galerkin method", "network pruning") == ["galerkin-method", "network-pruning"]


def test_links_keep_mentions_and_their_order() -> None:
    linked = link("method", "Adam", "SGD", "Adam")
    assert [found.mention.text for found in linked.links] == ["Adam", "SGD", "Adam"]
    assert [found.mention.start for found in linked.links] == [7, 12, 16]


@pytest.mark.parametrize(
    ("system", "proposed"),
    [
        ("PINN", {"physics-informed-neural-network"}),
        ("physics-informed neural network", {"physics-informed-neural-network"}),
        ("Adam", {"adam"}),
        ("SGD", set()),
        ("method", set()),
        ("", set()),
        (None, set()),
    ],
)
def test_only_what_is_mentioned_can_be_proposed(system: str | None, proposed: set[str]) -> None:
    assert link("PINNs", "Adam", aliases=PINN, system=system).proposed == proposed


def test_what_has_the_role_is_proposed_beside_the_system() -> None:
    plain = [link.mention for link in link("Adam", "SGD", "mnist", "PINNs").links]
    roles = (Role.USES, Role.PROPOSES, Role.PROPOSES, None)
    mentions = tuple(
        replace(m, role=role, label=label)
        for m, role, label in zip(plain, roles, (Label.METHOD, Label.METHOD, Label.DATASET, Label.METHOD), strict=True)
    )
    linked = NormalFormLinker().link(Extraction(Paper("p", "Adam SGD mnist PINNs"), mentions, PINN, "PINNs"))
    assert linked.proposed == {"sgd", "mnist", "physics-informed-neural-network"}


def test_relations_are_kept_between_two_entities() -> None:
    text = "PINN PINNs method Adam"
    spans = [(0, 4), (5, 10), (11, 17), (18, 22)]
    one, again, generic, adam = (
        Mention(Field.TITLE, start, end, text[start:end], Label.METHOD, 0.9, text, 0) for start, end in spans
    )
    kind = RelationKind.PART_OF
    given = (
        Relation(one, again, kind, 0.9),
        Relation(one, generic, kind, 0.9),
        Relation(one, adam, kind, 0.5),
        Relation(one, adam, kind, 0.7, "verb"),
        Relation(adam, one, kind, 0.4),
    )
    linked = NormalFormLinker().link(Extraction(Paper("p", text), (one, again, generic, adam), (), None, given))
    assert linked.relations == given[3:]


def test_links_say_by_what() -> None:
    rules = [
        (found.mention.text, found.rule)
        for found in link("PINNs", "physics-informed neural net", "Adam", aliases=PINN).links
    ]
    assert rules == [("PINNs", "definition"), ("physics-informed neural net", "name"), ("Adam", "name")]


def test_definitions_are_kept_with_label_and_sentence() -> None:
    linked = link("PINNs", "Physics-Informed Neural Networks", aliases=PINN)
    [found] = linked.definitions
    assert (found.short, found.long) == ("PINNs", "Physics-Informed Neural Networks")
    assert (found.short_slug, found.long_slug) == ("pinn", "physics-informed-neural-network")
    assert (found.label, found.sentence) == (Label.METHOD, "PINNs Physics-Informed Neural Networks")
    assert link("Adam", aliases=(("Adam", "Adam"), ("method", "MTD"))).definitions == ()


def test_a_definition_without_mentions_has_no_label() -> None:
    [found] = link("Adam", aliases=PINN).definitions
    assert (found.label, found.sentence) == (None, "Physics-Informed Neural Networks (PINNs)")


def test_of_a_chain_each_definition_leads_to_its_end() -> None:
    assert {d.long_slug for d in link("FPN", aliases=CHAIN).definitions} == {"foldable-paper-net"}


def test_the_version_changes_with_the_thresholds() -> None:
    assert THRESHOLDS.digest in NormalFormLinker.version
    assert replace(THRESHOLDS, sense_share=0.7).digest != THRESHOLDS.digest


def test_a_paper_without_mentions_is_linked_to_nothing() -> None:
    assert link() == LinkedPaper(Paper("p", ""), ())
