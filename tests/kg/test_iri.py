"""Strings to ids: injective, stable, and legal as IRIs wherever they go."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from rdflib import URIRef

from kg.errors import StoreError
from kg.iri import Iris, Kind, digest, mint_paper_id, mint_slug, normal_arxiv, normal_doi
from kg.link.normal_form import normal_form
from kg.model import Field

BASE = "http://127.0.0.1:8000/"
IRIS = Iris(BASE)


def legal(iri: URIRef) -> bool:
    assert NamedNode(str(iri)).value == str(iri)
    assert iri.n3() == f"<{iri}>"
    return str(iri).isascii()


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("1706.03762", "1706.03762"),
        ("1706.03762v5", "1706.03762"),
        ("0704.0001", "0704.0001"),
        (" arXiv:1706.03762 ", "1706.03762"),
        ("arXiv: 1706.03762v2 [cs.CL]", "1706.03762"),
        ("https://arxiv.org/abs/1706.03762", "1706.03762"),
        ("http://arxiv.org/pdf/1706.03762v5.pdf", "1706.03762"),
        ("https://www.arxiv.org/html/1706.03762", "1706.03762"),
        ("arxiv.org/abs/1706.03762", "1706.03762"),
        ("math/0701001", "math/0701001"),
        ("math.AG/0701001v2", "math.ag/0701001"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/abs/cond-mat/0701001", "cond-mat/0701001"),
        ("1706.0376", "1706.0376"),
        ("1706.037", None),
        ("1706.037621", None),
        ("170.603762", None),
        ("1706.03762/x", None),
        ("١٧٠٦.٠٣٧٦٢", None),
        ("../1234567", None),
        ("-/1234567", None),
        ("https://example.org/abs/1706.03762", None),
        ("https://evil.org/?arxiv.org/abs/1706.03762", None),
        ("", None),
    ],
)
def test_normal_form_of_arxiv_ids(text: str, bare: str | None) -> None:
    assert normal_arxiv(text) == bare
    if bare:
        assert normal_arxiv(bare) == bare


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("10.1000/182", "10.1000/182"),
        ("10.1000/ABC.Def", "10.1000/abc.def"),
        ("doi:10.1000/182", "10.1000/182"),
        ("DOI: 10.1000/182", "10.1000/182"),
        ("https://doi.org/10.1000/182", "10.1000/182"),
        ("http://dx.doi.org/10.1000/182", "10.1000/182"),
        ("doi.org/10.1000/182", "10.1000/182"),
        ("10.1002/(SICI)1097<1661::AID-SIM968>3.0.CO;2-2", "10.1002/(sici)1097<1661::aid-sim968>3.0.co;2-2"),
        ("10.1000/", None),
        ("10.100/x", None),
        ("10.1000/a b", None),
        ("11.1000/x", None),
        ("https://example.org/10.1000/182", None),
        ("", None),
    ],
)
def test_normal_form_of_dois(text: str, bare: str | None) -> None:
    assert normal_doi(text) == bare
    if bare:
        assert normal_doi(bare) == bare


def test_what_names_a_paper_best_makes_its_id() -> None:
    assert mint_paper_id("T", identifier="My-1", arxiv="1706.03762", doi="10.1000/x") == "My-1"
    assert mint_paper_id("T", arxiv="1706.03762", doi="10.1000/x") == "arxiv-1706.03762"
    assert mint_paper_id("T", arxiv="math/0701001") == "arxiv-math-0701001"
    assert mint_paper_id("T", doi="10.1000/x").startswith("doi-10.1000-x-")
    assert mint_paper_id("T").startswith("t-")


def test_a_title_makes_one_id_however_it_is_spaced() -> None:
    assert mint_paper_id("Deep  Learning\n") == mint_paper_id("deep learning") == mint_paper_id("\uff44eep learning")
    assert mint_paper_id("deep learning") != mint_paper_id("deep-learning")


@given(st.text(min_size=1), st.text(min_size=1))
def test_distinct_identifiers_stay_distinct(one: str, other: str) -> None:
    assume(one != other)
    assert mint_paper_id("t", identifier=one) != mint_paper_id("t", identifier=other)


@pytest.mark.parametrize(
    "family",
    [
        ["a b", "a-b", "a_b", "a/b", "a:b", "A b", "a  b", "a b ", "a\u00a0b"],
        ["é", "e", "è", "e\u0301", "日本", "本日", "/", "..", ".", "-", "a.", "../a"],
        ["x" * 96, "x" * 97, "x" * 98, "x" * 97 + "y"],
    ],
)
def test_near_identifiers_stay_distinct(family: list[str]) -> None:
    ids = {mint_paper_id("t", identifier=text) for text in family}
    assert len(ids) == len(family)
    assert not any(i.startswith((".", "-")) for i in ids)


@given(st.text(min_size=1), st.text())
def test_minting_a_paper_id_again_changes_nothing(identifier: str, title: str) -> None:
    for made in (
        mint_paper_id(title, identifier=identifier),
        mint_paper_id(title),
        mint_paper_id(title, doi="10.1000/" + "x" * 200 + identifier),
    ):
        assert mint_paper_id("other", identifier=made) == made
        assert legal(IRIS.paper(made))
        assert IRIS.paper_id(IRIS.paper(made)) == made


@given(st.text(min_size=1), st.text(min_size=1))
def test_distinct_keys_make_distinct_slugs(one: str, other: str) -> None:
    assume(one != other)
    assert mint_slug(one) != mint_slug(other)


def test_many_keys_without_a_latin_letter_stay_distinct() -> None:
    keys = [chr(0x4E00 + i) + chr(0x4E00 + j) for i in range(300) for j in range(300)]
    assert len({mint_slug(key) for key in keys}) == len(keys)


@pytest.mark.parametrize(
    ("key", "slug"),
    [("neural network", "neural-network"), ("cifar 10", "cifar-10"), ("l2", "l2"), ("x" * 96, "x" * 96)],
)
def test_plain_keys_keep_their_reading(key: str, slug: str) -> None:
    assert mint_slug(key) == slug


@given(st.text(min_size=1))
def test_slugs_are_legal_and_read_back(text: str) -> None:
    slug = mint_slug(normal_form(text) or "x")
    assert len(slug) <= 96
    assert slug == slug.lower()
    assert legal(IRIS.entity(slug))
    assert IRIS.slug(IRIS.entity(slug)) == slug


@given(st.text("abcdefgs 10-", min_size=1))
def test_the_slug_of_a_plain_name_names_the_same_entity(text: str) -> None:
    key = normal_form(text)
    assume(key)
    assert mint_slug(normal_form(mint_slug(key))) == mint_slug(key)


@given(st.text(min_size=1), st.sampled_from(Field), st.integers(0, 10**6), st.integers(0, 10**6))
def test_all_other_iris_are_legal(identifier: str, field: Field, start: int, end: int) -> None:
    paper = mint_paper_id("t", identifier=identifier)
    assert legal(IRIS.mention(paper, field, start, end))
    assert legal(IRIS.paper_graph(paper))
    assert legal(IRIS.agent(identifier))


def test_mentions_of_papers_with_odd_ids_stay_distinct() -> None:
    found = {IRIS.mention(p, f, 1, 2) for p in ("x", "x-t-1-2", "x-a") for f in Field}
    assert len(found) == 6


def test_graphs_runs_and_things_do_not_meet() -> None:
    made = {
        IRIS.paper("a"),
        IRIS.entity("a"),
        IRIS.run("a"),
        IRIS.agent("a"),
        IRIS.paper_graph("a"),
        IRIS.run_graph("a"),
        IRIS.entities_graph,
        IRIS.ontology_graph,
    }
    assert len(made) == 8
    assert all(map(legal, made))


@pytest.mark.parametrize(
    "base",
    ["http://h/", "https://h.org:8443/", "http://h/a/b/", "http://[::1]:80/", "http://h/~me/a%20b/", BASE],
)
def test_bases_that_work(base: str) -> None:
    assert legal(Iris(base).paper("x"))


@pytest.mark.parametrize(
    "base",
    [
        "",
        "/",
        "h/",
        "http://h",
        "ftp://h/",
        "http:///",
        "http://h/x",
        "http://h /",
        "http://h/a b/",
        "http://h/<x>/",
        'http://h/"/',
        "http://h/\x01/",
        "http://h/\x7f/",
        "http://h/\n",
        "http://h/?q=/",
        "http://h/#a/",
        "http://h:port/",
        "http://me@h/",
        "http://[h/",
        "http://h/%zz/",
        "http://h/{x}/",
        "http://h/\ue000/",
        "http://h/\ufffe/",
        "http://h//",
        "javascript:alert(1)/",
    ],
)
def test_bases_that_would_make_broken_iris_are_refused(base: str) -> None:
    with pytest.raises(StoreError, match="KG_BASE must be"):
        Iris(base)


def test_digest_is_that_of_utf8() -> None:
    assert digest("") == "e3b0c44298fc1c14"
    assert digest("é", 8) == "4a99557e"
    assert digest("\ud800") != digest("?")


@given(st.text(max_size=40), st.sampled_from(list(Kind)))
def test_any_name_that_a_client_sends_makes_an_iri_and_is_read_back(name: str, kind: Kind) -> None:
    iri = IRIS.thing(kind, name)
    assert legal(iri)
    assert IRIS.name(kind, iri) == name
    assert all(IRIS.name(other, iri) is None for other in Kind if other is not kind)


def test_names_of_things_and_graphs_read_as_they_were_minted() -> None:
    mention = IRIS.mention("arxiv-1706.03762", Field.TITLE, 3, 9)
    assert IRIS.name(Kind.MENTION, mention) == "arxiv-1706.03762-t-3-9"
    assert IRIS.thing(Kind.MENTION, "arxiv-1706.03762-t-3-9") == mention
    assert IRIS.graph("paper/a.b") == IRIS.paper_graph("a.b")
    assert IRIS.graph("entities") == IRIS.entities_graph
    assert legal(IRIS.graph('x" > <é'))
