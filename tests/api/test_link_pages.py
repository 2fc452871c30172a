import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.routes.compare import MAX_PAPERS
from tests.api.test_entity_pages import text_of
from tests.api.test_pages import HTML


def test_a_link_is_told_by_weight_with_both_sentences(client: TestClient) -> None:
    page = text_of(client, "/link", a="ntk", b="features")
    told = client.get("/v1/link", params={"a": "ntk", "b": "features"}).json()
    counting = [each for each in told["shared"] if each["weight"]]
    assert f"Linked by {len(counting)} things" in page
    assert f"score {told['score']:.2f}" in page
    order = [page.index(f"<b>{each['weight']:.2f}</b>") for each in counting]
    assert order == sorted(order)
    assert "2 of 16 papers name it" in page
    assert page.count("A neural network of <mark>infinite width</mark> follows the tangent kernel.") == 1
    assert page.count("The neural network of <mark>infinite width</mark> leaves the tangent kernel.") == 1
    assert "1 thing that both name is too common to link papers" in page
    assert "Only in A: 1 thing" in page
    swap = re.search(r'href="([^"]+)">Swap</a>', page)
    assert swap
    assert parse_qs(urlsplit(swap[1]).query) == {"a": ["features"], "b": ["ntk"]}


def test_the_query_of_a_link_gives_its_score(client: TestClient) -> None:
    page = client.get("/link", params={"a": "ntk", "b": "features"}, headers=HTML).text
    query = re.search(r"<pre tabindex=\"0\">(.*?)</pre>", page, re.DOTALL)
    assert query
    found = client.get(
        "/sparql", params={"query": html.unescape(query[1])}, headers={"Accept": "application/json"}
    ).json()
    [row] = found["results"]["bindings"]
    told = client.get("/v1/link", params={"a": "ntk", "b": "features"}).json()
    assert float(row["score"]["value"]) == pytest.approx(told["score"], abs=1e-6)


def test_what_is_not_linked_says_so_and_offers_a_path(client: TestClient) -> None:
    page = text_of(client, "/link", a="other1", b="other2")
    assert "All that both name is too common to link them" in page
    assert "The SPARQL query" not in page
    far = text_of(client, "/link", a="features", b="mt")
    assert "Linked by" not in far
    assert "But a path leads from one to the other" in far


def test_papers_to_link_are_chosen_by_words(client: TestClient) -> None:
    assert "Choose two papers" in text_of(client, "/link")
    one = text_of(client, "/link", a="ntk")
    assert 'href="/link?a=ntk&b=features"' in one
    choice = text_of(client, "/link", a="feature learning", b="ntk")
    assert "Which “feature learning”?" in choice
    assert 'href="/link?b=ntk&a=features"' in choice
    assert "Nothing here is called “zzzz”" in text_of(client, "/link", a="zzzz", b="ntk")
    assert "Both are the same paper" in text_of(client, "/link", a="ntk", b="ntk")


def test_a_path_is_a_chain_with_sentences(client: TestClient) -> None:
    page = text_of(client, "/path", a="ntk", b="vision")
    assert "From Tangent kernel to Images" in page
    chain = page[page.index('<ol class="chain">') : page.index("</ol>")]
    assert re.findall(r'class="title[^"]*" href="([^"]+)"', chain) == [
        "/papers/ntk",
        "/methods/rare-trick",
        "/papers/vision",
    ]
    assert "proposes what is below" in chain
    assert "We propose <mark>rare trick</mark>." in chain
    link = re.search(r'href="(/v1/paths[^"]+)">JSON', page)
    assert link
    assert len(client.get(link[1]).json()["paths"]) == page.count('<ol class="chain">')


def test_ends_of_a_path_are_names_ids_or_choices(client: TestClient) -> None:
    assert "From tangent kernel to ImageNet" in text_of(client, "/path", a="Tangent Kernel", b="entity:imagenet")
    page = text_of(client, "/path", a="tangent", b="imagenet")
    assert "Which “tangent”?" in page
    assert 'href="/path?b=imagenet&a=entity%3Atangent-kernel"' in page
    assert 'href="/path?b=imagenet&a=paper%3Antk"' in page
    none = text_of(client, "/path", a="ntk", b="features", via="dataset", hops=2)
    assert "names no dataset that is specific" in none
    assert "Try with more steps, over anything" in none
    assert "Both ends are the same" in text_of(client, "/path", a="ntk", b="ntk")


def test_papers_stand_beside_each_other_shared_things_first(client: TestClient) -> None:
    page = text_of(client, "/compare", ids=["ntk,features", "vision"])
    assert "3 papers side by side" in page
    first, second = page.index("Named by several of them"), page.index("of one of them")
    for name in ("infinite-width", "rare-trick"):
        assert first < page.index(f'/{name}">', first) < second
    assert page.index("/datasets/imagenet", second) > second
    assert ">proposes</summary>" in page
    remove = re.search(r'href="([^"]+)" aria-label="Remove Feature learning"', page)
    assert remove
    assert parse_qs(urlsplit(remove[1]).query)["ids"] == ["ntk,vision"]
    rows = client.get(re.search(r'href="(/v1/compare[^"]+format=csv)"', page)[1]).text  # type: ignore[index]
    assert rows.splitlines()[1].startswith("ntk,")


def test_papers_are_added_by_id_and_by_words(client: TestClient) -> None:
    assert "Put papers beside each other" in text_of(client, "/compare")
    added = text_of(client, "/compare", ids="ntk", add="features")
    assert "2 papers side by side" in added
    choice = text_of(client, "/compare", ids="ntk", add="feature learn")
    assert 'href="/compare?ids=ntk%2Cfeatures"' in choice
    assert 'aria-label="Add Feature learning"' in text_of(client, "/compare", ids="ntk")
    assert "No paper has the id “nope”" in text_of(client, "/compare", ids="ntk,nope")
    only = text_of(client, "/compare", ids="ntk", type="Dataset")
    assert "They name no datasets" in only


def test_no_more_papers_than_fit(client: TestClient) -> None:
    ids = ["ntk", "features", "mt", "vision", *(f"other{n}" for n in range(12))]
    assert len(ids) <= MAX_PAPERS
    assert f"{len(ids)} papers side by side" in text_of(client, "/compare", ids=",".join(ids))
    assert client.get("/compare", params={"ids": ["x" * 500]}, headers=HTML).status_code == 200
