import dataclasses

import pytest

from kg.analysis.phrasing import READ, Spelling, Wording, other_names, wording
from kg.errors import NotFoundError
from kg.model import Entity, Label
from tests.kg.analysis.made import Made

ENTITY = Entity("m-rnn", "recurrent network", Label.METHOD, ("RNN", "Recurrent Network", "recurrent\nnetworks"))


def worded(*abstracts: str, entity: Entity = ENTITY) -> Wording:
    made = Made({f"p{n:03}": (2000, "m-rnn") for n in range(len(abstracts))})
    made._texts = {f"p{n:03}": ("A title", abstract) for n, abstract in enumerate(abstracts)}
    return wording(made, entity)


def test_names_are_counted_by_the_papers_that_write_them_so() -> None:
    found = worded(
        "Our RNN and another RNN.", "Recurrent networks, or recurrent networks.", "A recurrent network.", "URNN"
    )
    assert found.spellings == (Spelling("recurrent network", 2), Spelling("RNN", 1))
    assert found.looked == 4


@pytest.mark.parametrize(
    "sentence",
    [
        "Recurrent networks (RNNs) are a class of networks that read sequences.",
        "RNN is the class of networks that reads one word after another.",
        "Recurrent Network refers to networks that read one word after another.",
    ],
)
def test_a_sentence_that_explains_the_name_is_found(sentence: str) -> None:
    found = worded("We use an RNN.", f"Much is read. {sentence} We go on.").said
    assert found
    assert found.sentence == sentence
    assert found.sentence[found.start : found.end] == found.text
    assert (found.paper_id, found.title) == ("p001", "A title")


@pytest.mark.parametrize(
    "sentence",
    [
        "Recurrent networks are a popular choice for nearly all that is read.",
        "The recurrent network is a class of networks that reads one word after another.",
        "Recurrent networks are slow to train and hard to parallelise at all.",
        "We think that RNN is a class of networks that read one word after another.",
        "RNN is a net.",
        f"RNN is a network {'that reads on ' * 30}.",
    ],
)
def test_praise_and_what_stands_elsewhere_explain_nothing(sentence: str) -> None:
    assert worded(sentence).said is None


def test_of_very_many_papers_some_of_all_are_read() -> None:
    found = worded(*(["An RNN."] * READ), *(["A recurrent network."] * READ))
    assert found.looked == READ
    assert {s.text: s.papers for s in found.spellings} == {"RNN": READ // 2, "recurrent network": READ // 2}


def test_an_unknown_entity_is_named() -> None:
    with pytest.raises(NotFoundError, match="nope"):
        worded("An RNN.", entity=dataclasses.replace(ENTITY, slug="nope"))


def test_other_names_are_no_spellings_and_no_pieces_of_the_name() -> None:
    entity = Entity(
        "gan",
        "generative adversarial network",
        Label.METHOD,
        ("GANs", "GAN", "networks", "Adversarial training", "Generative-adversarial networks"),
    )
    assert other_names(entity) == ["GAN", "Adversarial training"]
    assert other_names(entity, 1) == ["GAN"]
    assert other_names(Entity("x", "x", Label.METHOD)) == []
