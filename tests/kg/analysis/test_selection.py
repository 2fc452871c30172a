import pytest

from kg.analysis.selection import Chosen, Order, Selection, series
from kg.errors import NotFoundError
from kg.model import Label, Role
from kg.workspace import Reader


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (Selection(), "abcd"),
        (Selection(words="zebras"), "ad"),
        (Selection(words="zebras run"), "a"),
        (Selection(words="???"), ""),
        (Selection(venue="iclr"), "ab"),
        (Selection(venue="ICLR 2023"), "b"),
        (Selection(venue="ICL"), ""),
        (Selection(year_from=2022), "bd"),
        (Selection(year_to=2022), "a"),
        (Selection(year_from=10_000), ""),
        (Selection(entities=("attention",)), "abc"),
        (Selection(entities=("attention", "imagenet")), "a"),
        (Selection(entities=("imagenet",), role=Role.EVALUATES), "a"),
        (Selection(label=Label.DATASET), "ad"),
        (Selection(label=Label.DATASET, role=Role.PROPOSES), "d"),
        (Selection(role=Role.USES), "ab"),
        (Selection(entities=("attention",), venue="ICLR", year_from=2022), "b"),
    ],
)
def test_papers_fit_all_that_is_asked(fruit: Reader, selection: Selection, ids: str) -> None:
    chosen = Chosen(fruit, selection)
    assert sorted(chosen.ids(Order.TITLE, 0, 9)) == list(ids)
    assert chosen.total == len(ids)


def test_an_unknown_entity_is_told(fruit: Reader) -> None:
    with pytest.raises(NotFoundError, match="no entity 'unicorn'"):
        Chosen(fruit, Selection(entities=("unicorn",)))


@pytest.mark.parametrize(
    ("order", "words", "ids"),
    [
        (Order.TITLE, "", "bdca"),
        (Order.NEWEST, "", "bdac"),
        (Order.OLDEST, "", "abdc"),
        (Order.BEST, "", "bdac"),
        (Order.BEST, "zebras", "ad"),
        (Order.NEWEST, "zebras", "da"),
    ],
)
def test_orders(fruit: Reader, order: Order, words: str, ids: str) -> None:
    chosen = Chosen(fruit, Selection(words=words))
    assert "".join(chosen.ids(order, 0, 9)) == ids
    assert "".join(each.paper.id for each in chosen.listed(order, 1, 2)) == ids[1:3]


def test_what_links_most_comes_first_and_hubs_count_nothing(reader: Reader) -> None:
    listed = Chosen(reader, Selection()).listed(Order.LINKED, 0, 16)
    assert [each.paper.id for each in listed[:4]] == ["ntk", "features", "vision", "mt"]
    # "neural network" is generic and "accuracy" in nearly all papers.
    assert [each.links for each in listed[:5]] == [3, 2, 2, 1, 0]
    assert [e.slug for e in listed[-1].entities] == ["accuracy"]


def test_a_listed_paper_shows_what_tells_it_from_others_and_the_words(fruit: Reader) -> None:
    (apple,) = Chosen(fruit, Selection(words="accuracy")).listed(Order.BEST, 0, 9)
    assert [entity.slug for entity in apple.entities] == ["attention", "accuracy"]
    assert ("accuracy", True) in apple.paper.pieces
    (plain,) = Chosen(fruit, Selection(venue="NeurIPS")).listed(Order.BEST, 0, 9)
    assert (plain.paper.title, plain.paper.venue, plain.paper.pieces) == ("Bananas", "NeurIPS", ())


def test_venues_are_told_without_their_edition() -> None:
    assert [series(name) for name in ("ICLR 2024", "NeurIPS", "CVPR'2020", "2020", "Proc. of 1984, 2001")] == [
        "ICLR", "NeurIPS", "CVPR", "2020", "Proc. of 1984",
    ]  # fmt: skip
