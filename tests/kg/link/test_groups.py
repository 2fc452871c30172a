"""Names gathered by spacing and by slips."""

from kg.link.groups import by_spacing, canonical, slips, spacing_targets
from kg.model import Target


def test_hyphens_separate_nothing_but_numbers_stay() -> None:
    slugs = ["auto-encoder", "autoencoder", "gpt-3-5", "gpt-35", "u-net", "unet", "cifar-10", "cifar-100", "x"]
    assert by_spacing(slugs) == [["auto-encoder", "autoencoder"], ["u-net", "unet"]]


def test_slips_are_found_in_one_word_of_a_name() -> None:
    slugs = ["person-re-identifcation", "person-re-identification", "vehicle-re-identification", "deep-perceptron"]
    assert list(slips(slugs)) == [("person-re-identifcation", "person-re-identification")]
    assert list(slips(["deep-perception", "deep-perceptron"])) == []


def test_the_address_is_that_of_most_papers_then_the_first() -> None:
    papers = {"a": 1, "b": 2, "c": 2}
    assert canonical("cab", papers, generic=lambda _: False) == "b"
    assert canonical("cab", papers, generic="a".__contains__) == "a"
    targets = spacing_targets([["a", "b"]], papers, generic=lambda _: False)
    assert targets == {"a": Target("b", "spacing", 0.98)}
