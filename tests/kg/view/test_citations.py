import json

import bibtexparser
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Paper
from kg.view.citations import Author, Kind, author_of, keys_of, kind_of, reference, to_bibtex, to_csl, to_ris

ATTENTION = Paper(
    "attention",
    "Attention & {Memory}: BERT @ home\nfor 100% of $\\alpha$",
    "We  attend.\n\nER  - no end",
    ("Ashish Vaswani", "Ludwig van Beethoven", "李飞飞", "The {OpenAI} team and friends"),
    2017,
    "NeurIPS",
    "https://example.org/a b?x={1}",
    "10.1000/x_y",
    "1706.03762",
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PAPERS = st.builds(
    Paper,
    TEXTS,
    TEXTS,
    TEXTS,
    st.lists(TEXTS, max_size=3).map(tuple),
    st.none() | st.integers(1500, 2100),
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.none() | TEXTS,
)


def test_bibtex_is_read_back() -> None:
    library = bibtexparser.parse_string(to_bibtex([ATTENTION]))
    [entry] = library.entries
    assert (entry.entry_type, entry.key) == ("inproceedings", "vaswani2017attention")
    assert {field.key: field.value for field in entry.fields} == {
        "title": r"Attention \& {Memory}: {BERT} @ home for 100\% of $\alpha$",
        "author": "Vaswani, Ashish and van Beethoven, Ludwig and {李飞飞} and {The {OpenAI} team and friends}",
        "year": "2017",
        "booktitle": "NeurIPS",
        "doi": "10.1000/x_y",
        "eprint": "1706.03762",
        "archiveprefix": "arXiv",
        "url": "https://example.org/a%20b?x=%7B1%7D",
        "abstract": "We attend. ER - no end",
    }


def test_ris_is_read_back() -> None:
    assert rispy.loads(to_ris([ATTENTION, Paper("b", "Other")])) == [
        {
            "type_of_reference": "CPAPER",
            "id": "attention",
            "title": "Attention & {Memory}: BERT @ home for 100% of $\\alpha$",
            "authors": ["Vaswani, Ashish", "van Beethoven, Ludwig", "李飞飞", "The {OpenAI} team and friends"],
            "year": "2017",
            "secondary_title": "NeurIPS",
            "doi": "10.1000/x_y",
            "accession_number": "arXiv:1706.03762",
            "urls": ["https://example.org/a b?x={1}"],
            "abstract": "We attend. ER - no end",
        },
        {"type_of_reference": "UNPB", "id": "b", "title": "Other"},
    ]


def test_csl_says_the_same() -> None:
    first, second = json.loads(to_csl([ATTENTION, Paper("b", "Other", year=2020)]))
    assert (first["id"], first["type"], first["container-title"]) == (
        "vaswani2017attention",
        "paper-conference",
        "NeurIPS",
    )
    assert first["author"] == [
        {"family": "Vaswani", "given": "Ashish"},
        {"family": "van Beethoven", "given": "Ludwig"},
        {"literal": "李飞飞"},
        {"literal": "The {OpenAI} team and friends"},
    ]
    assert second == {"id": "2020other", "type": "article", "title": "Other", "issued": {"date-parts": [[2020]]}}


@pytest.mark.parametrize(
    ("venue", "kind"),
    [
        (None, Kind.PREPRINT),
        ("arXiv preprint", Kind.PREPRINT),
        ("ICLR 2024", Kind.CONFERENCE),
        ("Nature", Kind.ARTICLE),
        ("IEEE Transactions on Robotics", Kind.ARTICLE),
    ],
)
def test_what_a_paper_is_follows_from_its_venue(venue: str | None, kind: Kind) -> None:
    assert kind_of(Paper("a", "A", venue=venue)) is kind


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Ada Lovelace", Author("Lovelace", "Ada")),
        ("Lovelace, Ada", Author("Lovelace", "Ada")),
        ("Lovelace, Jr., Ada", Author("Lovelace", "Ada", "Jr.")),
        ("Plato", Author("Plato")),
        ("a, b, c, d", Author("a, b, c, d")),
        ("", Author("")),
    ],
)
def test_names_are_taken_apart_as_bibtex_does(name: str, author: Author) -> None:
    assert author_of(name) == author


def test_keys_can_be_read_and_stay() -> None:
    one = Paper("1", "The Attention", authors=("Zoë Müller",), year=2017)
    two = Paper("2", r"\emph{Attention} again", authors=("J. Müller",), year=2017)
    odd = Paper("T-深度", "深度学习", authors=("李飞飞",), year=2020)
    assert keys_of([one, odd]) == {"1": "muller2017attention", "T-深度": "t---"}
    both, reversed_ = keys_of([one, two]), keys_of([two, one])
    assert both == reversed_
    assert len(set(both.values())) == 2
    assert all(key.startswith("muller2017attention-") for key in both.values())


@settings(deadline=None)
@given(st.lists(PAPERS, max_size=4, unique_by=lambda paper: paper.id))
def test_any_papers_can_be_written_and_read(papers: list[Paper]) -> None:
    library = bibtexparser.parse_string(to_bibtex(papers))
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == list(keys_of(papers).values())
    assert len(rispy.loads(to_ris(papers))) == len(papers)
    assert len(json.loads(to_csl(papers))) == len(papers)


def test_a_reference_is_a_line_that_says_what_is_known() -> None:
    assert reference(ATTENTION) == (
        "Vaswani, A., van Beethoven, L., 李飞飞, & The {OpenAI} team and friends (2017). "
        "Attention & {Memory}: BERT @ home for 100% of $\\alpha$. NeurIPS. https://doi.org/10.1000/x_y"
    )
    assert reference(Paper("a", "Is it so?", authors=("Ming-Wei Chang",), arxiv="1706.1")) == (
        "Chang, M.-W. Is it so? arXiv:1706.1"
    )
    many = Paper("a", "T", authors=tuple(f"A B{i}" for i in range(9)), url="https://x.org")
    assert reference(many) == "B0, A., B1, A., B2, A., B3, A., B4, A., B5, A., et al. T. https://x.org"
    assert reference(Paper("a", "T")) == "T."


@given(PAPERS)
@settings(max_examples=60, deadline=None)
def test_any_paper_has_a_reference_of_one_line(paper: Paper) -> None:
    assert len(reference(paper).splitlines()) <= 1
