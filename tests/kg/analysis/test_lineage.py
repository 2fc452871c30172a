import pytest

from kg.analysis.lineage import KINDS, lineage
from kg.errors import NotFoundError
from tests.kg.analysis.made import Made

PAPERS = {"a": (1, "m-cnn m-net m-model"), "b": (1, "m-net m-resnet"), "c": (1, "m-resnet m-vgg m-alone")}
BROADER = [
    ("m-resnet", "m-cnn"),
    ("m-vgg", "m-cnn"),
    ("m-cnn", "m-net"),
    ("m-cnn", "m-model"),
    ("m-net", "m-model"),
    ("m-model", "m-thing"),
    ("m-thing", "m-cnn"),
]


def test_kinds_and_steps_up_come_by_papers_each_once_and_circles_end() -> None:
    found = lineage(Made(PAPERS, broader=BROADER), "m-cnn")
    assert [[each.slug for each in step] for step in found.above] == [["m-net", "m-model"], ["m-thing"]]
    assert [each.slug for each in found.kinds] == ["m-resnet", "m-vgg"]
    assert found.total == 2
    assert found


def test_what_stands_alone_has_none() -> None:
    found = lineage(Made(PAPERS, broader=BROADER), "m-alone")
    assert (found.above, found.kinds, found.total) == ((), (), 0)
    assert not found


def test_of_many_kinds_the_foremost_are_named() -> None:
    names = [f"m-k{i:03}" for i in range(KINDS + 5)]
    made = Made({"p": (1, " ".join(["m-all", *names])), "q": (1, names[-1])}, broader=[(n, "m-all") for n in names])
    found = lineage(made, "m-all")
    assert (len(found.kinds), found.total) == (KINDS, KINDS + 5)
    assert found.kinds[0].slug == names[-1]


def test_an_unknown_entity_is_named() -> None:
    with pytest.raises(NotFoundError, match="nope"):
        lineage(Made(PAPERS), "nope")
