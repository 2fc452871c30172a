import json
from io import BytesIO
from pathlib import Path

import networkx as nx
import pytest

from kg.errors import SourceError, StoreError
from kg.model import Edge, Evidence, Label, Network, Node
from kg.view.exports import to_gexf, to_graphml, to_json, write

NAME = 'Müller & "Søn" <b> 深度学习 🧪'


def said(sentence: str) -> Evidence:
    return Evidence("paper", sentence, 0, len(sentence), sentence, 0.9)


@pytest.fixture
def network() -> Network:
    return Network(
        title="Títle & more",
        nodes=(
            Node("bert", "BERT", Label.METHOD, 3, 9, 0.5, -0.25, 0, (said("We use BERT."), said("BERT <wins>."))),
            Node("müller", NAME, Label.DATASET, 1, 2, -1.0, 1.0, 1),
        ),
        edges=(Edge("bert", "müller", 1, 0.125),),
        total_nodes=7,
        total_edges=11,
        clusters={0: "BERT", 1: NAME},
        focus="bert",
    )


@pytest.mark.parametrize("written", [to_graphml, to_gexf])
def test_xml_keeps_names_and_types(network: Network, written) -> None:
    read = {to_graphml: nx.read_graphml, to_gexf: nx.read_gexf}[written](BytesIO(written(network)))
    assert set(read) == {"bert", "müller"}
    node = read.nodes["müller"]
    assert (node["label"], node["type"], node["papers"], node["cluster_name"]) == (NAME, "Dataset", 1, NAME)
    node = read.nodes["bert"]
    assert (node["papers"], node["degree"], node["x"], node["y"], node["cluster"]) == (3, 9, 0.5, -0.25, 0)
    assert [type(node[key]) for key in ("papers", "degree", "x", "cluster")] == [int, int, float, int]
    assert node["evidence"] == "We use BERT.\nBERT <wins>."
    edge = read.edges["bert", "müller"]
    assert (edge["papers"], edge["weight"]) == (1, 0.125)


def test_graphml_keeps_what_was_cut(network: Network) -> None:
    read = nx.read_graphml(BytesIO(to_graphml(network)))
    assert read.graph["title"] == "Títle & more"
    assert (read.graph["total_nodes"], read.graph["total_edges"], read.graph["focus"]) == (7, 11, "bert")


def test_gexf_has_the_places_of_the_drawing(network: Network) -> None:
    viz = nx.read_gexf(BytesIO(to_gexf(network))).nodes["bert"]["viz"]
    assert (viz["position"]["x"], viz["position"]["y"]) == (500, 250)


@pytest.mark.parametrize("written", [to_graphml, to_gexf])
def test_characters_that_xml_forbids_are_replaced(written) -> None:
    node = Node("a\x00", "bell\x07 \ud800", Label.TASK, 1, 0, 0, 0, 0, (said("\x1b[0m"),))
    read = {to_graphml: nx.read_graphml, to_gexf: nx.read_gexf}[written]
    graph = read(BytesIO(written(Network("t\x0b", (node,), (), 1, 0))))
    assert graph.nodes["a\ufffd"]["label"] == "bell\ufffd \ufffd"


def test_json_is_node_link(network: Network) -> None:
    document = json.loads(to_json(network))
    graph = nx.node_link_graph(document)
    assert graph.nodes["müller"]["name"] == NAME
    assert graph.edges["bert", "müller"] == {"papers": 1, "weight": 0.125}
    assert graph.graph["clusters"] == [{"cluster": 0, "name": "BERT"}, {"cluster": 1, "name": NAME}]
    assert list(document["nodes"][0]) == [
        "id", "name", "type", "papers", "degree", "x", "y", "cluster", "evidence",
    ]  # fmt: skip


def test_json_is_stable_and_keeps_the_order(network: Network) -> None:
    assert to_json(network) == to_json(network)
    assert [node["id"] for node in json.loads(to_json(network))["nodes"]] == ["bert", "müller"]


def test_empty_network_is_written_too(tmp_path: Path) -> None:
    for extension in (".csv", ".html", ".graphml", ".gexf", ".json"):
        path = tmp_path / f"empty{extension}"
        write(Network("Nothing", (), (), 0, 0), path)
        assert path.stat().st_size > 0


@pytest.mark.parametrize(
    ("name", "start"),
    [("n.html", "<!doctype html>"), ("n.GraphML", "<?xml"), ("n.gexf", "<?xml"), ("n.json", "{"), ("n.csv", "source,")],
)
def test_extension_decides_and_text_is_utf8(network: Network, tmp_path: Path, name: str, start: str) -> None:
    write(network, tmp_path / name)
    text = (tmp_path / name).read_bytes().decode("utf-8")
    assert text.startswith(start)
    assert "深度学习" in text or "\\u6df1" in text


@pytest.mark.parametrize("name", ["n.png", "n", ".json", "n.json.gz"])
def test_other_extensions_are_refused_by_name(network: Network, tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match=r"\.csv, \.gexf, \.graphml, \.html, \.json"):
        write(network, tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_place_that_cannot_be_written_is_named(network: Network, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="missing"):
        write(network, tmp_path / "missing" / "n.json")
