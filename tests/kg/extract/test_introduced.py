"""Evidence for what a paper introduces; the plain cases are in test_rules.py."""

import pytest

from kg.extract.abbreviations import find_definitions
from kg.extract.gazetteer import Gazetteer, Name
from kg.extract.introduced import find_system
from kg.extract.spans import Found
from kg.model import Field, Label

KNOWN = Gazetteer((Name("ResFold", Label.METHOD, "ResFold"),))


def system(
    abstract: str, *names: str, title: str = "Cranes", proposed: dict[tuple[Field, int], float] | None = None
) -> str | None:
    texts = {Field.TITLE: title, Field.ABSTRACT: abstract}
    definitions = {field: list(find_definitions(text)) for field, text in texts.items()}
    spans = [
        Found(Field.ABSTRACT, s, s + len(name), name, Label.METHOD, 0.9)
        for name in names
        for s in [abstract.index(name)]
    ]
    return find_system(spans, texts, definitions, known=KNOWN, proposed=proposed)


@pytest.mark.parametrize(
    ("abstract", "name"),
    [
        ("Folding is hard. We propose an easy way to do it, which we call CraneNet. It is fast.", "CraneNet"),
        ("Folding is hard. We develop a new class of nets, the CraneNet, which folds. It is fast.", "CraneNet"),
        ("Folding is hard. CraneNet, a novel net, achieves more. We evaluate CraneNet.", "CraneNet"),
        ("Folding is hard. In this work, CraneNet is proposed. CraneNet achieves more.", "CraneNet"),
        ("Folding is hard. We name it CraneNet. It is fast.", "CraneNet"),
        ("Folding is hard. We beat baselines such as CraneNet by far.", None),
        ("Folding is hard. We fold cranes with CraneNet, and that works.", None),
    ],
)
def test_evidence(abstract: str, name: str | None) -> None:
    assert system(abstract, "CraneNet") == name


def test_a_title_that_begins_with_a_name_counts() -> None:
    assert system("Folding is hard. Deep Crane Folding achieves more.", "Deep Crane Folding", title="Folding") is None
    assert (
        system("Folding is hard. Deep Crane Folding achieves more.", "Deep Crane Folding", title="Deep Crane Folding")
        == "Deep Crane Folding"
    )


def test_what_is_known_was_introduced_by_others() -> None:
    assert system("Folding is hard. We present ResFold. It is fast.", "ResFold") is None
    assert system("Folding is hard. We present NewFold. It is fast.", "NewFold") == "NewFold"


def test_a_classifier_has_a_say() -> None:
    abstract = "Folding is hard. We show CraneNet. It is fast."
    at = (Field.ABSTRACT, abstract.index("CraneNet"))
    assert system(abstract, "CraneNet", proposed={at: 0.99}) == "CraneNet"
    assert system(abstract, "CraneNet", proposed={at: 0.5}) is None
    told = "Folding is hard. We propose CraneNet. It is fast."
    assert system(told, "CraneNet", proposed={(Field.ABSTRACT, told.index("CraneNet")): 0.0}) is None
