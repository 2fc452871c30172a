from fastapi.testclient import TestClient

from kg.workspace import Reader


def test_a_network_of_papers_by_text_year_and_type(client: TestClient) -> None:
    found = client.get("/v1/network", params={"q": "translation"}).json()
    assert (found["papers"], found["focus"]) == (1, None)
    assert {node["id"] for node in found["nodes"]} == {"attention", "translation", "accuracy"}
    typed = client.get("/v1/network", params={"q": "translation", "type": ["Method", "Task"]}).json()
    assert {node["type"] for node in typed["nodes"]} == {"Method", "Task"}
    years = client.get("/v1/network", params={"year_from": 2001, "year_to": 2003}).json()
    assert (years["papers"], years["total_nodes"]) == (3, 7)
    often = client.get("/v1/network", params={"year_from": 2001, "year_to": 2003, "min_papers": 2}).json()
    assert {node["papers"] for node in often["nodes"]} == {2}
    some = client.get("/v1/network", params={"paper": ["mt", "vision"], "type": "Dataset"}).json()
    assert (some["papers"], [node["id"] for node in some["nodes"]]) == (2, ["imagenet"])
    assert client.get("/v1/network", params={"paper": "nope"}).status_code == 404
    assert client.get("/v1/network", params={"q": " "}).json()["title"] == "Concept map"


def test_links_are_weighed_as_asked(client: TestClient) -> None:
    plain, other = (
        client.get("/v1/network", params={"focus": "attention", "weight": weight}).json()
        for weight in ("npmi", "loglikelihood")
    )
    assert {node["id"] for node in plain["nodes"]} == {node["id"] for node in other["nodes"]}
    weights = [edge["weight"] for edge in other["edges"]]
    assert 0 <= min(weights) < max(weights) <= 1
    assert weights != [edge["weight"] for edge in plain["edges"]]


def test_a_limit_says_what_it_cut(client: TestClient) -> None:
    whole = client.get("/v1/network").json()
    cut = client.get("/v1/network", params={"limit": 3}).json()
    assert len(cut["nodes"]) == 3
    assert cut["total_nodes"] == whole["total_nodes"] == len(whole["nodes"])
    assert cut["total_edges"] >= len(cut["edges"])


def test_the_map_comes_at_three_levels(client: TestClient, reader: Reader) -> None:
    levels = [client.get("/v1/map", params={"level": level}).json() for level in (0, 1, 2)]
    assert client.get("/v1/map").json() == levels[1]
    assert [len(level["nodes"]) for level in levels] == [0, 7, 7]
    for made in levels:
        assert (made["papers"], made["total_nodes"]) == (16, 7)
        assert made["communities"] == levels[0]["communities"]
        assert made["total_edges"] == len(made["edges"]) or made["level"] == 0
    places = {place.slug: (place.x, place.y, place.community) for place in reader.atlas.places}
    assert {n["id"]: (n["x"], n["y"], n["community"]) for n in levels[2]["nodes"]} == places
    for community in levels[0]["communities"]:
        telling = [each["name"] for each in community["telling"]]
        assert community["name"] == " · ".join(telling[:2])
        own = [place for place in reader.atlas.places if place.community == community["number"]]
        assert community["entities"] == len(own)
        assert min(place.x for place in own) <= community["x"] <= max(place.x for place in own)
    assert {link["source"] < link["target"] for link in levels[0]["community_links"]} <= {True}


def test_the_map_is_filtered(client: TestClient) -> None:
    typed = client.get("/v1/map", params={"type": "Concept"}).json()
    assert {node["id"] for node in typed["nodes"]} == {"tangent-kernel", "infinite-width"}
    assert typed["total_nodes"] == 2
    assert [{edge["source"], edge["target"]} for edge in typed["edges"]] == [{"tangent-kernel", "infinite-width"}]
    assert typed["total_edges"] > 1
    often = client.get("/v1/map", params={"min_papers": 3}).json()
    assert {node["papers"] >= 3 for node in often["nodes"]} == {True}


def test_a_community_has_members(client: TestClient) -> None:
    for community in client.get("/v1/map", params={"level": 0}).json()["communities"]:
        found = client.get(f"/v1/map/communities/{community['number']}").json()
        assert found["community"] == community
        assert found["total_nodes"] == len(found["nodes"]) == community["entities"]
        assert {node["community"] for node in found["nodes"]} == {community["number"]}
        papers = [node["papers"] for node in found["nodes"]]
        assert papers == sorted(papers, reverse=True)
        first = client.get(f"/v1/map/communities/{community['number']}", params={"limit": 1}).json()
        assert (first["nodes"], first["edges"]) == (found["nodes"][:1], [])
        assert first["total_nodes"] == found["total_nodes"]
