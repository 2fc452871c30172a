import numpy as np

from kg.analysis.siblings import SAME_KIND, Kinship, Usage
from tests.kg.analysis.made import Made

PAPERS = {
    **{f"a{i}": (2001, "m-a c-image c-pixel m-tool") for i in range(4)},
    **{f"b{i}": (2001, "m-b c-image c-pixel") for i in range(4)},
    **{f"c{i}": (2001, "m-c c-image c-word") for i in range(4)},
    **{f"z{i}": (2001, "m-z c-word c-text") for i in range(4)},
}


def siblings(made: Made, slug: str) -> dict[str, float]:
    found = Usage.of(made.incidence).siblings(made.incidence.column(slug))
    return {made.incidence.entities[column]: alike for column, alike in zip(*found, strict=True)}


def test_methods_that_do_the_same_work_in_other_papers_are_siblings() -> None:
    found = siblings(Made(PAPERS), "m-a")
    assert list(found) == ["m-b", "m-c"]
    assert found["m-b"] > found["m-c"] > 0


def test_what_is_named_in_the_same_papers_is_a_tool_and_no_sibling() -> None:
    assert "m-tool" not in siblings(Made(PAPERS), "m-a")


def test_methods_of_one_broader_method_are_more_alike() -> None:
    made = Made(PAPERS, broader=[("m-a", "m-top"), ("m-c", "m-top")])
    assert siblings(made, "m-a")["m-c"] == SAME_KIND * siblings(Made(PAPERS), "m-a")["m-c"]


def test_kinds_of_a_method_are_no_siblings_nor_is_what_it_is_a_kind_of() -> None:
    assert list(siblings(Made(PAPERS, broader=[("m-b", "m-a")]), "m-a")) == ["m-c"]
    assert list(siblings(Made(PAPERS, broader=[("m-a", "m-mid"), ("m-mid", "m-b")]), "m-a")) == ["m-c"]


def test_generic_methods_and_those_of_few_papers_are_no_siblings() -> None:
    few = {paper: named for paper, named in PAPERS.items() if paper not in ("c0", "c1")}
    assert list(siblings(Made(few, generic=["m-b"]), "m-a")) == []


def test_likeness_lies_between_0_and_1() -> None:
    made = Made(PAPERS)
    alike = Usage.of(made.incidence).likeness(made.incidence.column("c-image"))
    assert ((alike >= 0) & (alike <= 1)).all()


def test_kinship_goes_all_the_way_up_and_down() -> None:
    made = Made({"p": (1, "m-a")}, broader=[("m-a", "m-b"), ("m-b", "m-c"), ("m-d", "m-b")])
    kinship, names = Kinship.of(made.incidence), made.incidence.entities
    column = made.incidence.column

    def slugs(columns: object) -> list[str]:
        return [names[each] for each in columns]  # type: ignore[attr-defined]

    assert slugs(kinship.with_broader(np.array([column("m-a")]))) == ["m-a", "m-b", "m-c"]
    assert slugs(kinship.with_narrower(np.array([column("m-c")]))) == ["m-a", "m-b", "m-c", "m-d"]
    assert slugs(kinship.beside(column("m-a"))) == ["m-d"]
    assert slugs(kinship.beside(column("m-c"))) == []
