import json
import re
from html import unescape
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from fastapi.testclient import TestClient

from api import templating
from tests.api.test_pages import HTML

DRAWING = re.compile(r'<script type="application/json" id="drawing">(.*?)</script>', re.DOTALL)


def get(client: TestClient, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/map{query}", headers=HTML)
    assert answer.status_code == status
    return answer.text


def drawn(html: str) -> dict:
    [found] = DRAWING.findall(html)
    return json.loads(found)


def ids(html: str) -> set[str]:
    return {entity["id"] for entity in drawn(html)["entities"]}


def test_the_list_and_the_picture_hold_the_same(client: TestClient) -> None:
    html = get(client)
    listed = re.findall(r'<th scope="row"><a data-map href="[^"]*">([^<]*)</a>', html)
    assert sorted(listed) == sorted(entity["name"] for entity in drawn(html)["entities"])
    assert len(listed) == 7
    assert "7 entities are shown" in html
    network = client.get("/v1/network").json()
    assert len(drawn(html)["links"]) == len(network["edges"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?type=Concept", {"tangent-kernel", "infinite-width"}),
        ("?q=translation", {"attention", "translation", "accuracy"}),
        ("?paper=mt&type=Task", {"translation"}),
        ("?year_from=2002&year_to=2002&venue=&focus=&limit=", {"attention", "translation", "accuracy"}),
        ("?focus=Tangent%20Kernel&type=Concept", {"tangent-kernel", "infinite-width"}),
        ("?limit=2&pin=imagenet&pin=gone&hide=accuracy", {"attention", "imagenet"}),
    ],
)
def test_filters_choose_what_is_drawn(client: TestClient, query: str, expected: set[str]) -> None:
    assert ids(get(client, query)) == expected


def test_a_limit_is_told(client: TestClient) -> None:
    html = get(client, "?limit=3")
    assert len(ids(html)) == 3
    assert "3 of 7 entities" in html


def test_a_name_that_is_typed_leads_to_its_entity(client: TestClient) -> None:
    answer = client.get("/map?focus=Rare+Trick&type=Method", headers=HTML, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/map?type=Method&focus=rare-trick")
    assert ids(get(client, "?select=attention&path=ImageNet")) >= {"attention", "imagenet"}
    nothing = get(client, "?focus=quaternion", 404)
    assert "No entity is called “quaternion”." in nothing
    assert drawn(nothing)["entities"] == []
    slip = client.get("/map?focus=atention", headers=HTML, follow_redirects=False)
    assert (slip.status_code, slip.headers["location"]) == (303, "/map?focus=attention")


def test_what_is_wrong_is_said_on_the_page(client: TestClient) -> None:
    assert "no venue &#39;nope&#39;" in get(client, "?venue=nope", 404)
    assert "no paper &#39;nope&#39;" in get(client, "?paper=nope", 404)
    assert "no entity &#39;nope&#39;" in get(client, "?select=nope", 404)
    assert "Nothing fits these filters" in get(client, "?year_from=1900&year_to=1901")
    get(client, "?limit=9999", 422)


def test_without_papers_it_says_what_to_do(empty: TestClient) -> None:
    html = get(empty, "?focus=anything")
    assert "There is nothing to draw yet" in html
    assert 'href="/ingest"' in html
    assert empty.get("/map/panel?select=a", headers=HTML).status_code == 503


def test_an_entity_is_told_of_with_its_sentences(client: TestClient) -> None:
    panel = client.get("/map/panel?select=attention", headers=HTML).text
    assert "<html" not in panel
    assert ">Attention</h2>" in panel
    assert "2 papers ·" in panel
    assert "<mark>attention</mark>" in panel
    assert 'href="/methods/attention"' in panel
    assert 'href="/papers/vision"' in panel
    assert "2002: 1 of 1 papers" in panel
    assert panel in get(client, "?select=attention")


def test_expanding_says_how_many_there_are(client: TestClient) -> None:
    html = get(client, "?limit=2&select=attention")
    assert re.search(r"2 papers ·\s+1 of 4 neighbours shown", html)
    more = re.search(r'id="expand" href="([^"]+)">Expand: show 3 more', html)
    assert more
    wider = client.get(unescape(more[1]), headers=HTML).text
    assert re.search(r"4 of 4 neighbours shown", wider)
    assert ">Collapse</a>" in wider
    assert 'id="expand"' not in wider
    few = get(client, "?limit=2&select=attention&expand=attention:1")
    assert "Show 2 more" in few
    assert len(ids(few)) == len(ids(html)) + 1
    assert ids(get(client, "?limit=2&expand=attention:bad&expand=nope:3")) == ids(get(client, "?limit=2"))


def test_a_link_is_explained(client: TestClient) -> None:
    html = get(client, "?select=attention&with=accuracy")
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "2 papers of 16 name both. Attention is in 2, accuracy in 14: by chance about 1.8 would name both." in text
    assert "<mark>Accuracy</mark> rises." in html
    assert "Association 0." in text
    other = get(client, "?select=attention&with=accuracy&weight=loglikelihood")
    assert "Log-likelihood ratio" in other


def test_a_path_is_drawn_and_told(client: TestClient) -> None:
    html = get(client, "?select=infinite-width&path=attention")
    ways = drawn(html)["ways"]
    assert ways
    assert {way[0] for way in ways} == {"infinite-width"}
    assert "/path?a=entity%3Ainfinite-width&amp;b=entity%3Aattention" in html


def test_a_group_is_told_of(client: TestClient) -> None:
    [number] = list(drawn(get(client))["clusters"])[:1]
    html = get(client, f"?cluster={number}")
    assert drawn(html)["cluster"] == int(number)
    assert "It is named after those that set it apart most." in html


def test_what_is_shown_can_be_saved(client: TestClient) -> None:
    query = "/map/export?limit=2&pin=imagenet&hide=accuracy&format="
    shown = ids(get(client, "?limit=2&pin=imagenet&hide=accuracy"))
    answers = {form: client.get(query + form) for form in ("graphml", "gexf", "json", "csv", "turtle", "html")}
    for form, answer in answers.items():
        assert answer.status_code == 200
        ending = {"turtle": "ttl"}.get(form, form)
        assert answer.headers["content-disposition"] == f'attachment; filename="map.{ending}"'
    assert {node["id"] for node in answers["json"].json()["nodes"]} == shown
    assert set(nx.parse_graphml(answers["graphml"].text)) == shown
    assert len(ET.fromstring(answers["gexf"].text).findall(".//{*}node")) == len(shown)  # noqa: S314 - our own file
    assert "imagenet" in answers["turtle"].text
    assert answers["csv"].text.splitlines()[0].startswith("source")
    assert "https://" not in re.sub(r"<script.*?</script>", "", answers["html"].text, flags=re.DOTALL)
    assert client.get(query + "exe").status_code == 422


def test_without_a_script_the_page_offers_what_works(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(templating._environment.globals, "built", lambda _: None)
    html = get(client)
    assert 'id="scene"' not in html
    assert '<script type="module"' not in html
    assert 'href="/network?limit=300"' in html
